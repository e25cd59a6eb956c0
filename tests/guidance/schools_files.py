"""Small files as DfE publishes them, and stores made of them."""

import csv
from datetime import date
from pathlib import Path

from guidance.schools import Register, import_file

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TODAY = date(2026, 11, 21)
COLUMNS = [
    "URN", "EstablishmentName", "TypeOfEstablishment (code)", "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)", "PhaseOfEducation (name)", "LA (name)", "Postcode", "UKPRN", "CloseDate", "Town",
]  # fmt: skip
KINDS = {"1": "Community school", "11": "Other independent school", "15": "Local authority nursery school",
         "18": "Further education", "30": "Welsh establishment", "34": "Academy converter",
         "3": "Voluntary controlled school"}  # fmt: skip


def row(urn: int, name: str, **values: str) -> dict[str, str]:
    """One school of an extract; an open community primary in Leeds unless said otherwise."""
    kind = values.pop("kind", "1")
    found = {
        "URN": str(urn),
        "EstablishmentName": name,
        "TypeOfEstablishment (code)": kind,
        "TypeOfEstablishment (name)": KINDS.get(kind, "Some kind"),
        "EstablishmentStatus (name)": "Closed" if "closed" in values else "Open",
        "PhaseOfEducation (name)": "Primary",
        "LA (name)": "Leeds",
        "Postcode": f"LS{urn % 28 + 1} {urn % 9 + 1}AB",
        "UKPRN": str(10_000_000 + urn),
        "CloseDate": values.pop("closed", ""),
        "Town": "Leeds",
    }
    given = {"phase": "PhaseOfEducation (name)", "la": "LA (name)", "postcode": "Postcode", "ukprn": "UKPRN"}
    found.update({given.get(key, key.capitalize()): value for key, value in values.items()})
    return found


def extract(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    """An extract of the schools register."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def register_of(home: Path, rows: list[dict[str, str]]) -> Register:
    """The register of these schools."""
    import_file(extract(home / "extract.csv", rows), home, TODAY)
    return Register(home / "schools.db")
