"""One process that plays conversations: a guide of its own on a database of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversations.played import Played
from bot.conversations.script import Conversation, Test

if TYPE_CHECKING:
    from bot.channels.guide import Guide

_guides: list[Guide] = []


def start(folder: Path, say: Callable[[str], None] | None = None) -> Guide:
    """Load the guide. Its database is a new file in `folder`: tests never see what people left, nor add to it."""
    if multiprocessing.parent_process() is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    from bot.runtime import lean_imports

    lean_imports.install()  # before anything imports Rasa
    from bot.conversations.clock import usual_day
    from bot.runtime.service import start_guide
    from bot.settings import read

    url = f"sqlite:///{folder / f'conversations-{os.getpid()}.db'}"
    os.environ["NPQ_DATABASE_URL"] = url
    settings = replace(read(), database_url=url, today=usual_day())
    _guides[:] = [start_guide(settings, say) if say else start_guide(settings)]
    return _guides[0]


def train(say: Callable[[str], None]) -> None:
    """Train the model if its inputs changed."""
    from bot.runtime.quiet import hush
    from bot.settings import read
    from bot.training import trained_model

    hush()
    trained_model(read(), say)


def play_here(test: Test, explain: bool) -> Played:
    """Play one test with the guide of this process."""
    return play_with(_guides[0], test, explain=explain)


def play_followed(test: Test) -> Played:
    """Play one test on the knowledge as it is in the files now; a broken edit keeps the last good one."""
    from guidance import knowledge

    knowledge.follow()
    return play_here(test, explain=False)


def play_with(guide: Guide, test: Test, *, explain: bool = False) -> Played:
    """Play one test with a guide; blocks until it is done."""
    # A loop of our own: `asyncio.run` would take away the loop of whoever calls, such as pytest.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_play(guide, test, explain))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _play(guide: Guide, test: Test, explain: bool) -> Played:
    from bot.conversations.in_process import InProcess
    from bot.conversations.playing import play
    from bot.conversations.rasa_stories import play_story

    if isinstance(test, Conversation):
        return await play(test, InProcess(guide), explain=explain)
    return await play_story(test, guide)
