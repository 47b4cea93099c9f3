// The settings page: which section is in view, and which ones hold something not yet saved.

const links = new Map(
  [...document.querySelectorAll(".sections-nav a")].map((link) => [link.hash.slice(1), link]),
);
const seen = new Set();

function mark(current) {
  for (const [id, link] of links) {
    if (id === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// The first section in view is the current one; the last one also where the page cannot go on.
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) seen.add(entry.target.id);
    else seen.delete(entry.target.id);
  }
  const first = [...links.keys()].find((id) => seen.has(id));
  if (first) mark(first);
}, { rootMargin: "-110px 0px -55% 0px" });

function watch() {
  for (const form of document.querySelectorAll(".section")) watcher.observe(form);
}
document.addEventListener("htmx:load", watch);
watch();

document.addEventListener("click", (event) => {
  const link = event.target.closest(".sections-nav a");
  if (link) setTimeout(() => mark(link.hash.slice(1)), 120);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest(".section");
  if (!form || "changed" in form.dataset) return;
  form.dataset.changed = "";
  form.querySelector("[data-status]").textContent = "Not saved yet";
});

// Another language brings its words into the other sections, but not into one that is being edited.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target?.matches?.(".section[data-changed]")) event.preventDefault();
});

// Leaving asks first while something is not saved.
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector(".section[data-changed]")) event.preventDefault();
});
