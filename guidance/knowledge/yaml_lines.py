"""YAML with line numbers, so that every message can say where the fault stands."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from guidance.knowledge.problems import Problem
from guidance.knowledge.yaml_faults import explained

Keys = tuple[Hashable, ...]


class _Loader(yaml.CSafeLoader):
    """Keeps dates as text: an impossible date is then our message, not a parser's stack trace."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Document:
    """A parsed file: its data and the line of each value by its path of keys and indexes."""

    name: str
    data: Any
    lines: dict[Keys, int]

    def line(self, path: Keys) -> int:
        """The line of the value at `path`, or of the nearest enclosing one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Keys, message: str, suggestion: str = "") -> Problem:
        """A problem at `path` of this file."""
        field = ".".join(str(key) for key in path) or "file"
        return Problem(self.name, self.line(path), field, message, suggestion)


def read(path: Path, name: str) -> tuple[Document, list[Problem]]:
    """Parse one file. A file that is not YAML gives an empty document and the problem."""
    problems: list[Problem] = []
    text = None
    try:
        text = path.read_text(encoding="utf-8")
        loader = _Loader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except (yaml.YAMLError, UnicodeDecodeError, OSError, ValueError) as error:
        line, reason, advice = explained(error, text)
        return Document(name, None, {}), [Problem(name, line, "file", f"not readable as YAML: {reason}.", advice)]
    lines: dict[Keys, int] = {}
    if node is not None:
        _walk(node, (), lines, problems, name)
    return Document(name, data, lines), problems


def _walk(node: yaml.Node, path: Keys, lines: dict[Keys, int], problems: list[Problem], name: str) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            here = (*path, key.value)
            if key.value in seen:
                field = ".".join(str(part) for part in here)
                problems.append(
                    Problem(
                        name,
                        key.start_mark.line + 1,
                        field,
                        "stands twice in the same record.",
                        "Remove one.",
                    )
                )
            seen.add(key.value)
            _walk(value, here, lines, problems, name)
            lines[here] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*path, index), lines, problems, name)
