// The settings page: which section is in view.

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
