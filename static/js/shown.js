// [data-shown-when]: JSON {"field": ["value", …]}. A part of a form is there as long as each of
// these fields of its form has one of its values: "1" is a switch that is on, "*" anything at all.
// What is not there keeps what was typed until the form is saved.

function valueOf(form, name) {
  const field = form.elements.namedItem(name);
  if (!field) return "";
  return field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
}

const fits = (value, wanted) => wanted.includes(value) || (wanted.includes("*") && value !== "");

function show(event) {
  const { form } = event.target;
  if (!form) return;
  for (const part of form.querySelectorAll("[data-shown-when]")) {
    const wanted = Object.entries(JSON.parse(part.dataset.shownWhen));
    part.hidden = !wanted.every(([name, values]) => fits(valueOf(form, name), values));
  }
}

document.addEventListener("input", show);
document.addEventListener("change", show);
