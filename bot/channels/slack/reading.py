"""What Slack sends, read into tasks. What is not for us, or makes no sense, gives none."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from bot.channels.slack.queue import Task

MESSAGE, HOME, ACTION, SHORTCUT, COMMAND = "message", "home", "action", "shortcut", "command"
EDITED = "edited"  # or deleted, by whoever wrote it, in a thread
_SAID = (None, "file_share", "thread_broadcast", "me_message")  # other subtypes are edits, joins and the like
MOST_TEXT = 4000


class Unreadable(Exception):
    """The body is not what Slack sends."""


def json_object(body: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        Unreadable: it is none.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict):
        raise Unreadable
    return found


def form(body: bytes) -> dict[str, str]:
    """The first value of each field of a form.

    Raises:
        Unreadable: it is none.
    """
    try:
        return {name: values[0] for name, values in parse_qs(body.decode("utf-8"), max_num_fields=100).items()}
    except ValueError as error:
        raise Unreadable from error


def event(envelope: dict[str, Any]) -> Task | None:
    """An event of the Events API; None for those that are not for us.

    Raises:
        Unreadable: it lacks what every event has.
    """
    found, team, name = envelope.get("event"), envelope.get("team_id"), envelope.get("event_id")
    if not isinstance(found, dict) or not _texts(team, name):
        raise Unreadable
    kind, user = found.get("type"), found.get("user")
    if kind == "message" and found.get("subtype") in ("message_changed", "message_deleted"):
        return _edited(str(team), str(name), found)
    bots = [one.get("user_id") for one in _objects(envelope.get("authorizations"))]
    if found.get("bot_id") or found.get("subtype") not in _SAID or not _texts(user) or user in bots:
        return None
    if kind == "app_home_opened" and found.get("tab") == "home":
        return Task(str(name), f"{team}:{user}", HOME, {"team": team, "user": user})
    channel, ts = found.get("channel"), found.get("ts")
    if kind not in ("message", "app_mention") or not _texts(channel, ts):
        return None
    text = str(found.get("text") or "")[:MOST_TEXT]
    thread = found.get("thread_ts") if _texts(found.get("thread_ts")) else None
    direct = found.get("channel_type") == "im" or str(channel).startswith("D")
    mention = kind == "app_mention" or any(f"<@{bot}" in text for bot in bots if bot)
    if not (direct or mention or thread):  # people who talk to each other
        return None
    body = {
        "team": team, "channel": channel, "user": user, "text": text, "ts": ts, "direct": direct, "mention": mention,
        "thread_ts": thread, "files": bool(found.get("files")),
    }  # fmt: skip
    place = f"{team}:{channel}:{thread or ('' if direct else ts)}"
    return Task(str(name), place[:120], MESSAGE, body, message=f"{team}:{channel}:{ts}"[:120])


def _edited(team: str, name: str, found: dict[str, Any]) -> Task | None:
    """Somebody changed or deleted what they wrote in a thread. Slack's own changes, such as of previews, are none."""
    was, now = (_objects([found.get(part)]) for part in ("previous_message", "message"))
    gone = found.get("subtype") == "message_deleted"
    if not was or not (gone or (now and was[0].get("text") != now[0].get("text"))):
        return None
    channel, user, ts, thread = found.get("channel"), *(was[0].get(part) for part in ("user", "ts", "thread_ts"))
    if was[0].get("bot_id") or not _texts(channel, user, ts, thread):
        return None
    body = {"team": team, "channel": channel, "user": user, "ts": ts, "thread_ts": thread}
    return Task(name, f"{team}:{channel}:{thread}"[:120], EDITED, body)


def interaction(payload: dict[str, Any]) -> Task | None:
    """A press of a button or a message shortcut; None for others.

    Raises:
        Unreadable: it lacks what every interaction has.
    """
    user, trigger = _inner(payload, "user", "id"), payload.get("trigger_id")
    if not _texts(user, trigger):
        raise Unreadable
    message = payload.get("message") if isinstance(payload.get("message"), dict) else {}
    assert isinstance(message, dict)
    channel = _inner(payload, "channel", "id") or _inner(payload, "container", "channel_id")
    stamp = message.get("ts") or _inner(payload, "container", "message_ts")
    thread = message.get("thread_ts") or _inner(payload, "container", "thread_ts")
    if not _texts(channel):  # such as a view; there are no buttons of ours in one
        return None
    stamp, thread = (value if _texts(value) else None for value in (stamp, thread))
    body = {
        "team": team_of(payload), "channel": channel, "user": user,
        "message_ts": stamp, "thread_ts": thread,
        "response_url": payload.get("response_url"), "trigger_id": trigger,
        "ephemeral": bool(_inner(payload, "container", "is_ephemeral")),
    }  # fmt: skip
    talk = f"{body['team']}:{channel}:{thread or stamp}"[:120]
    if payload.get("type") == "message_action":
        body |= {"callback_id": payload.get("callback_id"), "text": str(message.get("text") or "")[:MOST_TEXT]}
        return Task(f"shortcut:{trigger}"[:120], talk, SHORTCUT, body)
    actions = payload.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    if payload.get("type") != "block_actions" or not _texts(action.get("action_id")):
        return None
    value = action.get("value") or _inner(action, "selected_option", "value")
    row = action.get("block_id")
    body |= {"action_id": action["action_id"], "value": str(value or "")[:2000], "row": row if _texts(row) else ""}
    stamp = action.get("action_ts")
    pressed = f"{stamp if _texts(stamp) else trigger}:{action['action_id']}"
    return Task(f"action:{user}:{pressed}"[:120], talk, ACTION, body)


def command(fields: dict[str, str]) -> Task:
    """A slash command.

    Raises:
        Unreadable: it lacks what every command has.
    """
    team, channel, user = fields.get("team_id"), fields.get("channel_id"), fields.get("user_id")
    url, trigger = fields.get("response_url"), fields.get("trigger_id")
    if not _texts(team, channel, user, url, trigger):
        raise Unreadable
    body = {
        "team": team, "channel": channel, "user": user, "text": fields.get("text", "")[:MOST_TEXT], "response_url": url
    }  # fmt: skip
    return Task(f"command:{trigger}"[:120], f"{team}:{channel}:{user}"[:120], COMMAND, body)


def team_of(payload: dict[str, Any]) -> str | None:
    """The workspace an event or interaction comes from."""
    found = payload.get("team_id") or _inner(payload, "team", "id") or _inner(payload, "user", "team_id")
    return str(found) if found else None


def home_of(payload: dict[str, Any]) -> str | None:
    """The workspace of the person who wrote or pressed; in a channel shared with others it may be another."""
    found = _inner(payload, "event", "user_team") or _inner(payload, "user", "team_id")
    return str(found) if found else None


def enterprise_of(payload: dict[str, Any]) -> str | None:
    """The organisation (Enterprise Grid) an event, interaction or command comes from; None for a single workspace."""
    found = payload.get("enterprise_id") or _inner(payload, "enterprise", "id")
    authorized = _objects(payload.get("authorizations"))
    found = found or next((one["enterprise_id"] for one in authorized if one.get("enterprise_id")), None)
    return str(found) if found else None


def _objects(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _inner(found: dict[str, Any], outer: str, name: str) -> Any:
    inside = found.get(outer)
    return inside.get(name) if isinstance(inside, dict) else None


def _texts(*values: Any) -> bool:
    """Whether they are ids, times or addresses as Slack writes them: plain ASCII, which any database takes."""
    return all(isinstance(value, str) and value and value.isascii() and value.isprintable() for value in values)
