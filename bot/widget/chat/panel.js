// @ts-check
/**
 * The chat on the screen: a page of its own, or a panel over a host page. The panel leaves the host page usable
 * (a dialog that is not modal); where there is no room for both it fills the screen and is modal.
 */

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { button, element, having, list, unseen } from "./dom.js";
import { Options } from "./options.js";
import { PersonBar } from "./person.js";
import { Screen } from "./screen.js";

/**
 * @typedef {{base: string, key: string, page: boolean, onMessage: (from: "guide" | "visitor") => void,
 *   onClose: (hadFocus: boolean) => void}} Setting
 */

/** chat.css, filled in when served. */
const STYLE = "";
const FILLS_SCREEN = "(max-width: 40em), (max-height: 30em)";
/** With a finger, focus in the box would bring up the keyboard over what is there to read. */
const HAS_KEYBOARD = "(hover: hover)";

export class Panel {
  /**
   * @param {HTMLElement} frame where to put it
   * @param {Setting} setting
   */
  constructor(frame, { base, key, page, onMessage, onClose }) {
    this.page = page;
    this.onClose = onClose;
    this.screen = new Screen();
    const messages = list("messages");
    const announce = (/** @type {string} */ text) => this.screen.announce(text);
    this.chat = new Chat(base, key, messages, this.screen, onMessage);
    this.composer = new Composer((text) => this.chat.ask(text), announce);
    this.screen.person = new PersonBar(() => this.chat.leavePerson());
    this.options = new Options(this.chat, announce, `${base}privacy`);
    this.heading = having(element("h2", "", page ? "Chat" : "NPQ Guide"), { id: "title", tabindex: "-1" });
    // Here before the first message: a live region added later would not be read out.
    const log = having(element("div", ""), { role: "log", "aria-label": "Chat messages" });
    this.scroller = having(element("div", "scroller"), { tabindex: "0", role: "region", "aria-label": "Conversation" });
    this.dialog = page ? null : element("dialog", "panel");
    this.box = having(this.dialog ?? element("section", ""), { "aria-labelledby": "title" });
    this.box.classList.add("chat");
    this.box.append(this.top(), this.options.menu, this.options.confirm, this.screen.person.bar, this.scroller, this.composer.form,
      this.screen.announcer);
    this.chat.begin(this.composer, () => log.append(messages));
    this.scroller.append(...(page ? [element("slot", "")] : []), log, this.screen.waiting);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const root = /** @type {ShadowRoot} */ (frame.getRootNode());
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    frame.append(this.box);
    // On the host page too: Escape uncovers what has focus behind the panel.
    document.addEventListener("keydown", (event) => this.key(event));
    if (this.dialog) this.adapt(this.dialog);
  }

  top() {
    const top = element("div", "top", this.heading, this.options.toggle);
    if (!this.page) top.append(button("plain", element("span", "", "Close", unseen(" chat")), () => this.close()));
    return top;
  }

  /** @param {HTMLDialogElement} dialog */
  adapt(dialog) {
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), this.escape()));
    matchMedia(FILLS_SCREEN).addEventListener("change", () => dialog.open && this.place(dialog));
    // A keyboard on the screen leaves less than the window: keep the box to type in above it.
    const seen = window.visualViewport;
    const fit = () => {
      const zoomed = !seen || seen.scale > 1.01;
      dialog.style.setProperty("--seen", zoomed ? "100dvh" : `${seen.height}px`);
      dialog.style.setProperty("--from", zoomed ? "0px" : `${seen.offsetTop}px`);
    };
    seen?.addEventListener("resize", fit);
    seen?.addEventListener("scroll", fit);
    fit();
  }

  /** Show it beside the host page or, where there is no room, instead of it. @param {HTMLDialogElement} dialog */
  place(dialog) {
    const root = /** @type {ShadowRoot} */ (dialog.getRootNode());
    const focused = root.activeElement;
    if (dialog.open) dialog.close();
    if (matchMedia(FILLS_SCREEN).matches) dialog.showModal();
    else dialog.show();
    if (focused instanceof HTMLElement) focused.focus();
  }

  get open() {
    return this.dialog?.open ?? true;
  }

  show() {
    if (!this.dialog || this.dialog.open) return;
    this.place(this.dialog);
    this.chat.showLast();
    (matchMedia(HAS_KEYBOARD).matches ? this.composer.box : this.heading).focus({ preventScroll: true });
  }

  close() {
    if (!this.dialog?.open) return;
    const hadFocus = this.dialog.matches(":focus-within, :modal");
    this.dialog.close();
    this.onClose(hadFocus);
  }

  /** Half a question that the visitor typed stays. @param {string} text */
  send(text) {
    const { box, form } = this.composer;
    const draft = box.value;
    box.value = text;
    form.requestSubmit();
    box.value ||= draft;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !this.open) return;
    // Else the browser would go on and close a dialog that fills the screen.
    if (event.composedPath().includes(this.box)) event.preventDefault();
    this.escape();
  }

  escape() {
    if (!this.options.close()) this.close();
  }
}
