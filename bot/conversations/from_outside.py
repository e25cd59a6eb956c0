"""Play conversations with a deployed service. What cannot be seen or set from outside is left out, and said so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.conversations.played import Played
from bot.conversations.playing import play
from bot.conversations.remote import Remote
from bot.conversations.script import Conversation, Test

AT_ONCE = 4  # conversations
NOT_STORED = "with `stored`"
NOT_DAY = "with `today`"
NOT_SCHOOLS = "with `schools`"
NOT_CHANNEL = "for another channel"
NOT_STORY = "in Rasa's own format"


def playable(tests: Sequence[Test]) -> tuple[list[Conversation], dict[str, int]]:
    """The conversations a service can play over its web channel, and how many cannot, by reason."""
    fit: list[Conversation] = []
    left_out: dict[str, int] = {}
    for test in tests:
        why = _unfit(test)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        elif isinstance(test, Conversation):
            fit.append(test)
    return fit, left_out


def in_words(left_out: dict[str, int]) -> str:
    """What was left out, as one sentence; empty when nothing was."""
    total = sum(left_out.values())
    if not total:
        return ""
    reasons = ", ".join(f"{count} {why}" for why, count in left_out.items())
    return f"{total} skipped, which cannot be played from outside: {reasons}."


def run(tests: Iterable[Conversation], url: str, done: Callable[[Played], None], at_once: int = AT_ONCE) -> None:
    """Play all, several at once; `done` is called with each as it finishes.

    Raises:
        Away: the service cannot be reached, or is none.
    """
    asyncio.run(_run(tests, url, done, at_once))


async def _run(tests: Iterable[Conversation], url: str, done: Callable[[Played], None], at_once: int) -> None:
    left = iter(tests)
    async with Remote(url) as service:

        async def worker() -> None:
            for test in left:
                done(replace(await play(test, service), today=date.today()))

        workers = [asyncio.create_task(worker()) for _ in range(at_once)]
        try:
            await asyncio.gather(*workers)
        finally:
            for task in workers:
                task.cancel()
            await asyncio.gather(*workers, return_exceptions=True)


def _unfit(test: Test) -> str:
    if not isinstance(test, Conversation):
        return NOT_STORY
    if test.today is not None:
        return NOT_DAY
    if test.schools:
        return NOT_SCHOOLS
    if test.channel != "web":
        return NOT_CHANNEL
    if any(item.key == "stored" for step in test.steps for item in step.expects):
        return NOT_STORED
    return ""
