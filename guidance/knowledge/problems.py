"""What is wrong with a knowledge file: where it stands and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One fault. `line` counts from 1; `field` is a dotted path such as `topics.0.facts.2.source`."""

    file: str
    line: int
    field: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        advice = f" {self.suggestion}" if self.suggestion else ""
        return f"{self.file}:{self.line}: {self.field}: {self.message}{advice}"


def closest(word: str, known: Iterable[str]) -> str:
    """A sentence naming the nearest known word, or the known words when none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{near[0]}`?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"Known: {shown}." if names else ""


def relative(path: Path, folder: Path) -> str:
    """The path as messages show it: from the knowledge folder's parent's parent where possible."""
    try:
        return str(path.relative_to(folder.parent.parent))
    except ValueError:
        return str(path)
