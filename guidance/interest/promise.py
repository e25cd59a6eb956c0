"""What visitors are promised when they leave their details, from the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from guidance.interest.options import OptionError, whole_number

DEFAULT_COLLECTOR = "The provider that runs this guide"
LONGEST = 80


@dataclass(frozen=True)
class Promise:
    """Who collects, how long it is kept (months), within how many working days they write, where the notice is."""

    collector: str
    months: int
    days: int
    notice: str
    write_to: str

    @property
    def the_collector(self) -> str:
        """The collector inside a sentence: only "The" becomes small."""
        return "the" + self.collector[3:] if self.collector.startswith("The ") else self.collector

    @property
    def how(self) -> str:
        """How to have details changed or deleted: "write to ...", or by saying so here."""
        return f"write to {self.write_to}" if self.write_to else "say “delete my details” in this chat"

    def fill(self, text: str, contact: str, **more: str) -> str:
        """A text with what is promised filled in."""
        values = {
            "collector": self.collector,
            "the_collector": self.the_collector,
            "months": str(self.months),
            "days": str(self.days),
            "how": self.how,
            "contact": contact,
        }
        for name, value in {**values, **more}.items():
            text = text.replace("{" + name + "}", value)
        return " ".join(text.split())


def promise(environ: Mapping[str, str] | None = None) -> Promise:
    """Read it from NPQ_COLLECTOR, NPQ_COLLECTOR_CONTACT, NPQ_KEEP_INTERESTS_MONTHS, NPQ_REPLY_DAYS, NPQ_PRIVACY_URL.

    Raises:
        OptionError: a setting cannot be used.
    """
    environ = os.environ if environ is None else environ
    collector = (environ.get("NPQ_COLLECTOR") or DEFAULT_COLLECTOR).strip()
    if len(collector) > LONGEST or not collector.isprintable():
        raise OptionError(
            f"NPQ_COLLECTOR: is longer than {LONGEST} characters or has line breaks. Write one short name."
        )
    notice = environ.get("NPQ_PRIVACY_URL") or "/privacy"
    if not notice.startswith(("https://", "/")):
        raise OptionError("NPQ_PRIVACY_URL: must begin with https:// (or / for a page of this service).")
    return Promise(
        collector=collector,
        months=whole_number(environ, "NPQ_KEEP_INTERESTS_MONTHS", 12, 1, 84),
        days=whole_number(environ, "NPQ_REPLY_DAYS", 5, 1, 60),
        notice=notice,
        write_to=environ.get("NPQ_COLLECTOR_CONTACT") or environ.get("NPQ_CONTACT") or "",
    )
