// Forms that save themselves: form[data-autosave="7"], where 7 is who is signed in.
//
// What is typed is sent 600 ms after the last key, at the latest after 900 ms; picks, switches and
// rows at once. Per form one request is under way; its answer holds only what stands beside the
// fields (#saved-…, #about-…, the card's sentence, the header), so that nobody loses caret or place.
// Only where fields come or go the form is drawn anew, and what was typed meanwhile is carried over.
//
// Until the server has it, what is typed is kept in this browser too, and sent when the page is
// opened again. Everything else that changes the page waits until it is sent.
import { announce, toast } from "./say.js";
import { caret, carryOver, say, sentBy, snapshot } from "./fields.js";
import { ask, hear, parse, place } from "./parts.js";

const IDLE = 600;
const LATEST = 900;
const KEEP = 200;
const FIRST_RETRY = 1000;
const LAST_RETRY = 30000;
const BEACON = 60000; // bytes that a browser sends although the page is left
const GONE = {
  403: "Not saved: you do not have access, or you were signed out. What you typed is kept in this browser.",
  404: "Not saved: this is no longer there.",
  413: "Not saved: this is too large to be sent.",
};

const savers = new Map();

class Saver {
  constructor(url, user) {
    this.url = url;
    this.key = `unsaved:${user}:${url}`;
    this.seen = new Set(); // fields that somebody was in and left
    this.extra = {};
    this.wait = FIRST_RETRY;
  }

  static of(form) {
    return Saver.at(form.getAttribute("action"), form.dataset.autosave);
  }

  static at(url, user) {
    if (!savers.has(url)) savers.set(url, new Saver(url, user));
    return savers.get(url);
  }

  get form() {
    return document.querySelector(`form[data-autosave][action="${this.url}"]`);
  }

  /** The form that was typed into; null where the page has drawn another one since. */
  get live() {
    const { form } = this;
    return form === this.element ? form : null;
  }

  /** Whether the server lacks something. */
  get open() {
    return Boolean(this.dirty || this.sending);
  }

  // --- when to send ---

  changed(delay) {
    const now = Date.now();
    this.since = this.dirty ? this.since : now;
    this.dirty = true;
    this.element = this.form;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), Math.min(delay, Math.max(0, this.since + LATEST - now)));
    this.keeping ??= setTimeout(() => this.keep(), KEEP);
  }

  /** Sends what is there; `extra` goes with it. */
  save(extra = {}) {
    Object.assign(this.extra, extra);
    this.dirty = true;
    this.element = this.form;
    return this.send();
  }

  /** Sends what this browser kept of another visit, and shows what the server makes of it. */
  resend(body) {
    this.body = new URLSearchParams(body);
    this.extra.op = "change";
    this.dirty = true;
    this.element = null;
    return this.send();
  }

  /** Waits until the server has everything, or does not take it. */
  flush() {
    return this.dirty ? this.send() : this.sending;
  }

  send() {
    clearTimeout(this.timer);
    this.again = Boolean(this.sending);
    this.sending ??= this.all().finally(() => (this.sending = null));
    return this.sending;
  }

  async all() {
    await null; // what happens in the same moment is sent together
    do {
      this.again = false;
      if (!(await this.once())) return;
    } while (this.again || (this.dirty && Object.keys(this.extra).length));
  }

  // --- sending ---

  async once() {
    const { form, live, extra } = this;
    if (live) this.body = sentBy(live);
    else if (form) extra.op ??= "change"; // it shows what was before: let it be drawn anew
    const before = form && snapshot(form);
    const body = new URLSearchParams([...this.body, ...Object.entries(extra), ["auto", "1"]]);
    this.extra = {};
    this.dirty = false;
    this.show("saving");
    const keepalive = body.toString().length < BEACON;
    const answer = await ask(this.url, body, { keepalive, target: form?.id });
    if (!answer || answer.status >= 500) return this.failed(extra);
    if (!answer.ok || answer.headers.has("HX-Redirect")) return this.refused(answer);
    const html = await answer.text();
    this.failing = false;
    this.wait = FIRST_RETRY;
    if ("discard" in extra) this.dirty = false;
    if (!this.dirty) this.forget();
    this.take(parse(html), before, extra);
    hear(answer);
    this.show("");
    document.body.dispatchEvent(new CustomEvent("draft-changed"));
    return true;
  }

  failed(extra) {
    this.extra = { ...extra, ...this.extra };
    this.dirty = true;
    this.keep();
    if (!this.failing) announce("Not saved. Trying again.");
    this.failing = true;
    this.show("failing");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(this.wait * 2, LAST_RETRY);
    return false;
  }

  refused(answer) {
    this.keep();
    this.failing = true;
    this.show("failing");
    toast({ text: GONE[answer.status] ?? GONE[403], level: "bad" });
    return false;
  }

  /** Puts the answer on the page. */
  take(content, before, extra) {
    const { form } = this;
    const fresh = form && content.getElementById(form.id);
    const back = caret();
    if (fresh && !("discard" in extra)) carryOver(form, before, fresh);
    place(content);
    if (fresh) back();
    const now = this.form;
    if (fresh && this.dirty) this.element = now;
    const said = now?.querySelector("[data-said]")?.dataset.said;
    if (said) say(now, JSON.parse(said), this.seen, "all" in extra);
  }

  show(state) {
    const forms = [this.form, document.documentElement];
    for (const one of forms) if (one) one.dataset.sending = state;
    if (state !== "failing" && [...savers.values()].some((other) => other.failing)) {
      document.documentElement.dataset.sending = "failing";
    }
  }

  // --- kept in this browser ---

  keep() {
    clearTimeout(this.keeping);
    this.keeping = null;
    if (!this.dirty) return;
    if (this.live) this.body = sentBy(this.live);
    try {
      localStorage.setItem(this.key, this.body.toString());
    } catch {
      // The browser has no room: the server still gets it.
    }
  }

  forget() {
    clearTimeout(this.keeping);
    this.keeping = null;
    localStorage.removeItem(this.key);
  }
}

