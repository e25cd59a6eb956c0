"""Whether a request comes from Slack: its signature over the raw body, not older than five minutes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from sanic.compat import Header
from slack_sdk.signature import Clock, SignatureVerifier

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Signatures:
    """Checks requests with the signing secret of our app."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._verifier = SignatureVerifier(secret, clock=_Now(clock))

    def good(self, headers: Header, body: bytes) -> bool:
        """Whether Slack made it, a moment ago. Junk in the headers is no more than that. `body`: as it came."""
        stamps = headers.getall("x-slack-request-timestamp", [])
        signatures = headers.getall("x-slack-signature", [])
        if len(stamps) != 1 or len(signatures) != 1:
            return False
        stamp, signature = str(stamps[0]), str(signatures[0])
        # The library takes these two as they come, and fails on what is no number.
        if not _SECONDS.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            return False
        try:
            return bool(self._verifier.is_valid(body=body, timestamp=stamp, signature=signature))
        except UnicodeDecodeError:  # Slack writes UTF-8
            return False


class _Now(Clock):
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now(self) -> float:
        """The time, in seconds."""
        return self._clock()
