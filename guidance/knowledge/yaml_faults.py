"""Why a file is not YAML, in words for people who edit it: where it begins to go wrong and what to write instead."""

from __future__ import annotations

import re

import yaml

MEANS = "%@`*&!|>"  # characters with a meaning of their own at the beginning of a text
COLON = "A text with a colon or a # in it needs quotes around all of it."
INDENT = "Lines of one list or record must begin in the same column: compare it with the lines above."
TAB = "There is a tab character; put spaces before the line, as above it."
APOSTROPHE = "A text in ' quotes ends at the next ', so one with an apostrophe in it needs \" quotes, or none."
OPEN = "A quote opens here and is not closed."
NO_SPACE = re.compile(r"\s*(?:- )?[\w ]+:[^\s/]")
UTF8 = "Save the file as plain text in UTF-8."


def explained(error: Exception, text: str | None) -> tuple[int, str, str]:
    """The line, the parser's reason and what to do. `text` is the file, None when it cannot be read as text."""
    if isinstance(error, UnicodeDecodeError):
        return (error.object[: error.start].count(b"\n") + 1, "it has characters of another encoding", UTF8)
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or str(error)
    if text is None or mark is None:
        return (mark.line + 1 if mark else 1, reason, UTF8 if isinstance(error, yaml.reader.ReaderError) else "")
    opened = getattr(error, "context_mark", None)
    if opened is not None and "quoted scalar" in str(error.context):  # type: ignore[attr-defined]
        return opened.line + 1, reason, OPEN
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    above = lines[mark.line - 1] if 0 < mark.line <= len(lines) else ""
    if NO_SPACE.match(above):
        return mark.line, reason, "There must be a space after the colon."
    return mark.line + 1, reason, _advice(line, mark.column, reason)


def _advice(line: str, column: int, reason: str) -> str:
    before = line[:column].rstrip()
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return TAB
    if line[column : column + 1] in tuple(MEANS):
        return f"A text that begins with {line[column]} needs quotes."
    if "mapping values" in reason and re.fullmatch(r"[\w -]+", before):
        return INDENT  # nothing but a key: it stands further in than the one above
    if "mapping values" in reason:
        return COLON
    if re.search(r":\s+'|-\s+'", before):
        return APOSTROPHE
    if re.search(r":\s+\"|-\s+\"", before):
        return 'A text in " quotes ends at the next "; nothing may follow it.'
    return INDENT if before.strip() in ("", "-") else f"{INDENT} {COLON}"
