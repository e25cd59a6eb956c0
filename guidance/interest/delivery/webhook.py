"""The provider's own system: all details as JSON, signed. The only destination besides email with personal data.

docs/interest.md has the headers and how to check them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from guidance.interest import outbox
from guidance.interest.delivery import http
from guidance.interest.delivery.message import Message
from guidance.interest.options import Environ, secret, secure_url
from guidance.interest.tables import utc

VERSION = "v1"


@dataclass(frozen=True)
class Webhook:
    """POSTs each event to one address."""

    url: str
    secret: str = field(repr=False)
    name: str = "webhook"

    @classmethod
    def from_environment(cls, environ: Environ) -> Webhook | None:
        """As set by NPQ_WEBHOOK_URL and NPQ_WEBHOOK_SECRET; None when not set."""
        url = secure_url(environ, "NPQ_WEBHOOK_URL")
        if url is None:
            return None
        return cls(url, secret(environ, "NPQ_WEBHOOK_SECRET", "the receiver knows by it that a request is genuine"))

    def send(self, message: Message) -> None:
        """Post it, signed with the time of this attempt."""
        body = json.dumps(told(message), ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-NPQ-Event-Id": message.event_id,
            "X-NPQ-Event-Type": message.kind,
            "X-NPQ-Timestamp": stamp,
            "X-NPQ-Signature": f"{VERSION}={signature(self.secret, stamp, body)}",
        }
        http.post(self.url, body, headers)


def signature(key: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`, in hexadecimal."""
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def told(message: Message) -> dict[str, Any]:
    """All that is told of an event, personal details too."""
    data: dict[str, Any] = {"reference": message.reference, "right": message.right}
    if message.kind == outbox.WITHDRAWN:
        data = {"reference": message.reference, "marketing_consent": False}
    elif message.interest:
        data = {
            **message.interest.to_dict(),
            "school_urn": message.interest.details.school_urn,
            "channel": message.interest.channel,
            "keep_until": message.interest.expires_at.date().isoformat(),
            "consents": [
                {
                    **{key: item[key] for key in ("purpose", "basis", "given", "version", "wording")},
                    "at": utc(item["at"]).isoformat(timespec="seconds"),
                }
                for item in message.consents
            ],
        }
    created = message.created_at.isoformat(timespec="seconds")
    return {"id": message.event_id, "type": message.kind, "created_at": created, "data": data}
