// A searchable list in a dialog: input[data-filter] over [data-item] in [data-group]s.
// What is searched is the item's text, its data-words (other names for it) and its data-hints;
// the item whose name or other names begin with what was typed is marked first.
// Arrows move, Enter presses.

const itemsOf = (palette) =>
  [...palette.querySelectorAll("[data-item]")].filter((item) => !item.hidden);

function mark(palette, item) {
  for (const other of palette.querySelectorAll("[data-item][aria-selected]")) {
    other.removeAttribute("aria-selected");
  }
  const input = palette.querySelector("[data-filter]");
  if (!item) return input.removeAttribute("aria-activedescendant");
  item.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", item.id);
  item.scrollIntoView({ block: "nearest" });
}

/** How well an item fits: its name, then its other names, then anything it says. */
function fit(item, typed) {
  const name = (item.querySelector("b") || item).textContent.toLowerCase();
  const names = (item.dataset.words || "").toLowerCase().split(", ");
  if (name.startsWith(typed)) return 4;
  if (names.includes(typed)) return 3;
  if (` ${name}`.includes(` ${typed}`)) return 2;
  return names.some((one) => one.startsWith(typed)) ? 1 : 0;
}

function filter(palette) {
  const typed = palette.querySelector("[data-filter]").value.trim().toLowerCase();
  const words = typed.split(/\s+/);
  for (const item of palette.querySelectorAll("[data-item]")) {
    const { words: names = "", hints = "" } = item.dataset;
    const text = `${item.textContent} ${names} ${hints}`.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
  for (const group of palette.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-item]:not([hidden])");
  }
  const found = itemsOf(palette);
  const none = palette.querySelector("[data-none]");
  if (none) none.hidden = found.length > 0;
  const best = Math.max(...found.map((item) => fit(item, typed)));
  mark(palette, typed ? found.find((item) => fit(item, typed) === best) : found[0]);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target.closest("[data-palette]"));
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-filter]")) return;
  const palette = event.target.closest("[data-palette]");
  const found = itemsOf(palette);
  const at = found.findIndex((item) => item.ariaSelected === "true");
  if (event.key === "ArrowDown") mark(palette, found[(at + 1) % found.length]);
  else if (event.key === "ArrowUp") mark(palette, found.at(at - 1));
  else if (event.key === "Enter") found[at]?.click();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const palette = opener && document.getElementById(opener.dataset.open);
  if (palette?.matches("[data-palette]")) {
    palette.querySelector("[data-filter]").value = "";
    filter(palette);
  }
  const item = event.target.closest("[data-item]");
  if (item) item.closest("dialog")?.close();
});

// What was picked goes on at its first field, where none of its fields has taken the focus.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.detail.requestConfig?.elt.matches("[data-item]")) return;
  const card = [...document.querySelectorAll("[data-card].open")].at(-1);
  if (!card || card.contains(document.activeElement)) return;
  const fields = card.querySelectorAll("form :is(input, textarea, select):not([type=hidden])");
  [...fields].find((field) => field.checkVisibility())?.focus();
});
