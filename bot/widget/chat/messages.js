// @ts-check
/** What was said, as list items. */

import { button, element, having, list, quiet, unseen } from "./dom.js";
import { paragraphs, plainParagraph, sourceLine, timeOf } from "./text.js";

/** @import { Asked, Note, Said } from "./memory.js" */
/** @import { Choice } from "./service.js" */

/**
 * What a message can ask of the chat.
 * @typedef {{base: string, choose: (choice: Choice) => void, rate: (said: Said, rating: "up" | "down" | null) => void,
 *   copy: (text: string) => void}} Deeds
 */

const GUIDE = "NPQ Guide";
const COPIED_SHOWN_FOR_MS = 3000;

/** @param {Asked} asked */
export function askedItem(asked) {
  const item = element("li", "asked", element("div", "bubble", unseen("You said: "), plainParagraph(asked.shown)));
  item.append(element("div", "meta", timeOf(asked.at)));
  // Focus comes here when the button that was pressed goes away.
  item.tabIndex = -1;
  return item;
}

/**
 * @param {Said} said
 * @param {Deeds} deeds
 */
export function saidItem(said, deeds) {
  const item = element("li", "said", unseen(`${nameOf(said)} said: `));
  if (nameOf(said) !== GUIDE) item.append(having(element("p", "by", `${nameOf(said)}, a person`), { "aria-hidden": "true" }));
  for (const text of said.messages) item.append(element("div", "bubble", ...paragraphs(text, !said.asking)));
  if (said.sources.length) {
    const sources = list("sources");
    sources.append(...said.sources.map((source) => sourceLine(source, deeds.base)));
    item.append(sources);
  }
  if (said.at) item.append(meta(said, deeds));
  if (said.buttons.length) item.append(choiceList(said.buttons, deeds));
  return item;
}

/** Who said it: the guide, or a person by name. @param {Said} said */
export const nameOf = (said) => (said.from && said.from !== "guide" ? String(said.from) : GUIDE);

/** An answer as plain text, with its sources. @param {Said} said */
export function wordsOf({ messages, sources }) {
  const named = sources.map(({ title, url }) => `Source: ${title}${url ? ` ${url}` : ""}`);
  return [...messages, ...named].join("\n\n");
}

/**
 * When it was said, and what one can do with it.
 * @param {Said} said
 * @param {Deeds} deeds
 */
function meta(said, deeds) {
  const made = quiet(element("div", "meta", timeOf(said.at ?? "")));
  if (said.asking) return made;
  // The clipboard is only there on encrypted pages.
  if (navigator.clipboard) made.append(copyButton(said, deeds));
  // What a person says, or the guide while one is there, is not rated: the chat with them is.
  if (said.turn != null && !said.person) made.append(ratingButton(said, "up", deeds), ratingButton(said, "down", deeds));
  return made;
}

/**
 * @param {Said} said
 * @param {Deeds} deeds
 */
function copyButton(said, deeds) {
  const made = button("small", "Copy", async () => {
    await deeds.copy(wordsOf(said));
    made.textContent = "Copied";
    setTimeout(() => (made.textContent = "Copy"), COPIED_SHOWN_FOR_MS);
  });
  return made;
}

/**
 * @param {Said} said
 * @param {"up" | "down"} way
 * @param {Deeds} deeds
 */
function ratingButton(said, way, deeds) {
  const text = way === "up" ? "Useful" : "Not useful";
  const made = button("small", text, () => deeds.rate(said, said.rating === way ? null : way));
  return having(made, { "aria-pressed": String(said.rating === way), "data-way": way });
}

/**
 * @param {HTMLElement} item
 * @param {Said} said
 */
export function showRating(item, said) {
  for (const each of item.querySelectorAll("[data-way]")) {
    each.setAttribute("aria-pressed", String(each.getAttribute("data-way") === said.rating));
  }
}

/** @param {Note} note */
export function noteItem(note) {
  return element("li", "note", element("p", "", note.text));
}

/**
 * @param {string} text
 * @param {(() => void) | null} again
 */
export function problemItem(text, again) {
  const item = element("li", "problem", element("div", "bubble", unseen("Problem: "), ...paragraphs(text, true)));
  if (again) item.append(button("choice", "Try again", again));
  return item;
}

/** Leave the buttons as text: offers of an earlier turn. @param {ParentNode} within */
export function retireChoices(within) {
  for (const choice of within.querySelectorAll(".choices button")) {
    // As text it is new to the page, not to the visitor.
    quiet(/** @type {HTMLElement} */ (choice.parentElement));
    choice.replaceWith(element("span", "past", choice.textContent ?? ""));
  }
}

/**
 * @param {Choice[]} choices
 * @param {Deeds} deeds
 */
function choiceList(choices, deeds) {
  const made = having(list("choices"), { "aria-label": "Suggested replies" });
  for (const choice of choices) {
    made.append(element("li", "", button("choice", String(choice?.title ?? ""), () => deeds.choose(choice))));
  }
  return made;
}
