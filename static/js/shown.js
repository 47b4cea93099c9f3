// [data-shown-when]: JSON {"field": ["value", …]}. A part of a form is there as long as each of
// these fields of its form has one of its values; a switch that is on has the value "1".
// What is not there keeps what was typed until the form is saved.

function valueOf(form, name) {
  const field = form.elements.namedItem(name);
  if (!field) return null;
  return field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
}

document.addEventListener("change", (event) => {
  const { form } = event.target;
  if (!form) return;
  for (const part of form.querySelectorAll("[data-shown-when]")) {
    const wanted = Object.entries(JSON.parse(part.dataset.shownWhen));
    part.hidden = !wanted.every(([name, values]) => values.includes(valueOf(form, name)));
  }
});
