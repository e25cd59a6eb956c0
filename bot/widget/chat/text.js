// @ts-check
/** What a text may become: paragraphs, email addresses and the sources' links. Nothing else is ever made of it. */

import { element, unseen } from "./dom.js";

/** @import { Source } from "./service.js" */

/** Where sources may lead, each with a leading dot. Filled in when served, from the sites the knowledge names. */
const SITES = /** @type {string[]} */ ([]);
const ADDRESS = /([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/;
const PLAIN_ADDRESS = /^[\x21-\x7e]+$/;
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

/**
 * What the guide said. Blank lines part paragraphs; single line breaks stay (CSS `pre-line`).
 * @param {string} text
 * @param {boolean} [linked] with email addresses to write to: not where it repeats the visitor's own
 */
export function paragraphs(text, linked) {
  const parts = String(text).split(/\n{2,}/);
  return parts.map((part) => (linked ? element("p", "", ...withMailLinks(part)) : plainParagraph(part)));
}

/** What the visitor typed: no links. @param {string} text */
export const plainParagraph = (text) => element("p", "", text);

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

/**
 * "Source: title, month", linked where the address may be.
 * @param {Source} source
 * @param {string} base address of the service
 */
export function sourceLine(source, base) {
  const title = String(source?.title ?? "");
  const address = addressOf(source?.url, base);
  const month = monthOf(source?.as_of);
  return element("li", "", "Source: ", address ? link(address, title) : title, month ? `, ${month}` : "");
}

/**
 * The address when it leads to a page of this service or, encrypted, to a site the knowledge names; else null.
 * @param {unknown} given
 * @param {string} base
 */
export function addressOf(given, base) {
  if (typeof given !== "string" || !PLAIN_ADDRESS.test(given)) return null;
  try {
    if (/^\/(?![/\\])/.test(given)) return new URL(given.slice(1), base).href;
    const { protocol, host, username, password, href } = new URL(given);
    const known = protocol === "https:" && SITES.some((site) => `.${host}`.endsWith(site));
    return known && !username && !password ? href : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} address
 * @param {string} title
 */
export function link(address, title) {
  const made = element("a", "", title, unseen(" (opens in new tab)"));
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

/** 2026-08-21 -> August 2026. @param {unknown} day */
function monthOf(day) {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? "" : MONTH.format(time);
}

/** When it was said, as "9:42pm", with the day when it is not today. @param {string} at */
export function timeOf(at) {
  const when = new Date(at);
  const made = element("time", "");
  if (Number.isNaN(when.getTime())) return made;
  const today = DAY.format(when) === DAY.format(new Date());
  made.dateTime = when.toISOString();
  made.textContent = (today ? "" : `${DAY.format(when)}, `) + TIME.format(when).replace(/\s(?=[ap]m)/, "");
  return made;
}
