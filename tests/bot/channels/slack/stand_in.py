"""A Slack of our own: answers the Web API as Slack does, and knocks at the service's door with signed requests.

It keeps messages by channel, and what was shown to one person only. Its moods: out of order, rate limited, or silent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

TOKEN = "xoxb-1-of-the-tests"
SECRET = "0123456789abcdef0123456789abcdef"
TEAM, BOT, BOT_USER = "T0TEAM01", "B0BOT001", "U0BOT001"
ANN, BEN = "U0ANN0001", "U0BEN0001"
NAMES = {ANN: "Ann Teak", BEN: "Ben Evolent"}
SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,groups:history,groups:read,im:history,"
    "reactions:write,users:read"
)
# What a method wants, by the first letter of the channel where it depends on that.
WANTS: dict[str, dict[str, str]] = {
    "auth.test": {}, "views.publish": {},
    "chat.postMessage": {"": "chat:write"}, "chat.update": {"": "chat:write"}, "chat.delete": {"": "chat:write"},
    "chat.postEphemeral": {"": "chat:write"}, "reactions.add": {"": "reactions:write"},
    "users.info": {"": "users:read"},
    "conversations.info": {"C": "channels:read", "G": "groups:read"},
    "conversations.history": {"C": "channels:history", "G": "groups:history", "D": "im:history"},
    "conversations.replies": {"C": "channels:history", "G": "groups:history", "D": "im:history"},
}  # fmt: skip
# What an event wants; a command and a shortcut want `commands`.
EVENTS_WANT = {
    "app_home_opened": None, "app_mention": "app_mentions:read", "message.channels": "channels:history",
    "message.groups": "groups:history", "message.im": "im:history",
}  # fmt: skip
NO_JSON = ("conversations.history", "conversations.replies", "conversations.info", "users.info")
MOST_TEXT, MOST_BLOCKS, MOST_SECTION, MOST_ELEMENTS, MOST_LABEL, MOST_OPTION = 40_000, 50, 3000, 25, 75, 150
MOST_NAME = 255
LIMIT_SECONDS = 2


@dataclass
class Slack:
    """What it knows. `limit_next`: how many calls get 429; `down`: every call fails; `lose_next`: done, not told."""

    url: str = ""
    scopes: str = SCOPES
    channels: dict[str, str] = field(default_factory=lambda: {"C0STAFF01": "npq-staff", "C0INTEREST": "npq-interest"})
    member_of: set[str] = field(default_factory=lambda: {"C0STAFF01", "C0INTEREST"})
    posts: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    ephemeral: list[dict[str, Any]] = field(default_factory=list)
    reactions: list[tuple[str, str, str]] = field(default_factory=list)  # channel, time, name
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    limit_next: int = 0
    limited: dict[str, float] = field(default_factory=dict)  # method to when it may be called again
    too_early: list[str] = field(default_factory=list)  # calls before that
    lose_next: int = 0
    down: bool = False
    refusing: dict[str, str] = field(default_factory=dict)  # method to error
    slow: threading.Event | None = None  # messages are there, and their senders told only when it is set
    _stamps: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def stamp(self) -> str:
        """A time that no other message has."""
        return f"{int(time.time())}.{next(self._stamps):06d}"

    # What the service calls.

    def call(self, method: str, given: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, body and headers of a call of the Web API."""
        with self._lock:
            self.calls.append(method)
            if self.down:
                return 503, {}, {}
            if self.limited.get(method, 0.0) > time.monotonic():
                self.too_early.append(method)
            if self.limit_next:
                self.limit_next -= 1
                self.limited[method] = time.monotonic() + LIMIT_SECONDS
                return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(LIMIT_SECONDS)}
            if method in self.refusing:
                return 200, {"ok": False, "error": self.refusing[method]}, {}
            if (wanted := self._wanted(method, given)) and wanted not in self.scopes.split(","):
                return 200, {"ok": False, "error": "missing_scope", "needed": wanted}, {}
            do = getattr(self, "_" + method.replace(".", "_"), None)
            body = do(given) if do else {"ok": False, "error": "unknown_method"}
            if self.lose_next:
                self.lose_next -= 1
                return 0, {}, {}
            return 200, {"ok": True, **body}, {"x-oauth-scopes": self.scopes}

    @staticmethod
    def _wanted(method: str, given: dict[str, Any]) -> str | None:
        wants = WANTS.get(method, {})
        return wants.get("") or wants.get(str(given.get("channel"))[:1])

    def _auth_test(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": TEAM, "team": "Provider", "user_id": BOT_USER, "bot_id": BOT, "url": self.url}

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        if wrong := self._wrong(given):
            return {"ok": False, "error": wrong}
        message = {**given, "ts": self.stamp(), "user": BOT_USER, "bot_id": BOT}
        self.posts.append(message)
        return {"ts": message["ts"], "channel": given["channel"]}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        for message in self.posts:
            if (message["channel"], message["ts"]) == (given["channel"], given["ts"]):
                message.update(given)
                return {"ts": given["ts"], "channel": given["channel"]}
        return {"ok": False, "error": "message_not_found"}

    def _chat_delete(self, given: dict[str, Any]) -> dict[str, Any]:
        for message in self.posts:
            if (message["channel"], message["ts"]) == (given["channel"], given["ts"]):
                self.posts.remove(message)
                return {"ts": given["ts"], "channel": given["channel"]}
        return {"ok": False, "error": "message_not_found"}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        if wrong := self._wrong(given):
            return {"ok": False, "error": wrong}
        self.ephemeral.append(given)
        return {"message_ts": self.stamp()}

    def _wrong(self, given: dict[str, Any]) -> str | None:
        channel = str(given.get("channel"))
        if not channel.startswith("D") and channel not in self.channels:
            return "channel_not_found"
        if not channel.startswith("D") and channel not in self.member_of:
            return "not_in_channel"
        return wrong_message(given)

    def _conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        mine = [one for one in self.posts if one["channel"] == given["channel"] and not one.get("thread_ts")]
        return {"messages": _as_seen(mine, given)[-int(given["limit"]) :]}

    def _conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        mine = [
            one
            for one in self.posts
            if one["channel"] == given["channel"] and given["ts"] in (one["ts"], one.get("thread_ts"))
        ]
        return {"messages": _as_seen(mine, given)[: int(given["limit"])]}

    def _conversations_info(self, given: dict[str, Any]) -> dict[str, Any]:
        name = self.channels.get(given["channel"])
        if name is None:
            return {"ok": False, "error": "channel_not_found"}
        return {"channel": {"id": given["channel"], "name": name, "is_member": given["channel"] in self.member_of}}

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        name = NAMES.get(given["user"])
        if name is None:
            return {"ok": False, "error": "user_not_found"}
        return {
            "user": {
                "id": given["user"],
                "real_name": name,
                "profile": {"real_name": name, "first_name": name.split()[0]},
            }
        }

    def _reactions_add(self, given: dict[str, Any]) -> dict[str, Any]:
        mine = (given["channel"], given["timestamp"], given["name"])
        if mine in self.reactions:
            return {"ok": False, "error": "already_reacted"}
        self.reactions.append(mine)
        return {}

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        self.homes[given["user_id"]] = given["view"]
        return {}

    def respond(self, path: str, given: dict[str, Any]) -> int:
        """An answer at a response address; returns the status."""
        if self.down:
            return 503
        assert wrong_message(given) is None or given.get("text"), wrong_message(given)
        self.responses.append({**given, "to": path})
        return 200

    def in_thread(self, channel: str, thread: str) -> list[dict[str, Any]]:
        """The service's messages in a thread."""
        return [one for one in self.posts if one["channel"] == channel and one.get("thread_ts") == thread]


def wrong_message(given: dict[str, Any]) -> str | None:
    """What Slack has against a message: its limits of text and blocks."""
    blocks = given.get("blocks", [])
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(names)) < len(names) or any(not 0 < len(name) <= MOST_NAME for name in names):
        return "invalid_blocks"
    if len(given.get("text") or "") > MOST_TEXT:
        return "msg_too_long"
    if len(blocks) > MOST_BLOCKS:
        return "invalid_blocks"
    for block in blocks:
        text = block.get("text", {}).get("text", "x")
        elements = block.get("elements", [])
        if not 0 < len(text) <= MOST_SECTION or len(elements) > MOST_ELEMENTS:
            return "invalid_blocks"
        ids = [one["action_id"] for one in elements if "action_id" in one]
        labels = [one["text"]["text"] for one in elements if one["type"] == "button"]
        if len(set(ids)) < len(ids) or any(not 0 < len(label) <= MOST_LABEL for label in labels):
            return "invalid_blocks"
        if any(len(one.get("options", ())) > 100 or len(one.get("value", "")) > 2000 for one in elements):
            return "invalid_blocks"
        options = [one for element in elements for one in element.get("options", ())]
        if any(len(one["value"]) > MOST_OPTION or len(one["text"]["text"]) > MOST_LABEL for one in options):
            return "invalid_blocks"
        if block["type"] == "context" and (len(elements) > 10 or any(len(one["text"]) > 3000 for one in elements)):
            return "invalid_blocks"
    return None if given.get("text") or blocks else "no_text"


