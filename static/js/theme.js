// Runs before the first paint: the look that this browser chose. Shared with the admin's switch.
(() => {
  const root = document.documentElement;
  const chosen = () => localStorage.getItem("theme") || "auto";
  const apply = () => {
    root.dataset.theme = chosen();
    for (const button of document.querySelectorAll("[data-theme-set]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === chosen()));
    }
  };
  apply();
  addEventListener("DOMContentLoaded", apply);
  addEventListener("storage", apply);
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-set]");
    if (!button) return;
    localStorage.setItem("theme", button.dataset.themeSet);
    apply();
  });
})();
