// @ts-check
/** What was said so far, as entries and as they are shown. */

import { quiet } from "./dom.js";
import { GREETING } from "./greeting.js";
import { askedItem, noteItem, problemItem, retireChoices, saidItem, showRating } from "./messages.js";

/** @import { Asked, Entry, Said } from "./memory.js" */
/** @import { Turn } from "./events.js" */
/** @import { Deeds } from "./messages.js" */
/** @import { Reply } from "./service.js" */

/** Browsers tell screen readers of changes a moment later. */
const RESTORED_WITHIN_MS = 1000;

export class Transcript {
  /**
   * @param {HTMLElement} list
   * @param {Deeds} deeds
   * @param {(asked: Asked) => void} sendAgain
   */
  constructor(list, deeds, sendAgain) {
    this.list = list;
    this.deeds = deeds;
    this.sendAgain = sendAgain;
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Map<Entry, HTMLElement>} */
    this.items = new Map();
  }

  /** Begin anew, with the greeting. */
  clear() {
    this.entries = [];
    this.items.clear();
    this.list.replaceChildren(saidItem(GREETING, this.deeds));
  }

  /** Show entries of before above those of now. @param {Entry[]} before */
  restore(before) {
    const newer = this.entries;
    this.entries = [];
    // A neighbouring tab may tell of it when the list is on the screen: it is not read out as new.
    quiet(this.list);
    setTimeout(() => this.list.removeAttribute("aria-live"), RESTORED_WITHIN_MS);
    for (const entry of before) {
      this.say(entry);
      if (entry.who === "visitor" && entry.state === "failed") this.addProblem(entry);
    }
    for (const entry of newer) this.list.append(this.item(entry));
    this.entries.push(...newer);
  }

  /** Add an entry to what was said and to the screen. @param {Entry} entry */
  say(entry) {
    this.entries.push(entry);
    if (entry.who !== "note") retireChoices(this.list);
    const visitor = entry.who === "visitor";
    const item = visitor ? askedItem(entry) : entry.who === "note" ? noteItem(entry) : saidItem(entry, this.deeds);
    this.items.set(entry, item);
    this.list.append(item);
    return item;
  }

  /** A word to the visitor that is no part of what was said. @param {string} text */
  note(text) {
    this.list.append(noteItem({ who: "note", text }));
  }

  /** How an entry is shown. @param {Entry} entry */
  item(entry) {
    return /** @type {HTMLElement} */ (this.items.get(entry));
  }

  /** The newest thing shown. */
  end() {
    return /** @type {HTMLElement} */ (this.list.lastElementChild);
  }

  /** What the visitor asked last. */
  lastAsked() {
    return /** @type {Asked | undefined} */ (this.entries.findLast((entry) => entry.who === "visitor"));
  }

  /** What the guide said last. */
  lastSaid() {
    return /** @type {Said | undefined} */ (this.entries.findLast((entry) => entry.who === "guide"));
  }

  /** Say why a question has no answer. @param {Asked} asked */
  addProblem(asked) {
    this.item(asked).after(problemItem(asked.problem ?? "", asked.retry ? () => this.sendAgain(asked) : null));
  }

  /** Make a question that failed the newest, without why it did: it is still there once. @param {Asked} asked */
  renew(asked) {
    const item = this.item(asked);
    const problem = item.nextElementSibling?.matches(".problem") ? item.nextElementSibling : null;
    const pressed = problem?.matches(":focus-within");
    problem?.remove();
    if (item !== this.end()) {
      this.list.append(item);
      this.entries = [...this.entries.filter((entry) => entry !== asked), asked];
    }
    // The button that was pressed has gone away; a message sent again by itself moves no focus.
    if (pressed) item.focus({ preventScroll: true });
  }

  /**
   * @param {Said} said
   * @param {"up" | "down" | null} rating
   */
  rate(said, rating) {
    said.rating = rating;
    showRating(this.item(said), said);
  }
}

/**
 * What the guide said, from a reply or an event.
 * @param {Reply | Turn} reply
 * @returns {Said}
 */
export function saidIn(reply) {
  const { messages, sources, buttons, id: turn, asking, at = new Date().toISOString() } = reply;
  const { from, rating = null, person = null } = /** @type {Partial<Turn>} */ (reply);
  return { who: "guide", messages, sources, buttons, turn, asking, at, from, rating, person };
}
