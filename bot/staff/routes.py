"""The routes of the staff page. Every request passes `_Gate.admit`, which knows only what is in the table of roles."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import callers
from bot.channels.faults import MOST_BYTES, Fault
from bot.channels.limits import Limits
from bot.channels.options import WebOptions
from bot.settings import SettingsError
from bot.staff.desk import COOKIE, Desk
from bot.staff.pages import Pages, Problem, see
from bot.staff.roles import ANYONE, ROUTES, may
from bot.staff.sessions import StaffSessions, is_form_token
from bot.staff.users import SETTING, Users, UsersProblem
from guidance import interest

logger = logging.getLogger(__name__)

PREFIX = "/staff"
Handler = Callable[..., Awaitable[HTTPResponse]]

FOREIGN = "This form was not sent from our own page, or your session has ended. Open the page again and repeat it."


def add_staff(app: Sanic, options: WebOptions, limits: Limits) -> None:
    """Serve the staff page where NPQ_STAFF_USERS_FILE names a file of users; else there is none.

    Raises:
        SettingsError: the file cannot be used.
    """
    named = os.environ.get(SETTING)
    if not named:
        return
    users = Users(Path(named).expanduser())
    try:
        if not users.all():
            logger.warning("The staff page has no users yet. Add one: npq staff add NAME --role viewer")
    except UsersProblem as problem:
        raise SettingsError(str(problem)) from problem
    store = interest.current().store
    sessions, pages = StaffSessions(store.engine, users), Pages()
    desk = Desk(store, users, sessions, pages, options)
    routes = Blueprint("staff", url_prefix=PREFIX)
    gate = _Gate(sessions, pages, options, limits)
    routes.on_request(gate.admit)

    @routes.exception(Exception)
    async def explain(request: Request, error: Exception) -> HTTPResponse:
        return await gate.explain(request, error)

    for name, route in ROUTES.items():
        methods = ("GET", "HEAD") if route.method == "GET" else (route.method,)
        routes.add_route(_function(getattr(desk, name)), route.path, methods=methods, name=name)
    app.blueprint(routes)


def _function(handler: Handler) -> Handler:
    """Sanic writes on handlers, which methods do not take."""

    async def handle(request: Request, **parts: str) -> HTTPResponse:
        return await handler(request, **parts)

    return handle


class _Gate:
    """Lets in who may come in."""

    def __init__(self, sessions: StaffSessions, pages: Pages, options: WebOptions, limits: Limits) -> None:
        self._sessions = sessions
        self._pages = pages
        self._options = options
        self._limits = limits

    async def admit(self, request: Request) -> HTTPResponse | None:
        """Nothing for who may use the route; else the way to sign in, or why not.

        Raises:
            Fault: they may not.
        """
        request.ctx.user, request.ctx.token = None, request.cookies.get(COOKIE, "")
        await self._limits.call(callers.address(request, self._options.proxies))
        route = ROUTES.get(request.route.name.rpartition(".")[2]) if request.route else None
        if route is None:
            raise Fault(403, "forbidden", "Nobody may do this.")
        if len(request.body) > MOST_BYTES:
            raise Fault(413, "body_too_large", "That is more than this page takes.")
        if route.roles is not ANYONE or route.method == "POST":
            request.ctx.user = self._sessions.user(request.ctx.token)
        if route.roles is not ANYONE and request.ctx.user is None:
            if route.method == "GET":
                return see("/staff/sign-in")
            raise Fault(401, "signed_out", "You are signed out. Sign in and repeat it.")
        if route.method == "POST" and not (
            callers.is_own(request) and is_form_token(request.ctx.token, _form(request))
        ):
            raise Fault(403, "foreign", FOREIGN)
        if request.ctx.user is not None and not may(request.ctx.user.roles, route):
            raise Fault(403, "forbidden", "Your role does not allow this page. Ask somebody with the role admin.")
        return None

    async def explain(self, request: Request, error: Exception) -> HTTPResponse:
        """What went wrong, as a page, never with how."""
        headers: dict[str, str] = {}
        if isinstance(error, Fault):
            status, words = error.status_code, str(error)
            if error.retry_after is not None:
                headers["Retry-After"] = str(error.retry_after)
        elif isinstance(error, SQLAlchemyError):
            logger.warning("The staff page cannot use the database (%s).", type(error).__name__)
            status, words = 503, "The database cannot be reached now. Please try again in a few minutes."
        elif isinstance(error, UsersProblem):
            logger.error("%s", error)
            status, words = 503, "Nobody can be signed in now: the file of users cannot be read."
        elif 400 <= getattr(error, "status_code", 500) < 500:
            status, words = getattr(error, "status_code", 400), "There is nothing like that here."
        else:
            logger.error("A staff page failed.", exc_info=error)
            status, words = 500, "Sorry, there is a problem with the service. Please try again in a few minutes."
        user: Any = getattr(request.ctx, "user", None)
        token = str(getattr(request.ctx, "token", ""))
        return self._pages.show("problem.html", user, token, status, headers, title="Problem", problem=Problem(words))


def _form(request: Request) -> str:
    form: Any = request.form
    return str(form.get("form_token", "") or "") if form else ""