def _as_seen(messages: list[dict[str, Any]], given: dict[str, Any]) -> list[dict[str, Any]]:
    oldest = float(given.get("oldest") or 0)
    seen = [one for one in messages if float(one["ts"]) >= oldest]
    if given.get("include_all_metadata"):
        return seen
    return [{name: value for name, value in one.items() if name != "metadata"} for one in seen]


@contextmanager
def slack() -> Iterator[Slack]:
    """A running stand-in; its API is at `url` + "/api"."""
    known = Slack()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._take(urlsplit(self.path).query)

        def do_POST(self) -> None:
            with suppress(OSError):  # the service was killed while it called
                self._take(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def _take(self, raw: str) -> None:
            with suppress(OSError):
                path = urlsplit(self.path).path
                json_body = "json" in (self.headers.get("Content-Type") or "")
                given = json.loads(raw) if json_body else {name: one[0] for name, one in parse_qs(raw).items()}
                if json_body and path.rpartition("/")[2] in NO_JSON:
                    return self._answer(200, b'{"ok": false, "error": "invalid_arguments"}', {})
                if path.startswith("/respond/"):
                    return self._answer(known.respond(path, given), b"ok", {})
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    return self._answer(200, b'{"ok": false, "error": "invalid_auth"}', {})
                status, body, headers = known.call(path.rpartition("/")[2], given)
                if known.slow and path.endswith("chat.postMessage"):
                    known.slow.wait(8)
                if not status:  # the line breaks before the answer
                    self.close_connection = True
                    return None
                return self._answer(status, json.dumps(body).encode(), headers)

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                **headers,
                "Content-Length": str(len(body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield known
    server.shutdown()
    server.server_close()


@dataclass
class Knocks:
    """Slack's requests to the service at `url`."""

    slack: Slack
    url: str
    secret: str = SECRET
    patience: float = 30  # seconds; Slack's own is 3
    post: Callable[..., httpx.Response] = httpx.post
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def settings(self) -> dict[str, str]:
        """Of a service that is in this Slack."""
        return settings(self.slack)

    def send(self, path: str, body: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
        """One signed request."""
        stamp = str(int(time.time()))
        signed = f"v0:{stamp}:".encode() + body
        mark = "v0=" + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        given = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": mark, "Content-Type": kind, **headers}
        return self.post(f"{self.url}/slack/{path}", content=body, headers=given, timeout=self.patience)

    def raw(self, path: str, body: bytes, headers: Any) -> httpx.Response:
        """A request as it is, of whoever sends it."""
        return httpx.post(f"{self.url}/slack/{path}", content=body, headers=headers, timeout=30)

    def event(self, event: dict[str, Any], event_id: str = "", team: str = TEAM, **headers: str) -> httpx.Response:
        """An event of the Events API."""
        envelope = {
            "type": "event_callback", "team_id": team, "api_app_id": "A0APP", "event": event,
            "event_id": event_id or f"Ev{next(self._ids):08d}", "event_time": int(time.time()),
            "authorizations": [{"team_id": team, "user_id": BOT_USER, "is_bot": True}],
        }  # fmt: skip
        return self.send("events", json.dumps(envelope).encode(), **headers)

    def says(self, text: str, channel: str = "D0ANN", user: str = ANN, thread: str | None = None, **more: Any) -> str:
        """Somebody writes a message; returns its time."""
        ts = more.pop("ts", None) or self.slack.stamp()
        event = {"type": "message", "channel": channel, "user": user, "text": text, "ts": ts, **more}
        event["channel_type"] = "im" if channel.startswith("D") else "channel"
        if thread:
            event["thread_ts"] = thread
        answer = self.event(event)
        assert answer.status_code == 200, answer.text
        return ts

    def presses(
        self, action_id: str, value: str = "", user: str = ANN, message: dict[str, Any] | None = None, **container: Any
    ) -> httpx.Response:
        """Somebody presses a button of a message; `is_ephemeral=True` of one that only they see."""
        message = message or {"channel": "D0ANN", "ts": self.slack.stamp()}
        number = next(self._ids)
        row = next((block.get("block_id") for block in message.get("blocks", ()) if block["type"] == "actions"
                    and action_id in [one["action_id"] for one in block["elements"]]), None)  # fmt: skip
        payload = {
            "type": "block_actions", "team": {"id": TEAM}, "user": {"id": user, "name": NAMES[user], "team_id": TEAM},
            "channel": {"id": message["channel"]}, "message": message, "trigger_id": f"trigger{number}",
            "container": {"channel_id": message["channel"], "message_ts": message["ts"], **container},
            "response_url": f"{self.slack.url}/respond/{number}",
            "actions": [{"action_id": action_id, "block_id": row or "x1Y2", "value": value,
                         "action_ts": f"{time.time():.6f}{number}"}],
        }  # fmt: skip
        return self.interacts(payload)

    def interacts(self, payload: dict[str, Any]) -> httpx.Response:
        """An interaction as it comes."""
        form = urlencode({"payload": json.dumps(payload)}).encode()
        return self.send("interactions", form, "application/x-www-form-urlencoded")

    def uses_shortcut(self, text: str, channel: str = "C0STAFF01", user: str = ANN, **more: str) -> httpx.Response:
        """Somebody chooses the shortcut on a message."""
        number = next(self._ids)
        return self.interacts(
            {
                "type": "message_action", "callback_id": "answer_message", "team": {"id": TEAM},
                "user": {"id": user, "name": NAMES[user]}, "channel": {"id": channel}, "trigger_id": f"trigger{number}",
                "message": {"type": "message", "text": text, "ts": self.slack.stamp(), "user": BEN, **more},
                "response_url": f"{self.slack.url}/respond/{number}",
            }
        )  # fmt: skip

    def commands(self, text: str, channel: str = "C0STAFF01", user: str = ANN, team: str = TEAM) -> httpx.Response:
        """Somebody writes `/npq` and a text."""
        number = next(self._ids)
        fields = {
            "team_id": team, "channel_id": channel, "user_id": user, "command": "/npq", "text": text,
            "trigger_id": f"trigger{number}", "response_url": f"{self.slack.url}/respond/{number}",
        }  # fmt: skip
        return self.send("commands", urlencode(fields).encode(), "application/x-www-form-urlencoded")


def settings(known: Slack, **more: str) -> dict[str, str]:
    """Of a service that is in this Slack."""
    return {
        "NPQ_SLACK_BOT_TOKEN": TOKEN,
        "NPQ_SLACK_SIGNING_SECRET": SECRET,
        "NPQ_SLACK_TEAMS": TEAM,
        "NPQ_SLACK_API": f"{known.url}/api",
        **more,
    }
