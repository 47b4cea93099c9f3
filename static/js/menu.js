// Menus are <details data-menu>: one open at a time, arrows move, Escape closes.

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

function shut(menu, focus) {
  menu.removeAttribute("open");
  if (focus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const item = event.target.closest("a, button");
    const stays = event.target.closest("[data-theme-set]");
    if (!menu.contains(event.target) || (item && menu.contains(item) && !stays)) shut(menu, false);
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (event.key === "Escape") {
    for (const other of openMenus()) {
      shut(other, true);
      event.preventDefault();
    }
  }
  if (!menu?.open || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = [...menu.querySelectorAll(".menu-item")].filter((item) => item.offsetParent);
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  items.at(next % items.length)?.focus();
  event.preventDefault();
});
