// The keyboard. data-key="a" on an element: the key presses it (or focuses it, where one types).
// Within a [data-card] a key means the card that has the focus. J and K walk the cards.
// Letters rest while somebody types; combinations with Ctrl do not, except undo and redo.

const TEXT = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

function name(event) {
  const key = event.key.toLowerCase();
  const ctrl = event.ctrlKey || event.metaKey;
  const shift = event.shiftKey && (ctrl || key.length > 1);
  return (ctrl ? "ctrl+" : "") + (shift ? "shift+" : "") + key;
}

const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const usable = (element) => !element.disabled && (isShown(element) || element.closest("[data-menu]"));

function scope() {
  return document.querySelector("dialog[open]") || document;
}

function target(key) {
  const within = /^ctrl\+(shift\+)?z$/.test(key) ? document : scope(); // what is open shows the effect
  const found = [...within.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`)].filter(usable);
  const active = document.activeElement;
  const card = active?.closest("[data-card]");
  const form = active?.closest("form");
  return (
    found.find((element) => card?.contains(element)) ||
    found.find((element) => form?.contains(element)) ||
    found.find((element) => !element.closest("[data-card]"))
  );
}

function walk(step) {
  const cards = [...document.querySelectorAll("[data-card]")].filter(isShown);
  const at = cards.indexOf(document.activeElement?.closest("[data-card]"));
  const next = cards[at < 0 && step < 0 ? cards.length - 1 : at + step];
  if (!next) return false;
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(element) {
  if (element.matches(TEXT)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const key = name(event);
  const typing = event.target.matches?.(TEXT);
  if (typing && (!key.startsWith("ctrl+") || /^ctrl\+(shift\+)?[zy]$/.test(key))) return;
  if ((key === "j" || key === "k") && scope() === document) {
    if (walk(key === "j" ? 1 : -1)) event.preventDefault();
    return;
  }
  // Enter belongs to whatever button has the focus; only a card itself is opened by it.
  if (key === "enter" && !event.target.matches?.("[data-card]")) return;
  const element = target(key);
  if (!element) return;
  event.preventDefault();
  press(element);
});

// The help dialog lists the keys of this page as they are.
function row(keys, meaning) {
  const term = document.createElement("dt");
  for (const key of keys) {
    const box = document.createElement("kbd");
    box.className = "key";
    box.textContent = key;
    term.append(box, " ");
  }
  const text = document.createElement("dd");
  text.textContent = meaning;
  return [term, text];
}

function pretty(key) {
  return key.split("+").map((part) => part[0].toUpperCase() + part.slice(1)).join("+");
}

function words(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((key) => key.remove());
  return element.dataset.keyLabel || element.getAttribute("aria-label") || copy.textContent.trim();
}

function fill(list) {
  const seen = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    for (const key of element.dataset.key.split(" ")) {
      if (!seen.has(key)) seen.set(key, words(element));
    }
  }
  const rows = [...seen].map(([key, text]) => row([pretty(key)], text));
  if (document.querySelector("[data-card]")) rows.push(row(["J", "K"], "Next and previous card"));
  list.replaceChildren(...rows.flat());
}

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-open="keys"]')) fill(document.querySelector("[data-keys]"));
}, true);
