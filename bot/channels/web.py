"""The web channel: start a session, post a message, get the replies.

POST /api/sessions                     -> 201 {"session": token}
POST /api/messages  {"text": "..."}    -> 200 reply (as `npq ask`, without session)
     headers `X-NPQ-Session: token`, `Idempotency-Key: name of the message` (optional: sent again, it is answered once)
Faults are {"error": {"code", "message"}} with a 4xx or 5xx status, never an empty 200.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as as_json

from bot.channels.gate import Refused
from bot.channels.guide import Guide
from bot.channels.sessions import Sessions

logger = logging.getLogger(__name__)

SESSION_HEADER = "x-npq-session"
KEY_HEADER = "idempotency-key"
KEY = re.compile(r"[\w.:-]{0,64}", re.ASCII)
MOST_BYTES = 8 * 1024
STATUS_OF = {"text_too_long": 422, "text_empty": 422, "text_not_string": 422}


class Fault(SanicException):
    """A request that cannot be served: status, code for programs, sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message, status_code=status)
        self.code = code


def web_channel(guide: Guide, sessions: Sessions) -> Blueprint:
    """The routes of the web channel."""
    routes = Blueprint("web", url_prefix="/api")

    @routes.post("/sessions")
    async def start(_request: Request) -> HTTPResponse:
        return as_json({"session": sessions.create()}, status=201, headers=_PRIVATE)

    @routes.post("/messages")
    async def message(request: Request) -> HTTPResponse:
        body = _body(request)
        key = request.headers.get(KEY_HEADER, "")
        if not KEY.fullmatch(key):
            raise Fault(400, "bad_key", "`Idempotency-Key` must be 64 characters or fewer: letters, digits, . : _ -")
        conversation = sessions.conversation(request.headers.get(SESSION_HEADER, ""))
        if conversation is None:
            raise Fault(
                401, "session_unknown",
                "This chat session is unknown or has ended. Start a new one with POST /api/sessions.",
            )  # fmt: skip
        try:
            reply = (await guide.reply(conversation, body["text"], "web", key)).to_dict()
        except Refused as refusal:
            raise Fault(STATUS_OF[refusal.code], refusal.code, str(refusal)) from refusal
        del reply["session"]
        return as_json(reply, status=503 if reply["status"] == "error" else 200, headers=_PRIVATE)

    return routes


_PRIVATE = {"Cache-Control": "no-store"}


def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a request with exactly the key `text`."""
    kind = (request.content_type or "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise Fault(415, "not_json", "Send `Content-Type: application/json`.")
    if len(request.body) > MOST_BYTES:
        raise Fault(413, "body_too_large", f"The request must be {MOST_BYTES} bytes or fewer.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Fault(400, "bad_json", "The request is not valid JSON.") from error
    if not isinstance(body, dict):
        raise Fault(
            400,
            "not_object",
            'The request must be a JSON object such as {"text": "Is NPQH funded?"}.',
        )
    if "text" not in body:
        raise Fault(400, "text_missing", 'The request has no "text".')
    unknown = sorted(set(body) - {"text"})
    if unknown:
        raise Fault(400, "unknown_key", f'"{unknown[0][:40]}" is not a known key. Send only "text".')
    return body


def explain(_request: Request, error: Exception) -> HTTPResponse:
    """Any error as a JSON fault; what is not ours to blame on the caller is logged and kept general."""
    if isinstance(error, Fault):
        code, message = error.code, str(error)
    elif isinstance(error, SanicException) and error.status_code < 500:
        code, message = _GENERAL.get(error.status_code, ("bad_request", "The request cannot be served."))
    elif isinstance(error, SanicException) and str(error) == "Cancelled":  # Sanic's word for: the visitor went away
        code, message = "cancelled", "The request was given up."
    else:
        logger.error("A request failed.", exc_info=error)
        code, message = (
            "failed",
            "Sorry, there is a problem with the service. Please try again in a few minutes.",
        )
    status = getattr(error, "status_code", 500)
    return as_json({"error": {"code": code, "message": message}}, status=status, headers=_PRIVATE)


_GENERAL = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("body_too_large", f"The request must be {MOST_BYTES} bytes or fewer."),
}
