"""Changes to answers given before: several in one message, by the field's name or by what was wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from guidance.journeys import interest_school
from guidance.journeys.interest_contact import doubtful
from guidance.journeys.interest_correcting import (
    LABELLED,
    clauses,
    contrasted_field,
    field_named,
    fields_alone,
    like_field,
    new_value,
)
from guidance.journeys.interest_details import details_in
from guidance.journeys.interest_draft import Draft
from guidance.journeys.interest_looks import LONG_NUMBER
from guidance.journeys.interest_words import ADDING, CHANGE, OPTIONAL, REMOVING, current_of
from guidance.journeys.model import Setting
from guidance.journeys.words import is_question, plain
from guidance.question import Understood

AT_CHECK = ("confirm", "change")
FIELD_NAMES = ("npq", "name", "email", "role", "school", "school or workplace", "start", "phone", "news")
THE = re.compile(r"^(?:my|the) ")
POLITE = re.compile(r"(can|could|would|will) (you|we|i)\b|please\b", re.IGNORECASE)
ONLY_NPQ = 5  # words of "no, make it NPQH instead"
LEFT_OUT = (
    r"\b(?:not|no|remove|drop|delete|without|instead of|rather than|except|forget|take (?:out|off))\s+(?:the\s+)?"
)
SAID_OF_MYSELF = re.compile(r"\bi(?:['’]?m| am| work as)\b", re.IGNORECASE)


@dataclass
class Changing:
    """One message that may change the draft. `problem` says what could not be changed, and why."""

    said: Understood
    asked: str | None
    draft: Draft
    here: Setting
    problem: str | None = None

    def done(self) -> bool:
        """Change the draft; False where the message changes nothing."""
        text = self.said.text
        if is_question(text) and not POLITE.match(text.strip()):
            return False
        picked = self.asked == "change" or (self.asked == "confirm" and THE.sub("", plain(text)) in FIELD_NAMES)
        labelled = self.asked == "confirm" and LABELLED.match(text)
        if not (picked or labelled or CHANGE.search(text)):
            return bool(contrasted_field(text, self.draft) and self._unnamed()) or (
                self.asked in AT_CHECK and self._given_at_check()
            )
        if SAID_OF_MYSELF.search(text) and not re.search(r"\b(?:my|the) \w+(?: \w+)? (?:is|should|to)\b", text):
            return self._stated()
        if names := fields_alone(text):
            changes = [(text, name) for name in names]
        else:
            parts = clauses(text)
            changes = [(clause, name) for clause in parts if (name := self._meant(clause, text))]
            for clause in parts[1:]:  # "my name is Joan and I'm a headteacher"
                if SAID_OF_MYSELF.match(clause):
                    self.draft.update(details_in(replace(self.said, text=clause)))
            text = parts[0] if len(changes) == 1 and len(parts) > 1 and SAID_OF_MYSELF.match(parts[-1]) else text
        known = picked or self.asked in AT_CHECK
        changes = [(clause, name) for clause, name in changes if known or name in self._filled()]
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

    def _stated(self) -> bool:
        """ "I am actually the head of school" speaks of a job, and of no school."""
        given = details_in(self.said)
        known = {name: value for name, value in given.items() if self.asked in AT_CHECK or self.draft.get(name)}
        self.draft.update(known)
        return bool(known)

    def _unnamed(self) -> bool:
        """No field is named: "Tessa not Tess", "no, npqh instead", "sorry, it's ann@oak.org"."""
        text = self.said.text
        if name := contrasted_field(text, self.draft) or like_field(text, self.draft):
            self._change(name, text)
            return True
        if self.said.programmes and len(text.split()) <= ONLY_NPQ + 2 * len(self.said.programmes):
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
        text = self.said.text
        given = details_in(self.said)
        if "@" in text and "email" not in given:
            self._change("email", text)
            return True
        if LONG_NUMBER.search(text) and "phone" not in given:
            self.draft.pop("phone", None)
            self.draft.pop("skipped_phone", None)
            return True
        for name, value in given.items():
            self.draft[name] = value
            self.draft.pop("skipped_" + name, None)
        if self.said.programmes and not given and len(text.split()) <= ONLY_NPQ + 2 * len(self.said.programmes):
            return self._programmes()
        return bool(given)

    def _programmes(self) -> bool:
        """Other NPQs in place of those given, or beside them, or fewer of them."""
        text, before = self.said.text, list(self.draft.get("programmes", []))
        codes = current_of(self.said.programmes, self.here.knowledge)
        out = [code for code in codes if re.search(_left_out(code, self.here), text, re.IGNORECASE)]
        wanted = [code for code in codes if code not in out]
        kept = [code for code in before if code not in out]
        ended = [code for code in self.said.programmes if code not in codes]
        if ended:
            label = self.here.knowledge.programmes[ended[0]].label
            self.problem = f"{label} can no longer be taken. Which of today's NPQs do you mean?"
        if wanted and not ADDING.search(text) and "instead of" not in text.lower():
            kept = []
        if codes or not ended:
            self.draft["programmes"] = list(dict.fromkeys([*kept, *wanted])) if codes else []
        if out and not self.draft["programmes"] and not wanted:
            self.problem = f"Without {' and '.join(out)} none is left. Which NPQ are you interested in? Or say cancel."
        return True

    def _change(self, name: str, text: str) -> None:
        if name == "programme":
            self._programmes()
            return
        if name == "marketing":
            self.draft.pop("marketing", None)
            return
        old = self.draft.pop(name, None)
        self.draft.pop("skipped_" + name, None)
        if name == "email" and (maybe := doubtful(text)):
            self.draft["email_maybe"] = maybe
            return
        value = new_value(text, name, str(old) if old else None)
        if name == "school":
            self.draft.pop("school_urn", None)
            if value and interest_school.hear(value, self.draft, "school") is None:
                return
        if value:
            self.draft[name] = value
        elif name in (*OPTIONAL, "email") and REMOVING.search(text):
            self.draft["skipped_" + name] = True


def _left_out(code: str, here: Setting) -> str:
    """A pattern for an NPQ that is not wanted (any more): "remove npqh", "not the senco one"."""
    programme = here.knowledge.programmes[code]
    names = sorted({code.lower(), *(name.lower() for name in programme.aliases)}, key=len, reverse=True)
    name = "(?:" + "|".join(re.escape(name) for name in names) + ")"
    return rf"{LEFT_OUT}{name}\b|\btake\s+(?:the\s+)?{name}\s+(?:out|off|away)\b"
