"""A deployed service as the partner of a scripted conversation, over its web channel."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.conversations.partner import Away

REPLY_SECONDS = 60.0
LONGEST_WAIT = 300.0  # seconds, for a service that asks to come back later
UNSAID_WAIT = 5.0  # where it does not say how long
NO_GUIDE = (
    "what answers at {url} is no NPQ Guide: {what}. Give the address its page is at, such as https://npq.example.org"
)
EMPTY: dict[str, Any] = {
    "buttons": [], "asking": None, "programmes": [], "topics": [], "sources": [], "intent": None, "confidence": None,
    "ms": 0.0,
}  # fmt: skip


class Remote:
    """A service at an address; an asynchronous context manager. Its sessions are the service's secret tokens."""

    def __init__(self, url: str) -> None:
        """
        Raises:
            Away: when the address cannot be one.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Away(f"`{url}` is no address of a service. Write it such as https://npq.example.org")
        self.url = url.rstrip("/")

    async def __aenter__(self) -> Remote:
        timeout = aiohttp.ClientTimeout(total=REPLY_SECONDS)
        self._client = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    def on(self, day: date, schools: Sequence[Path] = ()) -> AbstractContextManager[None]:
        """Nobody outside can set a service's clock or lists."""
        return nullcontext()

    async def new_session(self) -> str:
        """A new session's token."""
        status, body = await self._post("/api/sessions")
        if status != HTTPStatus.CREATED or not isinstance(body.get("session"), str):
            raise Away(NO_GUIDE.format(url=self.url, what=f"POST /api/sessions gave {_said(status, body)}"))
        return str(body["session"])

    async def say(self, session: str, text: str, channel: str) -> dict[str, Any]:
        """The reply; a refusal or a fault of the service is a reply with the status `error`."""
        headers = {"X-NPQ-Session": session, "Idempotency-Key": uuid.uuid4().hex}
        status, body = await self._post("/api/messages", {"text": text}, headers)
        if "messages" not in body or "status" not in body:
            said = _said(status, body)
            body = {"status": "error", "text": said, "messages": [said]}
        return {**EMPTY, **body, "session": ""}

    async def details(self, session: str) -> dict[str, Any]:
        """Not known from outside."""
        return {}

    async def _post(
        self, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of the answer (empty where it is none), waiting as long as the service wants."""
        until = time.monotonic() + LONGEST_WAIT
        while True:
            try:
                async with self._client.post(
                    self.url + path, json=body, headers=headers, allow_redirects=False
                ) as answer:
                    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                        wait = _seconds(answer.headers.get("Retry-After"))
                        if time.monotonic() + wait > until:
                            raise Away(
                                f"{self.url} answers too many requests (429) and asks to wait {wait:.0f} s more."
                            )
                    elif answer.status in range(300, 400):
                        other = answer.headers.get("Location", "elsewhere")
                        raise Away(f"{self.url} sends on to {other}. Give the address it sends to.")
                    else:
                        return answer.status, await _object(answer)
            except asyncio.TimeoutError as error:
                raise Away(f"{self.url} did not answer within {REPLY_SECONDS:.0f} seconds.") from error
            except (aiohttp.ClientError, ValueError) as error:
                raise Away(
                    f"no service can be reached at {self.url} ({_why(error)}). Is it running, and is the address right?"
                ) from error
            await asyncio.sleep(wait)


async def _object(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        found = await answer.json(content_type=None)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(status: int, body: Mapping[str, Any]) -> str:
    """A refusal or fault in words."""
    fault = body.get("error")
    if isinstance(fault, dict) and fault.get("message"):
        return str(fault["message"])
    return f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)


def _why(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not valid for this address"
    cause = getattr(error, "os_error", None)
    if isinstance(cause, OSError) and cause.errno:
        return os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)  # below 0: of a name not found
    return str(error) or type(error).__name__


def _seconds(written: str | None) -> float:
    """What `Retry-After` asks for: seconds or a date."""
    if not written:
        return UNSAID_WAIT
    if written.strip().isdigit():
        return max(0.1, float(written))
    try:
        return max(0.1, (parsedate_to_datetime(written) - datetime.now(timezone.utc)).total_seconds())
    except (TypeError, ValueError):
        return UNSAID_WAIT
