// What each card on the page shows, so that an answer brings along those that show something else.

/** The cards as the server wants to hear of them. */
export function cardsShown() {
  const shown = [...document.querySelectorAll("#actions .badges[data-drawn]")];
  const cards = shown.map((badges) => {
    const open = badges.closest(".action").classList.contains("open") ? ".open" : "";
    return `${badges.id.slice(7, 15)}.${badges.dataset.drawn}${open}`;
  });
  return cards.join(" ");
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-Cards"] = cardsShown();
});
