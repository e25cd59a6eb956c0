"""The register in use. A newly imported one is noticed without a restart; a damaged one is as good as none."""

from __future__ import annotations

import logging
import os
import sqlite3
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from guidance.schools.register import Register
from guidance.schools.store import FILE, usable

logger = logging.getLogger(__name__)
Stamp = tuple[int, int, int] | None


@dataclass
class _Live:
    """One store as served."""

    stamp: Stamp = None
    register: Register = field(default_factory=Register)
    problem: str | None = None


_live: dict[str, _Live] = {}


def home_folder() -> Path:
    """Where the store is: `NPQ_HOME`, or `var` beside the code."""
    return _folder(os.environ.get("NPQ_HOME"))


# Both remembered: several times a turn each folder on the way would be looked at.
@lru_cache(maxsize=16)
def _folder(named: str | Path | None) -> Path:
    return Path(named).expanduser().resolve() if named else Path(__file__).resolve().parents[2] / "var"


@lru_cache(maxsize=16)
def _file(home: str | Path | None) -> str:
    return str(_folder(home) / FILE)


def current(home: Path | None = None) -> Register:
    """The register in use; an empty one where nothing usable was imported. Never raises."""
    path = _file(home or os.environ.get("NPQ_HOME"))
    live = _live.setdefault(path, _Live())
    stamp = _stamp(path)
    if stamp != live.stamp:
        _live[path] = live = _opened(path, stamp)
    return live.register


def health(home: Path | None = None) -> dict[str, Any]:
    """What is loaded, and what is wrong with the file when it cannot be used."""
    register = current(home)
    problem = _live[_file(home or os.environ.get("NPQ_HOME"))].problem or register.broken
    loaded = [{"kind": one.kind, "intake": one.intake or None, "rows": one.rows} for one in register.loaded]
    return {"ok": problem is None, "loaded": loaded, "problems": [problem] if problem else []}


def _opened(path: str, stamp: Stamp) -> _Live:
    if stamp is None:
        return _Live()
    if usable(Path(path)):
        try:
            return _Live(stamp, Register(Path(path)))
        except sqlite3.Error:  # removed between looking and opening
            pass
    problem = f"{FILE} is damaged or of another version and not used. Import the lists and the register again."
    logger.error(problem)
    return _Live(stamp, Register(), problem)


def _stamp(path: str) -> Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
