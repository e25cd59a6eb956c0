"""What would change an outcome: each change is tried, and named only where the outcome really differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guidance.funding.decision import Decision
from guidance.funding.model import Change, Funding, Value

Situation = dict[str, object]
Decide = Callable[[object], Decision]


def what_would_change(situation: object, decide: Decide, data: Funding) -> list[str]:
    """Changes of the situation that give another outcome for certain; empty while there is no outcome."""
    now = decide(situation)
    if now.outcome is None or not isinstance(situation, dict):
        return []
    known = {change.id: change for change in data.changes}
    code = next(code for code in data.codes if code.id == now.code)
    said: dict[str, str] = {}
    for name in code.would_change:
        if known[name].unless not in said and (text := _said(known[name], situation, now, decide, data)):
            said[name] = text
    return list(said.values())


def _said(change: Change, situation: Situation, now: Decision, decide: Decide, data: Funding) -> str:
    if change.any_of is None:
        return change.says if _outcome(change, {}, situation, now, decide) else ""
    group = next(group for group in data.groups if group.id == change.any_of)
    found: dict[str, list[str]] = {}
    for value in group.values:
        outcome = _outcome(change, {group.input: value}, situation, now, decide)
        if outcome and situation.get(group.input) != value:
            found.setdefault(outcome, []).append(str(value))
    parts = [
        _or(values) + (" (DfE would review it)" if outcome == "in_review" else "") for outcome, values in found.items()
    ]
    return change.says.replace("{values}", ", and ".join(parts)) if parts else ""


def _outcome(change: Change, more: dict[str, Value], situation: Situation, now: Decision, decide: Decide) -> str | None:
    """The outcome after the change when it is certain and another one."""
    kept = {name: value for name, value in situation.items() if name not in change.forgets}
    then = decide({**kept, **change.makes, **more})
    return then.outcome if then.outcome != now.outcome else None


def _or(values: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(values[:-1]), values[-1])))


def unknown_names(data: Funding) -> Iterator[tuple[tuple[str | int, ...], str, list[str], str]]:
    """Names in changes and codes that stand for nothing: path, name, known names, kind."""
    inputs = [item.id for item in data.inputs]
    groups = [group.id for group in data.groups]
    changes = [change.id for change in data.changes]
    for number, change in enumerate(data.changes):
        for index, name in enumerate(change.forgets):
            if name not in inputs:
                yield ("changes", number, "forgets", index), name, inputs, "input"
        if change.unless is not None and change.unless not in changes:
            yield ("changes", number, "unless"), change.unless, changes, "change"
        if change.any_of is not None and change.any_of not in groups:
            yield ("changes", number, "any_of"), change.any_of, groups, "group"
    for number, code in enumerate(data.codes):
        for index, name in enumerate(code.would_change):
            if name not in changes:
                yield ("codes", number, "would_change", index), name, changes, "change"
