// Dialogs: data-open="id" opens, data-close closes, a click beside it closes.
// An answer swapped into #dialog opens it; HX-Trigger "close-dialog" closes what is open.
// hx-confirm asks in the page's own dialog; data-confirm-label names its button.
import { leave } from "./leaving.js";

function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

function close(dialog) {
  dialog?.close();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener && opener.tagName !== "ASIDE") {
    opener.closest("details[data-menu]")?.removeAttribute("open");
    open(document.getElementById(opener.dataset.open));
  } else if (event.target.closest("[data-close]")) {
    close(event.target.closest("dialog"));
  } else if (event.target.tagName === "DIALOG") {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) leave(event.target);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target;
  if (dialog.id !== "dialog") return;
  const heading = dialog.querySelector("h2");
  if (heading) dialog.setAttribute("aria-label", heading.textContent.trim());
  if (dialog.childElementCount) open(dialog);
  else close(dialog);
});
document.body.addEventListener("close-dialog", () => {
  close(document.querySelector("dialog[open]"));
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const dialog = document.getElementById("confirm");
  const button = dialog.querySelector("[data-confirm]");
  dialog.querySelector("p").textContent = event.detail.question;
  button.textContent = event.detail.elt.dataset.confirmLabel || "Continue";
  button.onclick = () => {
    close(dialog);
    event.detail.issueRequest(true);
  };
  open(dialog);
  button.focus();
});
