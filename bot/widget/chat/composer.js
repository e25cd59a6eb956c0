// @ts-check
/** The box to type in: its label and hint, its limits, its error text, its character count. */

import { element, having, unseen } from "./dom.js";

/** @import { Person } from "./person.js" */

const MOST_CHARACTERS = 1000;
const COUNT_FROM = 0.8 * MOST_CHARACTERS;
const COUNT_READ_OUT_AFTER_MS = 1000;
const ADVICE = "Give personal details only when the guide asks for them.";

/**
 * What the guide may ask for, as [label, autocomplete, inputmode, hint].
 * @type {Record<string, any>}
 */
const ASKED_FOR = {
  __proto__: null,
  name: ["Your full name", "name", "text", ""],
  email: ["Your email address", "email", "email", "For example, name@school.org.uk"],
  phone: ["Your phone number", "tel", "tel", "For example, 01632 960 001 or +44 808 157 0192"],
  role: ["Your job", "organization-title", "text", ""],
  school: ["Your school or workplace", "organization", "text", ""],
};

export class Composer {
  /**
   * @param {(question: string) => void} send
   * @param {(text: string) => void} announce
   */
  constructor(send, announce) {
    this.send = send;
    this.announce = announce;
    /** While set, this is said instead of sending. */
    this.hold = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.label = having(element("label", ""), { for: "question" });
    this.format = part("format");
    this.error = part("error");
    this.count = part("count");
    const hint = part("hint");
    this.advice = element("span", "", ADVICE);
    hint.append(
      element("span", "keys", "Enter sends. Shift and Enter starts a new line. "),
      this.advice,
    );
    // The box has no name: nothing typed can end up in an address.
    this.box = having(element("textarea", ""), {
      id: "question", rows: "1", enterkeyhint: "send", "aria-describedby": "format error count hint",
    });
    const row = element("div", "row", this.box, element("button", "send", "Send"));
    this.form = element("form", "composer", this.label, this.format, this.error, row, this.count, hint);
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("input", () => this.typed());
    this.expect(null);
  }

  /**
   * Fit the box to what the guide asks for and to who reads it.
   * @param {string | null | undefined} asking
   * @param {Person | null} [person]
   */
  expect(asking, person = null) {
    const free = [person ? "Your message" : asking ? "Your answer" : "Your question", "off", "text", ""];
    this.advice.textContent = person ? "Our team sees what you type." : ADVICE;
    const [label, autocomplete, inputmode, format] = ASKED_FOR[asking ?? ""] ?? free;
    this.label.textContent = label;
    this.format.textContent = format;
    having(this.box, {
      autocomplete, inputmode, spellcheck: String(autocomplete === "off"),
      autocapitalize: format ? "none" : "sentences",
    });
    this.typed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    // While composing (Chinese or Japanese input, say) Enter picks a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const question = this.box.value.trim();
    const fault = faultOf(question, this.label.textContent ?? "") || this.hold;
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
    this.count.textContent = length < COUNT_FROM ? "" : countText(left);
    this.count.classList.toggle("over", left < 0);
    if (left >= 0) this.show("");
    // The count is read out once typing pauses, not at every key.
    clearTimeout(this.timer);
    const count = this.count.textContent;
    if (count) this.timer = setTimeout(() => this.announce(count), COUNT_READ_OUT_AFTER_MS);
  }

  /**
   * Show an error at the box; none when the text is empty.
   * @param {string} text
   */
  show(text) {
    this.error.replaceChildren(...(text ? [unseen("Error: "), text] : []));
    this.box.setAttribute("aria-invalid", String(!!text));
    if (text) this.announce(`Error: ${text}`);
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

/** A part of the form that describes the box; not there to see while it is empty. @param {string} name */
const part = (name) => having(element("p", name), { id: name });

/** Characters as people and the service count them: an emoji is one. @param {string} text */
function lengthOf(text) {
  return [...text].length;
}

/**
 * What is wrong with it, naming the box as its label does.
 * @param {string} text
 * @param {string} label
 */
function faultOf(text, label) {
  if (!text) return `Enter ${label.toLowerCase()}`;
  return lengthOf(text) > MOST_CHARACTERS ? `${label} must be 1,000 characters or fewer` : "";
}

/** @param {number} left */
function countText(left) {
  const number = Math.abs(left);
  const characters = number === 1 ? "character" : "characters";
  return left < 0 ? `You have ${number} ${characters} too many` : `You have ${number} ${characters} remaining`;
}
