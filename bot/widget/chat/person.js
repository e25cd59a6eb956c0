// @ts-check
/** Says who is in the conversation beside the guide: a person of the team, or nobody yet though one was asked. */

import { button, element } from "./dom.js";

/** @typedef {{state: "waiting" | "here", name: string | null}} Person */

/** What ends it, in the words the service knows. */
export const BACK = "Go back to the guide";

export class PersonBar {
  /** @param {() => void} end */
  constructor(end) {
    this.text = element("p", "");
    this.bar = element("div", "row person", this.text, button("plain", BACK, end));
    this.bar.hidden = true;
  }

  /** @param {Person | null} person */
  show(person) {
    this.bar.hidden = !person;
    this.text.textContent = person?.name ? `${person.name}, a person, is in this chat` : "Waiting for a person";
  }
}
