// <select data-combobox> becomes a box to search and pick in; with `multiple` the picks are chips.
// The select stays the truth: it is what the form sends and what fires "change".
// option[data-hint] is a muted note, option[data-missing] a pick that was deleted.
// data-makers   JSON [{"new": "person", "form": "/url"}]: what can be made here. Its form is loaded
//               into a dialog and answers with HX-Trigger {"created": {"value", "label", "group"}}
// data-create   where a name is enough: posts label=…, the answer {"value", "label"} is picked
// data-edit     /url?ref=… is the form of what is picked; it answers like the one of a new one
import { layer } from "./dialogs.js";
import { announce, toast } from "./say.js";

const boxes = new Map(); // by the id of their input, which stays when a form is drawn again
const waiting = new WeakMap(); // who waits for what a dialog makes

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
    this.makers = JSON.parse(select.dataset.makers || "[]");
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
    boxes.set(id, this);
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
    if (!this.many && select.dataset.edit) this.box.append(this.editor(icon("pencil")));
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
      const edit = event.target.closest("[data-edit-ref]");
      if (chip) this.unpick(chip.dataset.unpick);
      else if (edit) this.load(`${this.select.dataset.edit}?ref=${encodeURIComponent(edit.dataset.editRef)}`);
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
      this.offerEdit(picked[0]);
      return;
    }
    this.box.querySelectorAll(".chip").forEach((chip) => chip.remove());
    for (const option of picked) {
      const remove = element("button", "", icon("x"));
      Object.assign(remove, { type: "button", ariaLabel: `Remove ${option.label}` });
      remove.dataset.unpick = option.value;
      const editable = this.select.dataset.edit && !("missing" in option.dataset);
      const name = editable ? this.editor(option.label) : option.label;
      if (editable) this.aim(name, option);
      const chip = element("span", "chip removable", name, remove);
      chip.classList.toggle("missing", "missing" in option.dataset);
      this.input.before(chip);
    }
    this.input.value = "";
  }

  /** The button that opens the form of what is picked. */
  editor(content) {
    const button = element("button", "edit", content);
    button.type = "button";
    return button;
  }

  aim(button, option) {
    button.dataset.editRef = option.value;
    button.ariaLabel = button.title = `Edit ${option.label}`;
  }

  offerEdit(option) {
    const button = this.box.querySelector(".edit");
    if (!button) return;
    button.hidden = !option || "missing" in option.dataset || !this.makes(option.value);
    if (!button.hidden) this.aim(button, option);
  }

  /** Whether the library has a form for this one: a pick may also offer what it does not hold. */
  makes(value) {
    const kind = encodeURIComponent(value.split(":")[0]);
    return this.makers.some((maker) => maker.form.endsWith(`=${kind}`));
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
    if (!fits.length && !this.makers.length) {
      this.list.append(element("div", "options-none", "No match"));
    }
    for (const maker of this.makers) this.list.append(this.creator(maker, typed.trim()));
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

  creator(maker, typed) {
    const item = element("div", "menu-item create", icon("plus"));
    item.append(typed ? `New ${maker.new} “${typed}”` : `New ${maker.new}`);
    item.role = "option";
    item.id = `${this.list.id}-create-${this.makers.indexOf(maker)}`;
    item.dataset.create = typed;
    item.dataset.form = maker.form;
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
    if (item.dataset.form) this.create(item.dataset.create, item.dataset.form);
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

  async create(label, form) {
    this.hide();
    const { create } = this.select.dataset;
    if (!create || !label) return this.load(form, { label });
    const token = document.querySelector('meta[name="csrf"]').content;
    const answer = await fetch(create, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ label }),
    }).catch(() => null);
    if (answer?.ok) return this.take(await answer.json());
    return toast({ text: "It was not added. Check the name and try again.", level: "bad" });
  }

  /** Show a form above the page; what it makes or changes is taken when it is done. */
  load(form, values = {}) {
    const dialog = layer(this.input);
    waiting.set(dialog, this.input.id);
    window.htmx.ajax("GET", form, { target: dialog, values });
  }

  /** Pick what was made; what was changed stays picked, by its new name. */
  take({ value, label, group = "" }) {
    for (const box of boxes.values()) box.learn(value, label, group, this.select);
    const option = [...this.select.options].find((one) => one.value === value);
    option.selected = true;
    this.changed(`${label} picked`);
    this.input.focus();
  }

  /** Everywhere else it can be picked from now on, and is called what it is called now. */
  learn(value, label, group, source) {
    const known = [...this.select.options].find((one) => one.value === value);
    const same = this.select === source || this.select.dataset.makers === source.dataset.makers;
    if (known) Object.assign(known, { label, text: label });
    else if (same) {
      const heading = [...this.select.querySelectorAll("optgroup")].find((one) => one.label === group);
      (heading || this.select).append(new Option(label, value));
    } else return;
    if (document.activeElement !== this.input) this.draw();
  }
}

function enhance() {
  for (const [id, box] of boxes) if (!box.input.isConnected) boxes.delete(id);
  for (const select of document.querySelectorAll("select[data-combobox]:not([hidden])")) {
    new Combobox(select);
  }
}

document.body.addEventListener("created", (event) => {
  const dialog = event.target.closest("dialog");
  const box = boxes.get(waiting.get(dialog));
  dialog.close();
  box?.take(event.detail);
  document.body.dispatchEvent(new CustomEvent("library-changed"));
});
document.addEventListener("htmx:load", enhance);
enhance();
