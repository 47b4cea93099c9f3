// A transfer while it rings: who is rung and for how long, what they hear, what they did.

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
const HEARD = { answered: "pressed 1, connected", no_answer: "pressed nothing" };

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
    this.clock = setInterval(() => this.count(), 1000);
  }

  step(words) {
    if (this.steps.lastChild?.textContent === words) return;
    this.steps.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const step = make("li", "", words);
    step.setAttribute("aria-current", "step");
    this.steps.append(step);
  }

  // What is done now, in words; nothing where that is shown already.
  goes(leg, outcome, why = "") {
    const same = this.label === leg.ringing && this.doing === leg.doing;
    if (same && !outcome) return "";
    const before = this.label;
    const became = before && leg.doing !== "hearing" ? this.became(outcome) : "";
    this.leg = leg;
    this.label = leg.ringing;
    this.doing = leg.doing;
    this.until = Date.now() + (Number(leg.seconds ?? 0) - Number(leg.elapsed ?? 0)) * 1000;
    if (why || became) this.step(why || became);
    this.step(this.does(leg));
    this.title.textContent = this.says(leg, before, became);
    this.count();
    this.log.follow();
    return this.title.textContent;
  }

  became(outcome) {
    const heard = this.doing === "hearing" ? HEARD[outcome] : "";
    return heard || LEGS[outcome] || "not reached";
  }

  does(leg) {
    if (leg.doing === "recording") return "recording";
    if (leg.gap) return leg.gap;
    if (leg.doing === "hearing") return `hears “${leg.hears}”`;
    const who = leg.who && leg.who !== leg.ringing ? ` ${leg.who}` : "";
    return `ringing${who}${leg.seconds ? ` for ${leg.seconds} s` : ""}`;
  }

  says(leg, before, became) {
    if (leg.doing === "hearing") return `${leg.ringing} picked up and hears who is calling`;
    if (!became) return `Ringing ${leg.ringing}`;
    const now = leg.doing === "recording" ? `a message for ${leg.ringing}` : `trying ${leg.ringing}`;
    return `${before}: ${became}, ${now}`;
  }

  over(outcome, why) {
    this.stop();
    const became = this.doing === "hearing" ? this.became(outcome) : (LEGS[outcome] ?? "over");
    this.step(became);
    this.title.textContent = this.label ? `${this.label}: ${became}` : why;
    this.time.textContent = "";
    return this.title.textContent;
  }

  // How many seconds are left to ring.
  get left() {
    return Math.max(0, (this.until - Date.now()) / 1000);
  }

  count() {
    const { doing, seconds, each, members } = this.leg;
    this.time.textContent = "";
    if (doing !== "ringing" || !seconds) return;
    const rung = Math.min(Number(seconds), Math.round(Number(seconds) - this.left));
    const turn = each ? members.split("|")[Math.min(Math.floor(rung / each), members.split("|").length - 1)] : "";
    this.time.textContent = `${turn ? `${turn}, ` : ""}${rung} of ${seconds} s`;
  }

  stop() {
    clearInterval(this.clock);
  }
}
