// Two people on one panel: what the other one saved appears by itself. A card that is open and a
// text that somebody is typing stay as they are; the server asks when both changed the same.
import { ask, loaded, parse, put } from "./parts.js";
import { typing } from "./saving.js";

const EVERY = 5000; // ms

function closed(card) {
  return !card.classList.contains("open") && !card.contains(document.activeElement);
}

function takeCards(fresh) {
  const list = document.getElementById("actions");
  const wanted = [...fresh.children].map((card) => {
    const mine = document.getElementById(card.id);
    return mine && !closed(mine) ? mine : card;
  });
  for (const mine of [...list.children]) {
    if (!closed(mine) && !wanted.includes(mine)) wanted.push(mine); // deleted by the other one
  }
  list.replaceChildren(...wanted);
  window.htmx.process(list);
}

function takeText(fresh) {
  const mine = document.getElementById("prose");
  if (!mine.contains(document.activeElement) && !mine.querySelector(".apart")) put(fresh);
}

const busy = () => document.hidden || typing() || document.querySelector(".htmx-request");

async function look() {
  const list = document.getElementById("actions");
  if (!list || busy()) return;
  const { revision } = document.getElementById("state").dataset;
  const answer = await ask(`${list.dataset.news}?seen=${revision}`);
  if (answer?.status !== 200) return;
  const content = parse(await answer.text());
  if (busy() || revision !== document.getElementById("state").dataset.revision) return;
  takeCards(content.getElementById("actions"));
  takeText(content.getElementById("prose"));
  for (const part of [...content.children]) {
    if (part.id && !["actions", "prose"].includes(part.id)) put(part);
  }
  loaded();
}

if (document.getElementById("actions")) setInterval(look, EVERY);
