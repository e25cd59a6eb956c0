"""`npq funding`: situations on standard input, what DfE's rules say on standard output."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from io import BufferedReader
from typing import cast

from guidance.funding import Decision, Rules, load_rules
from guidance.knowledge import knowledge_folder

AT_ONCE = 65_536  # bytes of input read at once


def run(options: argparse.Namespace) -> int:
    """One answer a line. A line that cannot be judged says so in its answer, so the exit status stays 0."""
    rules = load_rules(knowledge_folder())
    show = _as_json if options.json else _plainly(rules)
    number = 0
    for lines in _batches(cast(BufferedReader, sys.stdin.buffer)):
        text = "".join(f"{show(place, told)}\n" for place, told in decide_all(lines, rules, number))
        # half of a surrogate pair, repeated from the input, is no UTF-8: written as its escape
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
        number += len(lines)
    return 0


def _batches(stream: BufferedReader) -> Iterator[list[bytes]]:
    """The whole lines that are there, again and again: a caller who waits for each answer gets it at once."""
    rest: list[bytes] = []
    while more := stream.read1(AT_ONCE):
        rest.append(more)
        if b"\n" in more:
            lines = b"".join(rest).split(b"\n")
            rest = [lines.pop()]
            yield lines
    if last := b"".join(rest):
        yield [last]


def decide_all(lines: Iterable[bytes], rules: Rules, before: int = 0) -> Iterator[tuple[int, Decision]]:
    """The decision for each line that is not blank, with the number of the line."""
    for number, line in enumerate(lines, start=before + 1):
        if not line.strip():
            continue
        try:
            situation = json.loads(line.strip().decode("utf-8-sig"), object_pairs_hook=_once)
        except json.JSONDecodeError as error:
            yield number, _unread(number, f"{error.msg} at column {error.colno}")
        except (ValueError, RecursionError) as error:
            yield number, _unread(number, str(error))
        else:
            yield number, rules.decide(situation)


def _unread(number: int, why: str) -> Decision:
    return Decision(error=f"Line {number} is not a JSON object: {why}.")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys differ: of two values for one key, JSON would silently keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"`{twice[:60]}` stands twice in it")
    return found


def _as_json(_number: int, decision: Decision) -> str:
    return _dumped(decision)


@lru_cache(maxsize=1024)
def _dumped(decision: Decision) -> str:
    return json.dumps(decision.to_dict(), ensure_ascii=False)


def _plainly(rules: Rules) -> Callable[[int, Decision], str]:
    def show(number: int, decision: Decision) -> str:
        if decision.error:
            return f"{number}. Error: {decision.error}"
        if decision.outcome is None:
            asked = "; ".join(f"{name} ({rules.inputs[name].ask})" for name in decision.needs)
            return f"{number}. Not known yet. Still needed: {asked}"
        means = rules.data.outcomes[decision.outcome].means
        return f"{number}. {means[0].upper()}{means[1:]} [{decision.rule}, {decision.code}]. {decision.reason}"

    return show
