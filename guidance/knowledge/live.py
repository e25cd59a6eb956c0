"""The knowledge in use. An edited file is noticed; a broken edit keeps the last good version."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

from guidance.knowledge.load import KnowledgeError, files, load
from guidance.knowledge.model import Knowledge

logger = logging.getLogger(__name__)

Stamp = tuple[tuple[str, int, int], ...]


@dataclass
class _Live:
    """One knowledge folder as served: the last good version and what is wrong with a newer one."""

    folder: Path
    knowledge: Knowledge
    stamp: Stamp
    loaded_at: datetime
    broken: KnowledgeError | None = None


_live: dict[Path, _Live] = {}


def knowledge_folder() -> Path:
    """The folder in use: `NPQ_KNOWLEDGE`, or `data/knowledge` beside the code."""
    return _folder(os.environ.get("NPQ_KNOWLEDGE") or "")


@lru_cache(maxsize=64)  # asked for several times a turn, and the file system is slow to answer
def _folder(named: str) -> Path:
    return Path(named).resolve() if named else Path(__file__).resolve().parents[2] / "data" / "knowledge"


def current(folder: Path | None = None) -> Knowledge:
    """The knowledge being served; loads it the first time.

    Raises:
        KnowledgeError: when it has never been loaded and is broken.
    """
    return _entry(folder).knowledge


def follow(folder: Path | None = None) -> bool:
    """Look whether a file changed; if so load it. True when newer knowledge is now served.

    A broken edit is logged once and reported by `health`; the last good version stays.
    """
    live = _entry(folder)
    stamp = _stamp(live.folder)
    if stamp == live.stamp:
        return False
    live.stamp = stamp
    try:
        knowledge = load(live.folder)
    except KnowledgeError as error:
        live.broken = error
        logger.error("Knowledge not reloaded, still serving version %s:\n%s", live.knowledge.version, error)
        return False
    changed = knowledge.version != live.knowledge.version
    live.knowledge, live.broken, live.loaded_at = knowledge, None, datetime.now(timezone.utc)
    if changed:
        logger.info("Knowledge reloaded, now serving version %s.", knowledge.version)
    return changed


def health(folder: Path | None = None) -> dict[str, object]:
    """Version and age of the knowledge served, and the problems of a newer edit that is broken."""
    live = _entry(folder)
    problems = [str(problem) for problem in live.broken.problems] if live.broken else []
    return {
        "version": live.knowledge.version,
        "loaded_at": live.loaded_at.isoformat(timespec="seconds"),
        "ok": not problems,
        "problems": problems,
    }


def _entry(folder: Path | None) -> _Live:
    where = folder or knowledge_folder()
    if where not in _live:
        stamp = _stamp(where)
        _live[where] = _Live(where, load(where), stamp, datetime.now(timezone.utc))
    return _live[where]


def _stamp(folder: Path) -> Stamp:
    found = []
    for path in files(folder):
        try:
            status = path.stat()
        except FileNotFoundError:  # renamed by an editor between listing and looking
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)
