"""A page as the web channel sees it: a session, messages, and a stream of events read in the background."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

from tests.conftest import Service

SOON = 30.0  # seconds, generously


class Page:
    """One visitor's session on a service."""

    def __init__(self, service: Service, token: str = "") -> None:
        self.service = service
        self.token = token or service.session()
        self.headers = {"X-NPQ-Session": self.token}

    def say(self, text: str, key: str = "") -> dict[str, Any]:
        """Post a message; the reply."""
        answer = self.post(text, key)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(self, text: object, key: str = "") -> httpx.Response:
        """Post a message."""
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return httpx.post(f"{self.service.url}/api/messages", json={"text": text}, headers=headers, timeout=60)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any other call of the session."""
        headers = {**self.headers, **more.pop("headers", {})}
        return httpx.request(method, self.service.url + path, headers=headers, timeout=60, **more)

    def events(self, after: int = 0, wait: int = 0) -> list[dict[str, Any]]:
        """The turns after a number, by asking."""
        answer = self.ask("GET", f"/api/events?wait={wait}", headers={"Last-Event-ID": str(after)})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["events"])


class Listening:
    """A stream of events."""

    def __init__(self, page: Page, after: int = 0) -> None:
        self.events: list[dict[str, Any]] = []
        self.closed = False
        self.status = 0
        self._page, self._after = page, after
        threading.Thread(target=self._listen, daemon=True).start()
        until(lambda: self.status)

    def _listen(self) -> None:
        headers = {**self._page.headers, "Accept": "text/event-stream", "Last-Event-ID": str(self._after)}
        try:
            with httpx.stream("GET", f"{self._page.service.url}/api/events", headers=headers, timeout=60) as response:
                self._response = response
                self.status = response.status_code
                event: dict[str, Any] = {}
                for line in response.iter_lines():
                    name, _, value = line.partition(": ")
                    if not line and event.get("event"):
                        self.events.append(event)
                        event = {}
                    elif name in ("id", "event"):
                        event[name] = value
                    elif name == "data":
                        event["data"] = json.loads(value)
        except (httpx.TransportError, httpx.StreamError, ValueError, OSError):
            pass  # the service was killed, or this page leaves
        self.closed = True

    def leave(self) -> None:
        """Close the page: its connection breaks."""
        stream = self._response.extensions["network_stream"]
        with suppress(OSError):
            stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        until(lambda: self.closed)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of the events of a kind so far."""
        return [event["data"] for event in self.events if event["event"] == kind]


def until(condition: Callable[[], Any]) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
