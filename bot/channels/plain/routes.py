"""GET /plain shows the chat, POST /plain says something and leads back to it (so that a reload says nothing twice).

The session's token is in a cookie that no script and no other site can use. Beside that, a form is taken only from
our own page.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import parse_qs

from sanic import Blueprint
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse, file, html

from bot.channels import callers
from bot.channels.faults import MOST_BYTES, PRIVATE, Fault
from bot.channels.gate import Refused, accept
from bot.channels.guide import Guide
from bot.channels.limits import Limits
from bot.channels.options import WebOptions
from bot.channels.plain.page import FOLDER, NOTES, Pages, Shown
from bot.channels.sessions import Sessions
from bot.channels.web import delete_conversation, end_session

logger = logging.getLogger(__name__)

COOKIE = "__Host-npq"
SENT = "sent"
MOST_FIELDS = 20
FORM = "application/x-www-form-urlencoded"
NO_COOKIE = (
    "Your browser did not keep the cookie of this chat, so the answer cannot be shown. Allow cookies for this site, "
    "and use its https address."
)
TOO_LONG = "Your message is too long. Write a shorter one."
FOREIGN = "This form was not sent from our own page. Open the page and try again."
# `same-origin`, because browsers then say in `Origin` where a form comes from.
HEADERS = {**PRIVATE, "Vary": "Cookie", "Referrer-Policy": "same-origin"}
Handler = Callable[[Request], Awaitable[HTTPResponse]]


def plain_page(guide: Guide, sessions: Sessions, options: WebOptions, limits: Limits) -> Blueprint:
    """The routes of the plain page."""
    desk = _Desk(guide, sessions, options, limits)
    routes = Blueprint("plain")
    routes.add_route(desk.guarded(desk.show), "/plain", methods=("GET", "HEAD"), name="show")
    routes.add_route(desk.guarded(desk.take), "/plain", methods=("POST",), name="take")

    @routes.exception(PayloadTooLarge)
    async def too_large(_request: Request, _error: Exception) -> HTTPResponse:
        return desk.too_large()

    @routes.route("/plain.css", methods=("GET", "HEAD"), name="style")
    async def style(_request: Request) -> HTTPResponse:
        return await file(FOLDER / "plain.css", mime_type="text/css", headers={"Cache-Control": "no-cache"})

    return routes


class _Desk:
    """Takes what is sent and shows the page."""

    def __init__(self, guide: Guide, sessions: Sessions, options: WebOptions, limits: Limits) -> None:
        self._guide = guide
        self._sessions = sessions
        self._options = options
        self._limits = limits
        self._pages = Pages(guide)

    def guarded(self, handler: Handler) -> Handler:
        """The handler, with refusals shown on the page."""

        @wraps(handler)
        async def guarded(request: Request) -> HTTPResponse:
            try:
                await self._limits.call(callers.address(request, self._options.proxies))
                return await handler(request)
            except Fault as fault:
                conversation = self._conversation(request) if fault.code != "foreign" else None
                typed = _field(request, "text") if fault.code != "foreign" else ""
                response = self._page(Shown(conversation, typed=typed, error=str(fault)), fault.status_code)
                if fault.retry_after is not None:
                    response.headers["Retry-After"] = str(fault.retry_after)
                return response

        return guarded

    async def show(self, request: Request) -> HTTPResponse:
        """The page."""
        conversation, note = self._conversation(request), request.args.get("note", "")
        if note == SENT and conversation is None:
            return self._page(Shown(error=NO_COOKIE))
        return self._page(Shown(conversation, note=note if note in NOTES else ""))

    def too_large(self) -> HTTPResponse:
        """The page for a form so large that Sanic did not read it to the end; nothing of it is used."""
        return self._page(Shown(error=TOO_LONG), 413)

    async def take(self, request: Request) -> HTTPResponse:
        """What a form sends.

        Raises:
            Fault: it cannot be taken.
        """
        if not callers.is_own(request):
            raise Fault(403, "foreign", FOREIGN)
        if len(request.body) > MOST_BYTES:
            raise Fault(413, "body_too_large", TOO_LONG)
        token, conversation = request.cookies.get(COOKIE, ""), self._conversation(request)
        wish = _field(request, "do")
        if wish in ("over", "delete", "delete_for_good") and conversation is None:
            return _gone("ended")
        if wish == "delete":
            return self._page(Shown(conversation, deleting=True))
        if wish == "over":
            end_session(self._guide, self._sessions, token, str(conversation))
            return _gone("over")
        if wish == "delete_for_good":
            await delete_conversation(self._guide, self._sessions, token, str(conversation))
            return _gone("deleted")
        return await self._say(request, token, conversation)

    async def _say(self, request: Request, token: str, conversation: str | None) -> HTTPResponse:
        try:
            plain = accept(_field(request, "choice") or _field(request, "text"))
        except Refused as refusal:
            raise Fault(422, refusal.code, str(refusal)) from refusal
        address, started = callers.address(request, self._options.proxies), None
        if conversation is None:
            await self._limits.session(address)
            started, ended = self._sessions.create(), bool(token)
            conversation = self._sessions.conversation(started)
        key = _key(_field(request, "key"), plain)
        if not self._guide.answered(str(conversation), key, plain):
            await self._limits.message(address, str(conversation))
        try:
            reply = await self._guide.reply(str(conversation), plain, "web", key)
        except Refused as refusal:  # deleted in another tab just now
            raise Fault(409, refusal.code, NOTES["ended"]) from refusal
        if reply.status == "error":
            response = self._page(Shown(conversation, typed=_field(request, "text"), error=reply.text), 503)
        else:
            response = _see("ended" if started and ended else SENT)
        if started:
            _give(response, started)
        return response

    def _conversation(self, request: Request) -> str | None:
        token = request.cookies.get(COOKIE, "")
        return self._sessions.conversation(token, seen=request.method == "POST") if token else None

    def _page(self, shown: Shown, status: int = 200) -> HTTPResponse:
        return html(self._pages.render(shown), status=status, headers=dict(HEADERS))


def _field(request: Request, name: str) -> str:
    if request.method != "POST" or not (request.content_type or "").startswith(FORM):
        return ""
    try:
        form = parse_qs(bytes(request.body).decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return ""
    return form.get(name, [""])[0]


def _key(key: str, plain: str) -> str:
    """The message's key: a form that is sent twice says one thing once, one that is changed and sent again another."""
    return "plain." + hashlib.sha256(f"{key}\n{plain}".encode()).hexdigest()[:32] if key else ""


def _see(note: str) -> HTTPResponse:
    headers = {**HEADERS, "Location": f"plain?note={note}#latest"}
    return HTTPResponse(status=303, headers=headers)


def _give(response: HTTPResponse, token: str) -> None:
    response.cookies[COOKIE] = token
    response.cookies[COOKIE].update({"path": "/", "secure": True, "httponly": True, "samesite": "Strict"})


def _gone(note: str) -> HTTPResponse:
    response = _see(note)
    _give(response, "")
    response.cookies[COOKIE]["max-age"] = 0
    return response
