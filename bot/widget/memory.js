// @ts-check
/**
 * What this tab remembers: the session's token and the transcript, until the tab is closed.
 * Nothing is written before the visitor sends a first message. Without storage (some privacy
 * settings) the chat works and only a reload forgets it.
 */

/** @import { Choice, Source } from "./service.js" */

const SESSION = "npq-guide.session";
const TRANSCRIPT = "npq-guide.transcript";

/**
 * @typedef {{who: "visitor", id: string, shown: string, sent: string,
 *   state: "waiting" | "answered" | "failed", problem?: string, retry?: boolean}} Asked
 * @typedef {{who: "guide", messages: string[], sources: Source[], buttons: Choice[]}} Said
 * @typedef {{who: "note", text: string}} Note
 * @typedef {Asked | Said | Note} Entry
 */

/** @returns {string | null} */
export function session() {
  return read(SESSION);
}

/** @param {string} token */
export function keepSession(token) {
  write(SESSION, token);
}

/**
 * The transcript as kept; empty when there is none or it cannot be read.
 * @returns {Entry[]}
 */
export function transcript() {
  try {
    const entries = JSON.parse(read(TRANSCRIPT) ?? "[]");
    return Array.isArray(entries) && entries.every(isEntry) ? entries : [];
  } catch {
    return [];
  }
}

/** @param {Entry[]} entries */
export function keepTranscript(entries) {
  write(TRANSCRIPT, JSON.stringify(entries));
}

export function forget() {
  write(SESSION, null);
  write(TRANSCRIPT, null);
}

/** @param {any} entry */
function isEntry(entry) {
  if (entry?.who === "visitor") return typeof entry.shown === "string" && typeof entry.sent === "string";
  if (entry?.who === "note") return typeof entry.text === "string";
  return entry?.who === "guide" && [entry.messages, entry.sources, entry.buttons].every(Array.isArray);
}

/** @type {Map<string, string>} */
const unstored = new Map();

/** @param {string} key */
function read(key) {
  try {
    return sessionStorage.getItem(key) ?? unstored.get(key) ?? null;
  } catch {
    return unstored.get(key) ?? null;
  }
}

/**
 * @param {string} key
 * @param {string | null} value
 */
function write(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
    unstored.delete(key);
  } catch {
    if (value === null) unstored.delete(key);
    else unstored.set(key, value);
  }
}
