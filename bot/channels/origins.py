"""Which sites' pages may call the web channel: our own and those named, exactly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.channels import callers
from bot.channels.faults import PRIVATE, Fault

ALLOWED_HEADERS = "content-type, x-npq-session, idempotency-key, last-event-id, x-npq-page, x-npq-asking"
REMEMBER_SECONDS = 600
Handler = Callable[..., Awaitable[HTTPResponse]]


def refuse(request: Request, allowed: frozenset[str]) -> None:
    """Refuse what a page of another site sends.

    Raises:
        Fault: 403.
    """
    told = callers.origin(request)
    if told is not None and told not in allowed and not callers.is_own(request):
        raise Fault(403, "origin_not_allowed", "Pages of this site may not use this chat.")


def allow(request: Request, response: HTTPResponse, allowed: frozenset[str]) -> None:
    """Let the browser give the answer to a page of a named site."""
    response.headers["Vary"] = "Origin"
    told = callers.origin(request)
    if told is not None and told in allowed:
        response.headers["Access-Control-Allow-Origin"] = told
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"


def answer_preflights(routes: Blueprint, paths: dict[str, str]) -> None:
    """Answer browsers that ask first. `paths`: what may be done at each, such as "GET, POST"."""
    for number, (path, methods) in enumerate(paths.items()):
        routes.add_route(_preflight(methods), path, methods=("OPTIONS",), name=f"preflight_{number}")


def _preflight(methods: str) -> Handler:
    async def preflight(_request: Request, **_parts: str) -> HTTPResponse:
        headers = {
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": ALLOWED_HEADERS,
            "Access-Control-Max-Age": str(REMEMBER_SECONDS),
            "Allow": methods,
        }
        return empty(headers={**PRIVATE, **headers})

    return preflight
