"""Changes to answers given before: several in one message, by the field's name or by what was wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidance.journeys import interest_school
from guidance.journeys.interest_correcting import (
    LABELLED,
    clauses,
    contrasted_field,
    field_named,
    like_field,
    new_value,
)
from guidance.journeys.interest_details import LONG_NUMBER, details_in
from guidance.journeys.interest_draft import Draft
from guidance.journeys.interest_words import ADDING, CHANGE, OPTIONAL, REMOVING, current_of, not_denied
from guidance.journeys.model import Setting
from guidance.journeys.words import is_question, plain
from guidance.question import Understood

AT_CHECK = ("confirm", "change")
FIELD_NAMES = ("npq", "name", "email", "role", "school", "school or workplace", "start", "phone", "news")
POLITE = re.compile(r"(can|could|would|will) (you|we|i)\b|please\b", re.IGNORECASE)
ONLY_NPQ = 5  # words of "no, make it NPQH instead"


@dataclass
class Changing:
    """One message that may change the draft."""

    said: Understood
    asked: str | None
    draft: Draft
    here: Setting

    def done(self) -> bool:
        """Change the draft; False where the message changes nothing."""
        text = self.said.text
        if is_question(text) and not POLITE.match(text.strip()):
            return False
        picked = self.asked == "change" or (self.asked == "confirm" and plain(text) in FIELD_NAMES)
        labelled = self.asked == "confirm" and LABELLED.match(text)
        if not (picked or labelled or CHANGE.search(text)):
            return self.asked in AT_CHECK and self._given_at_check()
        wanted = [(clause, name) for clause in clauses(text) if (name := self._meant(clause, text))]
        changes = [
            (clause, name) for clause, name in wanted if picked or self.asked in AT_CHECK or name in self._filled()
        ]
        if not changes:
            return self._unnamed()
        for clause, name in changes:
            self._change(name, clause if len(changes) > 1 else text)
        return True

    def _filled(self) -> list[str]:
        """The fields answered or left out so far."""
        given = [name.removeprefix("skipped_") for name, value in self.draft.items() if value]
        return [*given, "programme", *(["marketing"] if "marketing" in self.draft else [])]

    def _meant(self, clause: str, text: str) -> str | None:
        """The field of a clause; an NPQ is not meant where it stands in a job or a name of its own."""
        return field_named(clause) or (contrasted_field(text, self.draft) if clause == text else None)

    def _unnamed(self) -> bool:
        """No field is named: "Tessa not Tess", "no, npqh instead", "sorry, it's ann@oak.org"."""
        text = self.said.text
        if name := contrasted_field(text, self.draft) or like_field(text, self.draft):
            self._change(name, text)
            return True
        if self.said.programmes and len(text.split()) <= ONLY_NPQ + len(self.said.programmes):
            return self._programmes()
        return self._given_at_check() if self.asked in AT_CHECK else self._reached()

    def _reached(self) -> bool:
        """Another address or number in place of the one given."""
        given = details_in(self.said)
        again = [name for name in ("email", "phone") if name in given and self.draft.get(name)]
        self.draft.update({name: given[name] for name in again})
        return bool(again)

    def _given_at_check(self) -> bool:
        """At the check, a detail that is said again replaces the one shown."""
        if contrasted_field(self.said.text, self.draft):
            return self._unnamed_contrast()
        given = details_in(self.said)
        if "@" in self.said.text and "email" not in given:
            self.draft.pop("email", None)
            return True  # asked for again, with what is wrong about it
        if LONG_NUMBER.search(self.said.text) and "phone" not in given:
            self.draft.pop("phone", None)
            self.draft.pop("skipped_phone", None)
            return True
        for name, value in given.items():
            self.draft[name] = value
            self.draft.pop("skipped_" + name, None)
        codes = current_of(not_denied(self.said), self.here.knowledge)
        if codes and not given and len(self.said.text.split()) <= ONLY_NPQ + len(codes):
            return self._programmes()
        return bool(given)

    def _unnamed_contrast(self) -> bool:
        self._change(str(contrasted_field(self.said.text, self.draft)), self.said.text)
        return True

    def _programmes(self) -> bool:
        """Another NPQ in place of the one given, or beside it."""
        codes = current_of(not_denied(self.said), self.here.knowledge)
        before = self.draft.get("programmes", [])
        if codes and ADDING.search(self.said.text):
            codes = list(dict.fromkeys([*before, *codes]))
        elif len(codes) > 1:
            codes = [code for code in codes if code not in before] or codes
        self.draft["programmes"] = codes
        return True

    def _change(self, name: str, text: str) -> None:
        if name == "programme":
            self._programmes()
            return
        if name == "marketing":
            self.draft.pop("marketing", None)
            return
        old = self.draft.pop(name, None)
        value = new_value(text, name, str(old) if old else None)
        self.draft.pop("skipped_" + name, None)
        if name == "school":
            self.draft.pop("school_urn", None)
            if value and interest_school.hear(value, self.draft, "school") is None:
                return
        if value:
            self.draft[name] = value
        elif name in (*OPTIONAL, "email") and REMOVING.search(text):
            self.draft["skipped_" + name] = True
