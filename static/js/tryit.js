// Try it: one test conversation on the draft, typed.

import { Dock } from "./tryit-dock.js";
import { Log, make } from "./tryit-log.js";
import { Simulations } from "./tryit-simulate.js";
import { Replays } from "./tryit-replay.js";
import { TestSocket, part } from "./tryit-socket.js";
import { Ringing } from "./tryit-ringing.js";

const OVER = ["ended", "handed_off"];
let current = null;
let firstWords = "";
let offered = "";

class Pane {
  constructor(root) {
    this.root = root;
    this.log = new Log(this.find("[data-log]"), this.find("[data-live]"));
    this.composer = this.find("[data-composer]");
    this.input = this.composer.elements.text;
    this.dock = new Dock(root, (text) => this.log.announce(text));
    this.replays = new Replays(this);
    this.simulations = new Simulations(this);
    this.ringing = new Ringing(this);
    this.listen();
    this.show(root.dataset.state || "new");
    if (root.dataset.conversation) this.connect();
    this.input.value = offered;
    offered = "";
    this.log.follow(true);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  get started() {
    return Boolean(this.root.dataset.conversation);
  }

  get call() {
    return this.root.dataset.channel === "voice";
  }

  connect() {
    sessionStorage.setItem(storeKey(this.root), this.root.dataset.conversation);
    this.socket = new TestSocket(this.root.dataset.socket, {
      frame: (frame) => this[`on_${frame.type}`]?.(frame),
      online: (online) => this.online(online),
      gone: () => this.gone(),
    });
    if (firstWords) {
      this.say(firstWords);
      firstWords = "";
    }
  }

  close() {
    this.socket?.close();
    this.ringing.stop();
  }

  // --- what the server says ---

  on_ready(frame) {
    this.show(frame.state);
    if (frame.state === "ringing") this.ringing.goes(frame);
    this.simulations.again();
    this.catchUp(frame.turn ?? 0);
  }

  on_text(frame) {
    this.log.piece(frame.t);
    this.speaking(true);
  }

  on_reply(frame) {
    this.log.reply(frame.turn, frame.text);
  }

  async on_turn(frame) {
    const html = await part(`${this.path}turns/${frame.turn}/`);
    if (html) this.placed(html);
    this.speaking(this.log.pending.some((draft) => draft.text));
    this.refreshDock();
  }

  on_state(frame) {
    const before = this.root.dataset.state;
    this.show(frame.state);
    if (frame.state === "ringing") this.ringing.goes(frame);
    else if (before === "ringing") this.ringing.over(frame);
    if (OVER.includes(frame.state) && before !== frame.state) this.log.announce("The test is over.");
  }

  on_outbox() {
    this.refreshDock();
  }

  async on_replay(frame) {
    this.replays.running(frame.state === "running");
    if (frame.state === "running") return;
    await this.catchUp(Infinity);
    const html = await part(`${this.path}trail/`);
    if (html) this.replays.compare(html);
  }

  on_simulate(frame) {
    this.simulations.kept(frame.what, frame.how);
  }

  on_error(frame) {
    this.complain(frame.sentence);
  }

  gone() {
    this.online(true);
    if (this.find("[data-error]").hidden) this.complain("This test cannot continue. Start again.");
  }

  get path() {
    return `/conversations/${this.root.dataset.conversation}/`;
  }

  async catchUp(turn) {
    if (turn > this.log.last) {
      const html = await part(`${this.path}turns/?after=${this.log.last}`);
      if (html) this.placed(html);
    }
    this.refreshDock();
  }

  // One at a time: the last answer is of the last question.
  async refreshDock() {
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = true;
    const query = this.started ? `?conversation=${this.root.dataset.conversation}` : "";
    const html = await part(`${this.root.dataset.url}dock/${query}`);
    this.asking = false;
    if (html) this.dock.refresh(html);
    if (!this.askAgain) return;
    this.askAgain = false;
    this.refreshDock();
  }

  async draftChanged() {
    this.refreshDock();
    if (!this.started) return;
    const html = await part(`${this.path}draft/`);
    if (html !== null) this.find("[data-draft]").innerHTML = html;
  }

  // --- what is shown ---

  show(state) {
    this.root.dataset.state = state;
    for (const element of this.root.querySelectorAll("[data-show]")) {
      element.hidden = !element.dataset.show.split(" ").includes(state);
    }
    const writes = this.call ? ["open"] : ["new", "open", "staff"];
    this.composer.hidden = !writes.includes(state);
    const active = document.activeElement;
    if (this.root.contains(active) && !active.checkVisibility()) this.focus();
    if (OVER.includes(state)) this.speaking(false);
    this.over();
    this.log.follow();
  }

  // To where one goes on: the words, else the first answer that is offered.
  focus() {
    const answers = [...this.root.querySelectorAll(".colleague button, .tryit-over button, #tryit-call")];
    const next = this.composer.hidden ? answers.find((one) => one.checkVisibility()) : this.input;
    next?.focus({ preventScroll: true });
  }

  speaking(on) {
    this.root.toggleAttribute("data-speaking", on);
    const button = this.find("[data-do=interrupt]");
    if (button) button.disabled = !on;
  }

  online(on) {
    this.root.toggleAttribute("data-lost", !on);
    this.find("[data-lost-note]").hidden = on;
  }

  complain(sentence) {
    const note = this.find("[data-error]");
    note.hidden = false;
    note.querySelector("p").textContent = sentence;
  }

  over() {
    const words = this.find("[data-state-words]");
    const { state } = this.root.dataset;
    if (!words || !OVER.includes(state)) return;
    const outcome = this.log.turns.at(-1)?.dataset.outcome || words.dataset[state];
    words.textContent = outcome[0].toUpperCase() + outcome.slice(1);
  }

  // How the ringing went stands in turns that are placed already.
  async refreshLast() {
    const html = await part(`${this.path}turns/?after=${Math.max(0, this.log.last - 3)}`);
    if (html) this.placed(html);
  }

  placed(html) {
    this.log.place(html);
    this.replays.equip();
    this.over();
  }

  icon(name) {
    const icons = this.find("[data-icons]").content;
    return icons.querySelector(`use[href$="#${name}"]`).parentElement.cloneNode(true);
  }

  // --- what the tester does ---

  say(text) {
    if (this.call && this.root.hasAttribute("data-speaking")) this.interrupt();
    this.find("[data-error]").hidden = true;
    this.log.said(text);
    this.socket.say(text);
  }

  interrupt() {
    this.socket.send({ type: "interrupt", heard: this.log.heard });
    this.speaking(false);
  }

  skip(seconds, words) {
    if (this.socket?.send({ type: "skip", seconds })) this.tell(words);
  }

  // A line between the turns; the server keeps it too.
  tell(words) {
    const line = make("p", "system-line");
    line.dataset.after = this.log.last;
    line.append(make("span", "", words));
    this.log.line(line);
    this.log.announce(words);
  }

  press(digit) {
    if (!this.socket?.send({ type: "key", digit })) return;
    const shown = this.find("[data-digits]");
    shown.value = (shown.value + digit).slice(-12);
  }

  // Words of a hint, to be sent or changed; a test that is not going on is started for them.
  offer(text) {
    if (this.composer.hidden) {
      offered = text;
      this.find("[data-setup]").requestSubmit();
    } else {
      this.input.value = text;
      this.input.focus();
    }
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    if (this.started) this.say(text);
    else {
      firstWords = text;
      this.find("[data-setup]").requestSubmit();
    }
  }

  listen() {
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("keydown", (event) => this.typed(event));
    this.root.addEventListener("click", (event) => this.clicked(event));
    this.find("[data-pad]")?.addEventListener("keydown", (event) => {
      if (/^[0-9*#]$/.test(event.key)) this.press(event.key);
    });
  }

  typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
    if (event.key === "Escape" && this.root.hasAttribute("data-speaking")) this.interrupt();
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { leg, outcome, skip, digit, say } = button.dataset;
    if (say) this.offer(say);
    if (leg) this.ringing.press(leg);
    if (outcome) this.socket?.send({ type: "outcome", kind: outcome });
    if (skip) this.skip(Number(skip), button.dataset.words);
    if (digit) this.press(digit);
    this.does[button.dataset.do]?.();
  }

  does = {
    interrupt: () => this.interrupt(),
    hangup: () => {
      if (this.root.dataset.state === "ringing") this.ringing.press("caller_gone");
      else this.socket?.send({ type: "hangup" });
    },
    release: () => {
      if (this.socket?.send({ type: "release" })) this.tell("Staff released it");
    },
    skipRinging: () => this.ringing.skip(),
    pad: () => {
      const pad = this.find("[data-pad]");
      pad.hidden = !pad.hidden;
      this.find("[data-do=pad]").setAttribute("aria-expanded", String(!pad.hidden));
      if (!pad.hidden) pad.querySelector("button").focus();
    },
  };
}

function storeKey(root) {
  return `try-it:${root.dataset.agent}`;
}

function start(fresh) {
  const root = document.querySelector("[data-tryit]");
  if (!root || current?.root === root) return;
  current?.close();
  const open = current?.root.hasAttribute("data-open");
  current = new Pane(root);
  root.toggleAttribute("data-open", Boolean(open));
  if (!fresh && document.activeElement === document.body) current.focus();
  if (current.started) return;
  if (fresh) resume(root);
  else sessionStorage.removeItem(storeKey(root));
}

// A reloaded page goes on with the test that was running in it.
function resume(root) {
  const known = sessionStorage.getItem(storeKey(root));
  if (!known) return;
  window.htmx?.ajax("GET", `${root.dataset.url}?conversation=${known}`, {
    target: root,
    swap: "outerHTML settle:0ms",
  });
}

document.body.addEventListener("htmx:afterSettle", () => start(false));
document.body.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful, elt } = event.detail;
  const changes = requestConfig && requestConfig.verb !== "get" && successful;
  if (changes && current && !current.root.contains(elt)) current.draftChanged();
});
document.body.addEventListener("draft-changed", () => current?.draftChanged());
start(true);
