// What each card on the page shows, so that an answer brings along those that show something else.

document.addEventListener("htmx:configRequest", (event) => {
  const heads = [...document.querySelectorAll("#actions .action-head[data-drawn]")];
  if (event.detail.verb === "get" || !heads.length) return;
  const cards = heads.map((head) => {
    const open = head.parentElement.classList.contains("open") ? ".open" : "";
    return `${head.id.slice(5, 13)}.${head.dataset.drawn}${open}`;
  });
  event.detail.headers["X-Cards"] = cards.join(" ");
});
