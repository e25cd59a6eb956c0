"""The Sanic app: the page, the web channel and health, around one guide."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as as_json

from bot.channels.faults import MOST_BYTES, explain
from bot.channels.guide import Guide
from bot.channels.sessions import Sessions
from bot.channels.web import web_channel
from bot.pages import HEADERS, add_pages
from guidance import interest, knowledge, schools

logger = logging.getLogger(__name__)

FOLLOW_SECONDS = 2.0


def build(guide: Guide, name: str = "npq-guide") -> Sanic:
    """The app that serves a guide."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 2 * MOST_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.blueprint(web_channel(guide, Sessions(guide.turns.engine)))
    app.error_handler.add(Exception, explain)
    interests = interest.current()
    add_pages(app, guide.contact, interests.retention.transcript_days)
    _health(app, interests)
    _deliver(app, interests)
    app.register_listener(_keep_knowledge_current, "after_server_start")
    app.register_listener(_stop_following, "before_server_stop")
    app.register_middleware(_secure, "response")

    @app.before_server_stop
    async def let_go(_app: Sanic, _loop: Any) -> None:
        guide.live.close()

    return app


def _health(app: Sanic, interests: interest.Interests) -> None:
    @app.get("/health/live", name="live")
    async def live(_request: Request) -> HTTPResponse:
        return as_json({"status": "ok"})

    @app.get("/health/ready", name="ready")
    async def ready(_request: Request) -> HTTPResponse:
        known = knowledge.health()
        # asks the database, which may keep one waiting
        left = await asyncio.get_running_loop().run_in_executor(None, interests.health)
        found = schools.health()
        good = known["ok"] and left["ok"] and found["ok"]
        status = "ok" if good else "degraded"
        return as_json({"status": status, "knowledge": known, "interest": left, "schools": found})


def _deliver(app: Sanic, interests: interest.Interests) -> None:
    """Tell the provider of new expressions of interest, and purge daily, while the service runs."""
    worker = interests.worker()

    @app.after_server_start
    async def begin(_app: Sanic, _loop: Any) -> None:
        worker.start()

    @app.before_server_stop
    async def end(_app: Sanic, _loop: Any) -> None:
        await worker.stop()


async def _keep_knowledge_current(app: Sanic, _loop: Any) -> None:
    app.ctx.following = asyncio.get_running_loop().create_task(_follow())


async def _stop_following(app: Sanic, _loop: Any) -> None:
    app.ctx.following.cancel()


async def _follow() -> None:
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        try:
            # Loading takes longer than a turn; the event loop stays free meanwhile.
            await asyncio.get_running_loop().run_in_executor(None, knowledge.follow)
        except Exception:
            logger.exception("Looking for edited knowledge failed; trying again.")


async def _secure(_request: Request, response: HTTPResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
