"""What is sent to Slack: messages, other calls of the Web API, answers at the address of a command or button."""

from __future__ import annotations

import json
import logging
from typing import Any

from bot.channels.slack.queue import Claimed, Task
from bot.channels.slack.web_api import NotDone, WebApi

logger = logging.getLogger(__name__)

POST, CALL, RESPOND = "post", "call", "respond"
MOST_KEY = 120  # characters of a task's key, as the table takes it
LOOKED_AT = 500  # messages of a thread or channel, when looking whether one has arrived; Slack gives up to 999
# A call that comes twice, because nobody could tell that the first was done, is refused so.
DONE_BEFORE = {"reactions.add": "already_reacted", "chat.delete": "message_not_found"}


def post(key: str, talk: str, channel: str, text: str, **more: Any) -> Task:
    """A message: `text` (shown where blocks are not), and what chat.postMessage takes, such as blocks and thread_ts."""
    unfurl = {"unfurl_links": False, "unfurl_media": False}
    return Task(key, talk, POST, {"channel": channel, "text": text, **unfurl, **_given(more)})


def call(key: str, talk: str, method: str, **body: Any) -> Task:
    """Another call of the Web API; one that does no harm when it comes twice."""
    return Task(key, talk, CALL, {"method": method, "body": _given(body)})


def respond(key: str, talk: str, url: str, **body: Any) -> Task:
    """An answer at the address that came with a command, a press of a button or a shortcut."""
    return Task(key, talk, RESPOND, {"url": url, "body": _given(body)})


def answer(task: Task, name: str, text: str, *, shared: bool = False, **more: Any) -> Task:
    """The answer to a command, a press or a shortcut, for that person alone or `shared` with the channel.

    `name` tells several answers to the same apart.
    """
    told = {"response_type": "in_channel" if shared else "ephemeral", "replace_original": False, "text": text, **more}
    return respond(f"{name}:{task.key}"[:MOST_KEY], task.talk, task.body["response_url"], **told)


async def send(task: Claimed, api: WebApi) -> str | None:
    """Send it. Returns the time of the message, which is its name in Slack; None for what is no message.

    Raises:
        NotDone: see there.
    """
    if task.kind == RESPOND:
        await api.respond(task.body["url"], task.body["body"])
        return None
    if task.kind == CALL:
        return await _call(task.body["method"], task.body["body"], api)
    if task.attempts > 1 and (there := await _arrived(task, api)):
        return there
    metadata = {"event_type": "npq_guide", "event_payload": {"key": task.key}}
    answer = await api.call("chat.postMessage", **task.body, metadata=metadata)
    return str(answer["ts"])


async def _call(method: str, body: dict[str, Any], api: WebApi) -> str | None:
    try:
        answer = await api.call(method, **body)
    except NotDone as problem:
        if problem.error and problem.error == DONE_BEFORE.get(method):
            return None
        raise
    return str(answer["ts"]) if answer.get("ts") else None


async def _arrived(task: Claimed, api: WebApi) -> str | None:
    """The time of the message if an earlier attempt did arrive, though nobody could tell or the process died."""
    body = task.body
    place = {"channel": body["channel"], "limit": LOOKED_AT, "include_all_metadata": True}
    place |= {"oldest": f"{task.created_at.timestamp() - 60:.6f}"}
    method = "conversations.replies" if body.get("thread_ts") else "conversations.history"
    if body.get("thread_ts"):
        place["ts"] = body["thread_ts"]
    try:
        answer = await api.call(method, **place)
    except NotDone as problem:
        if not problem.for_good:
            raise
        logger.warning("Cannot look whether a message has arrived in Slack (%s).", problem)
        return None
    for message in answer.get("messages", ()):
        if (message.get("metadata") or {}).get("event_payload", {}).get("key") == task.key:
            return str(message["ts"])
    return None


def _given(values: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in values.items() if value is not None}
    json.dumps(found)  # what cannot be stored is a fault of the caller, to be seen at once
    return found
