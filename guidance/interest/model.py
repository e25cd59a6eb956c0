"""An expression of interest: what a visitor left, what they agreed to, what they get back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

COLLECTING, MARKETING = "collecting", "marketing"
RIGHTS = ("access", "erase", "correct", "object", "restrict", "withdraw", "complain")
CODE = re.compile(r"[A-Z][A-Z0-9-]{1,23}")
LONGEST = {"name": 100, "email": 254, "phone": 40, "role": 100, "school": 200, "school_urn": 12, "cohort": 60}


class CannotSave(Exception):
    """The database cannot take it now. Nothing may be confirmed.

    `maybe_saved`: the connection broke while committing, so it may be there after all. Either way, submitting
    again with the same key is safe: it finds the row or makes it.
    """

    def __init__(self, *, maybe_saved: bool = False) -> None:
        self.maybe_saved = maybe_saved
        super().__init__("The database may have saved it; ask again." if maybe_saved else "The database cannot save.")


class DetailsDiffer(Exception):
    """This idempotency key was already used for other details, saved under `reference`. Nothing was changed."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(f"Other details were saved as {reference} with this key.")


class Incomplete(ValueError):
    """Details which may not be saved; the text names the fields and never their values."""


@dataclass(frozen=True)
class Details:
    """What a visitor left. Personal fields stay out of `repr`, so that no log can show them."""

    programmes: tuple[str, ...]
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    role: str | None = field(default=None, repr=False)
    school: str | None = field(default=None, repr=False)
    school_urn: str | None = field(default=None, repr=False)
    cohort: str | None = None

    def check(self) -> None:
        """The last line of defence behind the conversation's own checks.

        Raises:
            Incomplete: naming each field that cannot be saved.
        """
        wrong = [name for name, most in LONGEST.items() if not _fits(getattr(self, name), most)]
        if not self.programmes or any(not CODE.fullmatch(code) for code in self.programmes):
            wrong.append("programmes")
        if not self.name:
            wrong.append("name")
        if not self.email and not self.phone:
            wrong.append("email or phone")
        if wrong:
            raise Incomplete(f"Cannot be saved as they are: {', '.join(wrong)}.")


def _fits(value: object, most: int) -> bool:
    return value is None or (isinstance(value, str) and 0 < len(value) <= most and value.isprintable())


@dataclass(frozen=True)
class Consent:
    """What a visitor was told or asked: the exact words shown, their version, and when (UTC).

    `purpose` is `collecting` (told, `given` is true) or `marketing` (asked; only a clear yes is given).
    """

    purpose: str
    wording: str
    version: str
    at: datetime
    given: bool = True
    basis: str = "legitimate_interests"

    @classmethod
    def marketing(cls, wording: str, version: str, at: datetime, *, given: bool) -> Consent:
        """The answer to the separate question about marketing."""
        return cls(MARKETING, wording, version, at, given, basis="consent")


def check_consents(consents: Sequence[Consent]) -> None:
    """Exactly one notice about collecting, at most one answer about marketing.

    Raises:
        Incomplete: otherwise, or when wording, version or time zone is missing.
    """
    purposes = [consent.purpose for consent in consents]
    if purposes.count(COLLECTING) != 1 or purposes.count(MARKETING) > 1 or set(purposes) - {COLLECTING, MARKETING}:
        raise Incomplete("Consents must be one for `collecting` and at most one for `marketing`.")
    for consent in consents:
        if not consent.wording or not consent.version or consent.at.tzinfo is None:
            raise Incomplete(f"The consent for {consent.purpose} has no wording, version or time zone.")
        if consent.purpose == COLLECTING and not consent.given:
            raise Incomplete("Details may not be saved without the visitor's agreement.")


@dataclass(frozen=True)
class Receipt:
    """Proof that it is saved: given only after commit and read back."""

    reference: str
    created_at: datetime
    again: bool = False  # the same had been saved before: a double click, a retry, a second tab


@dataclass(frozen=True)
class Interest:
    """An expression of interest as stored."""

    id: str
    reference: str
    details: Details
    marketing_consent: bool
    created_at: datetime
    expires_at: datetime
    session: str
    channel: str

    def to_dict(self) -> dict[str, Any]:
        """In the form of the `npq interest export --json` contract, exactly."""
        told = asdict(self.details)
        return {
            "reference": self.reference,
            "programmes": list(self.details.programmes),
            **{key: told[key] for key in ("name", "email", "phone", "role", "school", "cohort")},
            "marketing_consent": self.marketing_consent,
            "created_at": self.created_at.isoformat(timespec="seconds"),
        }
