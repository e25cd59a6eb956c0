"""A played conversation as people read it: the transcript, what failed in it, and how to see it again."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.conversations.checks import Fault
from bot.conversations.coverage import KINDS, PAIRS, Coverage
from bot.conversations.played import Played, Turn
from bot.conversations.script import Conversation

WIDTH = 110
MARK = "✗"
SOMETIMES = (("funding", "funding_rule"), ("fallback", "fallback"))


def as_text(played: Played) -> str:
    """Without colours, for reports in files."""
    console = _without_colours()
    show(played, console)
    return _written(console)


def plainly(part: RenderableType) -> str:
    """Anything shown here as plain text."""
    console = _without_colours()
    console.print(part)
    return _written(console)


def _without_colours() -> Console:
    return Console(file=io.StringIO(), width=WIDTH, color_system=None)


def _written(console: Console) -> str:
    file: Any = console.file
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def shown(played: Played) -> RenderableType:
    """The whole conversation; where it failed, what was expected and how the message was understood."""
    parts: list[RenderableType] = [_heading(played), Text()]
    for turn in played.turns:
        parts += _turn(turn)
    if played.faults:
        parts += [Text(f"{MARK} {_outside(played)}", style="bold red"), _faults(played.faults)]
    return Group(*parts)


def show(played: Played, console: Console) -> None:
    """Print it, with the command that replays it on one line, however long, so that it can be pasted."""
    console.print(shown(played))
    if command := replay(played):
        console.print(Text(f"Replay it, then type on: {command}", style="dim"), soft_wrap=True)
    console.print()


def replay(played: Played) -> str:
    """The command that plays it again, shows everything and lets one go on; nothing for a Rasa test story."""
    return f"{npq()} chat --replay {shlex.quote(played.test.id)}" if isinstance(played.test, Conversation) else ""


def npq() -> str:
    """How `npq` is called from this folder: by its name alone only where the shell would find this very one."""
    ours = Path(sys.executable).with_name("npq")
    found = shutil.which("npq")
    if not ours.exists() or (found and os.path.samefile(found, ours)):
        return "npq"
    here = Path.cwd()
    return shlex.quote(str(ours.relative_to(here) if ours.is_relative_to(here) else ours))


def summary(played: list[Played], seconds: float) -> str:
    """The last line."""
    failed = sum(not item.passed for item in played)
    turns = sum(len(item.turns) for item in played)
    count = f"{len(played)} conversation{'' if len(played) == 1 else 's'}"
    outcome = f"{failed} of {count} failed" if failed else f"{count} passed"
    return f"{outcome} ({turns} message{'' if turns == 1 else 's'}, {seconds:.1f} s)."


def _heading(played: Played) -> Text:
    test = played.test
    channel = f", {test.channel}" if isinstance(test, Conversation) else ", Rasa test story"
    title = Text.assemble(
        ("passed  " if played.passed else "FAILED  ", "bold green" if played.passed else "bold red"),
        (test.name, "bold"),
    )
    return title.append(f"\n{test.file}:{test.line}, on {played.today.isoformat()}{channel}", style="dim")


def _outside(played: Played) -> str:
    return f"line {played.test.line}"


def _turn(turn: Turn) -> Iterator[RenderableType]:
    wrong = bool(turn.faults)
    table = Table.grid(padding=(0, 2))
    table.add_column(width=11, style="bold red" if wrong else "dim")
    table.add_column(width=8, style="bold")
    table.add_column(ratio=1)
    table.add_row(f"{MARK if wrong else ' '} line {turn.line}", "Visitor", Text(_said(turn)))
    for number, message in enumerate(turn.reply["messages"]):
        table.add_row("", "" if number else "Guide", Text(message))
    for line in _beside(turn.reply):
        table.add_row("", "", Text(line, style="dim"))
    yield table
    if wrong:
        yield _faults(turn.faults)
    if turn.details:
        yield Padding(Group(*(Text(line) for line in _understood(turn))), (0, 0, 0, 13))
    yield Text()


def _said(turn: Turn) -> str:
    return turn.said if turn.how == "types" else f"{turn.said} ({turn.how})"


def _beside(reply: Mapping[str, Any]) -> Iterator[str]:
    if reply["sources"]:
        yield "Source: " + "; ".join(str(item["title"]) for item in reply["sources"])
    if reply["buttons"]:
        yield "Buttons: " + " | ".join(str(item["title"]) for item in reply["buttons"])


def _faults(faults: list[Fault]) -> RenderableType:
    """Expected and actual side by side; the same long reply is not repeated for each fault."""
    table = Table(show_edge=False, pad_edge=False, header_style="bold red")
    table.add_column("")
    table.add_column("expected", ratio=2)
    table.add_column("actual", ratio=3)
    before = ""
    for fault in faults:
        check = f"{fault.check} (line {fault.line})" if fault.line else fault.check
        actual = "the same reply" if fault.actual == before and len(before) > 40 else fault.actual
        table.add_row(Text(check), Text(fault.expected), Text(actual))
        before = fault.actual
    return Padding(table, (1, 0, 1, 2))


def _understood(turn: Turn) -> Iterator[str]:
    reply, details = turn.reply, turn.details
    sure = f" ({reply['confidence']:.2f})" if reply.get("confidence") is not None else ""
    yield f"intent      {reply.get('intent') or 'none'}{sure}"
    for name, values in (
        ("status", [reply["status"], f"asks for {reply['asking']}" if reply.get("asking") else ""]),
        ("topics", reply["topics"]),
        ("programmes", reply["programmes"]),
        ("entities", details.get("entities")),
        ("rule", [details.get("rule") or ""]),
        ("actions", details.get("actions")),
        ("facts", details.get("facts")),
        *((name, [details[key]]) for name, key in SOMETIMES if details.get(key)),
    ):
        said = ", ".join(str(value) for value in values or [] if value)
        yield f"{name:<11} {said or 'none'}"


def of_coverage(found: Coverage) -> RenderableType:
    """Figures, then what no conversation touches, grouped."""
    figures = Table(show_edge=False, pad_edge=False, title="Touched by the conversations", title_justify="left")
    for name, justify in (("", "left"), ("touched", "right"), ("of", "right"), ("", "right")):
        figures.add_column(name, justify=justify)  # type: ignore[arg-type]
    for kind in KINDS:
        touched, total = found.count(kind)
        figures.add_row(kind, str(touched), str(total), f"{touched / total:.0%}" if total else "")
    gaps = [
        Text.assemble((f"No conversation touches these {kind}:", "bold"), *_lines(found, kind))
        for kind in KINDS
        if found.gaps(kind)
    ]
    return Group(Text(), figures, Text(), *gaps)


def _lines(found: Coverage, kind: str) -> Iterator[str]:
    """One gap a line; of topics with programmes one topic a line."""
    if kind == PAIRS:
        for topic, pairs in groupby(found.gaps(kind), key=lambda pair: pair.split()[0]):
            yield f"\n  {topic}: {', '.join(pair.split()[1] for pair in pairs)}"
    else:
        yield from (f"\n  {name}" for name in found.gaps(kind))
