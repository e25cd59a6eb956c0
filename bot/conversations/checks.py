"""What can be expected of a reply. One entry in `CHECKS` a key: how its value is read, how a reply is judged.

A reply is the record `npq ask --json` prints, so the same checks can judge a service elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from bot.conversations import stored, values
from bot.conversations.asking import fields
from bot.conversations.script import Expectation
from bot.conversations.wording import contains, same
from guidance.knowledge import Knowledge
from guidance.knowledge.model import Status

Reply = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """An expectation that does not hold: both sides in words."""

    check: str
    expected: str
    actual: str
    line: int = 0


@dataclass(frozen=True)
class Check:
    """How the value after a key is read, and how a reply is judged by it."""

    read: Callable[[Any], Any]
    judge: Callable[[Any, Reply], list[tuple[str, str]]]  # pairs of expected and actual, none when it holds


def _contains(parts: Sequence[str], reply: Reply) -> list[tuple[str, str]]:
    return [(f"says “{part}”", _said(reply)) for part in parts if not contains(_said(reply), part)]


def _not_says(parts: Sequence[str], reply: Reply) -> list[tuple[str, str]]:
    return [(f"does not say “{part}”", _said(reply)) for part in parts if contains(_said(reply), part)]


def _matches(patterns: Sequence[str], reply: Reply) -> list[tuple[str, str]]:
    flags = re.IGNORECASE | re.DOTALL
    return [(f"matches /{item}/", _said(reply)) for item in patterns if not re.search(item, _said(reply), flags)]


def _status(wanted: Sequence[str], reply: Reply) -> list[tuple[str, str]]:
    return [] if reply["status"] in wanted else [(" or ".join(wanted), str(reply["status"]))]


def _asking(wanted: str | None, reply: Reply) -> list[tuple[str, str]]:
    return [] if reply["asking"] == wanted else [(wanted or "nothing", str(reply["asking"] or "nothing"))]


def _buttons(wanted: Sequence[str], reply: Reply) -> list[tuple[str, str]]:
    offered = [str(button["title"]) for button in reply["buttons"]]
    if not wanted:
        return [("nothing", " | ".join(offered))] if offered else []
    missing = [title for title in wanted if not any(same(title, other) for other in offered)]
    return [(" | ".join(missing), " | ".join(offered) or "nothing")] if missing else []


def _exactly(key: str) -> Callable[[Sequence[str], Reply], list[tuple[str, str]]]:
    def judge(wanted: Sequence[str], reply: Reply) -> list[tuple[str, str]]:
        if set(wanted) == set(reply[key]):
            return []
        return [(", ".join(wanted) or "nothing", ", ".join(reply[key]) or "nothing")]

    return judge


def _source(wanted: Sequence[str], reply: Reply) -> list[tuple[str, str]]:
    named = [f"{item['title']} {item.get('url') or ''}".strip() for item in reply["sources"]]
    if not wanted:
        return [("nothing", "; ".join(named))] if named else []
    missing = [part for part in wanted if not any(contains(name, part) for name in named)]
    return [("; ".join(missing), "; ".join(named) or "nothing")] if missing else []


def _most_words(most: int, reply: Reply) -> list[tuple[str, str]]:
    counts = [(len(message.split()), message) for message in reply["messages"]]
    return [(f"at most {most} words", f"{count} words: {message}") for count, message in counts if count > most]


def _stored(wanted: stored.Wanted, reply: Reply) -> list[tuple[str, str]]:
    actual = stored.difference(wanted, str(reply["session"]))
    return [(str(wanted), actual)] if actual else []


def _said(reply: Reply) -> str:
    return str(reply["text"])


STATUSES: tuple[str, ...] = get_args(Status)

CHECKS: dict[str, Check] = {
    "bot contains": Check(values.texts, _contains),
    "bot matches": Check(values.patterns, _matches),
    "bot does not say": Check(values.texts, _not_says),
    "status": Check(values.some_of(STATUSES, nothing=False), _status),
    "asking": Check(values.text_or_nothing, _asking),
    "buttons": Check(values.texts_or_nothing, _buttons),
    "programmes": Check(values.texts_or_nothing, _exactly("programmes")),
    "topics": Check(values.texts_or_nothing, _exactly("topics")),
    "source": Check(values.texts_or_nothing, _source),
    "most words": Check(values.number, _most_words),
    "stored": Check(stored.read, _stored),
}


def checks(knowledge: Knowledge | None = None) -> dict[str, Check]:
    """All checks; with the knowledge at hand, codes, topics and what is asked for must be known."""
    if knowledge is None:
        return CHECKS
    words: dict[str, Collection[str]] = {"programmes": knowledge.programmes, "topics": knowledge.topics}
    reading = {key: values.some_of(known) for key, known in words.items()}
    reading["asking"] = values.one_of(fields(knowledge))  # type: ignore[assignment]
    return {key: replace(check, read=reading.get(key, check.read)) for key, check in CHECKS.items()}


def judge(expects: Sequence[Expectation], reply: Reply) -> list[Fault]:
    """Every expectation that does not hold. An error nobody expected is a fault as well."""
    faults = [
        Fault(item.key, expected, actual, item.line)
        for item in expects
        for expected, actual in CHECKS[item.key].judge(item.value, reply)
    ]
    if reply["status"] == "error" and not any(item.key == "status" for item in expects):
        faults.append(Fault("status", "anything but an error", f"error: {_said(reply)}"))
    return faults
