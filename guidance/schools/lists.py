"""DfE's lists: their names, the columns they come in, the funding input each decides, the intake they are for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["urn", "ukprn", "ofsted_urn"]


@dataclass(frozen=True)
class KnownList:
    """One list. `columns`: header of DfE's upload -> kind of identifier under it."""

    id: str
    title: str
    input: str
    columns: dict[str, Kind]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of identifier that may stand on it."""
        return tuple(dict.fromkeys(self.columns.values()))


PP50_SCHOOL, PP50_16_19, RISE, CHILDMINDER = "pp50_school", "pp50_16_19", "rise_school", "childminder"
LA_NURSERY, EARLY_YEARS = "la_nursery", "disadvantaged_early_years"
LISTS = {
    item.id: item
    for item in (
        KnownList(PP50_SCHOOL, "disadvantage list of schools (PP50)", "on_pp50_list", {"PP50 School URN": "urn"}),
        KnownList(PP50_16_19, "disadvantage list of 16 to 19 settings (PP50)", "on_pp50_list", {"FE UKPRN": "ukprn"}),
        KnownList(RISE, "list of schools with targeted RISE support", "on_rise_list", {"RISE School URN": "urn"}),
        KnownList(CHILDMINDER, "list of childminders", "on_childminder_list", {"Childminder URN": "ofsted_urn"}),
        KnownList(LA_NURSERY, "list of local authority nurseries", "on_la_nursery_list", {"LA Nursery URN": "urn"}),
        KnownList(
            EARLY_YEARS,
            "list of disadvantaged early years settings",
            "on_disadvantaged_ey_list",
            {"Disadvantaged EY School URN": "urn", "Ofsted URN": "ofsted_urn"},
        ),
    )
}
ALSO = {"childminderofstedurn": "Childminder URN", "disadvantagedearlyyearsschoolurn": "Disadvantaged EY School URN"}
OFSTED_ALONE = "Ofsted URN"  # stands on two lists, so alone it does not say which
FORMS: dict[Kind, tuple[re.Pattern[str], str]] = {
    "urn": (re.compile(r"[1-9]\d{5}"), "A URN has 6 digits, such as 100000."),
    "ukprn": (re.compile(r"1\d{7}"), "A UKPRN has 8 digits and starts with 1, such as 10000599."),
    "ofsted_urn": (
        re.compile(r"[A-Z]{2}\d{6}|[1-9]\d{5,6}"),
        "An Ofsted URN is 6 or 7 digits, or two letters and 6 digits, such as EY248638.",
    ),
}
_INTAKE = re.compile(r"(?<![a-z])(spring|autumn)[\s_-]*(20\d\d)(?!\d)", re.I)
_OFSTED = re.compile(r"\b[A-Z]{2}[ -]?\d{6}\b|\b[1-9]\d{5,6}\b", re.I)


def squeezed(header: str) -> str:
    """A header without case, spaces and signs, for comparing."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


def intake_named(text: str) -> str | None:
    """The intake named in a text or file name, as its id: "autumn 2026" -> `autumn_2026`."""
    found = {f"{match[1].lower()}_{match[2]}" for match in _INTAKE.finditer(text)}
    return found.pop() if len(found) == 1 else None


def intake_order(intake: str) -> tuple[int, bool]:
    """For sorting intakes by time."""
    season, _, year = intake.partition("_")
    return int(year), season == "autumn"


def intake_label(intake: str) -> str:
    """The intake as people say it: "autumn 2025"."""
    return intake.replace("_", " ")


def ofsted_number(text: str) -> str | None:
    """The first Ofsted URN in a text (`EY123456`, `2612345`), in the form the lists use."""
    match = _OFSTED.search(text)
    return re.sub(r"[ -]", "", match[0]).upper() if match else None
