"""`npq chat`: talk to the guide in the terminal; make a scripted conversation of it, or begin with one."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands import CommandError

if TYPE_CHECKING:
    from bot.channels.guide import Guide
    from bot.channels.reply import Reply
    from bot.conversations.recording import Recording
    from bot.conversations.script import Conversation

LEAVE = ("quit", "exit")
Buttons = list[dict[str, str]]


def options(commands: Any) -> None:
    """The subcommand's own options."""
    chat = commands.add_parser("chat", help="talk to the guide in the terminal")
    how = chat.add_mutually_exclusive_group()
    how.add_argument("--record", metavar="FILE", help="add the chat to this file of conversations (or FILE::NAME)")
    how.add_argument("--replay", metavar="FILE::NAME", help="play this conversation first, then type on")


def run(options: argparse.Namespace) -> int:
    """Converse until the visitor types `quit` or ends the input."""
    if options.record:
        return _record(options.record)
    if options.replay:
        return _replay(options.replay)
    from bot.runtime.service import start_guide

    guide = start_guide(say=print)
    print("Ask about NPQs. A number picks a suggestion; `quit` ends.\n")
    asyncio.run(_converse(guide, _new(), "terminal"))
    return 0


def _record(place: str) -> int:
    """A chat as a test would have it: a database of its own, the day of the tests, the web channel."""
    from bot.conversations import stored
    from bot.conversations.clock import clock, usual_day
    from bot.conversations.recording import CannotRecord, Recording
    from bot.conversations.running import own_guide

    path, _, name = place.partition("::")
    session, day = _new(), usual_day()
    recording = Recording(Path(path), name, day, lambda: stored.held(session))
    try:
        recording.check()
        with own_guide(print) as guide, clock(day):
            print(f"Recording into {path}, on {day:%-d %B %Y}. A number picks a suggestion; `quit` ends and saves.\n")
            try:
                asyncio.run(_converse(guide, session, "web", recording=recording))
            except KeyboardInterrupt:
                print()
        if not recording.steps:
            print("Nothing was said, so nothing is written.")
            return 0
        name = recording.save()
    except CannotRecord as error:
        raise CommandError(str(error)) from error
    print(f"Added to {path}: {name}. Look it over and write what matters; npq test plays it.")
    return 0


def _replay(place: str) -> int:
    """Play one scripted conversation, then go on in it: same day, same channel, a database of its own."""
    from rich.console import Console

    from bot.conversations import showing
    from bot.conversations.clock import clock
    from bot.conversations.in_process import InProcess
    from bot.conversations.playing import play
    from bot.conversations.running import own_guide

    test = _one(place)
    with own_guide(print) as guide:

        async def go_on() -> None:
            played = await play(test, InProcess(guide), explain=True)
            Console(width=None if sys.stdout.isatty() else showing.WIDTH, highlight=False).print(showing.shown(played))
            print("Go on from here. A number picks a suggestion; `quit` ends.\n")
            buttons = list(played.turns[-1].reply["buttons"]) if played.turns else []
            with clock(played.today):
                await _converse(guide, played.session, test.channel, buttons)

        asyncio.run(go_on())
    return 0


def _one(place: str) -> Conversation:
    """The one conversation that is meant."""
    from bot.conversations.finding import find
    from bot.conversations.script import Conversation
    from guidance.knowledge import knowledge_folder, load

    found = find([place], load(knowledge_folder()))
    if found.problems:
        raise CommandError("\n".join(str(problem) for problem in found.problems))
    if len(found.tests) != 1:
        names = "\n".join(f"  {test.id}" for test in found.tests[:10])
        raise CommandError(f"`{place}` means {len(found.tests)} conversations. Name one of them, such as:\n{names}")
    if not isinstance(found.tests[0], Conversation):
        raise CommandError(f"`{place}` is a Rasa test story; only `npq test` plays those.")
    return found.tests[0]


async def _converse(
    guide: Guide, session: str, channel: str, buttons: Buttons | None = None, recording: Recording | None = None
) -> None:
    from bot.channels.gate import Refused

    offered: Buttons = buttons or []
    while True:
        try:
            text = said = input("You: ").strip()
        except EOFError:
            return
        if text.lower() in LEAVE:
            return
        pressed = text.isdigit() and 0 < int(text) <= len(offered)
        if pressed:
            text, said = (offered[int(said) - 1][key] for key in ("payload", "title"))
        try:
            reply = await guide.reply(session, text, channel)
        except Refused as refusal:
            print(f"{refusal}\n")
            continue
        if recording:
            recording.turn(said, reply.to_dict(), pressed=pressed)
        _show(reply)
        offered = reply.buttons


def _new() -> str:
    from bot.channels.sessions import new_conversation

    return new_conversation()


def _show(reply: Reply) -> None:
    for message in reply.messages:
        print(f"\nGuide: {message}")
    for source in reply.sources:
        print(f"  Source: {source['title']}, {source['as_of']} {source['url'] or ''}")
    for number, button in enumerate(reply.buttons, start=1):
        print(f"  {number}. {button['title']}")
    print()
