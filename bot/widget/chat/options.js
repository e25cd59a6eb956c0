// @ts-check
/** What a visitor can do with the whole conversation: download it, start over, delete it. */

import { button, element, having, list, unseen } from "./dom.js";

/**
 * @typedef {{download: () => void, startOver: () => void, erase: () => Promise<string>}} Acts `erase` gives what
 *   went wrong, or nothing
 */

const STAYS =
  "Everything said in this chat is deleted for good. An expression of interest you sent is still kept: to have it " +
  "removed too, say “delete my details” first.";

export class Options {
  /**
   * @param {Acts} acts
   * @param {(text: string) => void} announce
   * @param {string} privacy address of the privacy notice
   */
  constructor(acts, announce, privacy) {
    this.acts = acts;
    this.announce = announce;
    this.toggle = having(button("plain", "Options", () => this.show(this.menu.hidden)), {
      "aria-expanded": "false", "aria-controls": "options",
    });
    this.menu = having(list("menu"), { id: "options" });
    this.menu.hidden = true;
    const notice = element("a", "", "Privacy notice", unseen(" (opens in new tab)"));
    having(notice, { href: privacy, target: "_blank", rel: "noopener" });
    const items = [
      button("plain", "Download this chat", () => this.leave(() => acts.download())),
      button("plain", "Start over", () => this.leave(() => acts.startOver())),
      button("plain", "Delete this chat", () => this.ask()),
      notice,
    ];
    this.menu.append(...items.map((item) => element("li", "", item)));
    this.question = having(element("h3", "", "Delete this chat?"), { tabindex: "-1" });
    this.problem = element("p", "error");
    this.confirm = element("div", "confirm", this.question, element("p", "", STAYS), this.problem,
      element("div", "row", button("send warn", "Yes, delete it", () => this.erase()),
        button("choice", "Keep it", () => this.leave(() => {}))));
    this.confirm.hidden = true;
  }

  /** @param {boolean} shown */
  show(shown) {
    this.menu.hidden = !shown;
    this.confirm.hidden = true;
    this.toggle.setAttribute("aria-expanded", String(shown));
  }

  /** Close what is open here; false when nothing was. */
  close() {
    const open = !this.menu.hidden || !this.confirm.hidden;
    if (open) this.leave(() => {});
    return open;
  }

  /** @param {() => void} act */
  leave(act) {
    this.show(false);
    this.toggle.focus();
    act();
  }

  ask() {
    this.show(false);
    this.problem.hidden = true;
    this.confirm.hidden = false;
    this.question.focus();
  }

  async erase() {
    const problem = await this.acts.erase();
    if (!problem) return this.leave(() => {});
    this.problem.hidden = false;
    this.problem.replaceChildren(unseen("Error: "), problem);
    this.announce(`Error: ${problem}`);
  }
}

/**
 * Give the visitor a text as a file.
 * @param {string} name
 * @param {string} text
 */
export function saveFile(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = having(element("a", ""), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
