"""Which of the names in hand-labelled messages are found: precision, recall and F1 of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.nlu.language import live
from bot.nlu.language.entities import entities
from bot.settings import PROJECT
from guidance.knowledge import Knowledge

LABELLED = PROJECT / "data" / "evaluation" / "entities.yml"
KINDS = ("programme", "provider", "role", "setting", "phase", "year", "date")
AS_OF = date(2026, 11, 21)  # the day the labels hold for
ALL = "all"


@dataclass(frozen=True)
class Score:
    """How many names of a kind were found, how many were no such names, how many were missed."""

    found: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where there is nothing to find."""
        total = 2 * self.found + self.wrong + self.missed
        return 2 * self.found / total if total else 1.0


@dataclass(frozen=True)
class Miss:
    """A message not read as labelled."""

    text: str
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def score(knowledge: Knowledge, path: Path = LABELLED) -> tuple[dict[str, Score], list[Miss]]:
    """The score of each kind and of all together, and the messages read otherwise than labelled."""
    guide = live.guide(knowledge)
    counts = {kind: [0, 0, 0] for kind in (*KINDS, ALL)}
    misses = []
    for item in yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]:
        wanted = set(item["named"])
        named = entities(guide.read(item["text"]), knowledge, AS_OF)
        got = {f"{one.kind}:{one.value}" for one in named if one.kind in KINDS}
        for place, names in enumerate((got & wanted, got - wanted, wanted - got)):
            for name in names:
                counts[name.split(":")[0]][place] += 1
                counts[ALL][place] += 1
        if got != wanted:
            misses.append(Miss(item["text"], tuple(sorted(got - wanted)), tuple(sorted(wanted - got))))
    return {kind: Score(*count) for kind, count in counts.items()}, misses
