"""How Redis is, where several processes share it. Without it they answer on, with less to share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

SECONDS = 0.5


def look(url: str) -> Callable[[], dict[str, Any]]:
    """A part of /health/ready."""

    def ask() -> dict[str, Any]:
        from redis import Redis
        from redis.exceptions import RedisError

        try:
            with closing(Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)) as client:
                return {"ok": bool(client.ping())}
        except (RedisError, OSError):
            return {"ok": False}

    return ask
