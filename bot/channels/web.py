"""The web channel: start a session, post a message, get the replies, follow the conversation, rate, end, delete.

docs/web-channel.md and GET /api/openapi.json say how it is used. The session's token travels only in a header. Faults
are {"error": {"code", "message"}} with a 4xx or 5xx status, never an empty 200.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as as_json
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import callers, origins
from bot.channels.events import Stream, iso, last_seen, seconds_to_wait, wait_for_turns
from bot.channels.faults import MOST_BYTES, PRIVATE, Fault, away, session_unknown
from bot.channels.gate import Refused, accept
from bot.channels.guide import Guide
from bot.channels.limits import Limits
from bot.channels.live import ENDED, OVER, Notice
from bot.channels.options import WebOptions
from bot.channels.reply import Reply
from bot.channels.sessions import Sessions
from guidance import interest
from guidance.interest.drafts import Drafts

SESSION_HEADER = "x-npq-session"
KEY_HEADER = "idempotency-key"
PAGE_HEADER = "x-npq-page"  # for people of the team who take over
ASKING_HEADER = "x-npq-asking"  # what the page was asking for when the visitor wrote
ASKING = re.compile(r"[a-z_]{0,40}")
KEY = re.compile(r"[\w.:-]{0,64}", re.ASCII)
RATINGS = ("up", "down", None)
STATUS_OF = {"text_too_long": 422, "text_empty": 422, "text_not_string": 422, "session_unknown": 401}


TURN = r"/turns/<turn:[0-9]{1,15}>/rating"
METHODS = {
    "/sessions": "POST",
    "/messages": "POST",
    "/events": "GET",
    TURN: "PUT",
    "/session": "DELETE",
    "/conversation": "DELETE",
    "/openapi.json": "GET",
}


def web_channel(guide: Guide, sessions: Sessions, options: WebOptions, limits: Limits) -> Blueprint:
    """The routes of the web channel."""
    routes = Blueprint("web", url_prefix="/api")

    @routes.on_request
    async def guard(request: Request) -> None:
        origins.refuse(request, options.origins)
        await limits.call(callers.address(request, options.proxies))

    @routes.post("/sessions")
    async def start(request: Request) -> HTTPResponse:
        await limits.session(callers.address(request, options.proxies))
        return as_json({"session": sessions.create()}, status=201, headers=PRIVATE)

    @routes.post("/messages")
    async def message(request: Request) -> HTTPResponse:
        text = _body(request, "text", '{"text": "Is NPQH funded?"}')
        key = request.headers.get(KEY_HEADER, "")
        if not KEY.fullmatch(key):
            raise Fault(400, "bad_key", "`Idempotency-Key` must be 64 characters or fewer: letters, digits, . : _ -")
        conversation = _conversation(request, sessions)
        if not ASKING.fullmatch(request.headers.get(ASKING_HEADER, "")):
            raise Fault(400, "bad_asking", "`X-NPQ-Asking` must be what the last reply has in `asking`, or empty.")
        try:
            plain = accept(text)
            if not guide.answered(conversation, key, plain):
                await limits.message(callers.address(request, options.proxies), conversation)
            asked = request.headers.get(ASKING_HEADER)
            reply = await guide.reply(conversation, plain, "web", key, _page(request), answers=asked)
        except Refused as refusal:
            raise Fault(STATUS_OF[refusal.code], refusal.code, str(refusal)) from refusal
        return as_json(told(reply), status=503 if reply.status == "error" else 200, headers=PRIVATE)

    @routes.get("/events")
    async def events(request: Request) -> HTTPResponse | None:
        last, seconds = last_seen(request), seconds_to_wait(request)
        conversation = _conversation(request, sessions, seen=False)
        if "text/event-stream" in request.headers.get("accept", ""):
            token = request.headers.get(SESSION_HEADER, "")
            address = callers.address(request, options.proxies)
            await Stream(guide, sessions, token, conversation, last, address).serve(request)
            return None
        try:
            return as_json(await wait_for_turns(guide, conversation, last, seconds), headers=PRIVATE)
        except SQLAlchemyError as error:
            raise away() from error

    @routes.put(TURN)
    async def rate(request: Request, turn: str) -> HTTPResponse:
        rating = _body(request, "rating", '{"rating": "up"}')
        if rating not in RATINGS:
            raise Fault(422, "bad_rating", '"rating" must be "up", "down" or null.')
        conversation = _conversation(request, sessions)
        try:
            known = guide.turns.rate(conversation, int(turn), rating)
        except SQLAlchemyError as error:
            raise away() from error
        if not known:
            raise Fault(404, "turn_unknown", "This conversation has no such turn.")
        return empty(headers=PRIVATE)

    @routes.delete("/session")
    async def end(request: Request) -> HTTPResponse:
        conversation = _conversation(request, sessions)
        end_session(guide, sessions, request.headers.get(SESSION_HEADER, ""), conversation)
        return empty(headers=PRIVATE)

    @routes.delete("/conversation")
    async def delete(request: Request) -> HTTPResponse:
        conversation = _conversation(request, sessions)
        await delete_conversation(guide, sessions, request.headers.get(SESSION_HEADER, ""), conversation)
        return empty(headers=PRIVATE)

    document = openapi()

    @routes.get("/openapi.json")
    async def described(_request: Request) -> HTTPResponse:
        return as_json(document, headers={"Cache-Control": "no-cache"})

    origins.answer_preflights(routes, METHODS)
    return routes


def openapi() -> dict[str, Any]:
    """The OpenAPI description of these routes."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "openapi.yml").read_text(encoding="utf-8"))
    return found


