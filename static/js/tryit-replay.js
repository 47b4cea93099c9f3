// Edit and Replay on each message of the contact: a new test that goes the same way up to there.

export class Replays {
  constructor(pane) {
    this.pane = pane;
    this.tools = pane.find("[data-turn-tools]");
    this.form = pane.find("[data-turn-form]");
    if (!this.tools) return;
    pane.log.element.addEventListener("click", (event) => this.clicked(event));
    this.equip();
  }

  // Turns come and are replaced; each message gets its tools once.
  equip() {
    if (!this.tools) return;
    for (const words of this.pane.log.element.querySelectorAll("[data-kind=message] > .bubble.me")) {
      const row = this.tools.content.firstElementChild.cloneNode(true);
      for (const button of row.querySelectorAll("button")) {
        button.setAttribute("aria-label", `${button.ariaLabel}: ${words.textContent.slice(0, 60)}`);
      }
      words.replaceWith(row);
      row.append(words);
    }
  }

  clicked(event) {
    const turn = event.target.closest("[data-turn]");
    if (event.target.closest("[data-edit]")) this.ask(turn, true);
    else if (event.target.closest("[data-replay]")) {
      if (this.changed) this.ask(turn, false);
      else this.send(turn, {});
    } else if (event.target.closest("[data-cancel]")) this.cancel(turn);
  }

  get changed() {
    return Boolean(this.pane.find("[data-draft] .notice"));
  }

  ask(turn, edits) {
    const form = this.form.content.firstElementChild.cloneNode(true);
    const row = turn.querySelector(".turn-me");
    const area = form.elements.text;
    area.value = row.querySelector(".bubble").textContent;
    area.hidden = !edits;
    form.querySelector(".turn-on").hidden = !this.changed;
    form.toggleAttribute("data-edits", edits);
    turn.querySelector(".turn-form")?.remove();
    row.after(form);
    row.hidden = edits;
    (edits ? area : form.querySelector("input")).focus();
    if (edits) area.setSelectionRange(area.value.length, area.value.length);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(turn, form);
    });
    form.addEventListener("keydown", (event) => this.typed(event, turn, form));
  }

  typed(event, turn, form) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.cancel(turn);
    } else if (event.key === "Enter" && event.target === form.elements.text && !event.shiftKey) {
      event.preventDefault();
      if (!event.isComposing) form.requestSubmit();
    }
  }

  submit(turn, form) {
    const text = form.elements.text.value.trim();
    if (form.hasAttribute("data-edits") && !text) return;
    const values = this.changed ? { on: form.elements.on.value } : {};
    if (form.hasAttribute("data-edits")) values.text = text;
    this.send(turn, values);
  }

  cancel(turn) {
    turn.querySelector(".turn-form").remove();
    turn.querySelector(".turn-me").hidden = false;
    turn.querySelector("[data-edit]").focus();
  }

  send(turn, values) {
    window.htmx.ajax("POST", `${this.pane.path}replay/`, {
      source: this.pane.root,
      target: this.pane.root,
      swap: "outerHTML settle:0ms",
      values: { turn: turn.dataset.turn, ...values },
    });
  }

  // --- while it runs ---

  running(on) {
    this.pane.root.toggleAttribute("data-replaying", on);
    this.pane.find("[data-replaying-note]").hidden = !on;
    this.pane.input.disabled = on;
    if (!on && this.pane.root.contains(document.activeElement)) this.pane.focus();
  }

  // What was decided otherwise stands below the turn that was replayed.
  compare(html) {
    this.pane.log.trail(html);
    const count = this.pane.log.element.querySelectorAll(".compared > ul > li").length;
    const words = count === 1 ? "1 action was" : `${count || "No"} actions were`;
    this.pane.log.announce(`Replayed. ${words} decided differently.`);
  }
}
