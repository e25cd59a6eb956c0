"""The answers to the form's questions, one field at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from guidance.interest import fields
from guidance.journeys import interest_free, interest_school
from guidance.journeys.interest_contact import Outcome, doubtful, hear_email, hear_phone
from guidance.journeys.interest_details import details_in, found_in
from guidance.journeys.interest_draft import Draft, keep, now
from guidance.journeys.interest_looks import AND_MORE
from guidance.journeys.interest_words import CHANGE, CLEAR_YES, OPTIONAL, ROLE_AT, current_of, skips
from guidance.journeys.model import Heard, Progress, Setting
from guidance.journeys.words import NO, UNSURE, is_question, plain
from guidance.question import Understood

NOBODYS_NAME = re.compile(
    r"\W*(?:(?:and|so|but|ok|okay|hi|hello|hey)\W+)*"
    r"(?:what|how|when|where|which|why|who|does|is it|is there|are there)(?:['’]?s|['’]?re)?\b",
    re.IGNORECASE,
)
SURE = 0.6  # of a subject, for a message to the question of the name
LONGEST_NAME = 3  # words
HELP = ("person", "capabilities", "data_rights", "complaint", "goodbye")
SURE_OF_HELP = 0.5
MOST_NO_ANSWERS = 2  # to the question about news; then it counts as no


@dataclass
class Answering:
    """One message, taken as an answer."""

    said: Understood
    progress: Progress
    draft: Draft
    here: Setting

    def _is_question(self) -> bool:
        """Will, May and Mark are names too: a few words without a question mark are no question there."""
        text = self.said.text
        short = len(text.split()) <= LONGEST_NAME and "?" not in text
        if self.progress.asking == "name" and short:
            return bool(NOBODYS_NAME.match(text)) and not self._looks_like_a_name()
        if self.progress.asking == "cohort" and interest_free.is_month(text):
            return False
        return is_question(text)

    def _looks_like_a_name(self) -> bool:
        """Two or three words with capitals, where a name is asked for: Will Price is a person."""
        words = self.said.text.split()
        capitals = all((word[:1].isupper() and not word.isupper()) or word[:1].isdigit() for word in words)
        full = 2 <= len(words) <= LONGEST_NAME and capitals
        return self.progress.asking == "name" and (full or interest_free.is_given(self.said.text))

    def _asks_something_else(self) -> bool:
        """A question, or a few words that surely name a subject, where a name is asked for."""
        if self._is_question():
            own = self.here.knowledge.by_intent.get(self.said.intent)
            return (own is not None or bool(self.said.topics)) and self.said.intent != "ask_register_interest"
        if self._looks_like_a_name():
            return False
        return self.progress.asking == "name" and names_a_subject(self.said, self.here) and "@" not in self.said.text

    def _programme(self) -> Heard:
        codes = current_of(self.said.programmes, self.here.knowledge)
        if codes and not is_question(self.said.text):
            self.draft["programmes"] = list(dict.fromkeys([*self.draft.get("programmes", []), *codes]))
            self.draft.update(details_in(self.said))
            return self._kept(exact=True)
        if self.said.programmes and not is_question(self.said.text):
            label = self.here.knowledge.programmes[self.said.programmes[0]].label
            return Heard(problem=f"{label} can no longer be taken. Which of today's NPQs do you mean?")
        if UNSURE.search(self.said.text):
            return Heard(problem="Please choose the nearest; the provider can talk it over with you.")
        return self._others()

    def _contact(self) -> Heard:
        asked, text = str(self.progress.asking), self.said.text
        if asked == "phone" and skips(text):
            return self._skipped("phone")
        if is_question(text) and "@" not in text and not any(sign.isdigit() for sign in text):
            return Heard()
        outcome: Outcome = (hear_email if asked == "email" else hear_phone)(text, self.draft)
        if not outcome.mine:
            return self._others() or Heard(problem=self._hint(getattr(fields, asked)(text).problem))
        keep(self.draft, self.here)
        if outcome.problem:
            return Heard(problem=self._hint(outcome.problem))
        known = details_in(self.said)
        self.draft.update({name: value for name, value in known.items() if name != asked and not self.draft.get(name)})
        return self._kept(exact=True)

    def _school(self) -> Heard:
        text, asked = self.said.text, str(self.progress.asking)
        if skips(text) and not (asked == "which_school" and interest_school.NONE_OF_THEM.fullmatch(text.strip())):
            return self._skipped("school")
        if is_question(text):
            return Heard()
        if interest_free.NO_WORKPLACE.search(text):
            interest_school.hear(text, self.draft, asked)
            return self._kept(exact=True)
        given = details_in(self.said)
        named = given["school"] if "school" in given and "school_urn" not in given else AND_MORE.sub("", text)
        chosen = asked == "which_school" and interest_school.chooses(text, self.draft)
        problem = None if chosen else interest_free.school_problem(named)
        if problem and not self._insists("school"):
            return self._others() or self._refused(problem)
        found = interest_school.hear(named, self.draft, asked)
        self.draft.update({name: value for name, value in given.items() if not self.draft.get(name)})
        return Heard(problem=self._hint(found)) if found else self._kept()

    def _marketing(self) -> Heard:
        text = self.said.text.strip()
        tries = int(self.draft.get("marketing_tries", 0)) + 1
        if CLEAR_YES.fullmatch(text) or NO.match(plain(text)):
            self.draft["marketing"] = not NO.match(plain(text))
        elif is_question(text):
            return Heard()
        elif tries >= MOST_NO_ANSWERS:
            self.draft["marketing"] = False
        else:
            self.draft["marketing_tries"] = tries
            keep(self.draft, self.here)
            return Heard(problem="Please answer yes or no. Without a clear yes, no news is sent.")
        self.draft["marketing_at"] = now()
        return self._kept(exact=True)

    def _not_yet(self) -> Heard:
        """At the check: "no" or "change" asks what; anything else may hold new details."""
        text = plain(self.said.text)
        if NO.match(text) or CHANGE.search(text):
            return Heard(replace(self.progress, answers={}, asking="change"), exact=True)
        return self._others()

    def _cohort(self) -> Heard:
        text = self.said.text
        if skips(text) or (UNSURE.search(text) and not interest_free.cohort_of(text, self.here.today)[0]):
            self.draft["cohort"] = "Not sure yet" if UNSURE.search(text) else None
            return self._skipped("cohort")
        if self._is_question():
            return Heard()
        value, problem = interest_free.cohort_of(text, self.here.today)
        if value is None:
            return self._others() or self._refused(problem)
        self.draft["cohort"] = value
        return self._kept(exact=interest_free.is_month(text))

    def _refused(self, problem: str | None) -> Heard:
        """What cannot be the answer: a call for help or a person is answered, the rest is asked again."""
        sure = self.said.confidence >= SURE_OF_HELP
        if self.said.intent in HELP and sure:
            return Heard()
        return Heard(problem=self._hint(problem))

    def _insists(self, field: str) -> bool:
        """Whether what was turned down is said once more, word for word: then it is meant."""
        said = [field, plain(self.said.text)]
        if not interest_free.may_be_meant(field, self.said.text):
            return False
        if self.draft.get("tried") == said:
            return True
        self.draft["tried"] = said
        keep(self.draft, self.here)
        return False

    def _skipped(self, field: str) -> Heard:
        if field == "phone" and not self.draft.get("email"):
            problem = "Without an email address a phone number is needed, or nobody can reach you."
            return Heard(problem=f"{problem} Give one of them, say cancel, or write to {self.here.contact}.")
        self.draft["skipped_" + field] = True
        return self._kept(exact=True)

    def _words(self) -> Heard:
        """A name or a job, with the other details that the message gives."""
        field, text = str(self.progress.asking), self.said.text
        if field in OPTIONAL and skips(text):
            return self._skipped(field)
        if self._is_question():
            return Heard()
        found = found_in(self.said)
        given = found.given
        value = self._own_words(field, text, given, found.rest)
        problem = {"name": interest_free.name_problem, "role": interest_free.role_problem}[field]
        if value is None or (field not in given and (wrong := problem(value)) and not self._insists(field)):
            return self._others() or self._refused(wrong if value else problem("skip"))
        taken = (fields.name if field == "name" else fields.role)(value)
        if taken.value is None:
            return self._others() or Heard(problem=self._hint(taken.problem))
        self.draft.update({name: value for name, value in given.items() if name != field and not self.draft.get(name)})
        self.draft[field] = taken.value
        return self._kept(exact=self._looks_like_a_name())

    def _own_words(self, field: str, text: str, given: dict[str, str], rest: list[str]) -> str | None:
        """The words that answer the question: what is no other field's."""
        if field in given:
            return given[field]
        if field == "role" and (both := ROLE_AT.match(fields.clean(text))):
            if place := fields.school(both["school"]).value:  # not with a phone number in it
                given.setdefault("school", place)
            return str(both["role"])
        others = given.keys() - {"cohort", "school_urn"}
        if others and len(rest) == 1:
            return rest[0]  # "Al Khan, deputy head"
        return None if others and field == "name" else interest_free.without_opening(text)

    def _others(self) -> Heard:
        """Details of other fields, where the message gives no answer to what was asked."""
        given: Draft = dict(details_in(self.said))
        codes = current_of(self.said.programmes, self.here.knowledge)
        if "email" not in given and (maybe := doubtful(self.said.text)):
            given["email_maybe"] = maybe
        asked = self.progress.asking
        given = {name: value for name, value in given.items() if not self.draft.get(name) and name != asked}
        if not given or is_question(self.said.text):
            return Heard()
        self.draft.update(given)
        if codes and self.progress.asking == "programme":
            self.draft["programmes"] = codes
        return self._kept()

    def _ask(self) -> str:
        """The question of the field asked for."""
        return next(item.ask for item in self.here.knowledge.interest.fields if item.field == self.progress.asking)

    def _hint(self, problem: str | None) -> str:
        """The problem, and after a second try the ways out."""
        text = problem or "I could not use that."
        if self.progress.tries < 1:
            return text
        asked = str(self.progress.asking)
        needed = asked == "phone" and not self.draft.get("email")
        skip = "say skip, " if asked in (*OPTIONAL, "email") and not needed and "say skip" not in text else ""
        return f"{text} Or {skip}say cancel, or write to {self.here.contact}."

    def _kept(self, *, exact: bool = False) -> Heard:
        keep(self.draft, self.here)
        return Heard(replace(self.progress, answers={}, asking=None), exact=exact)


def names_a_subject(said: Understood, here: Setting) -> bool:
    """Whether a message surely is about a subject other than leaving one's details."""
    own = here.knowledge.by_intent.get(said.intent)
    sure = said.confidence >= SURE
    return own is not None and own.in_scope and own.id != "register_interest" and sure
