// A transfer while it rings: who is rung, what they did, how long it takes.

import { make } from "./tryit-log.js";

export const LEGS = {
  answered: "answered",
  declined: "declined",
  no_answer: "no answer",
  busy: "busy",
  failed: "not reached",
  machine: "voicemail",
  message_taken: "message taken",
  caller_gone: "the caller hung up",
};

export class TransferLine {
  constructor(log, icon) {
    this.title = make("b");
    this.time = make("time");
    this.steps = make("ol", "steps");
    this.line = make("div", "transfer-line");
    this.line.append(icon, this.title, this.time, this.steps);
    this.step("announced");
    this.log = log;
    log.line(this.line);
    this.since = Date.now();
    this.clock = setInterval(() => this.count(), 1000);
  }

  step(words) {
    this.steps.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const step = make("li", "", words);
    step.setAttribute("aria-current", "step");
    this.steps.append(step);
  }

  // The next one is rung, or an inbox records; the words say what became of the one before.
  ringing(label, outcome, recording) {
    const became = this.label ? (LEGS[outcome] ?? "not reached") : "";
    const does = recording ? "recording" : "ringing";
    if (became) this.step(became);
    this.step(does);
    const now = became ? `${this.label}: ${became}, ` : "";
    const then = recording ? `a message for ${label}` : `trying ${label}`;
    this.title.textContent = now ? now + then : `Ringing ${label}`;
    this.label = label;
    this.log.follow();
    return this.title.textContent;
  }

  over(outcome) {
    this.stop();
    this.step(LEGS[outcome] ?? "over");
    this.title.textContent = `${this.label}: ${LEGS[outcome] ?? "over"}`;
    return this.title.textContent;
  }

  count() {
    this.time.textContent = `${Math.round((Date.now() - this.since) / 1000)} s`;
  }

  stop() {
    clearInterval(this.clock);
  }
}
