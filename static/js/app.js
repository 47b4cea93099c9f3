// The page's manners: the token for htmx, failures, progress, focus after a swap. Loads the rest.
import "./cards.js";
import "./combobox.js";
import "./copy.js";
import "./dialogs.js";
import "./keys.js";
import "./leaving.js";
import "./menu.js";
import "./palette.js";
import "./rows.js";
import "./shown.js";
import "./template.js";
import "./times.js";
import "./saving.js";
import "./steps.js";
import "./together.js";
import "./where.js";
import { announce, toast } from "./say.js";

const PROGRESS_AFTER = 300;
let pending = 0;
let timer = 0;
let remembered = null;

function count(step) {
  pending = Math.max(0, pending + step);
  clearTimeout(timer);
  if (pending) {
    timer = setTimeout(() => (document.documentElement.dataset.busy = ""), PROGRESS_AFTER);
  } else {
    delete document.documentElement.dataset.busy;
  }
}

function failure(status) {
  if (status === 403) return "You do not have access, or you were signed out. Reload the page.";
  if (status === 404) return "This is no longer there. Reload the page.";
  if (status === 409) return "Somebody else changed this. Reload the page.";
  if (status === 413) return "This is too large to be sent. Nothing was changed.";
  if (status === 503) return "The database is busy. What you typed is still here; try again in a moment.";
  return "The server failed. Nothing was changed; try again.";
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf"]').content;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.closest("[data-silent]")) count(1);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.elt.closest("[data-silent]")) count(-1);
});
document.addEventListener("htmx:responseError", (event) => {
  toast({ text: failure(event.detail.xhr.status), level: "bad" });
});
document.addEventListener("htmx:sendError", () => {
  toast({ text: "The server cannot be reached. Your text is still here; try again.", level: "bad" });
});
document.addEventListener("htmx:timeout", () => {
  toast({ text: "The server is taking too long. Try again.", level: "bad" });
});

// A form that is being drawn anew is sent once it stands again: what is sent meanwhile is lost.
document.addEventListener("htmx:confirm", (event) => {
  const form = event.detail.elt;
  const drawn = form.matches("[data-form].htmx-request, [data-form]:has(.htmx-request:not([data-silent]))");
  if (!drawn) return;
  event.preventDefault();
  const button = event.detail.triggeringEvent?.submitter?.id;
  document.addEventListener("htmx:afterSettle", function again() {
    if (form.isConnected) return;
    document.removeEventListener("htmx:afterSettle", again);
    const fresh = document.getElementById(form.id);
    fresh?.requestSubmit(button ? fresh.querySelector(`[id="${button}"]`) : null);
  });
});

// Answers ask for these by HX-Trigger: {"toast": {"text": …, "undo": "/url"}}, {"announce": "…"}.
document.body.addEventListener("toast", (event) => toast(event.detail));
document.body.addEventListener("announce", (event) => announce(event.detail.value));

// A swap may take the focused element away: go back to it by id, else to the card it stood in.
document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  if (!active || active === document.body) return;
  remembered = { id: active.id, card: active.closest("[data-card]")?.id };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!remembered || document.activeElement !== document.body) return;
  const { id, card } = remembered;
  remembered = null;
  (document.getElementById(id) || document.getElementById(card))?.focus({ preventScroll: true });
});

// New lines of a talk stay in view while the reader is at its end.
const talks = new WeakSet();
function follow() {
  for (const talk of document.querySelectorAll("[data-follow]")) {
    if (talks.has(talk)) continue;
    talks.add(talk);
    talk.scrollTop = talk.scrollHeight;
    let atEnd = true;
    talk.addEventListener("scroll", () => {
      atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
    });
    new MutationObserver(() => {
      if (atEnd) talk.scrollTop = talk.scrollHeight;
    }).observe(talk, { childList: true, subtree: true });
  }
}
document.addEventListener("htmx:load", follow);
follow();

// The right pane is a sheet where there is little room: data-sheet="aside" opens and closes it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sheet]");
  const open = document.querySelector(".aside[data-open]");
  if (button) {
    const sheet = document.getElementById(button.dataset.sheet);
    const show = sheet.toggleAttribute("data-open");
    const target = show
      ? sheet.querySelector("button, a[href], input, textarea")
      : document.querySelector(`[data-sheet="${sheet.id}"]`);
    target?.focus({ preventScroll: true });
  } else if (open && !open.contains(event.target) && event.target.closest("main, body > .page")) {
    open.removeAttribute("data-open");
  }
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".aside[data-open]");
  if (event.key !== "Escape" || !open || event.defaultPrevented) return;
  open.removeAttribute("data-open");
  document.querySelector(`[data-sheet="${open.id}"]`)?.focus();
});
