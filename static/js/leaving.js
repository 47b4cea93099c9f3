// Forms with a button of their own: while something is typed into one, leaving the page asks first,
// and so does closing its dialog by Escape or by a click beside it.

const OWN = "form[data-form]:not([data-autosave])";
const typedIn = (within) => [...within.querySelectorAll(`${OWN}[data-typed]`)].some((form) => form.checkVisibility());

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.(OWN);
    if (form && event.target.name) form.dataset.typed = "";
  });
}
document.addEventListener("submit", (event) => delete event.target.dataset.typed);

// What comes back to be corrected is not stored.
document.addEventListener("htmx:afterSettle", () => {
  for (const field of document.querySelectorAll(`${OWN} [aria-invalid=true]`)) field.form.dataset.typed = "";
});

window.addEventListener("beforeunload", (event) => {
  if (typedIn(document)) event.preventDefault();
});

/** Closes a dialog; where something is typed in it, only if the person says so. */
export function leave(dialog) {
  if (!typedIn(dialog)) return dialog.close();
  const ask = document.getElementById("confirm");
  const button = ask.querySelector("[data-confirm]");
  ask.querySelector("p").textContent = "Discard what you typed?";
  button.textContent = "Discard";
  button.onclick = () => {
    ask.close();
    dialog.close();
  };
  ask.showModal();
  return ask.querySelector("[data-close]").focus();
}

document.addEventListener("cancel", (event) => {
  const dialog = event.target;
  if (dialog.tagName !== "DIALOG" || !typedIn(dialog)) return;
  event.preventDefault();
  leave(dialog);
}, true);
