// @ts-check
/** The chat: what was said, what is on its way. */

import { Composer } from "./composer.js";
import * as memory from "./memory.js";
import { askedItem, noteItem, problemItem, retireChoices, saidItem } from "./messages.js";
import { Screen, byId } from "./screen.js";
import { Problem, sendMessage, startSession } from "./service.js";

/** @import { Asked, Entry, Said } from "./memory.js" */
/** @import { Choice, Reply } from "./service.js" */

const STARTERS = [
  "Which NPQ is right for me?",
  "Can I get funding for an NPQ?",
  "When do the next NPQs start?",
  "How do I apply for an NPQ?",
];
/** @type {Said} */
const GREETING = {
  who: "guide",
  messages: ["Hello. I am NPQ Guide, an automated guide. What would you like to know about NPQs?"],
  sources: [],
  buttons: STARTERS.map((question) => ({ title: question, payload: question })),
};
const ENDED =
  "Your earlier chat had ended because it was not used for a while. This is a new one, which does not know " +
  "what you asked above.";
const NO_ANSWER = "This question had no answer yet when the page was closed or loaded again.";
const WAIT = "Wait for the answer to your last question, then send this one";
const CLEARED = "The chat has been cleared. You can ask a new question.";

class Chat {
  constructor() {
    const form = /** @type {HTMLFormElement} */ (byId("composer"));
    this.list = byId("messages");
    this.screen = new Screen(form);
    this.composer = new Composer(form, (text) => this.ask(text), (text) => this.screen.announce(text));
    /** @type {Entry[]} */
    this.entries = [];
    /** Counts fresh starts: an answer of an earlier round is dropped. */
    this.round = 0;
    this.busy = false;
    byId("start-again").addEventListener("click", () => this.startAgain());
    this.greet();
    this.restore();
  }

  greet() {
    this.list.replaceChildren(saidItem(GREETING, (choice) => this.choose(choice)));
  }

  /** Show what this tab remembers. */
  restore() {
    for (const entry of memory.transcript()) {
      if (entry.who === "visitor" && entry.state === "waiting") {
        Object.assign(entry, { state: "failed", problem: NO_ANSWER, retry: true });
      }
      this.say(entry);
    }
    const last = /** @type {HTMLElement} */ (this.list.lastElementChild);
    if (this.entries.length) this.screen.reveal(last, last);
  }

  startAgain() {
    this.round += 1;
    this.entries = [];
    memory.forget();
    this.setBusy(false);
    this.greet();
    this.screen.announce(CLEARED);
  }

  /** Ask what a button offers. @param {Choice} choice */
  choose(choice) {
    if (this.busy) return this.screen.announce(WAIT);
    // A command between programs means nothing to a reader; its title does.
    const shown = choice.payload.startsWith("/") ? choice.title : choice.payload;
    // The button goes away; the way on with the keyboard leads to the answer.
    this.ask(shown, choice.payload).focus({ preventScroll: true });
  }

  /**
   * Take a question of the visitor and get it answered.
   * @param {string} shown
   * @param {string} [sent]
   */
  ask(shown, sent = shown) {
    /** @type {Asked} */
    const asked = { who: "visitor", id: newId(), shown, sent, state: "waiting" };
    const item = this.say(asked);
    this.deliver(asked, item);
    return item;
  }

  /**
   * Send again what failed, as the newest question: it is still there once.
   * @param {Asked} asked
   * @param {HTMLElement} item
   */
  askAgain(asked, item) {
    if (this.busy) return this.screen.announce(WAIT);
    item.nextElementSibling?.remove();
    if (item !== this.list.lastElementChild) {
      this.list.append(item);
      this.entries = [...this.entries.filter((entry) => entry !== asked), asked];
    }
    item.focus({ preventScroll: true });
    this.deliver(asked, item);
  }

  /**
   * @param {Asked} asked
   * @param {HTMLElement} item
   */
  async deliver(asked, item) {
    const round = this.round;
    asked.state = "waiting";
    this.setBusy(true);
    memory.keepTranscript(this.entries);
    this.screen.reveal(item, item);
    const outcome = await this.exchange(asked, round).catch(asProblem);
    if (round !== this.round) return;
    this.setBusy(false);
    const shown = outcome instanceof Problem ? this.failed(asked, item, outcome) : this.answered(asked, outcome);
    memory.keepTranscript(this.entries);
    this.screen.reveal(item, shown);
  }

  /**
   * @param {Asked} asked
   * @param {number} round
   * @returns {Promise<Reply>}
   */
  async exchange(asked, round) {
    const known = memory.session();
    try {
      return await sendMessage(known ?? (await this.newSession(round)), asked.id, asked.sent);
    } catch (problem) {
      const ended = problem instanceof Problem && problem.sessionEnded;
      if (!known || !ended || round !== this.round) throw problem;
    }
    const session = await this.newSession(round);
    if (round === this.round) this.say({ who: "note", text: ENDED });
    return sendMessage(session, asked.id, asked.sent);
  }

  /** @param {number} round */
  async newSession(round) {
    const token = await startSession();
    if (round === this.round) memory.keepSession(token);
    return token;
  }

  /**
   * @param {Asked} asked
   * @param {Reply} reply
   */
  answered(asked, { messages, sources, buttons }) {
    asked.state = "answered";
    return this.say({ who: "guide", messages, sources, buttons });
  }

  /**
   * @param {Asked} asked
   * @param {HTMLElement} item
   * @param {Problem} problem
   */
  failed(asked, item, problem) {
    Object.assign(asked, { state: "failed", problem: problem.message, retry: problem.retry });
    return this.addProblem(asked, item);
  }

  /** Add an entry to what was said and to the page. @param {Entry} entry */
  say(entry) {
    this.entries.push(entry);
    if (entry.who !== "note") retireChoices(this.list);
    const item = this.itemOf(entry);
    this.list.append(item);
    if (entry.who === "visitor" && entry.state === "failed") this.addProblem(entry, item);
    return item;
  }

  /** @param {Entry} entry */
  itemOf(entry) {
    if (entry.who === "note") return noteItem(entry);
    if (entry.who === "visitor") return askedItem(entry);
    return saidItem(entry, (choice) => this.choose(choice));
  }

  /**
   * @param {Asked} asked
   * @param {HTMLElement} item
   */
  addProblem(asked, item) {
    const again = asked.retry ? () => this.askAgain(asked, item) : null;
    const problem = problemItem(asked.problem ?? NO_ANSWER, again);
    item.after(problem);
    return problem;
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.busy = busy;
    this.composer.holdBack(busy ? WAIT : "");
    this.screen.setWaiting(busy);
  }
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

new Chat();
