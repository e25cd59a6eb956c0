// @ts-check
/**
 * What happens in the conversation elsewhere: in other tabs, after a lost answer. Server-sent events, read with
 * `fetch` because the token may not be in an address; long polling where something on the way holds streams back.
 * Only a tab in view listens: browsers allow few connections at a time to a site that speaks HTTP/1.1. While a person
 * is in the chat it listens out of view too, because they write when they like.
 */

const SILENCE_MS = 35_000; // the service sends a comment every 15 s
const POLL_S = 20;
const MOST_PAUSE_MS = 30_000;

/**
 * @typedef {{id: number, at: string, key: string, said: string | null, messages: string[],
 *   buttons: import("./service.js").Choice[], sources: import("./service.js").Source[], status: string,
 *   asking: string | null, rating: "up" | "down" | null, from: string, person: import("./person.js").Person | null}} Turn
 * @typedef {{turn: (turn: Turn) => void, working: () => void, deleted: () => void,
 *   reached: () => void}} Listener
 */

export class Events {
  /**
   * @param {string} base
   * @param {Listener} listener
   */
  constructor(base, listener) {
    this.address = `${base}api/events`;
    this.listener = listener;
    this.session = "";
    this.last = 0;
    this.polling = false;
    /** Listen out of view too. */
    this.staying = false;
    /** Off the page, where another element may go on with the conversation. */
    this.resting = false;
    /** @type {AbortController | null} */
    this.running = null;
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("online", () => (this.pause(), this.look()));
  }

  /** @param {boolean} resting */
  rest(resting) {
    this.resting = resting;
    this.look();
  }

  look() {
    if (this.resting || (document.hidden && !this.staying)) this.pause();
    else if (this.session && !this.running) {
      this.running = new AbortController();
      this.follow(this.running.signal);
    }
  }

  /**
   * @param {string} session
   * @param {number} last the last turn already known
   */
  start(session, last) {
    this.stop();
    this.session = session;
    this.last = last;
    this.look();
  }

  stop() {
    this.pause();
    this.session = "";
  }

  pause() {
    this.running?.abort();
    this.running = null;
  }

  /** @param {AbortSignal} signal */
  async follow(signal) {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        if (!(await (this.polling ? this.poll(signal) : this.stream(signal)))) return;
        failures = 0;
      } catch {
        // no connection now: tried again below
      }
      const pause = Math.min(MOST_PAUSE_MS, 1000 * 2 ** failures) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /**
   * The response, or null when there is nothing to follow: the session is over, or the service has no events.
   * @param {string} accept
   * @param {string} query
   * @param {AbortSignal} signal
   */
  async get(accept, query, signal) {
    const headers = { Accept: accept, "X-NPQ-Session": this.session, "Last-Event-ID": String(this.last) };
    const response = await fetch(this.address + query, { headers, signal, credentials: "omit", cache: "no-store" });
    if ([401, 404, 405].includes(response.status)) return null;
    if (!response.ok) throw new Error(`The service answered ${response.status}.`);
    return response;
  }

  /** @param {AbortSignal} signal */
  async poll(signal) {
    const response = await this.get("application/json", `?wait=${POLL_S}`, signal);
    const body = await response?.json();
    if (signal.aborted || !body) return false;
    this.listener.reached();
    for (const turn of body.events ?? []) this.take("turn", turn);
    if (body.working) this.listener.working();
    return true;
  }

  /** @param {AbortSignal} signal */
  async stream(signal) {
    const response = await this.get("text/event-stream", "", signal);
    if (!response) return false;
    const type = response.headers.get("Content-Type") ?? "";
    this.polling = !response.body || !type.startsWith("text/event-stream");
    if (!response.body || this.polling) return true;
    this.listener.reached();
    await this.read(response.body.getReader());
    return true;
  }

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
  async read(reader) {
    const decoder = new TextDecoder();
    let rest = "";
    let heard = false;
    for (;;) {
      const silence = setTimeout(() => reader.cancel(), SILENCE_MS);
      const { value, done } = await reader.read().finally(() => clearTimeout(silence));
      if (done) break;
      heard = true;
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      blocks.forEach((block) => this.parse(block));
    }
    // Nothing at all came through: something on the way keeps it all back.
    if (!heard) this.polling = true;
  }

  /** @param {string} block */
  parse(block) {
    const field = (/** @type {string} */ name) =>
      block.split("\n").flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []));
    const data = field("data").join("\n");
    if (!data) return;
    try {
      this.take(field("event")[0], JSON.parse(data));
    } catch {
      // not of our making
    }
  }

  /**
   * @param {string} kind
   * @param {any} data
   */
  take(kind, data) {
    if (kind === "working") this.listener.working();
    if (kind === "ended") {
      this.stop();
      if (data.reason === "deleted") this.listener.deleted();
    }
    if (kind === "turn" && Number.isInteger(data?.id)) {
      this.last = Math.max(this.last, data.id);
      this.listener.turn(data);
    }
  }
}
