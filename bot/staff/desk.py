"""What each route of the staff page does. Who may is decided before, in routes.py. All that is looked at is audited."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.channels import callers
from bot.channels.faults import Fault
from bot.channels.options import WebOptions
from bot.report.figures import Period
from bot.report.page import FOLDER as REPORT
from bot.report.page import SCRIPTS, STYLE, view
from bot.staff import conversations
from bot.staff.live import LiveReport
from bot.staff.pages import FOLDER, Pages, Problem, see
from bot.staff.roles import ROLES, ROUTES, may
from bot.staff.sessions import StaffSessions, new_token
from bot.staff.tries import Tries
from bot.staff.users import User, Users, UsersProblem, matches
from guidance.interest import access, outbox, reference
from guidance.interest.keys import Unreadable
from guidance.interest.store import Store

COOKIE = "__Host-npq-staff"
ASSETS = {
    "staff.css": (FOLDER / "staff.css", "text/css"),
    "report.css": (REPORT / STYLE, "text/css"),
    "chart.js": (REPORT / SCRIPTS[0], "text/javascript"),
    "report.js": (REPORT / SCRIPTS[1], "text/javascript"),
}
WRONG = "The name or the password is wrong. Check both and try again."
_CONVERSATION = re.compile(r"[\w.:@-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}")


class Desk:
    """The handlers, by the names in the table of roles."""

    def __init__(self, store: Store, users: Users, sessions: StaffSessions, pages: Pages, options: WebOptions) -> None:
        self._store = store
        self._users = users
        self._sessions = sessions
        self._pages = pages
        self._options = options
        self._tries = Tries()
        self._report = LiveReport(store.engine)

    def _show(self, request: Request, template: str, status: int = 200, **shown: Any) -> HTTPResponse:
        return self._pages.show(template, request.ctx.user, request.ctx.token, status, **shown)

    def _audit(self, request: Request, action: str, about: str | None = None, detail: str | None = None) -> None:
        self._store.record(action, _who(request.ctx.user), about, detail=detail)

    async def asset(self, _request: Request, name: str) -> HTTPResponse:
        """A style or script."""
        if name not in ASSETS:
            raise Fault(404, "not_found", "There is no such file.")
        path, kind = ASSETS[name]
        headers = {"Cache-Control": "no-cache"}
        return raw(path.read_bytes(), content_type=f"{kind}; charset=utf-8", headers=headers)

    async def sign_in_form(self, request: Request) -> HTTPResponse:
        """The form, with a secret in a cookie that its answer has to bring back."""
        fresh = not request.ctx.token
        if fresh:
            request.ctx.token = new_token()
        note = "You are signed out." if request.args.get("note") == "out" else ""
        response = self._show(request, "sign_in.html", title="Sign in", name="", note=note)
        return _with_token(response, request.ctx.token) if fresh else response

    async def sign_in(self, request: Request) -> HTTPResponse:
        """Check name and password; a new secret for the browser when they are right."""
        name, password = _field(request, "name").strip().lower(), _field(request, "password")
        wait = self._tries.wait(name, callers.address(request, self._options.proxies))
        if wait:
            words = (
                f"There were too many tries to sign in. Wait {wait} minute{'s' if wait > 1 else ''}, then try again."
            )
            problem = Problem(words, "name")
            return self._show(request, "sign_in.html", 429, title="Sign in", name=name, note="", problem=problem)
        user = self._users.find(name)
        # It takes a moment on purpose; visitors' turns go on meanwhile.
        right = await asyncio.get_running_loop().run_in_executor(None, matches, user, password)
        if not right or user is None:
            known = _who(user) if user else "staff unknown"  # a password is sometimes typed as the name
            self._store.record("staff_refused", known)
            problem = Problem(WRONG, "name")
            return self._show(request, "sign_in.html", 401, title="Sign in", name=name[:40], note="", problem=problem)
        self._store.record("staff_signed_in", _who(user))
        self._sessions.end(request.ctx.token)
        return _with_token(see("/staff/"), self._sessions.begin(user))

    async def sign_out(self, request: Request) -> HTTPResponse:
        """End the session."""
        self._sessions.end(request.ctx.token)
        self._audit(request, "staff_signed_out")
        response = _with_token(see("/staff/sign-in?note=out"), "")
        response.cookies[COOKIE]["max-age"] = 0
        return response

    async def home(self, _request: Request) -> HTTPResponse:
        """The first page."""
        return see("/staff/report")

    async def report(self, request: Request) -> HTTPResponse:
        """The report, counted now or less than a minute ago."""
        problem, period = None, Period()
        try:
            period = _period(request)
        except ValueError as error:
            problem = Problem(str(error), "from")
        figures = await self._report.figures(period)
        self._audit(request, "staff_report")
        return self._show(
            request, "report_live.html", 422 if problem else 200, title="Report", problem=problem, **view(figures)
        )

    async def conversations(self, request: Request) -> HTTPResponse:
        """The latest conversations, 50 a page."""
        before = request.args.get("before", "")
        number = int(before) if _NUMBER.fullmatch(before) else None
        found = await _away(conversations.latest, self._store.engine, number)
        self._audit(request, "staff_listed", detail=f"{len(found)} conversations")
        older = found[-1]["last"] if len(found) == conversations.AT_ONCE else None
        return self._show(request, "conversations.html", title="Conversations", talks=found, older=older)

    async def conversation(self, request: Request) -> HTTPResponse:
        """One conversation."""
        named = request.args.get("id", "")
        found = conversations.turns_of(self._store.engine, named) if _CONVERSATION.fullmatch(named) else []
        if not found:
            raise Fault(404, "not_found", "Nothing is stored of such a conversation. It may have been deleted.")
        self._audit(request, "staff_conversation", detail=named)
        return self._show(request, "conversation.html", title="Conversation", turns=found)

    async def interests(self, request: Request) -> HTTPResponse:
        """All references, without personal details."""
        found, unreadable = await _away(self._store.all)
        with self._store.engine.connect() as connection:
            states = outbox.states(connection)
        self._audit(request, "staff_listed", detail=f"{len(found)} expressions of interest")
        rows = [(item, states.get(item.reference, {})) for item in reversed(found)]
        return self._show(request, "interests.html", title="Expressions of interest", rows=rows, unreadable=unreadable)

    async def interest(self, request: Request) -> HTTPResponse:
        """Everything about one."""
        try:
            named = reference.read(request.args.get("reference", ""))
            self._audit(request, "shown", named, "staff page")  # first: nothing is shown without its audit
            found = await _away(access.record, self._store, named)
        except reference.NotAReference as error:
            raise Fault(404, "not_found", str(error)) from error
        except Unreadable as error:
            raise Fault(503, "unreadable", "The details cannot be decrypted with the key in use.") from error
        if found is None:
            raise Fault(404, "not_found", f"There is no expression of interest {named}. It may have been deleted.")
        talk = self._store.find(named)
        return self._show(
            request, "interest.html", title=named, found=found, conversation=talk.session if talk else None,
            may_read=may(request.ctx.user.roles, ROUTES["conversation"]),
        )  # fmt: skip

    async def users(self, request: Request) -> HTTPResponse:
        """Who there is."""
        self._audit(request, "staff_users")
        return self._users_page(request)

    def _users_page(self, request: Request, problem: Problem | None = None) -> HTTPResponse:
        people = sorted(self._users.all().values(), key=lambda user: user.name)
        return self._show(
            request, "users.html", 422 if problem else 200, title="Users", problem=problem, people=people, roles=ROLES,
            note=NOTES.get(request.args.get("note", ""), ""),
        )  # fmt: skip

    async def change_user(self, request: Request) -> HTTPResponse:
        """Give other roles, or take somebody out. Nobody can do that to themselves."""
        name, wish = _field(request, "name"), _field(request, "do")
        if name == request.ctx.user.name:
            return self._users_page(request, Problem("You cannot change yourself. Ask another admin.", f"user-{name}"))
        try:
            if wish == "remove":
                self._users.remove(name)
                self._sessions.end_all(name)
            elif wish == "roles":
                self._users.put(name, [role for role in ROLES if _field(request, role)])
            else:
                raise Fault(400, "bad_request", "There is nothing like that to do.")
        except UsersProblem as problem:
            return self._users_page(request, Problem(str(problem), f"user-{name}" if self._users.find(name) else ""))
        self._audit(request, "staff_removed" if wish == "remove" else "staff_roles", detail=f"staff {name}"[:200])
        return see("/staff/users?" + urlencode({"note": wish}))


NOTES = {"remove": "The user is removed and signed out.", "roles": "The roles are changed."}


async def _away(work: Any, *given: Any) -> Any:
    """Do what takes long beside the turns of visitors."""
    return await asyncio.get_running_loop().run_in_executor(None, partial(work, *given))


def _period(request: Request) -> Period:
    first, last = _day(request, "from"), _day(request, "to")
    if first and last and first > last:
        raise ValueError("The first day is after the last. Choose an earlier first day.")
    channel = request.args.get("channel", "")
    return Period(first, last, channel[:16] or None)


def _day(request: Request, name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError("That is not a date. Write year-month-day, such as 2026-11-21.") from error


def _who(user: User | None) -> str:
    return f"staff {user.name}" if user else "staff unknown"


def _field(request: Request, name: str) -> str:
    form: Any = request.form
    return str(form.get(name, "") or "") if form else ""


def _with_token(response: HTTPResponse, token: str) -> HTTPResponse:
    response.cookies[COOKIE] = token
    response.cookies[COOKIE].update({"path": "/", "secure": True, "httponly": True, "samesite": "Strict"})
    return response
