"""`npq ask`: questions on standard input, answers on standard output."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

from bot.channels.gate import Refused
from bot.channels.guide import Guide
from bot.channels.sessions import new_conversation
from bot.commands import CommandError
from bot.runtime.service import start_guide


def run(options: argparse.Namespace) -> int:
    """Answer every line; the same `session` in the input is the same conversation."""
    guide = start_guide(say=lambda text: print(text, file=sys.stderr))
    return asyncio.run(_answer_all(guide, as_json=options.json))


async def _answer_all(guide: Guide, *, as_json: bool) -> int:
    sessions: dict[str, str] = {}
    for item in _questions():
        named = item.get("session")
        session = sessions.setdefault(str(named), new_conversation()) if named is not None else new_conversation()
        try:
            reply = (await guide.reply(session, item["text"], "ask")).to_dict()
        except Refused as refusal:
            reply = {
                "session": session,
                "status": "error",
                "text": str(refusal),
                "messages": [str(refusal)],
                "buttons": [],
                "asking": None,
                "programmes": [],
                "topics": [],
                "sources": [],
                "intent": None,
                "confidence": None,
                "ms": 0.0,
            }
        reply["session"] = named if named is not None else session
        print(
            json.dumps({"id": item.get("id"), **reply}, ensure_ascii=False) if as_json else _plain(item, reply),
            flush=True,
        )
    return 0


def _questions() -> Iterator[dict[str, Any]]:
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            yield {"id": str(number), "text": line.strip()}
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise CommandError(f"line {number} is not JSON: {error.msg} at column {error.colno}.") from error
        if "text" not in item:
            raise CommandError(f'line {number} has no "text". Write {{"id": "1", "text": "your question"}}.')
        yield {"id": str(number), **item}


def _plain(item: dict[str, Any], reply: dict[str, Any]) -> str:
    lines = [f"> {item['text']}", reply["text"]]
    lines += [f"  Source: {source['title']} ({source['as_of']})" for source in reply["sources"]]
    lines += [f"  - {button['title']}" for button in reply["buttons"]]
    return "\n".join([*lines, ""])
