// Whoever is rung in a test, played by the tester: the buttons, and what they lead to.

import { LEGS, TransferLine } from "./tryit-transfer.js";

export class Ringing {
  constructor(pane) {
    this.pane = pane;
    this.rings = { doing: "ringing" };
  }

  // Somebody is rung, or hears who is calling.
  async goes(frame) {
    await this.pane.refreshLast();
    if (this.pane.root.dataset.state !== "ringing") return;
    this.rings = this.rung(frame);
    this.line ??= new TransferLine(this.pane.log, this.pane.icon("phone-forward"));
    const became = this.pressed || (frame.outcome in LEGS && frame.outcome);
    const words = this.line.goes(this.rings, became, frame.why);
    this.pressed = "";
    this.offer();
    if (!words) return;
    this.pane.log.announce(words);
    const script = this.pane.simulations.how("colleague");
    if (script && !this.replaying) setTimeout(() => this.press(script), 900);
  }

  get replaying() {
    return this.pane.root.hasAttribute("data-replaying");
  }

  // Who is rung and what they do, as the turn says it; of the next one it may not know yet.
  rung(frame) {
    const known = this.pane.log.turns.findLast((turn) => turn.dataset.ringing)?.dataset ?? {};
    if (frame.label && known.ringing !== frame.label) return { ringing: frame.label, doing: "ringing" };
    return { ringing: "A colleague", doing: "ringing", ...known };
  }

  // What can be done now.
  offer() {
    const { ringing, doing } = this.rings;
    for (const button of this.pane.root.querySelectorAll("[data-while]")) {
      button.hidden = !button.dataset.while.split(" ").includes(doing);
      if (button.matches("[data-leg=answered][data-while=ringing]")) button.textContent = `${ringing} answers`;
    }
    const active = document.activeElement;
    if (this.pane.root.contains(active) && !active.checkVisibility()) this.pane.focus();
    this.pane.log.follow(true);
  }

  // In a warm transfer who picks up hears first who is calling.
  press(outcome) {
    const hears = outcome === "answered" && "warm" in this.rings && this.rings.doing === "ringing";
    this.pressed = hears ? "" : outcome;
    this.pane.socket?.send({ type: "leg", outcome: hears ? "picked_up" : outcome });
  }

  skip() {
    const left = Math.max(1, Math.ceil(this.line.left));
    this.pane.skip(left, `${left} second${left === 1 ? "" : "s"} later`);
  }

  over({ state, outcome, why }) {
    if (why) {
      this.line ??= new TransferLine(this.pane.log, this.pane.icon("phone-forward"));
      this.line.step(why);
    }
    const quiet = this.replaying ? "" : "no_answer"; // it rang as long as it may
    const known = why ? outcome : this.pressed;
    const became = known || (state === "handed_off" ? "answered" : quiet);
    if (this.line) this.pane.log.announce(this.line.over(became, why));
    this.line = null;
    this.pressed = "";
    this.pane.refreshLast();
  }

  stop() {
    this.line?.stop();
  }
}
