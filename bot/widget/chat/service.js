// @ts-check
/** Talks to the web channel. */

/** Longer than the service allows itself for an answer, so its own apology comes first. */
const MOST_WAIT_MS = 30_000;
/** What did not get through is sent once more by itself after this, under the same name. */
const AGAIN_AFTER_MS = 2000;

const BROKEN =
  "Sorry, there is a problem with the service and your question was not answered. It is kept above. " +
  "Try again in a few minutes.";
const UNREACHED =
  "Sorry, your question did not get through. It is kept above. Check your internet connection, then try again.";
const SLOW = "Sorry, the answer is taking too long. Your question is kept above. Try again.";

/**
 * @typedef {{title: string, payload: string}} Choice
 * @typedef {{title: string, url: string | null, as_of: string}} Source
 * @typedef {{messages: string[], buttons: Choice[], sources: Source[], status: string, id?: number | null, at?: string,
 *   masked?: string[], asking?: string | null, person?: import("./person.js").Person | null}} Reply
 */

/** Why there is no answer, in words for the visitor. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {{retry?: boolean, sessionEnded?: boolean, unreached?: boolean}} [more]
   */
  constructor(message, { retry = true, sessionEnded = false, unreached = false } = {}) {
    super(message);
    this.retry = retry;
    this.sessionEnded = sessionEnded;
    /** The service may not have had it: worth sending again by itself. */
    this.unreached = unreached;
  }
}

export class Service {
  /** @param {string} base the service's address, ending in a slash */
  constructor(base) {
    this.base = base;
  }

  /**
   * Start a session.
   * @returns {Promise<string>} its token
   * @throws {Problem}
   */
  async start() {
    const { status, body, wait } = await this.patiently("POST", "sessions", {});
    if (status !== 201 || typeof body?.session !== "string") throw refusal(status, body, wait);
    return body.session;
  }

  /**
   * Send one message and get the reply. The id makes sending it again safe: the service answers an id once.
   * @param {string} session
   * @param {string} id
   * @param {string} text
   * @param {string} [asking] what was asked for when it was written
   * @returns {Promise<Reply>}
   * @throws {Problem}
   */
  async send(session, id, text, asking = "") {
    const page = location.origin + location.pathname;
    const names = { "X-NPQ-Session": session, "Idempotency-Key": id, "X-NPQ-Page": page };
    const headers = { ...names, "X-NPQ-Asking": asking };
    const { status, body, wait } = await this.patiently("POST", "messages", headers, { text });
    if (status === 200 && isReply(body) && body.status !== "error") return body;
    throw refusal(status, body, wait);
  }

  /**
   * @param {string} session
   * @param {number} turn
   * @param {"up" | "down" | null} rating
   */
  rate(session, turn, rating) {
    return this.change("PUT", `turns/${turn}/rating`, session, { rating });
  }

  /** The token is dead afterwards; the record stays under retention. @param {string} session */
  end(session) {
    return this.change("DELETE", "session", session);
  }

  /** Delete everything said in it, everywhere. @param {string} session */
  erase(session) {
    return this.change("DELETE", "conversation", session);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string} session
   * @param {object} [content]
   * @throws {Problem} unless it was done, or there is no such session any more
   */
  async change(method, path, session, content) {
    const { status, body, wait } = await this.ask(method, path, { "X-NPQ-Session": session }, content);
    if (status >= 400 && body?.error?.code !== "session_unknown") throw refusal(status, body, wait);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} headers
   * @param {object} [content]
   */
  async patiently(method, path, headers, content) {
    try {
      const answer = await this.ask(method, path, headers, content);
      // A service being started again, as its proxy sees it, says nothing; our own says why in JSON.
      if (answer.body || answer.status < 502) return answer;
    } catch (problem) {
      if (!navigator.onLine) throw problem;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    return this.ask(method, path, headers, content);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} headers
   * @param {object} [content]
   * @returns {Promise<{status: number, body: any, wait: string | null}>}
   */
  async ask(method, path, headers, content) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), MOST_WAIT_MS);
    try {
      const response = await fetch(`${this.base}api/${path}`, {
        method,
        headers: content ? { "Content-Type": "application/json", ...headers } : headers,
        body: content && JSON.stringify(content),
        signal: late.signal,
        credentials: "omit",
        cache: "no-store",
      });
      return { status: response.status, body: await json(response), wait: response.headers.get("Retry-After") };
    } catch {
      throw new Problem(late.signal.aborted ? SLOW : UNREACHED, { unreached: true });
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * The body, or null when it is not JSON (a proxy's error page, say).
 * @param {Response} response
 */
async function json(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {number} status
 * @param {any} body
 * @param {string | null} wait
 */
function refusal(status, body, wait) {
  if (body?.error?.code === "session_unknown") return new Problem(BROKEN, { sessionEnded: true });
  if (status === 429) {
    const seconds = Number(wait) || 60;
    return new Problem(`You have sent many messages in a short time. Wait ${seconds} seconds, then try again.`);
  }
  if (status === 422 && typeof body?.error?.message === "string") {
    return new Problem(body.error.message, { retry: false });
  }
  if (isReply(body)) return new Problem(body.messages.join("\n\n"));
  return new Problem(BROKEN, { unreached: status >= 502 });
}

/**
 * @param {any} body
 * @returns {body is Reply}
 */
export function isReply(body) {
  const lists = [body?.messages, body?.buttons, body?.sources];
  // What is passed on to a person has no answer.
  return lists.every(Array.isArray) && (body.messages.length > 0 || !!body.person);
}

/** A name for the message that nobody else gives (`crypto.randomUUID` is missing on plain http). */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
