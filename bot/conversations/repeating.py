"""`repeat with:` makes one conversation of each record: `{column}` in any text is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from guidance.knowledge.problems import Problem, closest
from guidance.knowledge.yaml_lines import Document, Keys

KEY = "repeat with"
COLUMN = re.compile(r"\{([A-Za-z_][\w ]*)\}")

Record = Mapping[str, str]


def repeated(item: dict[str, Any], at: Keys, document: Document, problems: list[Problem]) -> list[tuple[Record, Any]]:
    """The conversation once for each record, filled in; once as it stands where nothing is to be repeated."""
    if KEY not in item:
        return [({}, item)]
    records = item[KEY]
    rest = {key: value for key, value in item.items() if key != KEY}
    if not isinstance(records, list) or not records or not all(_is_record(record) for record in records):
        problems.append(
            document.problem(
                (*at, KEY), "must be a list of records of texts.", "Such as `- {code: NPQH, length: 18 months}`."
            )
        )
        return []
    used = {(path, name) for path, text in _texts(rest, at) for name in COLUMN.findall(text)}
    names = {name for _, name in used}
    faults = []
    for index, record in enumerate(records):
        faults += [
            document.problem(path, f"`{{{name}}}` is no column of record {index + 1}.", closest(name, record))
            for path, name in used
            if name not in record
        ]
        faults += [
            document.problem((*at, KEY, index, name), "is used nowhere.", f"Write {{{name}}} in a text, or remove it.")
            for name in record
            if name not in names
        ]
    problems += faults
    return [] if faults else [(record, _filled(rest, record)) for record in records]


def _is_record(record: Any) -> bool:
    return isinstance(record, dict) and bool(record) and all(isinstance(value, str) for value in record.values())


def _texts(value: Any, at: Keys) -> Iterator[tuple[Keys, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*at, index))


def _filled(value: Any, record: Record) -> Any:
    if isinstance(value, str):
        return COLUMN.sub(lambda found: record[found[1]], value)
    if isinstance(value, dict):
        return {key: _filled(item, record) for key, item in value.items()}
    return [_filled(item, record) for item in value] if isinstance(value, list) else value
