// @ts-check
/** The conversation: what was said, what is on its way, in this tab and in others. */

import { Events } from "./events.js";
import {
  CLEARED, DELETED, ENDED, ENDED_ELSEWHERE, GREETING, LEFT_OUT, NOT_SAVED, WAIT, transcriptOf,
} from "./greeting.js";
import { Memory } from "./memory.js";
import { askedItem, noteItem, problemItem, retireChoices, saidItem, showRating } from "./messages.js";
import { saveFile } from "./options.js";
import { Problem, Service } from "./service.js";

/** @import { Composer } from "./composer.js" */
/** @import { Turn } from "./events.js" */
/** @import { Asked, Entry, Remembered, Said } from "./memory.js" */
/** @import { Screen } from "./screen.js" */
/** @import { Choice, Reply } from "./service.js" */

const WORKING_FOR_MS = 30_000;

export class Chat {
  /**
   * @param {string} base the service's address
   * @param {string} key where this tab remembers the chat
   * @param {HTMLElement} list
   * @param {Screen} screen
   * @param {(who: "guide" | "visitor") => void} onMessage
   */
  constructor(base, key, list, screen, onMessage) {
    this.list = list;
    this.screen = screen;
    this.onMessage = onMessage;
    this.base = base;
    this.service = new Service(base);
    this.memory = new Memory(key, () => this.clear(ENDED_ELSEWHERE));
    this.events = new Events(base, {
      turn: (turn) => this.took(turn),
      working: (name) => this.working(name),
      deleted: () => this.clear(DELETED),
      reached: () => this.sendWaiting(),
    });
    /** @type {Composer | null} */
    this.composer = null;
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Map<Entry, HTMLElement>} */
    this.items = new Map();
    this.session = "";
    /** Counts fresh starts: an answer of an earlier round is dropped. */
    this.round = 0;
    /** The question being answered. @type {Asked | null} */
    this.current = null;
    /** Its answer, when the event came before the reply. @type {Turn | null} */
    this.early = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.workingTimer = undefined;
    addEventListener("online", () => this.sendWaiting());
  }

  /**
   * Greet, and show what this tab or a neighbouring one remembers.
   * @param {Composer} composer
   * @param {() => void} show what was said earlier is in the list by then, and is not read out as new
   */
  begin(composer, show) {
    this.composer = composer;
    this.greet();
    const own = this.memory.recall();
    if (own) this.restore(own);
    show();
    this.ready = own ? Promise.resolve() : this.memory.find().then((found) => found && this.restore(found));
  }

  greet() {
    this.items.clear();
    this.list.replaceChildren(saidItem(GREETING, this));
  }

  /** @param {Remembered} found */
  restore({ session, entries, last }) {
    this.session = session;
    const newer = this.entries;
    this.entries = [];
    for (const entry of entries) this.say(entry, true);
    for (const entry of newer) this.list.append(/** @type {HTMLElement} */ (this.items.get(entry)));
    this.entries.push(...newer);
    this.expect();
    if (session) this.events.start(session, last);
    this.save();
    this.sendWaiting();
    this.showLast();
  }

  showLast() {
    const last = this.list.lastElementChild;
    if (last instanceof HTMLElement && this.entries.length) this.screen.reveal(last, last);
  }

  save() {
    if (this.entries.length) this.memory.keep({ session: this.session, entries: this.entries, last: this.events.last });
  }

  /** What had no answer when the page was left, or did not get through: sent again under its own name. */
  sendWaiting() {
    const asked = this.entries.findLast((entry) => entry.who === "visitor");
    const item = asked && this.items.get(asked);
    if (this.current || !item || asked.who !== "visitor") return;
    if (asked.state === "waiting" || (asked.state === "failed" && asked.unreached)) this.sendAgain(asked, item);
  }

  startOver() {
    const session = this.session;
    if (session) {
      this.memory.tellGone(session);
      // Should it not get through, the token still dies of not being used.
      this.service.end(session).catch(() => {});
    }
    this.clear(CLEARED);
  }

  /** Delete everything said, everywhere. @returns {Promise<string>} what went wrong, or nothing */
  async erase() {
    const session = this.session;
    try {
      if (session) await this.service.erase(session);
    } catch {
      return "Your chat could not be deleted. Check your internet connection, then try again.";
    }
    this.memory.tellGone(session);
    if (session === this.session) this.clear(DELETED);
    return "";
  }

  /** Begin anew with a word on why. @param {string} why */
  clear(why) {
    this.round += 1;
    this.entries = [];
    this.session = "";
    this.events.stop();
    this.events.last = 0;
    this.memory.forget();
    this.settle();
    this.greet();
    if (why === CLEARED) this.screen.announce(why);
    else this.list.append(noteItem({ who: "note", text: why }));
    this.expect();
  }

  download() {
    saveFile(`npq-guide-chat-${new Date().toISOString().slice(0, 10)}.txt`, transcriptOf(this.entries));
  }

  /** @param {string} text */
  async copy(text) {
    await navigator.clipboard.writeText(text);
    this.screen.announce("Copied");
  }

  /** Ask what a button offers. @param {Choice} choice */
  choose(choice) {
    if (this.current) return this.screen.announce(WAIT);
    const sent = String(choice.payload);
    // A command between programs means nothing to a reader; its title does.
    const shown = sent.startsWith("/") ? String(choice.title) : sent;
    // The button goes away; the way on with the keyboard leads to the answer.
    this.ask(shown, sent).focus({ preventScroll: true });
  }

  /**
   * Take a question of the visitor and get it answered.
   * @param {string} shown
   * @param {string} [sent]
   */
  ask(shown, sent = shown) {
    /** @type {Asked} */
    const asked = { who: "visitor", id: newId(), shown, sent, state: "waiting", at: new Date().toISOString() };
    const item = this.say(asked);
    this.deliver(asked, item);
    this.onMessage("visitor");
    return item;
  }

  /**
   * Send again what failed, as the newest question: it is still there once.
   * @param {Asked} asked
   * @param {HTMLElement} item
   */
  sendAgain(asked, item) {
    if (this.current) return this.screen.announce(WAIT);
    const problem = item.nextElementSibling;
    if (problem?.classList.contains("problem")) {
      // The button that was pressed goes away; a message sent again by itself moves no focus.
      if (problem.matches(":focus-within")) item.focus({ preventScroll: true });
      problem.remove();
    }
    if (item !== this.list.lastElementChild) {
      this.list.append(item);
      this.entries = [...this.entries.filter((entry) => entry !== asked), asked];
    }
    this.deliver(asked, item);
  }

  /**
   * @param {Asked} asked
   * @param {HTMLElement} item
   */
  async deliver(asked, item) {
    const round = this.round;
    this.current = asked;
    asked.state = "waiting";
    this.composer?.holdBack(WAIT);
    this.screen.setWaiting(true);
    this.save();
    this.screen.reveal(item, item);
    const outcome = await this.exchange(asked, round).catch(asProblem);
    if (round !== this.round) return;
    const early = this.early;
    this.settle();
    if (!(outcome instanceof Problem)) this.answered(asked, outcome);
    else if (early) this.answered(asked, early);
    else this.failed(asked, item, outcome);
    const shown = this.list.lastElementChild;
    if (shown instanceof HTMLElement) this.screen.reveal(item, shown);
  }

  /**
   * @param {Asked} asked
   * @param {number} round
   * @returns {Promise<Reply>}
   */
  async exchange(asked, round) {
    await this.ready;
    const known = this.session;
    try {
      return await this.service.send(known || (await this.newSession(round)), asked.id, asked.sent);
    } catch (problem) {
      const ended = problem instanceof Problem && problem.sessionEnded;
      if (!known || !ended || round !== this.round) throw problem;
    }
    const session = await this.newSession(round);
    if (round === this.round) this.say({ who: "note", text: ENDED });
    return this.service.send(session, asked.id, asked.sent);
  }

  /** @param {number} round */
  async newSession(round) {
    const token = await this.service.start();
    if (round === this.round) {
      this.session = token;
      this.save();
      this.events.start(token, 0);
    }
    return token;
  }

  /** Nothing is on its way any more. */
  settle() {
    this.current = null;
    this.early = null;
    this.composer?.holdBack("");
    this.screen.setWaiting(false);
  }

  /**
   * @param {Asked} asked
   * @param {Reply | Turn} reply
   */
  answered(asked, reply) {
    asked.state = "answered";
    this.say(saidIn(reply));
    if ("masked" in reply && reply.masked?.length) this.say({ who: "note", text: LEFT_OUT });
    this.expect();
    this.save();
    this.onMessage("guide");
  }

  /**
   * @param {Asked} asked
   * @param {HTMLElement} item
   * @param {Problem} problem
   */
  failed(asked, item, { message, retry, unreached }) {
    Object.assign(asked, { state: "failed", problem: message, retry, unreached });
    this.addProblem(asked, item);
    this.save();
  }

  /** A turn from the event stream: perhaps of this tab, perhaps of another. @param {Turn} turn */
  took(turn) {
    const known = this.entries.find((entry) => entry.who === "guide" && entry.turn === turn.id);
    const asked = this.entries.find((entry) => entry.who === "visitor" && turn.key !== "" && entry.id === turn.key);
    if (known) this.rated(/** @type {Said} */ (known), turn.rating);
    else if (asked && asked === this.current) this.early = turn;
    else if (asked?.who === "visitor" && asked.state === "failed") {
      this.items.get(asked)?.nextElementSibling?.remove();
      this.answered(asked, turn);
    } else if (!asked) this.tookFromElsewhere(turn);
    this.save();
  }

  /** @param {Turn} turn */
  tookFromElsewhere(turn) {
    clearTimeout(this.workingTimer);
    if (!this.current) this.screen.setWaiting(false);
    if (turn.said) {
      this.say({ who: "visitor", id: turn.key, shown: turn.said, sent: turn.said, at: turn.at, state: "answered" });
    }
    const item = this.say(saidIn(turn));
    this.expect();
    this.screen.reveal(item, item);
    this.onMessage("guide");
  }

  /** Somebody's message is being worked on. @param {string} key */
  working(key) {
    if (this.current || this.entries.some((entry) => entry.who === "visitor" && key && entry.id === key)) return;
    this.screen.setWaiting(true);
    clearTimeout(this.workingTimer);
    this.workingTimer = setTimeout(() => this.current || this.screen.setWaiting(false), WORKING_FOR_MS);
  }

  /**
   * @param {Said} said
   * @param {"up" | "down" | null} rating
   */
  async rate(said, rating) {
    const before = said.rating ?? null;
    this.rated(said, rating);
    try {
      await this.service.rate(this.session, /** @type {number} */ (said.turn), rating);
      this.screen.announce(rating ? "Thank you. Your rating was saved." : "Your rating was removed.");
    } catch {
      this.rated(said, before);
      this.screen.announce(NOT_SAVED);
    }
  }

  /**
   * @param {Said} said
   * @param {"up" | "down" | null} rating
   */
  rated(said, rating) {
    said.rating = rating;
    const item = this.items.get(said);
    if (item) showRating(item, said);
    this.save();
  }

  /** Fit the box to what the last answer asks for. */
  expect() {
    const last = this.entries.findLast((entry) => entry.who === "guide");
    this.composer?.expect(last?.who === "guide" ? last.asking : null);
  }

  /**
   * Add an entry to what was said and to the screen.
   * @param {Entry} entry
   * @param {boolean} [again] it was said before the page was loaded
   */
  say(entry, again = false) {
    this.entries.push(entry);
    if (entry.who !== "note") retireChoices(this.list);
    const item = this.itemOf(entry);
    this.items.set(entry, item);
    this.list.append(item);
    if (again && entry.who === "visitor" && entry.state === "failed") this.addProblem(entry, item);
    return item;
  }

  /** @param {Entry} entry */
  itemOf(entry) {
    if (entry.who === "note") return noteItem(entry);
    return entry.who === "visitor" ? askedItem(entry) : saidItem(entry, this);
  }

  /**
   * @param {Asked} asked
   * @param {HTMLElement} item
   */
  addProblem(asked, item) {
    const again = asked.retry ? () => this.sendAgain(asked, item) : null;
    item.after(problemItem(asked.problem ?? "", again));
  }
}

/**
 * @param {Reply | Turn} reply
 * @returns {Said}
 */
function saidIn(reply) {
  const { messages, sources, buttons, id: turn, asking, at = new Date().toISOString() } = reply;
  const { from, rating = null } = /** @type {Partial<Turn>} */ (reply);
  return { who: "guide", messages, sources, buttons, turn, asking, at, from, rating };
}

/** A name for the message that nobody else gives (`crypto.randomUUID` is missing on plain http). */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {unknown} error */
function asProblem(error) {
  return error instanceof Problem ? error : new Problem(String(error));
}