def told(reply: Reply) -> dict[str, Any]:
    """A reply as the web channel tells it."""
    found = reply.to_dict()
    del found["session"]
    more = {"masked": reply.masked, "person": reply.person}
    return {"id": reply.turn, "at": iso(reply.at) if reply.at else None, **more, **found}


def end_session(guide: Guide, sessions: Sessions, token: str, conversation: str) -> None:
    """End a session; the record of its conversation stays as long as promised, what was being typed does not."""
    try:
        sessions.end(token)
    except SQLAlchemyError as error:
        raise away() from error
    if guide.person is not None:
        with suppress(SQLAlchemyError):  # then it is closed when nothing is written any more
            guide.person.left(conversation, deleted=False)
    with suppress(interest.CannotSave):  # then it goes within a day
        Drafts(interest.current().store).drop(conversation)
    guide.live.tell(conversation, Notice(ENDED, OVER))


async def delete_conversation(guide: Guide, sessions: Sessions, token: str, conversation: str) -> None:
    """Delete everything said in a conversation, and its session. What was registered in it stays."""
    try:
        await guide.forget(conversation)
    except SQLAlchemyError as error:
        raise away() from error
    sessions.forget(token)


def _page(request: Request) -> str:
    """Where the visitor is, as the page or else the browser tells. What was searched for stays there."""
    found = next(filter(None, (request.headers.get(name) for name in (PAGE_HEADER, "referer", "origin"))), "")
    address = found.partition("?")[0].partition("#")[0]
    good = address.startswith(("https://", "http://")) and address.isascii() and address.isprintable()
    return address if good else ""


def _conversation(request: Request, sessions: Sessions, *, seen: bool = True) -> str:
    conversation = sessions.conversation(request.headers.get(SESSION_HEADER, ""), seen=seen)
    if conversation is None:
        raise session_unknown()
    return conversation


def _body(request: Request, name: str, example: str) -> Any:
    """The value of the only key of a request's JSON object."""
    kind = (request.content_type or "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise Fault(415, "not_json", "Send `Content-Type: application/json`.")
    if len(request.body) > MOST_BYTES:
        raise Fault(413, "body_too_large", f"The request must be {MOST_BYTES} bytes or fewer.")
    try:
        body = json.loads(request.body, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise Fault(400, "bad_json", "The request is not valid JSON.") from error
    if not isinstance(body, dict):
        raise Fault(400, "not_object", f"The request must be a JSON object such as {example}.")
    if name not in body:
        raise Fault(400, f"{name}_missing", f'The request has no "{name}".')
    unknown = sorted(set(body) - {name})
    if unknown:
        raise Fault(400, "unknown_key", f'"{unknown[0][:40]}" is not a known key. Send only "{name}".')
    return body[name]


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):  # which of them is meant, nobody can tell
        raise ValueError("a key is there twice")
    return found
