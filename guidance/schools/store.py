"""Writes what was imported: one SQLite file, built beside the one in use and put in its place in one step."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from guidance.schools.lists import LISTS, intake_label, intake_named, intake_order
from guidance.schools.model import School, Source
from guidance.schools.read import Content, ImportRefused, read
from guidance.schools.words import distinctive, name_and_place, words

FILE = "schools.db"
FORMAT = 1  # of the tables below; a file of another format has to be imported again
FIRST_YEAR = 2021  # of the reformed NPQs
WAIT = 60.0  # seconds for another import to end
_TABLES = """
CREATE TABLE source (kind TEXT, intake TEXT, rows INT, duplicates INT, imported TEXT, file TEXT,
    PRIMARY KEY (kind, intake)) WITHOUT ROWID;
CREATE TABLE member (list TEXT, intake TEXT, identifier TEXT,
    PRIMARY KEY (list, intake, identifier)) WITHOUT ROWID;
"""
# nd, ng: how many words of the name are its own, and how many name kinds of schools
_REGISTER = """
DROP TABLE IF EXISTS school; DROP TABLE IF EXISTS named; DROP TABLE IF EXISTS word;
CREATE TABLE school (urn INTEGER PRIMARY KEY, ukprn TEXT, name TEXT, type_code TEXT, type_name TEXT, phase TEXT,
    town TEXT, la TEXT, postcode TEXT, status TEXT, close_date TEXT, in_england INT,
    closed INT, words TEXT, place TEXT, kind TEXT, nd INT, ng INT);
CREATE VIRTUAL TABLE named USING fts5(words, place, kind, content='', detail=column, tokenize='ascii');
CREATE TABLE word (word TEXT PRIMARY KEY, names INT, places INT) WITHOUT ROWID;
"""
_INDEXES = "CREATE INDEX by_ukprn ON school (ukprn); CREATE INDEX by_postcode ON school (postcode);"


def import_file(path: Path, home: Path, today: date, year: str | None = None) -> list[Source]:
    """Load a file into the store of a home folder.

    Args:
        path: DfE's lists or an extract of the schools register, as `docs/lists.md` describes.
        home: the folder of the store.
        today: the day to record.
        year: the intake a list is for ("autumn 2026"); needed where the file name does not say it.

    Returns:
        What was loaded; it replaces what was loaded before of the same kind and intake.

    Raises:
        ImportRefused: nothing was changed; the text says why.
    """
    home = home.resolve()
    content = read(path)
    intake = "" if content.schools else _intake(path, year, today)
    if content.schools and year:
        raise ImportRefused(f"{path.name}: the schools register is for no intake. Leave `--year` out.")
    sources = [
        Source(kind, intake, count, content.duplicates.get(kind, 0), today, path.name)
        for kind, count in _counts(content).items()
    ]
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home):
            _build(home, content, sources)
    except (OSError, sqlite3.Error) as error:
        raise ImportRefused(f"{home}: cannot be written ({error}). What was loaded before stays.") from error
    return sources


def _counts(content: Content) -> dict[str, int]:
    counts = {name: len(identifiers) for name, identifiers in content.lists.items()}
    return {**counts, "gias": len(content.schools)} if content.schools else counts


def _intake(path: Path, year: str | None, today: date) -> str:
    """The intake a list is for, from the option or the file name."""
    named, given = intake_named(path.stem), intake_named(year or "")
    example = "Write it as --year 'autumn 2026'."
    if year and not given:
        raise ImportRefused(f"--year: `{year[:60]}` is no intake. {example}")
    if not (named or given):
        raise ImportRefused(f"{path.name}: which intake is this list for? The file name does not say. {example}")
    if named and given and named != given:
        raise ImportRefused(
            f"{path.name}: its name says {intake_label(named)}, --year says {intake_label(given)}. "
            "Rename the file or leave --year out."
        )
    intake = given or named or ""
    if not FIRST_YEAR <= intake_order(intake)[0] <= today.year + 2:
        raise ImportRefused(f"{path.name}: {intake_label(intake)} is no intake that has a list. {example}")
    return intake


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One import at a time: SQLite's own lock, which ends with the process that holds it."""
    with closing(sqlite3.connect(home / f"{FILE}.lock", timeout=WAIT, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise ImportRefused("another import is running. Try again when it has ended.") from error
        yield


def _build(home: Path, content: Content, sources: list[Source]) -> None:
    """The new file: a copy of the old one with the new content, whole on the disk before it is put in place."""
    store, part = home / FILE, home / f"{FILE}.part"
    part.unlink(missing_ok=True)  # what a killed import left
    Path(f"{part}-journal").unlink(missing_ok=True)
    if usable(store):
        shutil.copyfile(store, part)
    with closing(sqlite3.connect(part)) as base:
        base.execute("PRAGMA synchronous = OFF")  # nobody reads it before it is complete
        base.execute("PRAGMA journal_mode = MEMORY")
        if base.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            base.executescript(_TABLES + _REGISTER + _INDEXES + f"PRAGMA user_version = {FORMAT};")
        if content.schools:
            base.executescript(_REGISTER)
            _write_schools(base, content.schools)
            base.executescript(_INDEXES)
        for source in sources:
            _write_source(base, source, content)
        base.commit()
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, store)
    _settle(home)


def _settle(folder: Path) -> None:
    """Make the new name durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def usable(store: Path) -> bool:
    """Whether the file is a store of the present format with nothing damaged."""
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            sound = base.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            return bool(sound and base.execute("PRAGMA user_version").fetchone()[0] == FORMAT)
    except (sqlite3.Error, OSError):
        return False


def _write_source(base: sqlite3.Connection, source: Source, content: Content) -> None:
    if source.kind in LISTS:
        key = (source.kind, source.intake)
        base.execute("DELETE FROM member WHERE list = ? AND intake = ?", key)
        rows = ((*key, identifier) for identifier in sorted(content.lists[source.kind]))
        base.executemany("INSERT INTO member VALUES (?, ?, ?)", rows)
    base.execute(
        "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?)",
        (source.kind, source.intake, source.rows, source.duplicates, source.imported.isoformat(), source.file),
    )


def _write_schools(base: sqlite3.Connection, schools: dict[str, tuple[School, str]]) -> None:
    names, places = Counter[str](), Counter[str]()
    for urn in sorted(schools):
        school, more_place = schools[urn]
        own, after_comma = name_and_place(school.name)
        own = list(dict.fromkeys(own))
        place = list(dict.fromkeys([*after_comma, *words(f"{school.town} {school.la} {more_place}")]))
        kind = list(dict.fromkeys(words(f"{school.phase} {school.type_name}")))
        unlike = len(distinctive(own))
        texts = [" ".join(own), " ".join(place), " ".join(kind)]
        base.execute(
            "INSERT INTO school VALUES (" + ", ".join("?" * 18) + ")",
            (
                int(urn), school.ukprn, school.name, school.type_code, school.type_name, school.phase, school.town,
                school.la, school.postcode, school.status,
                school.close_date.isoformat() if school.close_date else None, school.in_england,
                school.closed, *texts, unlike, len(own) - unlike,
            ),
        )  # fmt: skip
        base.execute("INSERT INTO named (rowid, words, place, kind) VALUES (?, ?, ?, ?)", (int(urn), *texts))
        names.update(own)
        places.update(place)
    everything = sorted(names.keys() | places.keys())
    base.executemany("INSERT INTO word VALUES (?, ?, ?)", ((word, names[word], places[word]) for word in everything))
