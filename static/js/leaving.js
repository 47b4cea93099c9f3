// Forms with a button of their own: while something is typed into one, leaving the page asks first.

const OWN = "form[data-form]:not([data-autosave])";
const typed = new Set(); // by address: a form may be drawn anew
const own = (element) => element.closest?.(OWN);
const open = (form) => typed.has(form.getAttribute("action")) && form.checkVisibility();

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.name && own(event.target);
    if (form) typed.add(form.getAttribute("action"));
  });
}
document.addEventListener("submit", (event) => {
  if (event.submitter?.name !== "op") typed.delete(event.target.getAttribute("action"));
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (own(elt) && requestConfig.verb === "post" && !requestConfig.parameters.has("op") && !elt.closest("[data-silent]")) {
    typed.delete(own(elt).getAttribute("action"));
  }
});

// What comes back to be corrected is not stored.
document.addEventListener("htmx:afterSettle", () => {
  for (const field of document.querySelectorAll(`${OWN} [aria-invalid=true]`)) typed.add(own(field).getAttribute("action"));
});

window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll(OWN)].some(open)) event.preventDefault();
});
