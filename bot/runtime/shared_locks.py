"""The same among several processes, through Redis: first come, first served, woken and not polled.

Redis holds the token of whoever has a conversation, and a queue of the tokens of those who wait. Whoever is done hands
it to the first who still waits, and wakes it. A holder renews its token while it works; one that died loses it after
`LEASE` seconds. Redis may forget everything or be away: then two processes may work on one conversation at once, and
the database makes one of them begin again (bot/runtime/store.py, `Overtaken`). Who waits is decided here, what is true
is decided there.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.channels.limits import connect
from bot.runtime.locks import ConversationLocks

logger = logging.getLogger(__name__)

LEASE = 10.0  # seconds a conversation waits for a process that was killed; a blocked event loop may be late by some
RENEW = LEASE / 4
LOOK = 1.0  # seconds after which one who waits says that it still does, and looks for a holder that died
AWAY_SECONDS = 2.0  # for which Redis is not asked after it failed

# KEYS: holder, queue. ARGV: token, lease in ms, how long one who waits counts as alive in ms.
_TAKE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
local alive = KEYS[2] .. ':alive:'
redis.call('SET', alive .. ARGV[1], 1, 'PX', ARGV[3])
if not redis.call('LPOS', KEYS[2], ARGV[1]) then redis.call('RPUSH', KEYS[2], ARGV[1]) end
redis.call('PEXPIRE', KEYS[2], 60000)
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local first = redis.call('LINDEX', KEYS[2], 0)
while first and redis.call('EXISTS', alive .. first) == 0 do
  redis.call('LPOP', KEYS[2])
  first = redis.call('LINDEX', KEYS[2], 0)
end
if first ~= ARGV[1] then return 0 end
redis.call('LPOP', KEYS[2])
redis.call('DEL', alive .. ARGV[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

_RENEW = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

_GIVE = """
local alive = KEYS[2] .. ':alive:'
redis.call('DEL', alive .. ARGV[1])
redis.call('LREM', KEYS[2], 0, ARGV[1])
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
local first = redis.call('LPOP', KEYS[2])
while first and redis.call('EXISTS', alive .. first) == 0 do first = redis.call('LPOP', KEYS[2]) end
if first then
  redis.call('SET', KEYS[1], first, 'PX', ARGV[2])
  redis.call('LPUSH', KEYS[2] .. ':wake:' .. first, 1)
  redis.call('PEXPIRE', KEYS[2] .. ':wake:' .. first, ARGV[2])
end
return 1
"""


class SharedLocks(ConversationLocks):
    """Locks for all processes that use one Redis. Within a process they queue first, so that one of them waits."""

    def __init__(self, url: str) -> None:
        super().__init__()
        redis = connect(url)
        self._waiting = connect(url, 2 * LOOK)
        self._take, self._renew, self._give = (redis.register_script(text) for text in (_TAKE, _RENEW, _GIVE))
        self._away_until = 0.0

    @asynccontextmanager
    async def _among_processes(self, conversation_id: str) -> AsyncGenerator[None, None]:
        token, keys = secrets.token_hex(8), _keys(conversation_id)
        renewing: asyncio.Task[None] | None = None
        try:
            if await self._wait(keys, token):
                renewing = asyncio.get_running_loop().create_task(self._keep(keys, token))
            yield
        finally:
            if renewing is not None:
                renewing.cancel()
            await self._ask(self._give, keys, token)

    async def _wait(self, keys: list[str], token: str) -> bool:
        """Wait until the conversation is ours; False when Redis cannot be asked, so that nobody can tell."""
        from redis.exceptions import RedisError

        while (taken := await self._ask(self._take, keys, token)) == 0:
            with suppress(RedisError, OSError, asyncio.TimeoutError):  # then the next look tells
                await self._waiting.blpop([f"{keys[1]}:wake:{token}"], timeout=LOOK)
        return taken == 1

    async def _keep(self, keys: list[str], token: str) -> None:
        while True:
            await asyncio.sleep(RENEW)
            if await self._ask(self._renew, keys, token) == 0:
                logger.warning("A conversation was taken over by another process; the database decides.")
                return

    async def _ask(self, script: Any, keys: list[str], token: str) -> int | None:
        """What a script says; None while Redis is away, which keeps nobody waiting."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._away_until:
            return None
        try:
            return int(await script(keys=keys, args=[token, int(LEASE * 1000), int(LOOK * 3000)]))
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            logger.warning("Redis cannot be used (%s): the database keeps turns apart.", type(error).__name__)
            return None


def _keys(conversation_id: str) -> list[str]:
    return [f"npq:turn:{{{conversation_id}}}", f"npq:turn:{{{conversation_id}}}:queue"]
