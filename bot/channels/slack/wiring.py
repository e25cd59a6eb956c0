"""Puts the Slack channel together and into the app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanic import Sanic

from bot.channels.guide import Guide
from bot.channels.slack import reading
from bot.channels.slack.answers import Answers
from bot.channels.slack.door import MOST_BYTES, slack_door
from bot.channels.slack.home import Home
from bot.channels.slack.interests import Interests
from bot.channels.slack.options import SlackOptions
from bot.channels.slack.queue import Claimed, Queue, Task
from bot.channels.slack.service import SlackService
from bot.channels.slack.web_api import WebApi
from guidance import interest

INTEREST_BUTTONS = "interest:"
SHORTCUT = "answer_message"  # the callback id in the manifest


def add_slack(app: Sanic, guide: Guide, options: SlackOptions) -> SlackService:
    """Serve Slack: its routes, and the work behind them while the service runs."""
    store = interest.current().store
    service = SlackService(Queue(store.engine, store.keyring), WebApi(options.token, options.api))
    answers, interests = Answers(guide, service.queue), Interests(options)

    async def pressed(task: Claimed) -> Sequence[Task]:
        if task.body["action_id"].startswith(INTEREST_BUTTONS):
            return await interests.pressed(task)
        return await answers.pressed(task)

    async def shortcut(task: Claimed) -> Sequence[Task]:
        return await answers.shortcut(task) if task.body["callback_id"] == SHORTCUT else ()

    service.handlers = {
        reading.MESSAGE: answers.message,
        reading.ACTION: pressed,
        reading.COMMAND: answers.command,
        reading.SHORTCUT: shortcut,
        reading.HOME: Home(guide.contact).opened,
    }
    app.config.REQUEST_MAX_SIZE = max(app.config.REQUEST_MAX_SIZE, MOST_BYTES)
    app.blueprint(slack_door(service, options))

    @app.after_server_start
    async def begin(_app: Sanic, _loop: Any) -> None:
        service.start()

    @app.before_server_stop
    async def end(_app: Sanic, _loop: Any) -> None:
        await service.stop()

    return service
