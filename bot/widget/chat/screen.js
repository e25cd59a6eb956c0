// @ts-check
/** What is shown around the messages: the waiting line, words for screen readers, the place scrolled to. */

import { element, having } from "./dom.js";

/** @import { PersonBar } from "./person.js" */

const WAITING_SHOWN_AFTER_MS = 300;
const WORKING_FOR_MS = 30_000;
const ANNOUNCED_FOR_MS = 3000;
const GAP = 16;

export class Screen {
  constructor() {
    const dots = element("span", "dots", element("span", ""), element("span", ""), element("span", ""));
    // Said by the announcer instead, which is no part of the log.
    this.waiting = having(element("p", "waiting", dots, " Finding an answer"), { "aria-hidden": "true" });
    this.waiting.hidden = true;
    /** @type {PersonBar | null} */
    this.person = null;
    this.announcer = having(element("div", "unseen"), { role: "status" });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waitingTimer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.mostTimer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.announcerTimer = undefined;
  }

  /** Say something to screen readers that is no message. @param {string} text */
  announce(text) {
    this.announcer.textContent = text;
    clearTimeout(this.announcerTimer);
    this.announcerTimer = setTimeout(() => this.announcer.replaceChildren(), ANNOUNCED_FOR_MS);
  }

  /** Show that an answer is on its way in another tab. It may be lost there. */
  showWorking() {
    this.setWaiting(true);
    this.mostTimer = setTimeout(() => this.setWaiting(false), WORKING_FOR_MS);
  }

  /** Show that an answer is on its way, unless it is here at once. @param {boolean} busy */
  setWaiting(busy) {
    clearTimeout(this.waitingTimer);
    clearTimeout(this.mostTimer);
    if (!busy) this.waiting.hidden = true;
    else if (this.waiting.hidden) this.waitingTimer = setTimeout(() => this.showWaiting(), WAITING_SHOWN_AFTER_MS);
  }

  showWaiting() {
    this.waiting.hidden = false;
    this.announce("Finding an answer");
    this.reveal(this.waiting, this.waiting);
  }

  /**
   * Bring `last` into view without pushing `first` out at the top.
   * @param {HTMLElement} first
   * @param {HTMLElement} last
   */
  reveal(first, last) {
    const scroller = scrollerOf(last);
    const view = scroller?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
    const below = last.getBoundingClientRect().bottom + GAP - Math.min(view.bottom, innerHeight);
    const spare = first.getBoundingClientRect().top - GAP - Math.max(view.top, 0);
    const by = Math.min(below, spare);
    if (by > 0 || spare < 0) (scroller ?? window).scrollBy(0, by);
  }
}

/** The element around that scrolls; null for the window. @param {HTMLElement} of */
function scrollerOf(of) {
  for (let around = of.parentElement; around; around = around.parentElement) {
    if (getComputedStyle(around).overflowY === "auto" && around.scrollHeight > around.clientHeight) return around;
  }
  return null;
}
