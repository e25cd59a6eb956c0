"""Reads a file to import: what it is, by its columns, and its rows, each checked. Nothing wrong is passed on."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guidance.knowledge.problems import Problem, closest
from guidance.schools.gias import COLUMNS, REQUIRED, WrongValue, school_from
from guidance.schools.lists import ALSO, CHILDMINDER, EARLY_YEARS, FORMS, LISTS, OFSTED_ALONE, Kind, squeezed
from guidance.schools.model import School

COMBINED = ("list", "identifier_type", "identifier")
CHUNK = 1 << 20
_HEADERS = {squeezed(header): (item.id, header) for item in LISTS.values() for header in item.columns}
_EARLY = tuple(LISTS[EARLY_YEARS].columns)
_HEADERS.update({other: _HEADERS[squeezed(header)] for other, header in ALSO.items()})
KNOWN = (
    f"DfE's lists have `{','.join(COMBINED)}` or one of "
    f"{', '.join(f'`{header}`' for _, header in dict.fromkeys(_HEADERS.values()))}; "
    "the schools register (GIAS) has `URN`, `EstablishmentName` and more."
)


class ImportRefused(Exception):
    """The file is not taken; the text says where and why, and what to write. What was loaded stays as it is."""


@dataclass
class Content:
    """A file read whole: rows of lists, or schools. `duplicates` counts rows that say the same again."""

    lists: dict[str, set[str]] = field(default_factory=dict)
    schools: dict[str, tuple[School, str]] = field(default_factory=dict)  # URN -> school, further names of its place
    duplicates: dict[str, int] = field(default_factory=dict)


class _Table:
    """The rows of a CSV file under its header, each as long as the header; blank ones left out."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.line = 1
        self._lines = _lines(path)
        self._rows = csv.reader(self._lines, strict=True)
        self.header = [cell.strip() for cell in next(self._read(), [])]
        if not any(self.header):
            raise self.refusal("file", "is empty.", "Write a header line and the rows under it.")

    def _read(self) -> Iterator[list[str]]:
        try:
            for row in self._rows:
                self.line = self._rows.line_num
                yield row
        except csv.Error as error:
            self.line = max(self._rows.line_num, 1)
            raise self.refusal("row", f"is no CSV: {error}.", "Was the file cut off? Download it again.") from error

    def rows(self) -> Iterator[list[str]]:
        width, empty = len(self.header), True
        for row in self._read():
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != width:
                message = f"has {len(row)} values where the header has {width}."
                raise self.refusal("row", message, "Was the file cut off? Download it again.")
            empty = False
            yield row
        if empty:
            raise self.refusal("file", "has a header and no rows.", "Nothing to load: download it again.")

    def refusal(self, column: str, message: str, advice: str) -> ImportRefused:
        return ImportRefused(str(Problem(self.name, self.line, column, message, advice)))


def read(path: Path) -> Content:
    """Read and check a whole file.

    Raises:
        ImportRefused: at the first thing that is wrong.
    """
    table = _Table(path)
    squeezed_header = [squeezed(name) for name in table.header]
    twice = next((name for name in squeezed_header if name and squeezed_header.count(name) > 1), None)
    places = {name: place for place, name in enumerate(squeezed_header)}
    if "establishmentname" in places:
        return _register(table, places)
    if all(squeezed(name) in places for name in COMBINED):
        return _combined(table, [places[squeezed(name)] for name in COMBINED])
    found = {name: _HEADERS[name] for name in places if name in _HEADERS}
    if twice in found:
        raise table.refusal(twice or "", "stands twice in the header.", "Leave one.")
    if not found:
        shown = ", ".join(f"`{name}`" for name in table.header[:6] if name)
        near = "".join(closest(name, [header for _, header in _HEADERS.values()]) for name in table.header[:1])
        near = near + " " if near.startswith("Did") else ""
        raise table.refusal("header", f"no column says what this is (it has {shown}).", near + KNOWN)
    return _one_list(table, places, _which(table, found))


