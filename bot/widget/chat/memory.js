// @ts-check
/**
 * What the open tabs of a site remember: the session's token and the transcript, in this tab's session storage.
 * A new tab asks the others for it, so nothing outlives the last one. Nothing is written before the visitor
 * sends a first message. Without storage (some privacy settings) the chat works and only a reload forgets it.
 */

/** @import { Choice, Source } from "./service.js" */

const NEIGHBOURS_ANSWER_WITHIN_MS = 250;

/**
 * @typedef {{who: "visitor", id: string, shown: string, sent: string, at: string, asking?: string,
 *   state: "waiting" | "answered" | "failed", problem?: string, retry?: boolean, unreached?: boolean}} Asked
 * @typedef {{who: "guide", messages: string[], sources: Source[], buttons: Choice[], at?: string, turn?: number | null,
 *   rating?: "up" | "down" | null, from?: string, asking?: string | null,
 *   person?: import("./person.js").Person | null}} Said
 * @typedef {{who: "note", text: string}} Note
 * @typedef {Asked | Said | Note} Entry
 * @typedef {{session: string, entries: Entry[], last: number}} Remembered `last`: the last turn the event stream gave
 */

export class Memory {
  /**
   * @param {string} key one for each service: chats with different ones are kept apart
   * @param {(ended: string) => void} onGone a neighbouring tab ended this session
   */
  constructor(key, onGone) {
    this.key = key;
    this.onGone = onGone;
    /** @type {Remembered | null} */
    this.unstored = null;
    this.waiters = /** @type {((found: Remembered) => void)[]} */ ([]);
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.key) : null;
    this.channel?.addEventListener("message", ({ data }) => this.heard(data));
  }

  /** @returns {Remembered | null} */
  recall() {
    return remembered(attempt(() => JSON.parse(sessionStorage[this.key]))) ?? this.unstored;
  }

  /** @param {Remembered} all */
  keep(all) {
    this.unstored = all;
    attempt(() => (sessionStorage[this.key] = jsonOf(all)));
  }

  forget() {
    this.unstored = null;
    attempt(() => sessionStorage.removeItem(this.key));
  }

  /** What this tab remembers, else what a neighbouring one does. @returns {Promise<Remembered | null>} */
  async find() {
    const own = this.recall();
    if (own || !this.channel) return own;
    this.channel.postMessage({ type: "ask" });
    return new Promise((resolve) => {
      this.waiters.push(resolve);
      setTimeout(() => resolve(null), NEIGHBOURS_ANSWER_WITHIN_MS);
    });
  }

  /** Tell the other tabs that this session is over. @param {string} session */
  tellGone(session) {
    this.channel?.postMessage({ type: "gone", session });
  }

  /** @param {any} data */
  heard(data) {
    const all = this.recall();
    if (data?.type === "ask" && all) this.channel?.postMessage({ type: "give", all });
    if (data?.type === "gone" && typeof data.session === "string" && data.session === all?.session) this.onGone(data.session);
    const given = data?.type === "give" ? remembered(data.all) : null;
    // What another tab still waits for is that tab's to send again.
    if (given) this.waiters.splice(0).forEach((resolve) => resolve({ ...given, entries: given.entries.filter(settled) }));
  }
}

/**
 * What storage gives; nothing where it is full or switched off.
 * @param {() => unknown} act
 */
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

/** As JSON, also where an old library (Prototype before 1.7) gives arrays a `toJSON` of its own. @param {Remembered} all */
function jsonOf(all) {
  return JSON.stringify(all, function (name) {
    return this[name];
  });
}

/** @param {Entry} entry */
const settled = (entry) => entry.who !== "visitor" || entry.state === "answered";

/**
 * @param {any} found
 * @returns {Remembered | null}
 */
function remembered(found) {
  const sound = typeof found?.session === "string" && Number.isInteger(found.last) && Array.isArray(found.entries);
  return sound && found.entries.every(isEntry) ? found : null;
}

/** @param {any} entry */
function isEntry(entry) {
  if (entry?.who === "visitor") return [entry.id, entry.shown, entry.sent].every((part) => typeof part === "string");
  if (entry?.who === "note") return typeof entry.text === "string";
  return entry?.who === "guide" && [entry.messages, entry.sources, entry.buttons].every(Array.isArray);
}
