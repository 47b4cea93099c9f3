// Two people on one panel: what the other one saved appears by itself. A card that is open and a
// text that somebody is typing stay as they are; the server asks when both changed the same.

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
  const mine = document.getElementById("instructions");
  const typing = mine === document.activeElement || mine.value !== mine.defaultValue;
  if (!typing && mine.value !== fresh.value) mine.value = mine.defaultValue = fresh.value;
}

async function look() {
  const state = document.getElementById("state");
  if (!state?.dataset.news || document.hidden || document.querySelector(".htmx-request")) return;
  const url = `${state.dataset.news}?seen=${state.dataset.revision}`;
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  takeCards(page.getElementById("actions"));
  takeText(page.getElementById("instructions"));
  for (const id of ["state", "steps", "notices"]) {
    const part = page.getElementById(id);
    part.removeAttribute("hx-swap-oob");
    document.getElementById(id)?.replaceWith(part);
    window.htmx.process(part);
  }
}

if (document.getElementById("state")?.dataset.news) setInterval(look, EVERY);

// A text is saved with the one that it began from, so that the server sees what came between.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id === "instructions") event.detail.parameters.set("was", event.detail.elt.defaultValue);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  const saved = elt.id === "instructions" && xhr.status === 200 && !xhr.getResponseHeader("X-Not-Saved");
  if (saved) elt.defaultValue = requestConfig.parameters.get("instructions");
});
