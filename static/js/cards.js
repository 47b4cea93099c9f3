// What each card on the page shows, so that an answer brings along those that show something else.

/** How the uid of each card begins, the digest of what it shows, and whether it is open. */
export function cardsShown() {
  return [...document.querySelectorAll("#actions .badges[data-drawn]")].map((badges) => {
    const open = badges.closest(".action").classList.contains("open") ? ".open" : "";
    return `${badges.id.slice(7, 15)}.${badges.dataset.drawn}${open}`;
  }).join(" ");
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-Cards"] = cardsShown();
});
