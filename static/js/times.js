// <time datetime data-relative>: relative while fresh, then the day and time in the user's zone.
// <time datetime data-elapsed>: minutes and seconds since, counting.

const MINUTE = 60;
const DAY = 86400;

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function relative(then, now) {
  const seconds = (now - then) / 1000;
  const hour = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (seconds < 0 || seconds > DAY) {
    const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
    return `${then.toLocaleDateString([], { day: "numeric", month: "short", year })}, ${hour}`;
  }
  if (seconds < MINUTE) return "just now";
  if (seconds < 60 * MINUTE) return `${Math.floor(seconds / MINUTE)} min ago`;
  return then.toDateString() === now.toDateString() ? hour : `yesterday, ${hour}`;
}

function update() {
  const now = new Date();
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const then = new Date(time.dateTime);
    if (!time.title) time.title = then.toLocaleString();
    time.textContent = relative(then, now);
  }
  for (const time of document.querySelectorAll("time[data-elapsed]")) {
    time.textContent = clock((now - new Date(time.dateTime)) / 1000);
  }
}

update();
setInterval(update, 1000);
document.addEventListener("htmx:load", update);
