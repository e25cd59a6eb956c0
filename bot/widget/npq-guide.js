// @ts-check
/**
 * The loader: the only thing a host page loads before its visitor opens the chat. It defines <npq-guide>, puts one
 * on the page unless there is one, and shows the button. It stores nothing and asks nothing of anyone until then.
 */
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script || customElements.get("npq-guide")) return;

  // Filled in when served: the hash of the chat's file, and launcher.css.
  const INTEGRITY = "";
  const STYLE = "";
  const { host, label = "Ask about NPQs", theme = "", side = "" } = script.dataset;
  const base = new URL(host ? host.replace(/\/*$/, "/") : "../../", host ? document.baseURI : script.src).href;
  const key = `npq-guide ${base}`;

  class NpqGuide extends HTMLElement {
    /** @type {Promise<any> | undefined} */
    loading = undefined;

    connectedCallback() {
      if (this.shadowRoot) return this.panel?.chat.events.rest(false);
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.page = this.hasAttribute("page");
      this.unread = 0;
      this.frame = document.createElement("div");
      Object.assign(this.frame, { className: `frame ${theme} ${side}`, lang: "en-GB" });
      this.launcher = document.createElement("button");
      Object.assign(this.launcher, { type: "button", className: "launcher" });
      this.launcher.addEventListener("click", () => (this.panel?.open ? this.close() : this.open()));
      this.problem = document.createElement("p");
      this.problem.setAttribute("role", "status");
      this.frame.append(...(this.page ? [document.createElement("slot")] : [this.launcher]), this.problem);
      root.append(this.frame);
      this.mark();
      // A page form is open from the start. A conversation begun on another page goes on, closed.
      if (this.page || begun()) this.load().catch(() => this.page && this.fail());
    }

    disconnectedCallback() {
      this.panel?.chat.events.rest(true);
    }

    /** Open the chat and put focus in it. */
    async open() {
      if (this.panel?.open && !this.page) return;
      try {
        (await this.load()).show();
      } catch {
        return this.fail();
      }
      this.unread = 0;
      this.mark();
      this.tell("open");
    }

    /** Close the chat; focus goes back to the button. */
    close() {
      this.panel?.close();
    }

    /** Open the chat and send a question as the visitor's. @param {string} text */
    async send(text) {
      await this.open();
      this.panel?.send(String(text));
    }

    load() {
      this.loading ??= this.fetch();
      this.loading.catch(() => (this.loading = undefined));
      return this.loading;
    }

    async fetch() {
      this.problem?.replaceChildren();
      const { Panel } = await import(await checked(new URL("chat.js", script?.src).href));
      const frame = /** @type {HTMLElement} */ (this.frame);
      if (this.page) frame.querySelector("slot")?.remove();
      const onMessage = (/** @type {string} */ from) => this.heard(from);
      const onClose = (/** @type {boolean} */ hadFocus) => this.closed(hadFocus);
      this.panel = new Panel(frame, { base, key, page: this.page, onMessage, onClose });
      this.mark();
      return this.panel;
    }

    /** @param {string} from */
    heard(from) {
      if (from === "guide" && !this.panel?.open) this.unread = (this.unread ?? 0) + 1;
      this.mark();
      this.tell("message", { from });
    }

    /** @param {boolean} hadFocus */
    closed(hadFocus) {
      this.mark();
      if (hadFocus) this.launcher?.focus();
      this.tell("close");
    }

    mark() {
      const count = this.unread ? `, ${this.unread} new ${this.unread === 1 ? "message" : "messages"}` : "";
      const text = label + count;
      if (this.launcher && this.launcher.textContent !== text) this.launcher.textContent = text;
      this.launcher?.setAttribute("aria-expanded", String(!!this.panel?.open));
    }

    fail() {
      const link = document.createElement("a");
      Object.assign(link, { href: `${base}plain`, textContent: "use the plain version" });
      this.problem?.replaceChildren("Sorry, the chat could not be loaded. Try again, or ", link, ".");
    }

    /**
     * @param {string} name
     * @param {object} [detail]
     */
    tell(name, detail) {
      this.dispatchEvent(new CustomEvent(`npq-guide:${name}`, { bubbles: true, composed: true, detail }));
    }
  }

  /** Is there a conversation in this tab already? */
  function begun() {
    try {
      return key in sessionStorage;
    } catch {
      return false;
    }
  }

  /**
   * Load the chat to where `import` finds it, only if it is the very file this loader was served with.
   * @param {string} address
   * @returns {Promise<string>} the address
   */
  function checked(address) {
    return new Promise((resolve, reject) => {
      const link = document.createElement("link");
      const known = link.relList.supports("modulepreload");
      const tag = known ? link : document.createElement("script");
      const kind = known ? { rel: "modulepreload", href: address } : { type: "module", src: address };
      Object.assign(tag, { integrity: INTEGRITY, crossOrigin: "anonymous", ...kind });
      tag.addEventListener("load", () => resolve(address));
      tag.addEventListener("error", () => (tag.remove(), reject(new Error(`${address} could not be loaded.`))));
      document.head.append(tag);
    });
  }

  customElements.define("npq-guide", NpqGuide);
  // Beside the body, which frameworks that change pages by script replace or empty.
  const add = () => document.querySelector("npq-guide") ?? document.documentElement.append(document.createElement("npq-guide"));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", add);
  else add();
})();
