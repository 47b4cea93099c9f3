// Dialogs: data-open="id" opens, data-close closes, a click beside it closes.
// An answer swapped into #dialog opens it; HX-Trigger "close-dialog" closes what is open.
// What is made from within a dialog gets a dialog of its own above it: `layer`.
// form[data-asks]: where something was typed, leaving the dialog without saving asks first.
// hx-confirm asks in the page's own dialog; data-confirm-label names its button.

const DISCARD = "Discard what you entered?";

function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

function ask(question, label, then) {
  const dialog = document.getElementById("confirm");
  const button = dialog.querySelector("[data-confirm]");
  dialog.querySelector("p").textContent = question;
  button.textContent = label;
  button.onclick = () => {
    dialog.close();
    then();
  };
  open(dialog);
  button.focus();
}

/** Close it, or ask first where what was typed in it would be lost. */
function leave(dialog) {
  if (!dialog || !("typed" in dialog.dataset)) return dialog?.close();
  return ask(DISCARD, "Discard", () => dialog.close());
}

/** Where the form of a new thing opens: the page's dialog, above a dialog one of its own. */
export function layer(from) {
  if (!from.closest("dialog")) return document.getElementById("dialog");
  const dialog = document.createElement("dialog");
  dialog.id = `dialog-${document.querySelectorAll("dialog").length}`;
  dialog.dataset.layer = "";
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  return dialog;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener && opener.tagName !== "ASIDE") {
    opener.closest("details[data-menu]")?.removeAttribute("open");
    open(document.getElementById(opener.dataset.open));
  } else if (event.target.closest("[data-close]")) {
    leave(event.target.closest("dialog"));
  } else if (event.target.tagName === "DIALOG") {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) leave(event.target);
  }
});

const typed = (event) => {
  const form = event.target.closest("form[data-asks]");
  if (form) form.closest("dialog")?.setAttribute("data-typed", "");
};
document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("close", (event) => delete event.target.dataset.typed, true);

// Escape is taken as a key: a browser closes a dialog at the second one without asking anybody.
document.addEventListener("keydown", (event) => {
  const dialog = [...document.querySelectorAll("dialog:modal")].at(-1);
  const asks = dialog && "typed" in dialog.dataset && !document.querySelector("#confirm:modal");
  if (event.key !== "Escape" || event.defaultPrevented || !asks) return;
  event.preventDefault();
  leave(dialog);
});
document.addEventListener("cancel", (event) => {
  if (!("typed" in event.target.dataset)) return;
  event.preventDefault();
  leave(event.target);
}, true);

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target;
  if (dialog.id !== "dialog" && !("layer" in dialog.dataset)) return;
  const heading = dialog.querySelector("h2");
  if (heading) dialog.setAttribute("aria-label", heading.textContent.trim());
  delete dialog.dataset.typed;
  if (dialog.childElementCount) open(dialog);
  else dialog.close();
});
document.body.addEventListener("close-dialog", () => {
  [...document.querySelectorAll("dialog[open]")].at(-1)?.close();
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const label = event.detail.elt.dataset.confirmLabel || "Continue";
  ask(event.detail.question, label, () => event.detail.issueRequest(true));
});
