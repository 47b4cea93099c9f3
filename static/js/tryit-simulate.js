// Who answers in this test: chosen before it starts, and while it goes on.

const OVER = ["ended", "handed_off"];

export class Simulations {
  constructor(pane) {
    this.pane = pane;
    for (const select of this.selects) {
      select.addEventListener("change", () => this.choose(select));
    }
  }

  get selects() {
    return [...this.pane.root.querySelectorAll("[data-simulate]")];
  }

  how(what) {
    return this.select(what)?.value ?? "";
  }

  select(what) {
    return this.selects.find((select) => select.dataset.simulate === what);
  }

  // A test that is over keeps what was simulated; the choice is for the next one.
  choose(select) {
    this.mark(select);
    const { state } = this.pane.root.dataset;
    const running = this.pane.started && !OVER.includes(state);
    if (running && !this.pane.root.hasAttribute("data-replaying")) this.send(select);
  }

  send(select) {
    const { simulate: what, kept } = select.dataset;
    if (select.value === kept) return;
    if (!this.pane.socket.send({ type: "simulate", what, how: select.value })) return;
    select.dataset.kept = select.value;
    this.pane.tell(this.words(select));
  }

  // What was chosen while the connection was lost.
  again() {
    for (const select of this.selects) this.choose(select);
  }

  // The server simulates it now; a replay repeats what the test before had simulated.
  kept(what, how) {
    const select = this.select(what);
    if (!select) return;
    select.value = how;
    select.dataset.kept = how;
    this.mark(select);
  }

  words(select) {
    return `${select.dataset.who}: ${select.selectedOptions[0].text}`;
  }

  // A chip says what is simulated; nothing is said of what is usual.
  mark(select) {
    const line = this.pane.find("[data-simulations]");
    const chip = line.querySelector(`[data-simulated=${select.dataset.simulate}]`);
    chip.hidden = select.value === "";
    chip.querySelector("span").textContent = this.words(select);
    line.hidden = !line.querySelector("[data-simulated]:not([hidden])");
  }
}
