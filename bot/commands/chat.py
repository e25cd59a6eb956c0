"""`npq chat`: talk to the guide in the terminal."""

from __future__ import annotations

import argparse
import asyncio

from bot.channels.gate import Refused
from bot.channels.guide import Guide, Reply
from bot.channels.sessions import new_conversation
from bot.runtime.service import start_guide

LEAVE = ("quit", "exit")


def run(_options: argparse.Namespace) -> int:
    """Converse until the visitor types `quit` or ends the input."""
    guide = start_guide(say=print)
    print("Ask about NPQs. A number picks a suggestion; `quit` ends.\n")
    asyncio.run(_converse(guide))
    return 0


async def _converse(guide: Guide) -> None:
    session, buttons = new_conversation(), list[dict[str, str]]()
    while True:
        try:
            text = input("You: ").strip()
        except EOFError:
            return
        if text.lower() in LEAVE:
            return
        if text.isdigit() and 0 < int(text) <= len(buttons):
            text = buttons[int(text) - 1]["payload"]
        try:
            reply = await guide.reply(session, text, "terminal")
        except Refused as refusal:
            print(f"{refusal}\n")
            continue
        _show(reply)
        buttons = reply.buttons


def _show(reply: Reply) -> None:
    for message in reply.messages:
        print(f"\nGuide: {message}")
    for source in reply.sources:
        print(f"  Source: {source['title']}, {source['as_of']} {source['url'] or ''}")
    for number, button in enumerate(reply.buttons, start=1):
        print(f"  {number}. {button['title']}")
    print()
