// Fields that stand in a row where there is room and in a sheet where there is little:
// [data-fields="sheet"] moves between its own place and the [data-slot] of that dialog.
const narrow = matchMedia("(width <= 760px)");

function place() {
  for (const fields of document.querySelectorAll("[data-fields]")) {
    const sheet = document.getElementById(fields.dataset.fields);
    if (narrow.matches) {
      sheet.querySelector("[data-slot]").append(fields);
    } else {
      if (sheet.open) sheet.close();
      sheet.before(fields);
    }
  }
}

narrow.addEventListener("change", place);
document.addEventListener("htmx:load", place);
place();
