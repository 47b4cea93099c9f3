// Undo and redo: button[data-step="/url"]. One step after the other, each after what is typed is
// sent; the answer holds every part that a step may have changed.
import { caret } from "./fields.js";
import { ask, hear, parse, place, settled } from "./parts.js";
import { flushAll } from "./saving.js";
import { toast } from "./say.js";

const FAILED = "The server cannot be reached. Nothing was undone; try again.";
let last = Promise.resolve();

/** What the page shows: the settings, or the cards with the open ones. */
export function shownHere() {
  const body = new URLSearchParams();
  if (!document.getElementById("actions")) body.set("on", "settings");
  for (const card of document.querySelectorAll(".action.open")) body.append("open", card.id.slice("action-".length));
  return body;
}

async function take(url) {
  await flushAll();
  await settled();
  const answer = await ask(url, shownHere());
  if (!answer?.ok) return toast({ text: FAILED, level: "bad" });
  const back = caret();
  place(parse(await answer.text()));
  back();
  hear(answer);
  const dialog = document.querySelector("#dialog[open]:not([data-typed]) [data-fresh]");
  if (dialog) window.htmx.ajax("GET", dialog.dataset.fresh, "#dialog");
  return document.body.dispatchEvent(new CustomEvent("draft-changed"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) last = last.then(() => take(button.dataset.step));
});
