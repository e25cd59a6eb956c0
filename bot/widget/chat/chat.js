// @ts-check
/** The conversation: what was said, what is on its way, in this tab and in others. */

import { Events } from "./events.js";
import { CLEARED, DELETED, ENDED, ENDED_ELSEWHERE, NOT_SAVED, WAIT, transcriptOf } from "./greeting.js";
import { Memory } from "./memory.js";
import { saveFile } from "./options.js";
import { BACK } from "./person.js";
import { Problem, Service, newId } from "./service.js";
import { Transcript, saidIn } from "./transcript.js";

/** @import { Composer } from "./composer.js" */
/** @import { Turn } from "./events.js" */
/** @import { Asked, Remembered, Said } from "./memory.js" */
/** @import { Screen } from "./screen.js" */
/** @import { Choice, Reply } from "./service.js" */

export class Chat {
  /**
   * @param {string} base the service's address
   * @param {string} key where this tab remembers the chat
   * @param {HTMLElement} list
   * @param {Screen} screen
   * @param {(who: "guide" | "visitor") => void} onMessage
   */
  constructor(base, key, list, screen, onMessage) {
    this.transcript = new Transcript(list, this, (asked) => this.sendAgain(asked));
    this.screen = screen;
    this.onMessage = onMessage;
    this.base = base;
    this.service = new Service(base);
    this.memory = new Memory(key, () => this.clear(ENDED_ELSEWHERE));
    this.events = new Events(base, {
      turn: (turn) => this.took(turn),
      working: () => this.current || screen.showWorking(),
      deleted: () => this.clear(DELETED),
      reached: () => this.sendWaiting(),
    });
    /** @type {Composer | null} */
    this.composer = null;
    this.session = "";
    /** Counts fresh starts: an answer of an earlier round is dropped. */
    this.round = 0;
    /** The question being answered. @type {Asked | null} */
    this.current = null;
    /** Its answer, when the event came before the reply. @type {Turn | null} */
    this.early = null;
    addEventListener("online", () => this.sendWaiting());
  }

  /**
   * Greet, and show what this tab or a neighbouring one remembers.
   * @param {Composer} composer
   * @param {() => void} show what was said earlier is in the list by then, and is not read out as new
   */
  begin(composer, show) {
    this.composer = composer;
    this.transcript.clear();
    const own = this.memory.recall();
    if (own) this.restore(own);
    show();
    this.ready = own ? Promise.resolve() : this.memory.find().then((found) => found && this.restore(found));
  }

  /** @param {Remembered} found */
  restore({ session, entries, last }) {
    this.session = session;
    this.transcript.restore(entries);
    this.expect();
    if (session) this.events.start(session, last);
    this.save();
    this.sendWaiting();
    this.showLast();
  }

  /** The visitor has waited long enough, or is done with the person. */
  leavePerson() {
    if (this.current) return this.screen.announce(WAIT);
    this.ask(BACK).focus({ preventScroll: true });
  }

  showLast() {
    if (this.transcript.entries.length) this.screen.reveal(this.transcript.end(), this.transcript.end());
  }

  save() {
    const { entries } = this.transcript;
    if (entries.length && !this.events.resting) this.memory.keep({ session: this.session, entries, last: this.events.last });
  }

  /** What had no answer when the page was left, or did not get through: sent again under its own name. */
  sendWaiting() {
    const asked = this.transcript.lastAsked();
    if (this.current || this.events.resting || !asked) return;
    if (asked.state === "waiting" || (asked.state === "failed" && asked.unreached)) this.sendAgain(asked);
  }

