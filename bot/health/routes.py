"""/health/live, /health/ready and /metrics."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw
from sanic.response import json as as_json
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.faults import PRIVATE, Fault
from bot.channels.guide import Guide
from bot.channels.reply import Reply
from bot.health import logs
from bot.health.metrics import TYPE, Metrics
from bot.health.options import MetricsOptions
from bot.health.selftest import SelfTest
from guidance import interest, knowledge, schools

LOOPBACK = ("127.0.0.1", "::1")
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")  # a proxy on this machine speaks for somebody else

Look = Callable[[], dict[str, Any]]  # how a part is: with `ok`
NO_MORE: Mapping[str, Look] = MappingProxyType({})


def add_health(
    app: Sanic, guide: Guide, interests: interest.Interests, options: MetricsOptions, more: Mapping[str, Look] = NO_MORE
) -> None:
    """Add the three routes, and count turns and responses. `more` are further parts of the service, by name."""
    test, metrics = SelfTest(guide), Metrics()

    async def state() -> dict[str, Any]:
        # both ask the database, which may keep one waiting
        loop = asyncio.get_running_loop()
        left = await loop.run_in_executor(None, interests.health)
        store = await loop.run_in_executor(None, _store, guide.turns.engine)
        problem = await test.problem()
        known = knowledge.health()
        age = datetime.now(timezone.utc) - datetime.fromisoformat(str(known["loaded_at"]))
        return {
            "model": {"ok": problem is None, "problems": [problem] if problem else []},
            "store": store,
            "knowledge": {**known, "age_seconds": round(age.total_seconds())},
            "interest": left,
            "schools": schools.health(),
            **{name: await loop.run_in_executor(None, look) for name, look in more.items()},
        }

    @app.get("/health/live", name="live")
    async def live(_request: Request) -> HTTPResponse:
        return as_json({"status": "ok"})

    @app.get("/health/ready", name="ready")
    async def ready(_request: Request) -> HTTPResponse:
        told = await state()
        if not told["model"]["ok"]:  # no visitor can be answered; anything else leaves most of them well served
            return as_json({"status": "down", **told}, status=503)
        good = all(part["ok"] for part in told.values())
        return as_json({"status": "ok" if good else "degraded", **told})

    def turn(reply: Reply, channel: str, began: float) -> None:
        seconds = time.perf_counter() - began
        metrics.turn(reply.status, channel, seconds)
        logs.turn(reply.status, channel, seconds)

    guide.on_turn = turn
    if not options.on:
        return

    @app.get("/metrics", name="metrics")
    async def figures(request: Request) -> HTTPResponse:
        _refuse(request, options)
        return raw(metrics.told(await state(), guide.live.listeners()), content_type=TYPE, headers=PRIVATE)

    @app.on_response
    async def count(_request: Request, response: HTTPResponse) -> None:
        metrics.response(response.status)


def _store(engine: Any) -> dict[str, bool]:
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except SQLAlchemyError:
        return {"ok": False}
    return {"ok": True}


def _refuse(request: Request, options: MetricsOptions) -> None:
    """Refuse who may not read the figures.

    Raises:
        Fault: 401 without the token; 404 for callers from elsewhere when there is no token.
    """
    if options.token is not None:
        shown = request.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {options.token}".encode()):
            raise Fault(401, "token_wanted", "Send `Authorization: Bearer` with the token of NPQ_METRICS.")
        return
    host = request.headers.get("host", "").lower()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    forwarded = any(request.headers.get(header) is not None for header in FORWARDED)
    if request.ip not in LOOPBACK or name not in OWN_NAMES or forwarded:
        raise Fault(404, "not_found", "There is nothing here.")
