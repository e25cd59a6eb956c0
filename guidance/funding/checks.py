"""What can be wrong with the funding file beyond the shape of its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from guidance.funding import asking_checks
from guidance.funding.changes import unknown_names
from guidance.funding.model import Condition, Funding, Sourced, Table, Value, Verdict
from guidance.funding.reachable import unreachable
from guidance.funding.situation import DEFAULT_COHORT
from guidance.funding.table import reason
from guidance.knowledge.checks import day_fault
from guidance.knowledge.problems import Problem, closest

if TYPE_CHECKING:
    from guidance.knowledge.load import Entry

MOST_WORDS = 60
REQUIRED = ("cohort", "cohort_funded", "course")
Path = tuple[Any, ...]
Fault = tuple[Path, str, str]  # where, what is wrong, what to write


def check(entry: Entry, known: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Every problem of a funding file whose records are in shape.

    Args:
        entry: the file as read.
        known: ids elsewhere in the knowledge that it may name, by kind: `sources`, `programmes`, `cohorts`.
            A kind that is left out is not checked.
    """
    data: Funding = entry.record
    faults = [*_inputs(data), *_names(data), *_outside(data, known), *_duplicates(data)]
    faults += asking_checks.faults(data, known)
    if not faults:  # the tables can be made ready only when every name stands for something
        faults = [fault for number in range(len(data.tables)) for fault in _table(data, number)]
        faults += _words(data)
    return [entry.problem(*fault) for fault in faults]


def _inputs(data: Funding) -> Iterator[Fault]:
    """Inputs that the evaluation counts on, and what is written beside their values."""
    inputs = {item.id: item for item in data.inputs}
    for name in REQUIRED:
        if name not in inputs:
            yield ("inputs",), f"has no input `{name}`.", "Add it: every situation has one."
    for number, item in enumerate(data.inputs):
        path: Path = ("inputs", number)
        kinds = {type(value) for value in item.values}
        if len(kinds) > 1 or (item.id == "cohort_funded" and kinds != {bool}):
            yield (*path, "values"), "must be only true and false, or only words.", "Choose one."
        beside = [("labels", key, key) for key in item.labels] + [("notes", key, key) for key in item.notes]
        for field, key, value in [*beside, *(("also", key, value) for key, value in item.also.items())]:
            if value not in item.values:
                message = f"`{item.id}` has no value `{value}`."
                yield (*path, field, key), message, _near(value, item.values)


def _names(data: Funding) -> Iterator[Fault]:
    """Inputs, values, codes, groups, changes and outcomes that stand for nothing."""
    for name in get_args(Verdict):
        if name not in data.outcomes:
            yield ("outcomes",), f"has no outcome `{name}`.", "Add it with its caveat."
    for number, group in enumerate(data.groups):
        yield from _condition(data, {group.input: group.values}, ("groups", number, "values"), plain=True)
    for number, item in enumerate(data.contradictions):
        path: Path = ("contradictions", number, "when")
        yield from _condition(data, item.when, path)
        if len(item.when) < 2:
            yield path, "needs two inputs at least.", "One alone is no contradiction."
    for number, change in enumerate(data.changes):
        made = {name: [value] for name, value in change.makes.items()}
        yield from _condition(data, made, ("changes", number, "makes"), plain=True)
    for path, name, names, kind in unknown_names(data):
        yield path, f"there is no {kind} `{name}`.", closest(name, names)
    codes = [code.id for code in data.codes]
    for place, table in enumerate(data.tables):
        for row, rule in enumerate(table.rules):
            path = ("tables", place, "rules", row)
            yield from _condition(data, rule.when, (*path, "when"))
            if rule.code not in codes:
                yield (*path, "code"), f"there is no code `{rule.code}`.", closest(rule.code, codes)


def _condition(data: Funding, when: Condition, path: Path, *, plain: bool = False) -> Iterator[Fault]:
    """Unknown inputs and values. `plain`: names of groups are not allowed here."""
    inputs = {item.id: item for item in data.inputs}
    for name, values in when.items():
        where = path if plain and path[-1] == "values" else (*path, name)
        if name not in inputs:
            yield where, f"there is no input `{name}`.", closest(name, inputs)
            continue
        groups = [] if plain else [group.id for group in data.groups if group.input == name]
        for index, value in enumerate(values):
            allowed = [*inputs[name].values, *groups]
            # `True in [1]` holds in Python, so the types are compared as well
            if not any(value == other and isinstance(value, type(other)) for other in allowed):
                yield (*where, index), f"`{name}` has no value `{_shown(value)}`.", _near(value, allowed)