def _which(table: _Table, found: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The columns that count: squeezed header -> list, DfE's header. They are of one list."""
    ofsted = squeezed(OFSTED_ALONE)
    lists = {name for name, _ in found.values()}
    if set(found) == {ofsted}:
        name = squeezed(table.name)
        childminders, early = "childminder" in name, "early" in name or "disadvantaged" in name
        if childminders == early:
            message = "may be the list of childminders or the list of early years settings."
            raise table.refusal(OFSTED_ALONE, message, f"Write `Childminder URN`, or `{','.join(_EARLY)}`.")
        return {ofsted: (CHILDMINDER, "Childminder URN") if childminders else (EARLY_YEARS, OFSTED_ALONE)}
    if len(lists) == 2 and EARLY_YEARS in lists and squeezed(_EARLY[0]) not in found:
        return {name: column for name, column in found.items() if name != ofsted}  # a further column
    if len(lists) > 1:
        headers = ", ".join(f"`{header}`" for _, header in found.values())
        raise table.refusal("header", f"has the columns of several lists ({headers}).", "One list a file.")
    return dict(found)


def _one_list(table: _Table, places: Mapping[str, int], columns: Mapping[str, tuple[str, str]]) -> Content:
    content = Content()
    wanted = [
        (places[name], table.header[places[name]], LISTS[of].columns[header], of)
        for name, (of, header) in columns.items()
    ]
    for row in table.rows():
        given = [(row[place], header, kind, of) for place, header, kind, of in wanted if row[place].strip()]
        if not given:
            headers = " or ".join(header for _, header, _, _ in wanted)
            raise table.refusal(headers, "is empty.", FORMS[wanted[0][2]][1])
        for cell, header, kind, of in given:
            _add(content, of, _identifier(table, header, cell, kind))
    return content


def _combined(table: _Table, places: list[int]) -> Content:
    content = Content()
    at_list, at_kind, at_identifier = places
    for row in table.rows():
        name, kind = row[at_list].strip().lower(), row[at_kind].strip().lower()
        if name not in LISTS:
            raise table.refusal("list", f"there is no list `{name[:60]}`.", closest(name, LISTS))
        known = next((one for one in LISTS[name].kinds if one == kind), None)
        if known is None:
            kinds = " or ".join(f"`{one}`" for one in LISTS[name].kinds)
            raise table.refusal("identifier_type", f"`{kind[:60]}` is wrong for `{name}`.", f"Write {kinds}.")
        _add(content, name, _identifier(table, "identifier", row[at_identifier], known))
    return content


def _add(content: Content, name: str, identifier: str) -> None:
    kept = content.lists.setdefault(name, set())
    content.duplicates[name] = content.duplicates.get(name, 0) + (identifier in kept)
    kept.add(identifier)


def _identifier(table: _Table, column: str, text: str, kind: Kind) -> str:
    pattern, form = FORMS[kind]
    value = text.strip().upper()
    if not value.isascii() or not pattern.fullmatch(value):
        raise table.refusal(column, f"`{text.strip()[:60]}` is not a number of this kind.", form)
    return value


def _register(table: _Table, places: Mapping[str, int]) -> Content:
    columns = {name: places[squeezed(name)] for name in COLUMNS if squeezed(name) in places}
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise table.refusal("header", f"looks like the schools register but lacks {names}.", "Take the full extract.")
    content = Content(duplicates={"gias": 0})
    for row in table.rows():
        try:
            school, places_named = school_from({name: row[place] for name, place in columns.items()})
        except WrongValue as wrong:
            raise table.refusal(wrong.column, wrong.message, wrong.advice) from wrong
        before = content.schools.setdefault(school.urn, (school, places_named))
        if before[0] is not school:
            if before[0] != school:
                message = f"`{school.urn}` stands twice with different details."
                raise table.refusal("URN", message, "Leave the right one.")
            content.duplicates["gias"] += 1
    return content


def _lines(path: Path) -> Iterator[str]:
    """The file as text: UTF-8 (with or without mark) or, when it is not, Windows-1252.

    Raises:
        ImportRefused: when it is missing, no file or no text.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ImportRefused(f"{path}: is no ordinary file. Name a CSV file.")
    try:
        coding = _coding(path)
        return _decoded(path, coding)
    except FileNotFoundError as error:
        raise ImportRefused(f"{path}: there is no such file. Check the path.") from error
    except IsADirectoryError as error:
        raise ImportRefused(f"{path}: is a folder. Name one CSV file in it.") from error
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read ({error.strerror}).") from error


def _decoded(path: Path, coding: str) -> Iterator[str]:
    with path.open(encoding=coding, newline="") as file:
        yield from file


def _coding(path: Path) -> str:
    """The encoding; a first look through all bytes, so that no row is taken before the last is known to be text."""
    advice = "Save it as CSV UTF-8."
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(b"PK"):
            raise ImportRefused(f"{path.name}:1: file: is a workbook or an archive, not CSV. {advice} Unpack a zip.")
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise ImportRefused(f"{path.name}:1: file: is UTF-16. {advice}")
    utf8 = True
    for number, line in enumerate(_byte_lines(path), start=1):
        if bad := re.search(rb"[\x00-\x08\x0e-\x1f]", line):
            raise ImportRefused(f"{path.name}:{number}: file: is not text (byte {bad.start() + 1}). {advice}")
        if utf8 and not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                utf8 = False
    if utf8:
        return "utf-8-sig"
    for number, line in enumerate(_byte_lines(path), start=1):
        try:
            line.decode("cp1252")
        except UnicodeDecodeError as error:
            at = f"{path.name}:{number}: byte {error.start + 1}"
            raise ImportRefused(f"{at}: is neither UTF-8 nor Windows-1252. {advice}") from error
    return "cp1252"


def _byte_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(CHUNK):
            yield line
