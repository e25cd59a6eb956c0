// @ts-check
/** Messages as list items. Text from outside only ever becomes text nodes. */

/** @import { Asked, Note, Said } from "./memory.js" */
/** @import { Choice, Source } from "./service.js" */

const ADDRESS = /([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/;
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {...(Node | string)} content
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** @param {string} text */
const unseen = (text) => element("span", "unseen", text);

/** @param {Asked} asked */
export function askedItem(asked) {
  const item = element("li", "asked", element("div", "bubble", unseen("You said: "), ...paragraphs(asked.shown)));
  // Focus comes here when the button that was pressed goes away.
  item.tabIndex = -1;
  return item;
}

/**
 * @param {Said} said
 * @param {(choice: Choice) => void} choose
 */
export function saidItem(said, choose) {
  const item = element("li", "said", unseen("NPQ Guide said: "));
  for (const text of said.messages) item.append(element("div", "bubble", ...paragraphs(String(text))));
  if (said.sources.length) item.append(sourceList(said.sources));
  if (said.buttons.length) item.append(choiceList(said.buttons, choose));
  return item;
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
  const item = element("li", "problem", element("div", "bubble", unseen("Problem: "), ...paragraphs(text)));
  if (again) {
    const button = element("button", "choice", "Try again");
    button.type = "button";
    button.addEventListener("click", again);
    item.append(button);
  }
  return item;
}

/** Leave the buttons as text: offers of an earlier turn. @param {ParentNode} list */
export function retireChoices(list) {
  for (const button of list.querySelectorAll(".choices button")) {
    /** @type {HTMLButtonElement} */ (button).disabled = true;
  }
}

/**
 * @param {Choice[]} choices
 * @param {(choice: Choice) => void} choose
 */
function choiceList(choices, choose) {
  const list = element("ul", "choices");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", "Suggested questions");
  for (const choice of choices) {
    const button = element("button", "choice", String(choice.title));
    button.type = "button";
    button.addEventListener("click", () => choose(choice));
    list.append(element("li", "", button));
  }
  return list;
}

/** @param {Source[]} sources */
function sourceList(sources) {
  const list = element("ul", "sources");
  list.setAttribute("role", "list");
  for (const source of sources) {
    const month = monthOf(source.as_of);
    const title = isWebAddress(source.url) ? link(source.url, source.title) : String(source.title);
    list.append(element("li", "", "Source: ", title, month ? `, ${month}` : ""));
  }
  return list;
}

/**
 * @param {string} address
 * @param {string} title
 */
function link(address, title) {
  const made = element("a", "", String(title), unseen(" (opens in new tab)"));
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

/**
 * @param {string | null} address
 * @returns {address is string}
 */
function isWebAddress(address) {
  return typeof address === "string" && /^(https?:\/\/|\/(?!\/))/.test(address);
}

/** 2026-08-21 -> August 2026. @param {string} day */
function monthOf(day) {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? "" : MONTH.format(time);
}

/**
 * Blank lines part paragraphs; single line breaks stay (CSS `pre-line`).
 * @param {string} text
 */
function paragraphs(text) {
  return text.split(/\n{2,}/).map((part) => element("p", "", ...withMailLinks(part)));
}

/** @param {string} text */
function withMailLinks(text) {
  return text.split(ADDRESS).map((part, place) => (place % 2 ? mailLink(part) : part));
}

/** @param {string} address */
function mailLink(address) {
  const made = element("a", "", address);
  made.href = `mailto:${address}`;
  return made;
}
