"""A cross-validation is kept with the training data it is of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.evaluation import measured
from bot.evaluation.figures import Figures, Reading
from bot.settings import PROJECT

DONE = measured.Measured(Figures([Reading("a", "greet", "greet", "greet", 0.9)]), {1: (0.75, 0.7), 2: (0.74, 0.7)})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    measured.keep(tmp_path, DONE)
    return tmp_path


def test_what_was_kept_is_found_again(home: Path) -> None:
    assert measured.kept(home) == DONE
    assert DONE.spread == pytest.approx(0.01)


def test_nothing_is_found_where_nothing_was_done(tmp_path: Path) -> None:
    assert measured.kept(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", '{"readings": [{"word": 1}], "seeds": {}}'])
def test_a_damaged_file_counts_as_none(home: Path, text: str) -> None:
    for path in (home / measured.FOLDER).iterdir():
        path.write_text(text, encoding="utf-8")
    assert measured.kept(home) is None


def test_the_version_follows_the_training_lines(tmp_path: Path) -> None:
    for name in ("config.yml", "data", "bot"):
        source = PROJECT / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, tmp_path / name)
    before = measured.version(tmp_path)
    assert before == measured.version(PROJECT)
    path = tmp_path / "data" / "nlu" / "funding.yml"
    path.write_text(path.read_text(encoding="utf-8") + "      - one line more\n", encoding="utf-8")
    assert measured.version(tmp_path) != before
