"""How much is taken a minute: in memory for one process, in Redis for several.

Without Redis each process counts for itself meanwhile: a question is answered rather than refused.
"""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.faults import Fault
from bot.channels.options import LIMITS

logger = logging.getLogger(__name__)

WINDOW = 60.0  # seconds
MOST_COUNTED = 20_000  # sessions and addresses
AWAY_SECONDS = 5.0  # for which Redis is not asked after it failed
REDIS_SECONDS = 0.5  # which Redis may take

Wants = list[tuple[str, int]]  # what is counted, and how much of it is taken in a window


class Counts:
    """What came within the last minute, exactly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, wants: Wants) -> float:
        """Count one more everywhere and return 0, or count nothing and return the seconds to wait."""
        now = self._clock()
        kept = [(self._within(name, now), most) for name, most in wants]
        wait = max((times[-most] + WINDOW - now for times, most in kept if len(times) >= most), default=0.0)
        if wait <= 0:
            for times, _most in kept:
                times.append(now)
        return max(wait, 0.0)

    def _within(self, name: str, now: float) -> deque[float]:
        times = self._times.setdefault(name, deque())
        self._times.move_to_end(name)
        while times and times[0] <= now - WINDOW:
            times.popleft()
        while len(self._times) > MOST_COUNTED:
            self._times.popitem(last=False)
        return times


_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window, member, wait = tonumber(ARGV[1]), ARGV[2], 0
for i, key in ipairs(KEYS) do
  local most = tonumber(ARGV[i + 2])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  if redis.call('ZCARD', key) >= most then
    local oldest = redis.call('ZRANGE', key, -most, -most, 'WITHSCORES')
    wait = math.max(wait, oldest[2] + window - now)
  end
end
if wait == 0 then
  for _, key in ipairs(KEYS) do
    redis.call('ZADD', key, now, member)
    redis.call('PEXPIRE', key, window)
  end
end
return wait
"""


class SharedCounts:
    """The same for several processes."""

    def __init__(self, client: Any) -> None:
        self._take = client.register_script(_TAKE)

    async def take(self, wants: Wants) -> float:
        """As `Counts.take`.

        Raises:
            RedisError, OSError: Redis is away.
        """
        keys = [f"npq:limit:{name}" for name, _most in wants]
        given = [int(WINDOW * 1000), secrets.token_hex(8), *(most for _name, most in wants)]
        return float(await self._take(keys=keys, args=given)) / 1000


def digest(text: str) -> str:
    """What Redis and memory know an address by: it is personal data."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


class Limits:
    """The limits of the web channel."""

    def __init__(self, most: Mapping[str, int] = LIMITS, redis_url: str | None = None) -> None:
        self._most = most
        self._counts = Counts()
        self._shared = SharedCounts(connect(redis_url)) if redis_url else None
        self._away_until = 0.0

    async def call(self, address: str) -> None:
        """Count a request of any kind. Only here: a limit on how busy one caller keeps this process.

        Raises:
            Fault: 429.
        """
        self._refuse(self._counts.take([(f"calls:{address}", self._most["calls"])]), _CALLS)

    async def session(self, address: str) -> None:
        """Count a new session.

        Raises:
            Fault: 429.
        """
        self._refuse(await self._take([("sessions", address)]), _SESSIONS)

    async def message(self, address: str, conversation: str) -> None:
        """Count a message.

        Raises:
            Fault: 429.
        """
        self._refuse(await self._take([("session", conversation), ("address", address), ("service", "")]), _MESSAGES)

    async def _take(self, counted: list[tuple[str, str]]) -> float:
        wants = [(f"{name}:{digest(of)}", self._most[name]) for name, of in counted]
        if self._shared is not None and time.monotonic() >= self._away_until:
            from redis.exceptions import RedisError

            try:
                return await self._shared.take(wants)
            except (RedisError, OSError, TimeoutError) as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                logger.warning("Redis cannot be used (%s): this process counts for itself.", type(error).__name__)
        return self._counts.take(wants)

    @staticmethod
    def _refuse(wait: float, words: str) -> None:
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            when = "1 second" if seconds == 1 else f"{seconds} seconds"
            raise Fault(429, "too_many", words.format(when=when), retry_after=seconds)


_MESSAGES = "You are sending messages faster than I can take them. Please wait {when}, then send it again."
_SESSIONS = "Many chats were started from your network just now. Please wait {when}, then try again."
_CALLS = "There were many requests from your network just now. Please wait {when}, then try again."


def connect(url: str, seconds: float | None = REDIS_SECONDS) -> Any:
    """A client of Redis that does not keep visitors waiting. Connects on first use. `seconds`: None to listen on."""
    from redis.asyncio import Redis

    return Redis.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=REDIS_SECONDS,
        socket_keepalive=True,
        health_check_interval=15,
    )
