// @ts-check
/** Making elements. Text from outside only ever becomes text nodes. */

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

/** Text for screen readers only. @param {string} text */
export const unseen = (text) => element("span", "unseen", text);

/**
 * @param {string} className
 * @param {string | Node} text
 * @param {() => void} act
 */
export function button(className, text, act) {
  const made = element("button", className, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * @template {HTMLElement} Made
 * @param {Made} made
 * @param {Record<string, string>} attributes
 */
export function having(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** A part of the log that is not read out as it comes and changes. @template {HTMLElement} Made @param {Made} made */
export const quiet = (made) => having(made, { "aria-live": "off" });

/** A list; said to be one, because without bullets some screen readers leave that out. @param {string} className */
export const list = (className) => having(element("ul", className), { role: "list" });
