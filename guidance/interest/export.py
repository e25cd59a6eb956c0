"""Expressions of interest for other programs (JSON) and for spreadsheets (CSV)."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from guidance.interest.model import Interest

COLUMNS = (
    "reference", "programmes", "name", "email", "phone", "role", "school", "cohort", "marketing_consent", "created_at",
)  # fmt: skip
# Spreadsheets take a cell that begins with one of these for a formula. Dashes and minus signs that only look like
# a hyphen are included: some programs convert them.
_STARTS_FORMULA = frozenset("=+-@‐‑‒–—―−")


def to_json(interests: Iterable[Interest]) -> str:
    """An array in the form of the contract."""
    return json.dumps([interest.to_dict() for interest in interests], ensure_ascii=False, indent=2) + "\n"


def to_csv(interests: Iterable[Interest]) -> str:
    """RFC 4180, with a heading. A cell that a spreadsheet would run gets a quote before it, phone numbers too."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for interest in interests:
        row = interest.to_dict()
        writer.writerow([harmless(_text(row[column])) for column in COLUMNS])
    return text.getvalue()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)


def harmless(cell: str) -> str:
    """The cell, which no spreadsheet takes for a formula."""
    cell = cell.replace("\0", "")  # no CSV file may hold it
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", cell) if unicodedata.category(sign)[0] not in "CZ")
    runs = seen[:1] in _STARTS_FORMULA if seen else False
    return f"'{cell}" if runs or cell[:1] in ("\t", "\r", "\n") else cell
