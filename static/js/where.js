// Where one is: the open cards stand in the address, so that a reload opens them again; links to a
// problem open its card and go to the field; all cards close at once.
import { ask, loaded, parse, place, put } from "./parts.js";
import { flushAll } from "./saving.js";

const FOCUS = `focus:${location.pathname}`;
const cards = () => [...document.querySelectorAll(".action.open")];

function remember() {
  const collapse = document.querySelector("[data-collapse]");
  if (!collapse) return;
  collapse.hidden = !cards().length;
  const here = new URL(location.href);
  here.searchParams.delete("open");
  for (const card of cards()) here.searchParams.append("open", card.id.slice("action-".length));
  if (here.href !== location.href) history.replaceState(history.state, "", here);
}

document.addEventListener("htmx:load", remember);
remember();

// --- to a field ---

function show(id, card) {
  const field = id && document.getElementById(id);
  const target = field && card?.contains(field) && field.id !== card.id ? field : card?.querySelector("[aria-invalid=true]");
  const place = target ?? field ?? card;
  if (!place) return;
  for (let part = place; part; part = part.parentElement) if (part.matches("details")) part.open = true;
  place.scrollIntoView({ block: "center" });
  if (!place.matches("input, select, textarea, button, a, [tabindex]")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

async function go(url) {
  const uid = url.searchParams.get("open");
  const card = uid && document.getElementById(`action-${uid}`);
  if (card && !card.classList.contains("open")) {
    const name = document.getElementById(`name-${uid}`);
    const answer = await ask(name.getAttribute("hx-get"));
    if (answer?.ok) place(parse(await answer.text()));
  }
  document.querySelector("dialog[open]")?.close();
  show(url.hash.slice(1), uid ? document.getElementById(`action-${uid}`) : null);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-goto]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const url = new URL(link.href);
  if (url.pathname !== location.pathname) return;
  event.preventDefault();
  go(url);
});

// --- close all ---

async function collapse() {
  const [first] = cards();
  await flushAll();
  const answer = await ask(document.getElementById("actions").dataset.news);
  if (!answer?.ok) return;
  put(parse(await answer.text()).getElementById("actions"));
  loaded();
  document.getElementById(first?.id)?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-collapse]")) collapse();
});

// --- after a reload ---

window.addEventListener("pagehide", () => {
  const { id, selectionStart: start, selectionEnd: end } = document.activeElement ?? {};
  if (id) sessionStorage.setItem(FOCUS, JSON.stringify({ id, start, end }));
  else sessionStorage.removeItem(FOCUS);
});

function again() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") {
    const { hash, search } = location;
    if (search.includes("open=") && hash) go(new URL(location.href));
    return;
  }
  const { id, start, end } = JSON.parse(sessionStorage.getItem(FOCUS) || "{}");
  const field = id && document.getElementById(id);
  if (!field || document.activeElement !== document.body) return;
  field.focus({ preventScroll: true });
  if (typeof start === "number" && field.setSelectionRange) field.setSelectionRange(start, end);
}

again();
