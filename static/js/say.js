// What the page says: a line for screen readers, and toasts with Undo.

const STAYS = 8000;

/** Says `text` to screen readers. */
export function announce(text) {
  const region = document.getElementById("announce");
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

/** Shows a toast; `undo` is the address that takes it back, `target` what its answer replaces. */
export function toast({ text, level = "ok", undo = "", target = "", label = "Undo" }) {
  const box = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  box.classList.add(level);
  box.querySelector("p").textContent = text;
  if (level === "bad" || level === "warn") {
    const use = box.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#triangle-alert"));
  }
  const button = box.querySelector("[data-undo]");
  if (undo) {
    button.textContent = label;
    button.setAttribute("hx-post", undo);
    button.setAttribute("hx-swap", target ? "outerHTML" : "none");
    if (target) button.setAttribute("hx-target", target);
  } else {
    button.remove();
  }
  document.getElementById("toasts").append(box);
  window.htmx?.process(box);
  announce(text);
  leaveLater(box);
}

function leaveLater(box) {
  let timer = 0;
  const start = () => (timer = setTimeout(() => box.remove(), STAYS));
  const stop = () => clearTimeout(timer);
  box.addEventListener("mouseenter", stop);
  box.addEventListener("focusin", stop);
  box.addEventListener("mouseleave", start);
  box.addEventListener("focusout", start);
  // A failure stays until it is dismissed.
  if (!box.classList.contains("bad") && !box.classList.contains("error")) start();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]")?.remove();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-undo]")) event.target.closest("[data-toast]")?.remove();
});
for (const box of document.querySelectorAll("[data-toast]")) {
  announce(box.querySelector("p").textContent);
  leaveLater(box);
}
