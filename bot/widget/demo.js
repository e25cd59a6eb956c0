// @ts-check
/** What a host page may do with the guide: open it, send a question, hear that something was said. */

/** @typedef {HTMLElement & {open: () => Promise<void>, send: (text: string) => Promise<void>}} Guide */

const guide = () => /** @type {Guide | null} */ (document.querySelector("npq-guide"));
const told = document.querySelector("#told");

document.querySelector("#open")?.addEventListener("click", () => guide()?.open());
document.querySelector("#fund")?.addEventListener("click", () => guide()?.send("Are NPQs funded?"));
for (const name of ["npq-guide:open", "npq-guide:close", "npq-guide:message"]) {
  document.addEventListener(name, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (told) told.textContent = detail ? `${name} from ${detail.from}` : name;
  });
}
