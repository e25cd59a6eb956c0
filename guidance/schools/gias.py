"""One row of DfE's schools register (GIAS) as a school."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from guidance.schools.lists import FORMS
from guidance.schools.model import School

REQUIRED = (
    "URN",
    "EstablishmentName",
    "TypeOfEstablishment (code)",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "LA (name)",
    "Postcode",
    "UKPRN",
)
COLUMNS = (*REQUIRED, "CloseDate", "LA (code)", "Town", "Locality", "Address3", "County (name)")
POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})")
_DAY = re.compile(r"(\d\d)[-/](\d\d)[-/](\d{4})")

ABROAD = frozenset({"25", "30", "37"})  # offshore, Welsh, British schools overseas
NOT_ENGLISH_CODES = frozenset({"0", "702", "704", "708", *map(str, range(660, 682))})  # 660 to 681 are Welsh
NOT_ENGLISH = frozenset(
    name.lower()
    for name in [
        "BFPO Overseas Establishments",
        "Does not apply",
        "Fieldwork Overseas Establishments",
        "Gibraltar Overseas Establishments",
        "Offshore",
        "Guernsey",
        "Jersey",
        "Isle of Man",
        "Isle of Anglesey",
        "Gwynedd",
        "Conwy",
        "Denbighshire",
        "Flintshire",
        "Wrexham",
        "Powys",
        "Ceredigion",
        "Pembrokeshire",
        "Carmarthenshire",
        "Swansea",
        "Neath Port Talbot",
        "Bridgend",
        "Vale of Glamorgan",
        "Rhondda Cynon Taf",
        "Merthyr Tydfil",
        "Caerphilly",
        "Blaenau Gwent",
        "Torfaen",
        "Monmouthshire",
        "Newport",
        "Cardiff",
    ]
)


class WrongValue(Exception):
    """A value that cannot stand in its column."""

    def __init__(self, column: str, message: str, advice: str) -> None:
        super().__init__(column, message, advice)
        self.column, self.message, self.advice = column, message, advice


def school_from(row: Mapping[str, str]) -> tuple[School, str]:
    """The school of a row, and the further names of its place (locality, county).

    Raises:
        WrongValue: for what no row of the register has.
    """
    row = {name: value.strip() for name, value in row.items()}
    code = row["TypeOfEstablishment (code)"]
    if not (code.isascii() and code.isdigit()):
        raise WrongValue("TypeOfEstablishment (code)", f"`{code[:60]}` is not a code.", "Write one such as 1 or 34.")
    code = str(int(code))
    for column in ("EstablishmentName", "EstablishmentStatus (name)"):
        if not row[column]:
            raise WrongValue(column, "is empty.", "Every school has one: download the extract again.")
    la = row["LA (name)"]
    school = School(
        urn=_number(row, "URN"),
        name=row["EstablishmentName"],
        type_code=code,
        type_name=row["TypeOfEstablishment (name)"],
        phase=row["PhaseOfEducation (name)"],
        town=row.get("Town", ""),
        la=la,
        postcode=postcode(row["Postcode"]) or row["Postcode"],
        ukprn=_number(row, "UKPRN") if row["UKPRN"].strip("0") else "",
        status=row["EstablishmentStatus (name)"],
        close_date=_day(row.get("CloseDate", "")),
        in_england=_in_england(code, la, row.get("LA (code)", "")),
    )
    return school, " ".join(row.get(name, "") for name in ("Locality", "Address3", "County (name)"))


def postcode(text: str) -> str | None:
    """A full postcode as it is written: "EC3A 5DE"."""
    match = POSTCODE.fullmatch(text.strip().upper())
    return f"{match[1]} {match[2]}" if match else None


def _number(row: Mapping[str, str], column: str) -> str:
    pattern, form = FORMS["urn" if column == "URN" else "ukprn"]
    value = row[column]
    if not value.isascii() or not pattern.fullmatch(value):
        raise WrongValue(column, f"`{value[:60]}` is not a {column}.", form)
    return value


def _day(text: str) -> date | None:
    if not text:
        return None
    match = _DAY.fullmatch(text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongValue("CloseDate", f"`{text[:60]}` is not a day.", "Write it as 31-08-2021.") from error


def _in_england(type_code: str, la: str, la_code: str) -> bool:
    """By type and local authority, as DfE's registration service judges it; Wales by its authorities as well."""
    if type_code in ABROAD or la.lower() in NOT_ENGLISH:
        return False
    return (la_code.lstrip("0") or "0") not in NOT_ENGLISH_CODES if la_code else True