  startOver() {
    if (this.session) {
      this.memory.tellGone(this.session);
      this.service.end(this.session).catch(() => {}); // the token dies all the same, of not being used
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
    this.session = "";
    this.events.stop();
    this.events.last = 0;
    this.memory.forget();
    this.settle();
    this.transcript.clear();
    if (why === CLEARED) this.screen.announce(why);
    else this.transcript.note(why);
    this.expect();
  }

  download() {
    saveFile(`npq-guide-chat-${new Date().toISOString().slice(0, 10)}.txt`, transcriptOf(this.transcript.entries));
  }

  /** @param {string} text */
  async copy(text) {
    await navigator.clipboard.writeText(text);
    this.screen.announce("Copied");
  }

  /** Ask what a button offers. @param {Choice} choice */
  choose({ title, payload }) {
    if (this.current) return this.screen.announce(WAIT);
    const sent = String(payload);
    // A command between programs means nothing to a reader; its title does.
    const shown = sent.startsWith("/") ? String(title) : sent;
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
    const asking = this.transcript.lastSaid()?.asking;
    if (typeof asking === "string") asked.asking = asking;
    const item = this.transcript.say(asked);
    this.deliver(asked);
    this.onMessage("visitor");
    return item;
  }

  /** Send again what failed, as the newest question. @param {Asked} asked */
  sendAgain(asked) {
    if (this.current) return this.screen.announce(WAIT);
    this.transcript.renew(asked);
    this.deliver(asked);
  }

  /** @param {Asked} asked */
  async deliver(asked) {
    const round = this.round;
    const item = this.transcript.item(asked);
    this.current = asked;
    asked.state = "waiting";
    this.composer?.holdBack(WAIT);
    this.screen.setWaiting(true);
    this.save();
    this.screen.reveal(item, item);
    /** @type {Reply | Problem} */
    const outcome = await this.exchange(asked, round).catch((problem) => problem);
    if (round !== this.round) return;
    const early = this.early;
    this.settle();
    if (!(outcome instanceof Problem)) this.answered(asked, outcome);
    else if (early) this.answered(asked, early);
    else this.failed(asked, outcome);
    this.screen.reveal(item, this.transcript.end());
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
      return await this.service.send(known || (await this.newSession(round)), asked.id, asked.sent, asked.asking);
    } catch (problem) {
      const ended = problem instanceof Problem && problem.sessionEnded;
      if (!known || !ended || round !== this.round) throw problem;
    }
    const session = await this.newSession(round);
    if (round === this.round) this.transcript.say({ who: "note", text: ENDED });
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
    // What is passed on to a person has no answer yet.
    this.hear(reply);
    this.save();
  }

  /** @param {Reply | Turn} reply */
  hear(reply) {
    const { length } = reply.messages;
    if (length) this.transcript.say(saidIn(reply));
    this.expect();
    if (length) this.onMessage("guide");
  }

  /**
   * @param {Asked} asked
   * @param {Problem} problem
   */
  failed(asked, { message, retry, unreached }) {
    Object.assign(asked, { state: "failed", problem: message, retry, unreached });
    this.transcript.addProblem(asked);
    this.save();
  }

  /** A turn from the event stream: perhaps of this tab, perhaps of another. @param {Turn} turn */
  took(turn) {
    const { entries } = this.transcript;
    const known = entries.find((entry) => entry.who === "guide" && entry.turn === turn.id);
    const asked = entries.find((entry) => entry.who === "visitor" && turn.key && entry.id === turn.key);
    if (!this.current) this.screen.setWaiting(false);
    if (known) this.transcript.rate(/** @type {Said} */ (known), turn.rating);
    else if (asked && asked === this.current) this.early = turn;
    else if (asked?.who === "visitor" && asked.state === "failed") {
      this.transcript.renew(asked);
      this.answered(asked, turn);
    } else if (!asked) this.tookFromElsewhere(turn);
    this.save();
  }

  /** @param {Turn} turn */
  tookFromElsewhere(turn) {
    const { key: id, said: shown, at } = turn;
    if (shown) this.transcript.say({ who: "visitor", id, shown, sent: shown, at, state: "answered" });
    this.hear(turn);
    this.showLast();
  }

  /**
   * @param {Said} said
   * @param {"up" | "down" | null} rating
   */
  async rate(said, rating) {
    const before = said.rating ?? null;
    this.transcript.rate(said, rating);
    try {
      await this.service.rate(this.session, /** @type {number} */ (said.turn), rating);
      this.screen.announce(rating ? "Thank you. Your rating was saved." : "Your rating was removed.");
    } catch {
      this.transcript.rate(said, before);
      this.screen.announce(NOT_SAVED);
    }
    this.save();
  }

  /** Fit the box to what the last answer asks for, and to who reads what is typed. */
  expect() {
    const last = this.transcript.lastSaid();
    const person = last?.person ?? null;
    this.composer?.expect(last?.asking, person);
    this.screen.person?.show(person);
    this.events.staying = !!person;
  }
}
