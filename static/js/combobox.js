// <select data-combobox> becomes a box to search and pick in; with `multiple` the picks are chips.
// The select stays the truth: it is what the form sends and what fires "change".
// option[data-hint] is a muted note, option[data-missing] a pick that was deleted.
// data-create="/url"       posts label=…, the answer {"value": …, "label": …} is picked
// data-create-form="/url"  loads a form into #dialog, which answers with HX-Trigger
//                          {"created": {"value", "label"}}; beside data-create only for no name
// data-create-label        the word on that line, e.g. "person"
import { announce, toast } from "./say.js";

let waiting = null;

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = document.querySelector(".side use, .toast use, use") ||
    document.getElementById("toast-template").content.querySelector("use");
  use.setAttribute("href", sprite.getAttribute("href").replace(/#.*/, `#${name}`));
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

function element(tag, name, ...children) {
  const node = document.createElement(tag);
  node.className = name;
  node.append(...children);
  return node;
}

class Combobox {
  constructor(select) {
    this.select = select;
    this.many = select.multiple;
    this.active = -1;
    this.build();
    this.draw();
  }

  build() {
    const { select } = this;
    const id = select.id || `combo-${crypto.randomUUID().slice(0, 8)}`;
    const name = select.getAttribute("aria-label");
    this.input = document.createElement("input");
    this.input.id = id;
    select.id = `${id}-value`;
    Object.assign(this.input, { type: "text", role: "combobox", autocomplete: "off" });
    this.input.placeholder = select.dataset.placeholder || (this.many ? "Add" : "Pick");
    this.input.disabled = select.disabled;
    for (const key of ["aria-label", "aria-describedby", "aria-invalid", "aria-labelledby"]) {
      if (select.hasAttribute(key)) this.input.setAttribute(key, select.getAttribute(key));
    }
    this.list = element("div", "options");
    this.list.id = `${id}-options`;
    this.list.role = "listbox";
    this.list.ariaLabel = name || select.labels?.[0]?.textContent.trim() || "Choices";
    this.list.hidden = true;
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.box = element("div", this.many ? "multi" : "combo", this.input);
    if (select.getAttribute("aria-invalid")) this.box.setAttribute("aria-invalid", "true");
    if (select.classList.contains("medium")) this.box.classList.add("medium");
    if (!this.many) this.box.append(icon("chevrons-up-down"));
    this.box.append(this.list);
    select.hidden = true;
    select.before(this.box);
    this.listen();
  }

  listen() {
    const { input, list, box } = this;
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => this.open(""));
    input.addEventListener("input", () => this.open(input.value));
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item) this.choose(item);
    });
    box.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-unpick]");
      if (chip) this.unpick(chip.dataset.unpick);
      else if (event.target === box) input.focus();
    });
  }

  options() {
    return [...this.select.options].filter((option) => option.value && !option.dataset.missing);
  }

  draw() {
    const picked = [...this.select.selectedOptions].filter((option) => option.value);
    if (!this.many) {
      this.input.value = picked[0]?.label ?? "";
      return;
    }
    this.box.querySelectorAll(".chip").forEach((chip) => chip.remove());
    for (const option of picked) {
      const remove = element("button", "", icon("x"));
      Object.assign(remove, { type: "button", ariaLabel: `Remove ${option.label}` });
      remove.dataset.unpick = option.value;
      const chip = element("span", "chip removable", option.label, remove);
      chip.classList.toggle("missing", "missing" in option.dataset);
      this.input.before(chip);
    }
    this.input.value = "";
  }

  open(typed) {
    const words = typed.trim().toLowerCase();
    const fits = this.options().filter((option) =>
      `${option.label} ${option.dataset.hint || ""}`.toLowerCase().includes(words));
    this.list.replaceChildren();
    let group = null;
    for (const option of fits) {
      const parent = option.closest("optgroup");
      if (parent && parent !== group) {
        this.list.append(element("div", "options-group", parent.label));
        this.list.lastChild.role = "presentation";
      }
      group = parent;
      this.list.append(this.item(option));
    }
    if (!fits.length && !this.creates()) {
      this.list.append(element("div", "options-none", "Nothing matches"));
    }
    if (this.creates()) this.list.append(this.creator(typed.trim()));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    const items = this.items();
    const at = words ? 0 : items.findIndex((item) => item.dataset.value === this.select.value);
    this.mark(this.many && !words ? 0 : Math.max(at, 0));
  }

  item(option) {
    const item = element("div", "menu-item", option.label);
    item.role = "option";
    item.id = `${this.list.id}-${option.index}`;
    item.dataset.value = option.value;
    if (option.dataset.hint) item.append(element("span", "muted", option.dataset.hint));
    if (option.selected) item.append(icon("check"));
    return item;
  }

  creates() {
    return this.select.dataset.create || this.select.dataset.createForm;
  }

  creator(typed) {
    const word = this.select.dataset.createLabel || "entry";
    const item = element("div", "menu-item create", icon("plus"));
    item.append(typed ? `New ${word} “${typed}”` : `New ${word}`);
    item.role = "option";
    item.id = `${this.list.id}-create`;
    item.dataset.create = typed;
    return item;
  }

  items() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  mark(index) {
    const items = this.items();
    this.active = items.length ? (index + items.length) % items.length : -1;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === this.active)));
    if (this.active < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", items[this.active].id);
    items[this.active].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const shown = !this.list.hidden;
    if (event.key === "ArrowDown") shown ? this.mark(this.active + 1) : this.open("");
    else if (event.key === "ArrowUp") shown ? this.mark(this.active - 1) : this.open("");
    else if (event.key === "Enter" && shown) this.choose(this.items()[this.active]);
    else if (event.key === "Escape" && shown) this.close();
    else if (event.key === "Backspace" && this.many && !this.input.value) {
      const last = [...this.select.selectedOptions].filter((option) => option.value).at(-1);
      if (last) this.unpick(last.value);
      return;
    } else return;
    event.preventDefault();
  }

  choose(item) {
    if (!item) return;
    if (item.dataset.create !== undefined) this.create(item.dataset.create);
    else this.pick(item.dataset.value);
  }

  pick(value) {
    const option = [...this.select.options].find((one) => one.value === value);
    option.selected = this.many ? !option.selected : true;
    this.changed(`${option.label} ${option.selected ? "picked" : "removed"}`);
    this.hide();
  }

  unpick(value) {
    const option = [...this.select.options].find((one) => one.value === value);
    option.selected = false;
    this.changed(`${option.label} removed`);
    this.input.focus();
  }

  changed(words) {
    this.draw();
    announce(words);
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Leaving an emptied box clears the pick where the select has an empty choice. */
  close() {
    const empty = [...this.select.options].find((option) => !option.value);
    if (!this.many && !this.input.value && empty && this.select.value) {
      empty.selected = true;
      this.changed("Nothing picked");
    }
    this.hide();
    this.draw();
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  async create(label) {
    this.hide();
    const { create, createForm } = this.select.dataset;
    if (createForm && !(create && label)) {
      waiting = this;
      window.htmx.ajax("GET", createForm, { target: "#dialog", values: { label } });
      return;
    }
    const token = document.querySelector('meta[name="csrf"]').content;
    const answer = await fetch(create, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ label }),
    }).catch(() => null);
    if (answer?.ok) this.add(await answer.json());
    else toast({ text: "It was not created. Check the name and try again.", level: "bad" });
  }

  add({ value, label }) {
    const option = new Option(label, value);
    this.select.append(option);
    this.pick(value);
    this.input.focus();
  }
}

function enhance() {
  for (const select of document.querySelectorAll("select[data-combobox]:not([hidden])")) {
    new Combobox(select);
  }
}

document.body.addEventListener("created", (event) => {
  waiting?.add(event.detail);
  waiting = null;
  document.getElementById("dialog").close();
});
document.addEventListener("htmx:load", enhance);
enhance();
