"""A provider's webhook that often fails: it refuses, hangs up, takes its time, and takes events without saying so."""

from __future__ import annotations

import hmac
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a-secret-of-the-tests-0123456789"
# What becomes of a request: whether the event is taken, and what is answered (None: the line is closed).
MOODS: tuple[tuple[bool, int | None], ...] = ((True, 200), (False, 500), (True, 500), (False, None), (True, None))
WEIGHTS = (60, 12, 10, 8, 10)
SLOW, SECONDS = 0.04, 1.5


@dataclass
class Receiver:
    """What it has been told, by event id. `trouble` off: it takes everything."""

    chance: random.Random
    url: str = ""
    trouble: bool = True
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    requests: int = 0
    refused: int = 0
    forged: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def settings(self) -> dict[str, str]:
        """For the service that delivers here."""
        return {"NPQ_WEBHOOK_URL": self.url, "NPQ_WEBHOOK_SECRET": SECRET}

    def hear(self, headers: Any, body: bytes) -> tuple[float, int | None]:
        """Take an event, or not; returns how long to wait and what to answer."""
        with self._lock:
            self.requests += 1
            taken, status = self.chance.choices(MOODS, WEIGHTS)[0] if self.trouble else (True, 200)
            if self.requests == 1:  # deliveries may all come when the trouble is over; one is to be tried again
                taken, status = False, 500
            pause = SECONDS if self.trouble and self.chance.random() < SLOW else 0.0
            signed = f"{headers['X-NPQ-Timestamp']}.".encode() + body
            expected = "v1=" + hmac.new(SECRET.encode(), signed, sha256).hexdigest()
            self.forged += not hmac.compare_digest(expected, headers["X-NPQ-Signature"])
            if taken:
                self.events.setdefault(headers["X-NPQ-Event-Id"], []).append(json.loads(body))
            self.refused += status != 200
            return pause, status


@contextmanager
def receiver(chance: random.Random) -> Iterator[Receiver]:
    """A running receiver."""
    told = Receiver(chance)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with suppress(OSError):  # the service was killed while it sent
                pause, status = told.hear(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
                time.sleep(pause)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()
