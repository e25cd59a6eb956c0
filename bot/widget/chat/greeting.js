// @ts-check
/** The guide's own words, said by the widget before and around the answers. */

/** @import { Entry, Said } from "./memory.js" */
import { nameOf, wordsOf } from "./messages.js";

const STARTERS = [
  "Which NPQ is right for me?",
  "Can I get funding for an NPQ?",
  "When do the next NPQs start?",
  "How do I apply for an NPQ?",
];
/** @type {Said} */
export const GREETING = {
  who: "guide",
  messages: [
    "Hello. I am NPQ Guide, an automated guide, not a person. I answer questions about National Professional " +
      "Qualifications (NPQs) for teachers and leaders in England: which one suits you, who can take one, funding, " +
      "dates, study and how to apply.",
    "I cannot see your application or decide whether you are eligible. Check important answers on the linked page. " +
      "Do not give personal details unless I ask for them.",
  ],
  sources: [],
  buttons: STARTERS.map((question) => ({ title: question, payload: question })),
};
export const ENDED =
  "Your earlier chat had ended because it was not used for a while. This is a new one, which does not know " +
  "what you asked above.";
export const ENDED_ELSEWHERE = "This chat was ended in another tab. You can ask a new question.";
export const DELETED =
  "Your chat has been deleted. An expression of interest you sent is still kept: to have it removed, say “delete my " +
  "details” and its reference.";
export const CLEARED = "The chat has been cleared. You can ask a new question.";
export const WAIT = "Wait for the answer to your last question, then send this one";
export const NOT_SAVED = "Sorry, that could not be saved. Try again in a few minutes.";


/** The conversation as a text file. @param {Entry[]} entries */
export function transcriptOf(entries) {
  const lines = [GREETING, ...entries].map((entry) => {
    if (entry.who === "note") return `(${entry.text})`;
    const when = entry.at ? ` (${new Date(entry.at).toLocaleString("en-GB")})` : "";
    const what = entry.who === "visitor" ? entry.shown : wordsOf(entry);
    return `${entry.who === "visitor" ? "You" : nameOf(entry)}${when}:\n${what}`;
  });
  return ["NPQ Guide: your chat", ...lines, ""].join("\n\n");
}
