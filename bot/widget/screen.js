// @ts-check
/** What the page shows around the messages: the waiting line, words for screen readers, the place scrolled to. */

const WAITING_SHOWN_AFTER_MS = 300;
const ANNOUNCED_FOR_MS = 3000;
const GAP = 16;

export class Screen {
  /** @param {HTMLElement} composer */
  constructor(composer) {
    this.composer = composer;
    this.waiting = byId("waiting");
    this.announcer = byId("announcer");
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waitingTimer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.announcerTimer = undefined;
    this.keepFocusUncovered();
  }

  /** Say something to screen readers that is no message. @param {string} text */
  announce(text) {
    this.announcer.textContent = text;
    clearTimeout(this.announcerTimer);
    this.announcerTimer = setTimeout(() => this.announcer.replaceChildren(), ANNOUNCED_FOR_MS);
  }

  /** Show that an answer is on its way, unless it is here at once. @param {boolean} busy */
  setWaiting(busy) {
    clearTimeout(this.waitingTimer);
    this.waiting.hidden = true;
    if (busy) this.waitingTimer = setTimeout(() => this.showWaiting(), WAITING_SHOWN_AFTER_MS);
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
    const below = last.getBoundingClientRect().bottom + GAP - (window.innerHeight - this.covered());
    const spare = first.getBoundingClientRect().top - GAP;
    const by = Math.min(below, spare);
    if (by > 0 || spare < 0) window.scrollBy(0, by);
  }

  /** How much of the window the composer covers: it sticks to the bottom where there is room. */
  covered() {
    return getComputedStyle(this.composer).position === "sticky" ? this.composer.offsetHeight : 0;
  }

  /** The browser scrolls what gets focus to where the composer does not cover it (CSS `scroll-padding`). */
  keepFocusUncovered() {
    const set = () => document.documentElement.style.setProperty("--covered", `${this.covered()}px`);
    new ResizeObserver(set).observe(this.composer);
    addEventListener("resize", set);
  }
}

/** @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}
