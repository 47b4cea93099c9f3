// The socket of one test: opens again after it was lost, and says again what was not acknowledged.

const GONE = 4000; // the server's own codes: it closed for good
const NEVER = 8; // tries of a socket that was never ready
const WAITS = [250, 500, 1000, 2000, 3000];

export class TestSocket {
  constructor(path, on) {
    this.path = path;
    this.on = on;
    this.tries = 0;
    this.unsaid = new Map();
    this.early = [];
    this.ready = false;
    this.closed = false;
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}${this.path}`);
    this.socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    this.socket.addEventListener("close", (event) => this.lost(event.code));
  }

  receive(frame) {
    if (this.closed) return;
    if (frame.type === "ack") this.unsaid.delete(frame.id);
    if (frame.type === "ready") {
      this.ready = true;
      this.known = true;
      this.tries = 0;
      this.on.online(true);
    }
    this.on.frame(frame);
    if (frame.type === "ready") {
      for (const [id, text] of this.unsaid) this.put({ type: "say", id, text });
      for (const frame of this.early.splice(0)) this.put(frame);
    }
  }

  lost(code) {
    if (this.closed) return;
    this.ready = false;
    if (code >= GONE || (!this.known && this.tries >= NEVER)) {
      this.close();
      this.on.gone();
      return;
    }
    this.on.online(false);
    const wait = WAITS[Math.min(this.tries, WAITS.length - 1)];
    this.tries += 1;
    this.timer = setTimeout(() => this.open(), wait + Math.random() * 100);
  }

  put(frame) {
    this.socket.send(JSON.stringify(frame));
  }

  // A message is kept until the server has it; everything else is only worth something now,
  // or once the socket has opened for the first time.
  say(text) {
    const id = crypto.randomUUID?.() ?? fallbackId();
    this.unsaid.set(id, text);
    if (this.ready) this.put({ type: "say", id, text });
    return id;
  }

  send(frame) {
    if (this.ready) this.put(frame);
    else if (!this.known) this.early.push(frame);
    return this.ready || !this.known;
  }

  close() {
    this.closed = true;
    this.ready = false;
    clearTimeout(this.timer);
    this.socket.close();
  }
}

// Plain http on another machine's address has no randomUUID.
function fallbackId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// A part of the page; null where the server could not be asked, `ready` asks again.
export async function part(path) {
  try {
    const answer = await fetch(path, { headers: { "HX-Request": "true" } });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}
