// The words of a test: what is being said is drawn at once, and replaced by the stored turn.

export class Log {
  constructor(element, live) {
    this.element = element;
    this.live = live;
    this.pending = [];
    this.box = element.parentElement;
    this.atEnd = true;
    this.box.addEventListener("scroll", () => {
      this.atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 60;
    });
    for (const line of element.querySelectorAll("[data-after]")) this.settle(line);
    const grown = new ResizeObserver(() => this.follow());
    for (const part of [this.box, element]) grown.observe(part);
  }

  get turns() {
    return [...this.element.querySelectorAll("[data-turn]")];
  }

  get last() {
    return this.turns.reduce((most, turn) => Math.max(most, Number(turn.dataset.turn)), 0);
  }

  // --- what is being said ---

  said(text) {
    const draft = this.draft();
    draft.inbound = text;
    draft.element.append(bubble("me", text));
    this.think(draft);
    this.follow(true);
    return draft;
  }

  think(draft) {
    const dots = make("div", "bubble typing");
    dots.setAttribute("aria-hidden", "true");
    for (let n = 0; n < 3; n += 1) dots.append(make("i"));
    draft.element.append(dots);
    draft.dots = dots;
  }

  draft() {
    const draft = { element: make("article", "turn draft"), text: "", number: null, inbound: "" };
    this.element.append(draft.element);
    this.pending.push(draft);
    return draft;
  }

  // The draft that is being answered: the one that speaks already, else the oldest.
  running() {
    const open = this.pending.filter((draft) => draft.number === null);
    return open.find((draft) => draft.text) ?? open[0] ?? this.draft();
  }

  piece(text) {
    const draft = this.running();
    draft.text += text;
    this.speak(draft);
  }

  reply(number, text) {
    if (this.turns.some((turn) => Number(turn.dataset.turn) === number)) return;
    const draft = this.running();
    draft.number = number;
    draft.text = text;
    this.speak(draft);
    this.announce(text);
  }

  speak(draft) {
    draft.dots?.remove();
    draft.dots = null;
    if (!draft.text) return;
    if (!draft.reply) {
      draft.reply = bubble("", "");
      draft.element.append(draft.reply);
    }
    draft.reply.textContent = draft.text;
    this.follow();
  }

  // --- what is stored ---

  place(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const turn of [...holder.content.querySelectorAll("[data-turn]")]) this.placeOne(turn);
    this.follow();
  }

  placeOne(turn) {
    const number = Number(turn.dataset.turn);
    const known = this.turns.find((other) => other.dataset.turn === turn.dataset.turn);
    if (known) {
      known.replaceWith(turn);
      return;
    }
    this.drop(number, turn);
    const after = this.turns.find((other) => Number(other.dataset.turn) > number);
    this.element.insertBefore(turn, after ?? this.pending[0]?.element ?? null);
    if (turn.dataset.said) this.announce(turn.dataset.said);
  }

  // What this turn replaces: the reply with its number, and the draft with the same words.
  drop(number, turn) {
    const spoken = turn.dataset.kind === "message";
    const words = turn.querySelector(".bubble.me")?.textContent;
    const waiting = this.pending.filter((draft) => draft.inbound);
    const same = waiting.find((draft) => draft.inbound === words);
    const oldest = words && !words.startsWith("[pressed") ? waiting[0] : undefined;
    for (const draft of [...this.pending]) {
      const own = draft.number === number;
      if ((own && !draft.inbound) || (spoken && draft === (same ?? oldest))) this.remove(draft);
      else if (own) this.wait(draft);
    }
  }

  remove(draft) {
    draft.element.remove();
    this.pending = this.pending.filter((other) => other !== draft);
  }

  // A greeting came while the first message was on its way: that message still waits.
  wait(draft) {
    draft.reply?.remove();
    Object.assign(draft, { reply: null, text: "", number: null });
    if (!this.pending.some((other) => other.text)) this.think(draft);
  }

  // A line that belongs after a turn goes there; without one it stands above all.
  settle(line) {
    const after = Number(line.dataset.after);
    const next = this.turns.find((turn) => Number(turn.dataset.turn) > after);
    this.element.insertBefore(line, next ?? this.pending[0]?.element ?? null);
  }

  // All lines between the turns, as they are stored.
  trail(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const old of this.element.querySelectorAll("[data-after]")) old.remove();
    for (const line of [...holder.content.children]) this.settle(line);
    this.follow();
  }

  // A line of this page only: what the tester did to the world.
  line(element) {
    this.element.insertBefore(element, this.pending[0]?.element ?? null);
    this.follow();
  }

  get heard() {
    return this.pending.find((draft) => draft.text)?.text ?? "";
  }

  announce(text) {
    const line = make("p", "", text);
    this.live.append(line);
    while (this.live.childElementCount > 6) this.live.firstElementChild.remove();
  }

  // Stay at the end, unless the reader has scrolled up.
  follow(always = false) {
    if (always) this.atEnd = true;
    if (this.atEnd) this.box.scrollTop = this.box.scrollHeight;
  }
}

export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function bubble(who, text) {
  const element = make("div", `bubble ${who}`.trim(), text);
  element.dir = "auto";
  return element;
}
