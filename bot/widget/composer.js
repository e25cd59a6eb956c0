// @ts-check
/** The question box: its limits, its error text, its character count. */

const MOST_CHARACTERS = 1000;
const COUNT_FROM = 0.8 * MOST_CHARACTERS;
const COUNT_READ_OUT_AFTER_MS = 1000;

/** As the service's gate: characters nobody sees are no question. */
const INVISIBLE = /[\s/\\\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

export class Composer {
  /**
   * @param {HTMLFormElement} form
   * @param {(question: string) => void} send
   * @param {(text: string) => void} announce
   */
  constructor(form, send, announce) {
    this.box = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
    this.error = /** @type {HTMLElement} */ (form.querySelector(".error"));
    this.count = /** @type {HTMLElement} */ (form.querySelector(".count"));
    this.hint = /** @type {HTMLElement} */ (form.querySelector(".hint"));
    this.send = send;
    this.announce = announce;
    /** While set, this is said instead of sending. */
    this.hold = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    form.addEventListener("submit", (event) => this.submit(event));
    this.box.addEventListener("keydown", (event) => this.key(event, form));
    this.box.addEventListener("input", () => this.typed());
    this.typed();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLFormElement} form
   */
  key(event, form) {
    // While composing (Chinese or Japanese input, say) Enter picks a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const question = this.box.value.trim();
    const fault = faultOf(question) || this.hold;
    if (fault) {
      this.show(fault);
      this.box.focus();
      return;
    }
    this.box.value = "";
    this.typed();
    this.send(question);
  }

  typed() {
    const length = lengthOf(this.box.value.trim());
    const left = MOST_CHARACTERS - length;
    this.count.hidden = length < COUNT_FROM;
    this.count.textContent = this.count.hidden ? "" : countText(left);
    this.count.classList.toggle("over", left < 0);
    if (!faultOf(this.box.value)) this.show("");
    this.describe();
    this.readCountOut();
  }

  /** The count is read out once typing pauses, not at every key. */
  readCountOut() {
    clearTimeout(this.timer);
    if (this.count.hidden) return;
    this.timer = setTimeout(() => this.announce(this.count.textContent ?? ""), COUNT_READ_OUT_AFTER_MS);
  }

  /**
   * Show an error at the box; none when the text is empty.
   * @param {string} text
   */
  show(text) {
    this.error.hidden = !text;
    this.error.replaceChildren();
    if (text) {
      const prefix = document.createElement("span");
      prefix.className = "unseen";
      prefix.textContent = "Error: ";
      this.error.append(prefix, text);
      this.announce(`Error: ${text}`);
      this.box.setAttribute("aria-invalid", "true");
    } else {
      this.box.removeAttribute("aria-invalid");
    }
    this.describe();
  }

  describe() {
    const parts = [this.error, this.count, this.hint].filter((part) => !part.hidden);
    this.box.setAttribute("aria-describedby", parts.map((part) => part.id).join(" "));
  }

  /**
   * Hold questions back with a reason; an empty reason lets them through again.
   * @param {string} reason
   */
  holdBack(reason) {
    if (!reason && this.hold) this.show("");
    this.hold = reason;
  }
}

/** Characters as people and the service count them: an emoji is one. @param {string} text */
function lengthOf(text) {
  return [...text].length;
}

/** @param {string} text */
function faultOf(text) {
  const question = text.trim();
  if (!question.replace(INVISIBLE, "")) return "Enter a question";
  if (lengthOf(question) > MOST_CHARACTERS) return "Your question must be 1,000 characters or fewer";
  return "";
}

/** @param {number} left */
function countText(left) {
  const number = Math.abs(left);
  const characters = number === 1 ? "character" : "characters";
  return left < 0 ? `You have ${number} ${characters} too many` : `You have ${number} ${characters} remaining`;
}
