"""Read the funding file by itself, for commands that need nothing else and must start fast."""

from __future__ import annotations

from pathlib import Path

from guidance.funding.checks import check
from guidance.funding.model import Funding
from guidance.funding.rules import Rules
from guidance.knowledge.load import KnowledgeError, Shelf
from guidance.knowledge.problems import relative
from guidance.knowledge.yaml_lines import read

FILE = "funding.yml"


def load_rules(folder: Path) -> Rules:
    """The funding rules of a knowledge folder.

    Raises:
        KnowledgeError: with every problem of the file.
    """
    path = folder / FILE
    document, problems = read(path, relative(path, folder))
    shelf = Shelf(problems=problems)
    if not problems:
        shelf.add("funding", document, (), document.data, Funding)
    for entry in shelf.entries.get("funding", []):
        shelf.problems += check(entry, {})
    if shelf.problems:
        raise KnowledgeError(shelf.problems)
    return Rules(shelf.entries["funding"][0].record)