def _near(value: Value, allowed: Iterable[Value]) -> str:
    return closest(_shown(value), [_shown(other) for other in allowed])


def _shown(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _outside(data: Funding, known: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Sources, programmes and cohorts that the rest of the knowledge does not have; days that cannot be."""
    for path, record in _sourced(data):
        if fault := day_fault(record.as_of):
            yield (*path, "as_of"), *fault
        yield from _missing((*path, "source"), record.source, known.get("sources"), "source")
    for number, statement in enumerate(data.statements):
        path = ("statements", number, "cohorts")
        yield from _missing(path, statement.cohorts, known.get("cohorts"), "cohort")
    tables = [table.id for table in data.tables]
    for number, item in enumerate(data.inputs):
        path = ("inputs", number, "values")
        if item.id == "course":
            yield from _missing(path, item.values, known.get("programmes"), "programme")
        elif item.id == "cohort":
            yield from _missing(path, item.values, tables, "table")
            for place, table in enumerate(tables):
                if table not in item.values:
                    yield ("tables", place, "id"), f"`{table}` is no value of `cohort`.", "Add it there."
    if DEFAULT_COHORT not in tables:
        yield ("tables",), f"has no table `{DEFAULT_COHORT}`.", "It is used where no cohort is given."


def _missing(path: Path, names: Sequence[Value], known: Sequence[str] | None, kind: str) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if known is not None and name not in known:
            yield (*path, index), f"there is no {kind} `{_shown(name)}`.", closest(_shown(name), known)


def _sourced(data: Funding) -> Iterator[tuple[Path, Sourced]]:
    for kind in ("groups", "tables", "statements"):
        for number, record in enumerate(getattr(data, kind)):
            yield (kind, number), record
    yield ("establishment_types",), data.establishment_types


def _duplicates(data: Funding) -> Iterator[Fault]:
    """The same id twice, where an id must be unique; a group named like a value."""
    for kind in ("inputs", "groups", "changes", "codes", "tables", "statements"):
        seen: set[str] = set()
        for number, record in enumerate(getattr(data, kind)):
            if record.id in seen:
                yield (kind, number, "id"), f"`{record.id}` is already used.", "Choose another."
            seen.add(record.id)
    rules: dict[str, str] = {}
    for place, table in enumerate(data.tables):
        for row, rule in enumerate(table.rules):
            if rule.id in rules:
                path = ("tables", place, "rules", row, "id")
                yield path, f"rule `{rule.id}` is already in table {rules[rule.id]}.", "Choose another."
            rules.setdefault(rule.id, table.id)
    values = {value for item in data.inputs for value in item.values}
    for number, group in enumerate(data.groups):
        if group.id in values:
            yield ("groups", number, "id"), f"`{group.id}` is a value already.", "Choose another."


def _table(data: Funding, number: int) -> Iterator[Fault]:
    table: Table = data.tables[number]
    if table.rules[-1].when:
        path = ("tables", number, "rules", len(table.rules) - 1, "when")
        yield path, "the last rule of a table must catch all.", "Write `when: {}`."
        return
    for row, before in unreachable(data, table):
        why = f"wherever it holds, so does {' or '.join(before)} above it"
        if not before:
            why = "its conditions contradict each other"
        message = f"rule `{table.rules[row].id}` can never be reached: {why}."
        yield ("tables", number, "rules", row), message, "Move it up, change it or remove it."


def _words(data: Funding) -> Iterator[Fault]:
    """Text too long for one bubble."""
    codes = {code.id: code for code in data.codes}
    for number, statement in enumerate(data.statements):
        yield from _long(("statements", number, "text"), statement.text)
    for place, table in enumerate(data.tables):
        for row, rule in enumerate(table.rules):
            yield from _long(("tables", place, "rules", row, "because"), reason(data, table, rule, codes[rule.code]))


def _long(path: Path, text: str) -> Iterator[Fault]:
    words = len(text.split())
    if words > MOST_WORDS:
        yield path, f"has {words} words.", f"Say it in {MOST_WORDS} with its caveat, or split it."
