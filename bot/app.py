"""The Sanic app: the page, the web channel and health, around one guide."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import callers, origins
from bot.channels.faults import MOST_BYTES, explain
from bot.channels.guide import Guide
from bot.channels.limits import Limits
from bot.channels.options import WebOptions
from bot.channels.plain import plain_page
from bot.channels.relay import Relay
from bot.channels.sessions import Sessions
from bot.channels.slack.options import SlackOptions
from bot.channels.slack.wiring import add_slack
from bot.channels.web import web_channel
from bot.handoff.options import HandoffOptions
from bot.handoff.service import add_handoffs
from bot.health import redis
from bot.health.options import MetricsOptions
from bot.health.routes import add_health
from bot.pages import HEADERS as PAGE_HEADERS
from bot.pages import add_pages
from bot.staff import add_staff
from guidance import interest, knowledge

logger = logging.getLogger(__name__)

FOLLOW_SECONDS = 2.0
HSTS = "max-age=31536000; includeSubDomains"
# Beside those of the pages.
HEADERS = {
    **PAGE_HEADERS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",  # for browsers without frame-ancestors
}


def build(
    guide: Guide,
    options: WebOptions | None = None,
    name: str = "npq-guide",
    *,
    slack: SlackOptions | None = None,
    metrics: MetricsOptions | None = None,
    handoff: HandoffOptions | None = None,
) -> Sanic:
    """The app that serves a guide."""
    options = options or WebOptions()
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 2 * MOST_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "json"
    sessions, limits = Sessions(guide.turns.engine), Limits(options.limits, options.redis_url)
    app.blueprint(web_channel(guide, sessions, options, limits))
    app.blueprint(plain_page(guide, sessions, options, limits))
    add_staff(app, options, limits)
    in_slack = add_slack(app, guide, slack) if slack is not None else None
    if in_slack is not None and handoff is not None:
        add_handoffs(app, guide, in_slack, handoff, interest.current().store.keyring)
    app.error_handler.add(Exception, explain)
    interests = interest.current()
    add_pages(app, guide.contact, interests.retention.transcript_days)
    more = {"slack": in_slack.health} if in_slack is not None else {}
    if options.redis_url:
        more["redis"] = redis.look(options.redis_url)
        _keep_stored(app, guide)
    add_health(app, guide, interests, metrics or MetricsOptions(), more)
    _deliver(app, interests)
    app.register_listener(_keep_knowledge_current, "after_server_start")
    app.register_listener(_stop_following, "before_server_stop")

    @app.on_response
    async def secure(request: Request, response: HTTPResponse) -> None:
        if request.path.startswith("/api/"):
            origins.allow(request, response, options.origins)
        if callers.is_https(request, options.proxies):
            response.headers["Strict-Transport-Security"] = HSTS
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)

    _follow_conversations(app, guide, options)
    return app


def _follow_conversations(app: Sanic, guide: Guide, options: WebOptions) -> None:
    """Hear of other processes while the service runs; let open pages go when it stops."""
    relay = Relay(guide.live, options.redis_url) if options.redis_url else None

    @app.after_server_start
    async def begin_relay(_app: Sanic, _loop: Any) -> None:
        if relay is not None:
            relay.start()

    @app.before_server_stop
    async def let_go(_app: Sanic, _loop: Any) -> None:
        guide.live.close()
        if relay is not None:
            await relay.stop()


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


def _keep_stored(app: Sanic, guide: Guide) -> None:
    """Store what was held while the database was away: the visitor's next message may go to another process."""
    storing: list[asyncio.Task[None]] = []

    async def store() -> None:
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            await guide.agent.tracker_store.give_back(guide.agent.lock_store)

    @app.after_server_start
    async def begin(_app: Sanic, _loop: Any) -> None:
        storing.append(asyncio.get_running_loop().create_task(store()))

    @app.before_server_stop
    async def end(_app: Sanic, _loop: Any) -> None:
        for task in storing:
            task.cancel()


async def _follow() -> None:
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        try:
            # Loading takes longer than a turn; the event loop stays free meanwhile.
            await asyncio.get_running_loop().run_in_executor(None, knowledge.follow)
        except Exception:
            logger.exception("Looking for edited knowledge failed; trying again.")
