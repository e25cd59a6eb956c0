"""A cross-validation kept with the training data it is of, so that it need not be done twice."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.figures import Figures, Reading, accuracy
from bot.settings import PROJECT

FOLDER = "evaluation"
SOURCES = ("config.yml", "data/nlu/**/*.yml", "data/knowledge/**/*.yml", "bot/nlu/**/*.py", "bot/evaluation/*.py")


@dataclass(frozen=True)
class Measured:
    """The figures of the first seed's folds with perturbations, and of each seed (accuracy, macro-F1)."""

    figures: Figures
    seeds: dict[int, tuple[float, float]]

    @property
    def spread(self) -> float:
        """Between the best and the worst seed's accuracy."""
        values = [value for value, _ in self.seeds.values()]
        return max(values) - min(values)


def version(project: Path = PROJECT) -> str:
    """A hash of everything a cross-validation depends on."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(project.glob(pattern)):
            digest.update(str(path.relative_to(project)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def kept(home: Path) -> Measured | None:
    """The cross-validation of today's training data, if it was done; a damaged file counts as none."""
    path = _path(home)
    if not path.is_file():
        return None
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        figures = Figures([Reading(**item) for item in data["readings"]])
        return Measured(figures, {int(seed): (found[0], found[1]) for seed, found in data["seeds"].items()})
    except (ValueError, TypeError, KeyError):
        return None


def measure(home: Path, seeds: int, say: Callable[[str], None]) -> Measured:
    """Cross-validate with several seeds of the folds, and keep the outcome."""
    from bot.evaluation.crossvalidation import SEED, cross_validate

    first, found = Figures(), {}
    for number in range(seeds):
        say(f"seed {number + 1} of {seeds}")
        figures = cross_validate(say, seed=SEED + number) if not number else cross_validate(say, 0, SEED + number)
        first = first if number else figures
        found[SEED + number] = (accuracy(figures.of()), figures.macro_f1())
    measured = Measured(first, found)
    keep(home, measured)
    return measured


def keep(home: Path, measured: Measured) -> None:
    """Keep a cross-validation for today's training data."""
    path = _path(home)
    data = {"readings": [asdict(item) for item in measured.figures.readings], "seeds": measured.seeds}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(data, file)
    os.replace(file.name, path)


def _path(home: Path) -> Path:
    return home / FOLDER / f"crossvalidation-{version()}.json"
