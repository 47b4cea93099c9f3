// A button[data-copy] puts what it stands beside into the clipboard: each field on its own line.
import { toast } from "./say.js";

function words(list) {
  const rows = [...list.querySelectorAll("dt")];
  return rows.map((name) => `${name.textContent}: ${name.nextElementSibling.textContent}`).join("\n");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const list = button.parentElement.querySelector("dl");
  try {
    await navigator.clipboard.writeText(words(list));
    toast({ text: "Copied" });
  } catch {
    // A browser refuses it on an address without HTTPS: what is selected can be copied by hand.
    getSelection().selectAllChildren(list);
    toast({ text: "Selected. Press Ctrl+C to copy it." });
  }
});
