// @ts-check
/** Says who is in the conversation beside the guide: a person of the team, or nobody yet though one was asked. */

import { button, element } from "./dom.js";

/** @typedef {{state: "waiting" | "here", name: string | null}} Person */

/** What ends it, in the words the service knows. */
export const BACK = "Go back to the guide";

/** @param {Person} person */
export const whoOf = ({ name }) => name || "our team";

export class PersonBar {
  /** @param {() => void} end */
  constructor(end) {
    this.text = element("p", "");
    this.button = button("plain", "", end);
    this.bar = element("div", "person", this.text, this.button);
    this.bar.hidden = true;
  }

  /** @param {Person | null} person */
  show(person) {
    this.bar.hidden = !person;
    if (!person) return;
    const here = person.state === "here";
    this.text.textContent = here ? `You are talking with ${whoOf(person)}, a person` : "Waiting for a person to join";
    this.button.textContent = here ? "End" : "Stop waiting";
    this.button.setAttribute("aria-label", here ? `End the chat with ${whoOf(person)}` : "Stop waiting for a person");
  }
}
