"""One POST: no redirects, limited time and size, faults without the address or the body in them."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from guidance.interest.delivery.message import NotDelivered

SECONDS = 10
MOST_BYTES = 65_536
LONGEST_WAIT = 3600.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What was meant for one address is not sent to another."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Send it; returns the answer's body.

    Raises:
        NotDelivered: no connection, no answer in time, or an answer other than 2xx.
    """
    request = urllib.request.Request(url, data=body, method="POST")
    for name, value in {"User-Agent": "npq-guide", **headers}.items():
        request.add_header(name, value)
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return bytes(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            raise NotDelivered(f"answered with status {error.code}", _wait(error.headers)) from None
    except (OSError, http.client.HTTPException) as error:
        cause = getattr(error, "reason", error)
        raise NotDelivered(f"no answer ({type(cause).__name__})") from None


def _wait(headers: Any) -> float | None:
    text = (headers.get("Retry-After") or "").strip()
    return min(float(text), LONGEST_WAIT) if text.isascii() and text.isdigit() else None
