// Below the talk: what would have left, the contact's facts, what is validated. One part is open.

const KEY = "try-it-dock";

export class Dock {
  constructor(root, announce) {
    this.root = root;
    this.announce = announce;
    this.element = root.querySelector("[data-dock]");
    this.started = Boolean(root.dataset.conversation);
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.open(this.first());
    this.badges();
  }

  tab(name) {
    return this.element.querySelector(`[data-dock-tab="${name}"]`);
  }

  // What the tester chose last; else what there is to see.
  first() {
    const chosen = sessionStorage.getItem(KEY);
    if (chosen === "" || (chosen && this.tab(chosen))) return chosen;
    if (!this.started) return "validate";
    return this.element.querySelector("[data-outbox] li") ? "outbox" : "";
  }

  open(name) {
    this.opened = name;
    for (const part of this.element.querySelectorAll("[data-dock-part]")) {
      part.hidden = part.dataset.dockPart !== name;
      this.tab(part.dataset.dockPart).setAttribute("aria-expanded", String(!part.hidden));
    }
    const fold = this.element.querySelector("[data-dock-fold]");
    if (!name && document.activeElement === fold) this.element.querySelector("button").focus();
    fold.hidden = !name;
    this.root.toggleAttribute("data-docked", Boolean(name));
  }

  choose(name) {
    sessionStorage.setItem(KEY, name);
    this.open(name);
  }

  clicked(event) {
    const tab = event.target.closest("[data-dock-tab]");
    if (tab) this.choose(this.opened === tab.dataset.dockTab ? "" : tab.dataset.dockTab);
    if (event.target.closest("[data-dock-fold]")) this.choose("");
    if (event.target.closest("[data-say]")) this.choose("validate");
    const link = event.target.closest('a[href^="#"]');
    if (link) this.follow(event, link);
  }

  // A turn of this test is shown in the talk, an action's card beside the pane.
  follow(event, link) {
    const target = document.querySelector(link.getAttribute("href"));
    if (!target) return;
    event.preventDefault();
    if (!this.root.contains(target)) this.root.removeAttribute("data-open");
    target.scrollIntoView({ block: "nearest" });
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  // Parts that are the same stay as they are: what is read or focused does not move.
  refresh(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const before = this.ticked;
    const waiting = this.outboxCount;
    for (const part of this.element.querySelectorAll("[data-dock-part], [data-dock-tab]")) {
      const other = fresh.content.getElementById(part.id);
      if (other && other.innerHTML !== part.innerHTML) this.replace(part, other);
    }
    this.element.querySelector("[data-tried-now]").replaceWith(fresh.content.querySelector("[data-tried-now]"));
    this.badges();
    if (this.ticked > before) this.announce(`Validated ${this.words.replace("/", " of ")}.`);
    if (this.outboxCount > waiting && sessionStorage.getItem(KEY) === null) this.open("outbox");
  }

  replace(part, other) {
    const active = part.contains(document.activeElement) && part !== document.activeElement;
    const open = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
    part.innerHTML = other.innerHTML;
    for (const id of open) part.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    if (active) part.focus({ preventScroll: true });
  }

  get outboxCount() {
    return this.element.querySelectorAll("[data-outbox] li").length;
  }

  get ticked() {
    return this.element.querySelectorAll(".validate .done").length;
  }

  get words() {
    return this.tab("validate").querySelector("[data-count]").textContent;
  }

  // How much of each action was tried, on its card: as the server has just counted it.
  badges() {
    const now = new Map();
    for (const chip of this.element.querySelectorAll("[data-tried-now] [data-tried]")) {
      now.set(chip.dataset.tried, chip);
    }
    for (const chip of document.querySelectorAll(".action-figures [data-tried]")) {
      const fresh = now.get(chip.dataset.tried);
      if (!fresh) chip.hidden = true;
      else if (fresh.outerHTML !== chip.outerHTML) chip.replaceWith(fresh.cloneNode(true));
    }
  }
}
