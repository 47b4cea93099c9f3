// Ordered rows. Inside [data-sortable] every child [data-row] is moved by its [data-grip]
// (pointer, or arrow keys while the grip has the focus) and by [data-move="up|down"];
// [data-remove] takes it out. Page order is the order that a form sends.
// After a move the container fires "moved" (detail: row, from, to), after a removal "removed".
import { announce } from "./say.js";

const rowsOf = (list) => [...list.children].filter((child) => child.matches("[data-row]"));
const label = (row) => row.dataset.label || "Row";

function settle(list) {
  const rows = rowsOf(list);
  rows.forEach((row, index) => {
    const own = (selector) =>
      [...row.querySelectorAll(selector)].filter((e) => e.closest("[data-row]") === row);
    for (const input of own("input[data-order]")) input.value = String(index);
    for (const button of own('[data-move="up"]')) button.disabled = index === 0;
    for (const button of own('[data-move="down"]')) button.disabled = index === rows.length - 1;
  });
}

function fire(list, row, from) {
  const to = rowsOf(list).indexOf(row);
  if (from === to) return;
  settle(list);
  announce(`${label(row)}: position ${to + 1} of ${rowsOf(list).length}`);
  list.dispatchEvent(new CustomEvent("moved", { bubbles: true, detail: { row, from, to } }));
}

function step(row, by) {
  const list = row.parentElement;
  const rows = rowsOf(list);
  const from = rows.indexOf(row);
  const other = rows[from + by];
  if (!other) return;
  // The neighbour moves, so that the focus stays where it is.
  if (by < 0) row.after(other);
  else row.before(other);
  fire(list, row, from);
}

function drag(start, grip) {
  const row = grip.closest("[data-row]");
  const list = row.parentElement;
  const before = rowsOf(list);
  const from = before.indexOf(row);
  const over = new AbortController();
  const { signal } = over;
  const stop = () => {
    over.abort();
    row.classList.remove("dragging");
    document.documentElement.classList.remove("is-dragging");
  };
  row.classList.add("dragging");
  document.documentElement.classList.add("is-dragging");
  document.addEventListener("pointermove", (event) => follow(list, row, event.clientY), { signal });
  document.addEventListener("pointerup", () => { stop(); fire(list, row, from); }, { signal });
  document.addEventListener("pointercancel", () => { stop(); fire(list, row, from); }, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    stop();
    for (const child of before) if (child !== row) list.append(child);
    before[from + 1]?.before(row) ?? list.append(row);
    settle(list);
  }, { signal });
  start.preventDefault();
  grip.focus({ preventScroll: true });
}

function follow(list, row, y) {
  const rows = rowsOf(list);
  const at = rows.indexOf(row);
  const middle = (other) => {
    const box = other.getBoundingClientRect();
    return box.top + box.height / 2;
  };
  const above = rows[at - 1];
  const below = rows[at + 1];
  if (above && y < middle(above)) row.after(above);
  else if (below && y > middle(below)) row.before(below);
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (grip && event.button === 0 && grip.closest("[data-sortable]")) drag(event, grip);
});

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!grip || !by) return;
  event.preventDefault();
  step(grip.closest("[data-row]"), by);
});

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-row]");
  const move = event.target.closest?.("[data-move]");
  if (row && move) {
    step(row, move.dataset.move === "up" ? -1 : 1);
    if (move.disabled) row.querySelector("[data-grip]")?.focus();
  } else if (row && event.target.closest("[data-remove]")) {
    const list = row.parentElement;
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    (next?.querySelector("[data-remove]") || list.parentElement.querySelector(".add"))?.focus();
    settle(list);
    announce(`${label(row)} removed`);
    list.dispatchEvent(new CustomEvent("removed", { bubbles: true, detail: { row } }));
  }
});

const settleAll = () => document.querySelectorAll("[data-sortable]").forEach(settle);
document.addEventListener("htmx:load", settleAll);
settleAll();
