// @ts-check
/** Talks to the web channel. */

/** Longer than the service allows itself for an answer, so its own apology comes first. */
const MOST_WAIT_MS = 30_000;

const BROKEN =
  "Sorry, there is a problem with the service and your question was not answered. It is kept above. " +
  "Try again in a few minutes.";
const UNREACHED =
  "Sorry, your question did not get through. It is kept above. Check your internet connection, then try again.";
const SLOW = "Sorry, the answer is taking too long. Your question is kept above. Try again.";

/**
 * @typedef {{title: string, payload: string}} Choice
 * @typedef {{title: string, url: string | null, as_of: string}} Source
 * @typedef {{messages: string[], buttons: Choice[], sources: Source[]}} Reply
 */

/** Why there is no answer, in words for the visitor. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {{retry?: boolean, sessionEnded?: boolean}} [more]
   */
  constructor(message, { retry = true, sessionEnded = false } = {}) {
    super(message);
    this.retry = retry;
    this.sessionEnded = sessionEnded;
  }
}

/**
 * Start a session.
 * @returns {Promise<string>} its token
 * @throws {Problem}
 */
export async function startSession() {
  const { status, body } = await post("api/sessions", {}, undefined);
  if (status !== 201 || typeof body?.session !== "string") throw refusal(status, body);
  return body.session;
}

/**
 * Send one message and get the reply. The id makes sending it again safe: the service answers an id once.
 * @param {string} session
 * @param {string} id
 * @param {string} text
 * @returns {Promise<Reply>}
 * @throws {Problem}
 */
export async function sendMessage(session, id, text) {
  const headers = { "X-NPQ-Session": session, "Idempotency-Key": id };
  const { status, body } = await post("api/messages", headers, { text });
  if (status === 200 && isReply(body) && body.status !== "error") return body;
  throw refusal(status, body);
}

/**
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {object | undefined} content
 * @returns {Promise<{status: number, body: any}>}
 */
async function post(path, headers, content) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), MOST_WAIT_MS);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(content),
      signal: late.signal,
      credentials: "omit",
      cache: "no-store",
    });
    return { status: response.status, body: await json(response) };
  } catch {
    throw new Problem(late.signal.aborted ? SLOW : UNREACHED);
  } finally {
    clearTimeout(timer);
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
 */
function refusal(status, body) {
  if (body?.error?.code === "session_unknown") return new Problem(BROKEN, { sessionEnded: true });
  if (status === 422 && typeof body?.error?.message === "string") {
    return new Problem(body.error.message, { retry: false });
  }
  if (isReply(body)) return new Problem(body.messages.join("\n\n"));
  return new Problem(BROKEN);
}

/**
 * @param {any} body
 * @returns {body is Reply & {status: string}}
 */
function isReply(body) {
  const lists = [body?.messages, body?.buttons, body?.sources];
  return lists.every(Array.isArray) && body.messages.length > 0;
}
