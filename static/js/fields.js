// The fields of a form: what they hold, and how that is carried into the form's next drawing.

/** Every field as it is sent. */
export function sentBy(form) {
  const body = new URLSearchParams(new FormData(form));
  body.delete("csrfmiddlewaretoken");
  return body;
}

const controls = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
const stateOf = (control) =>
  control.multiple ? [...control.selectedOptions].map((one) => one.value).join("\n")
    : ["checkbox", "radio"].includes(control.type) ? String(control.checked) : control.value;

/** What each control holds now, by its id. */
export function snapshot(form) {
  return new Map(controls(form).map((control) => [control.id, stateOf(control)]));
}

/** Gives the controls of a fresh form what was typed into the old one since `before`. */
export function carryOver(old, before, fresh) {
  for (const control of controls(old)) {
    const now = stateOf(control);
    const other = fresh.querySelector(`[id="${control.id.replace(/-value$/, "")}"]`) ?? fresh.querySelector(`[id="${control.id}"]`);
    if (!other || before.get(control.id) === now) continue;
    if (control.multiple) {
      for (const option of other.options ?? []) option.selected = now.split("\n").includes(option.value);
    } else if (["checkbox", "radio"].includes(control.type)) {
      other.checked = control.checked;
    } else {
      other.value = now;
    }
  }
}

/** Where the caret stands, and a function that puts it back. */
export function caret() {
  const active = document.activeElement;
  if (!active?.id) return () => {};
  const { id, selectionStart: start, selectionEnd: end, scrollTop } = active;
  return () => {
    const again = document.getElementById(id);
    if (!again || again === document.activeElement) return;
    again.focus({ preventScroll: true });
    if (typeof start === "number" && again.setSelectionRange) again.setSelectionRange(start, end);
    again.scrollTop = scrollTop;
  };
}

const CONTROL = "input, select, textarea, [role=combobox]";

function isEmpty(id) {
  const control = document.getElementById(`${id}-value`) ?? document.getElementById(id);
  if (!control?.matches(CONTROL)) return true;
  return control.multiple ? !control.selectedOptions.length : !control.value;
}

function mark(id, text) {
  const slot = document.getElementById(`${id}-error`);
  if (!slot) return;
  slot.hidden = !text;
  slot.classList.toggle("error", Boolean(text));
  slot.querySelector("span").textContent = text;
  const control = document.getElementById(id);
  if (!control?.matches(CONTROL)) return;
  const described = new Set((control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  if (text) described.add(slot.id);
  else described.delete(slot.id);
  const box = control.closest(".multi");
  for (const one of box ? [control, box] : [control]) {
    if (text) one.setAttribute("aria-invalid", "true");
    else one.removeAttribute("aria-invalid");
  }
  if (described.size) control.setAttribute("aria-describedby", [...described].join(" "));
  else control.removeAttribute("aria-describedby");
}

/**
 * Says what is wrong at each field. What is only not filled in yet is said where somebody was and
 * left (`seen`), where it is said already, or everywhere (`all`).
 */
export function say(form, said, seen, all) {
  for (const slot of form.querySelectorAll('[id$="-error"]')) {
    const id = slot.id.slice(0, -"-error".length);
    const text = said[id] || "";
    const wanted = text && (all || seen.has(id) || !slot.hidden || !isEmpty(id));
    if (wanted || !slot.hidden) mark(id, wanted ? text : "");
  }
}
