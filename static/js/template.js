// Variables in a text: typing [ in a textarea[data-template] offers those of the datalist that
// data-variables names; a button[data-insert][data-for] puts one in.

let box = null;
let field = null;

const PART = /\[([^[\]|\n]{0,80})$/;

function close() {
  box?.remove();
  field?.removeAttribute("aria-activedescendant");
  box = field = null;
}

function part(area) {
  return PART.exec(area.value.slice(0, area.selectionStart))?.[1];
}

function insert(area, name) {
  const typed = part(area);
  const start = area.selectionStart - (typed === undefined ? 0 : typed.length + 1);
  const end = area.selectionEnd + (area.value[area.selectionEnd] === "]" ? 1 : 0);
  area.setRangeText(`[${name}]`, start, end, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  close();
}

function option(source, index) {
  const item = document.createElement("div");
  item.className = "menu-item";
  item.id = `variable-${index}`;
  item.role = "option";
  item.dataset.value = source.value;
  const hint = document.createElement("span");
  hint.className = "muted";
  hint.textContent = source.label || source.textContent;
  item.append(`[${source.value}]`, hint);
  return item;
}

function mark(index) {
  const items = [...box.children];
  const at = (index + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
  field.setAttribute("aria-activedescendant", items[at].id);
  items[at].scrollIntoView({ block: "nearest" });
}

function offer(area) {
  const typed = part(area);
  close();
  if (typed === undefined) return;
  const all = [...(document.getElementById(area.dataset.variables)?.options ?? [])];
  const fits = all.filter((o) => o.value.toLowerCase().includes(typed.toLowerCase()));
  if (!fits.length) return;
  field = area;
  box = document.createElement("div");
  box.className = "options";
  box.role = "listbox";
  box.ariaLabel = "Variables";
  box.append(...fits.map(option));
  area.parentElement.append(box);
  mark(0);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-template]")) offer(event.target);
});
document.addEventListener("keydown", (event) => {
  if (!box || event.target !== field) return;
  const at = [...box.children].findIndex((item) => item.ariaSelected === "true");
  if (event.key === "ArrowDown") mark(at + 1);
  else if (event.key === "ArrowUp") mark(at - 1);
  else if (event.key === "Enter" || event.key === "Tab") insert(field, box.children[at].dataset.value);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
}, true);
document.addEventListener("mousedown", (event) => {
  const item = event.target.closest?.(".options .menu-item");
  if (!box || !item || !box.contains(item)) return close();
  event.preventDefault();
  insert(field, item.dataset.value);
});
document.addEventListener("focusout", (event) => {
  if (event.target === field) close();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) insert(document.getElementById(button.dataset.for), button.dataset.insert);
});