const all = () => [...savers.values()];

/** Whether something typed is not at the server. */
export const typing = () => all().some((saver) => saver.open || saver.failing);

/** Sends everything that is typed. */
export async function flushAll() {
  await Promise.all(all().filter((saver) => !saver.failing).map((saver) => saver.flush()));
}

// --- what people do ---

const formOf = (target) => target.closest?.("form[data-autosave]");
const named = (target) => target.name || target.matches?.("[data-sortable]");

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (form && event.target.name) Saver.of(form).changed(IDLE);
});
for (const kind of ["change", "moved", "removed"]) {
  document.addEventListener(kind, (event) => {
    const form = formOf(event.target);
    if (form && named(event.target)) Saver.of(form).changed(0);
  });
}
document.addEventListener("focusin", (event) => {
  const form = formOf(event.target);
  if (form) Saver.of(form);
});
document.addEventListener("focusout", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  const saver = Saver.of(form);
  saver.seen.add(event.target.id);
  if (saver.dirty) saver.changed(0);
});

// A form that saves itself is never sent by htmx; everything else waits for what is typed.
document.addEventListener("htmx:confirm", (event) => {
  const { elt, path, verb, triggeringEvent, question, issueRequest } = event.detail;
  const form = formOf(elt);
  if (form && verb === "post" && path === form.getAttribute("action")) {
    event.preventDefault();
    const button = triggeringEvent?.submitter;
    const own = JSON.parse(elt.getAttribute("hx-vals") || "{}");
    Saver.of(form).save(button?.name ? { [button.name]: button.value } : elt === form ? { all: "1" } : own);
  } else if (!question && !elt.closest("[data-silent]") && all().some((saver) => saver.dirty || saver.sending)) {
    event.preventDefault();
    flushAll().then(() => {
      const again = elt.isConnected ? null : document.getElementById(elt.id);
      if (again) again.click(); // it was drawn anew
      else issueRequest(true);
    });
  }
});

// --- leaving ---

window.addEventListener("beforeunload", (event) => {
  for (const saver of all()) {
    saver.keep();
    if (saver.dirty && !saver.failing) saver.send();
    const large = saver.open && saver.body?.toString().length >= BEACON;
    if (saver.failing || large) event.preventDefault();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) flushAll();
});

// --- coming back: what this browser still has is sent, and shown as the server has it then ---

const user = document.querySelector("form[data-autosave]")?.dataset.autosave;
const agent = location.pathname.match(/^\/agents\/[^/]+\//)?.[0];
const prefix = `unsaved:${user}:`;
for (const key of user && agent ? Object.keys(localStorage) : []) {
  if (!key.startsWith(prefix + agent)) continue;
  Saver.at(key.slice(prefix.length), user).resend(localStorage.getItem(key));
}
