// Asking the server for parts of the page, and putting each in its place by its id.
import { cardsShown } from "./cards.js";

/** The answer of the server; null where it cannot be reached. */
export function ask(url, body, { target = "", ...options } = {}) {
  const headers = { "HX-Request": "true", "HX-Target": target };
  if (body !== undefined) {
    headers["X-Cards"] = cardsShown();
    headers["X-CSRFToken"] = document.querySelector('meta[name="csrf"]').content;
    headers["Content-Type"] = "application/x-www-form-urlencoded";
  }
  const method = body === undefined ? "GET" : "POST";
  return fetch(url, { method, headers, body, ...options }).catch(() => null);
}

/** Lets the page hear what an answer asks for by HX-Trigger. */
export function hear(answer) {
  const events = JSON.parse(answer.headers.get("HX-Trigger") || "{}");
  for (const [name, detail] of Object.entries(events)) {
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

/** The parts of an answer, in no page yet. */
export function parse(html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  for (const part of page.content.querySelectorAll("[hx-swap-oob]")) part.removeAttribute("hx-swap-oob");
  return page.content;
}

/** Puts one part in the place of its namesake; one with an open menu waits until that is shut. */
export function put(part) {
  const old = document.getElementById(part.id);
  if (!old || old.isEqualNode(part)) return;
  const menu = old.querySelector("details[open]");
  if (menu) {
    menu.addEventListener("toggle", () => put(part), { once: true });
    return;
  }
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(part);
  window.htmx.process(part);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Puts every part of an answer that the page has a place for. */
export function place(content) {
  for (const part of [...content.children]) if (part.id) put(part);
  loaded();
}

/** Tells everything that equips new parts of the page that there are some. */
export function loaded() {
  document.body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: document.body } }));
}

const TICK = 25; // ms
const LONGEST = 5000;

/** Waits until no other request that changes the page is under way. */
export async function settled() {
  const busy = () => document.querySelector(".htmx-request:not([data-silent])");
  for (let waited = 0; busy() && waited < LONGEST; waited += TICK) {
    await new Promise((done) => setTimeout(done, TICK));
  }
}
