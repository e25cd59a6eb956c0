"""One message to the interest form: an answer, a change, several details at once, or the word to send it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from guidance.interest import fields
from guidance.journeys import interest_school
from guidance.journeys.interest_changing import Changing
from guidance.journeys.interest_details import details_in, found_in
from guidance.journeys.interest_draft import Draft, keep, now, personal
from guidance.journeys.interest_words import (
    CHANGE,
    CLEAR_YES,
    HELLO,
    NO_NEWS,
    OPTIONAL,
    ROLE_AT,
    SEND,
    SEND_NOW,
    SKIP,
    START_SAID,
    current_of,
)
from guidance.journeys.model import Heard, Progress, Setting
from guidance.journeys.words import NO, UNSURE, YES, is_question, plain
from guidance.question import Understood

SURE = 0.6  # of a subject, for a message to the question of the name
FREE = ("name", "role", "school", "cohort")  # whose answers may be any words
LONGEST_NAME = 3  # words
MOST_NAME_WORDS = 8
LONGEST_START = 5  # words: what else is said there is not asked for, and not kept
NO_NAME = str(fields.name("skip").problem)
REFUSING = re.compile(
    r"(i'?d|i would|id) rather not.*|same as before|none of your business|(it'?s )?me again|my details are.*|just put.*"
    r"|not telling.*|as i said.*|\.+|\?+|(ok|okay|k|yes|yep|yeah|sure|fine|good|great|cool|right|go on|continue"
    r"|next)( (ok|then|please|thanks))?",
    re.IGNORECASE,
)
MOST_NO_ANSWERS = 2  # to the question about news; then it counts as no


@dataclass
class Hearing:
    """One message to the form."""

    said: Understood
    progress: Progress
    draft: Draft
    here: Setting

    def heard(self) -> Heard:
        """What it gives to the form; the draft is kept with it."""
        self.here.privacy.values.update(personal(self.draft))
        asked, text = self.progress.asking, self.said.text
        if asked in ("confirm", "change") and NO_NEWS.search(text):
            self.draft.update(marketing=False, marketing_at=now())
            return self._kept(exact=True)
        if (asked == "confirm" and SEND.fullmatch(text.strip())) or (
            asked == "change" and SEND_NOW.fullmatch(text.strip())
        ):
            return Heard(replace(self.progress, answers={"send": True}), exact=True)
        if asked == "change" and SEND.fullmatch(text.strip()):
            return Heard(replace(self.progress, answers={}, asking=None), exact=True)  # nothing to change after all
        if Changing(self.said, asked, self.draft, self.here).done():
            return self._kept()
        if HELLO.fullmatch(plain(text)) and asked in FREE:
            return Heard()
        if self._asks_something_else():
            given = details_in(self.said)
            if given:  # "I'm Ann Lee, how long is it?" does both
                self.draft.update(given)
                keep(self.draft, self.here)
            return Heard()
        special = {
            "programme": self._programme,
            "email": self._email,
            "school": self._school,
            "which_school": self._school,
            "marketing": self._marketing,
            "confirm": self._not_yet,
            "change": self._not_yet,
        }
        own: Callable[[], Heard] = special.get(str(asked), self._field)
        return own()

    def _is_question(self) -> bool:
        """Will, May and Mark are names too: a few words without a question mark are no question there."""
        text = self.said.text
        if self.progress.asking == "name" and len(text.split()) <= LONGEST_NAME and "?" not in text:
            return False
        return is_question(text)

    def _looks_like_a_name(self) -> bool:
        """Two or three words with capitals, where a name is asked for: Will Price is a person."""
        words = self.said.text.split()
        capitals = all(word[:1].isupper() and not word.isupper() for word in words)
        return self.progress.asking == "name" and 2 <= len(words) <= LONGEST_NAME and capitals

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

    def _email(self) -> Heard:
        text, maybe = self.said.text, self.draft.get("email_maybe")
        if maybe and YES.match(plain(text)):
            self.draft["email"] = maybe[1]
        elif maybe and (NO.match(plain(text)) or maybe[0].casefold() in text.casefold()):
            self.draft["email"] = maybe[0]
        elif SKIP.fullmatch(plain(text)):
            self.draft["skipped_email"] = True
            self.draft.pop("skipped_phone", None)
        elif "@" not in text and " at " not in text:
            return self._others() or Heard(problem=self._hint(fields.email(text).problem))
        else:
            taken = fields.email(text)
            if taken.value is None:
                return Heard(problem=self._hint(taken.problem))
            self.draft.update(details_in(self.said))
            if taken.suggestion:
                self.draft["email_maybe"] = [taken.value, taken.suggestion]
                return self._kept(exact=True)
            self.draft["email"] = taken.value
        self.draft.pop("email_maybe", None)
        return self._kept(exact=True)

    def _school(self) -> Heard:
        if SKIP.fullmatch(plain(self.said.text)):
            self.draft["skipped_school"] = True
            return self._kept(exact=True)
        if REFUSING.fullmatch(plain(self.said.text) or "."):
            return Heard(problem=self._hint("Please write the name of your school or workplace, or say skip."))
        given = details_in(self.said)
        named = given["school"] if "school" in given and "school_urn" not in given else self.said.text
        problem = interest_school.hear(named, self.draft, str(self.progress.asking))
        self.draft.update({name: value for name, value in given.items() if not self.draft.get(name)})
        return Heard(problem=self._hint(problem)) if problem else self._kept()

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

    def _field(self) -> Heard:
        field, text = str(self.progress.asking), self.said.text
        if field in OPTIONAL and (SKIP.fullmatch(plain(text)) or (field == "cohort" and UNSURE.search(text))):
            if field == "phone" and not self.draft.get("email"):
                problem = "Without an email address a phone number is needed, or nobody can reach you."
                return Heard(problem=f"{problem} Give one of them, say cancel, or write to {self.here.contact}.")
            if field == "cohort" and UNSURE.search(text):
                self.draft["cohort"] = "Not sure yet"
            self.draft["skipped_" + field] = True
            return self._kept(exact=True)
        if self._is_question():
            return Heard()
        if field == "cohort":
            return self._cohort()
        if field in FREE and REFUSING.fullmatch(plain(text) or "."):
            return Heard(problem=self._hint(NO_NAME if field == "name" else "I could not use that."))
        if field == "name" and self._no_name():
            return Heard(problem=self._hint(NO_NAME))
        return self._words(field)

    def _cohort(self) -> Heard:
        text = self.said.text
        if len(text.split()) > LONGEST_START or not (START_SAID.search(text) or len(text.split()) <= 2):
            return Heard(problem=self._hint("Please answer with a time, such as autumn 2027, or say not sure."))
        self.draft["cohort"] = fields.clean(text)[:60]
        return self._kept()

    def _no_name(self) -> bool:
        """What cannot be a name: yes, no, a long sentence, a number."""
        text = self.said.text
        long = len(text.split()) > MOST_NAME_WORDS or any(sign.isdigit() for sign in text)
        answers = SEND.fullmatch(text.strip()) or NO.fullmatch(plain(text)) or UNSURE.fullmatch(plain(text))
        return bool(answers) or (long and not details_in(self.said))

    def _words(self, field: str) -> Heard:
        """A name, a job or a number, with the other details that the message gives."""
        text = self.said.text
        kinds = {"name": fields.name, "role": fields.role}
        both = ROLE_AT.match(fields.clean(text)) if field == "role" else None
        taken = fields.phone(text) if field == "phone" else kinds[field](both["role"] if both else text)
        found = found_in(self.said)
        given = found.given
        if len(found.rest) == 1 and given.keys() - {"cohort", "school_urn"} and field in kinds and field not in given:
            taken = kinds[field](found.rest[0])  # "Al Khan, deputy head": what is no other field is what was asked
        elif field == "role" and "role" in given and (len(given) > 1 or not both):
            taken, both = fields.Taken(given["role"]), None
        alone = field == "name" and given.keys() - {"name"} and "name" not in given and len(found.rest) != 1
        if taken.value is None or alone:
            return self._others() or Heard(problem=self._hint(taken.problem or fields.name("").problem))
        self.draft.update({name: value for name, value in given.items() if name != field and not self.draft.get(name)})
        self.draft[field] = given["name"] if field == "name" and "name" in given else taken.value
        if both and not self.draft.get("school"):
            self.draft["school"] = both["school"]
        return self._kept(exact=self._looks_like_a_name())

    def _others(self) -> Heard:
        """Details of other fields, where the message gives no answer to what was asked."""
        given: Draft = dict(details_in(self.said))
        codes = current_of(self.said.programmes, self.here.knowledge)
        if "@" in self.said.text and "email" not in given and (taken := fields.email(self.said.text)).suggestion:
            given["email_maybe"] = [taken.value, taken.suggestion]
        given = {name: value for name, value in given.items() if not self.draft.get(name)}
        if not given or is_question(self.said.text):
            return Heard()
        self.draft.update(given)
        if codes and self.progress.asking == "programme":
            self.draft["programmes"] = codes
        return self._kept()

    def _hint(self, problem: str | None) -> str:
        """The problem, and after a second try the ways out."""
        text = problem or "I could not use that."
        if self.progress.tries < 1:
            return text
        asked = str(self.progress.asking)
        needed = asked == "phone" and not self.draft.get("email")
        skip = "say skip, " if asked in (*OPTIONAL, "email") and not needed else ""
        return f"{text} Or {skip}say cancel, or write to {self.here.contact}."

    def _kept(self, *, exact: bool = False) -> Heard:
        keep(self.draft, self.here)
        return Heard(replace(self.progress, answers={}, asking=None), exact=exact)


def names_a_subject(said: Understood, here: Setting) -> bool:
    """Whether a message surely is about a subject other than leaving one's details."""
    own = here.knowledge.by_intent.get(said.intent)
    sure = dict(said.ranking).get(said.intent, 1.0) >= SURE
    return own is not None and own.in_scope and own.id != "register_interest" and sure


def repeats(said: Understood, field: str, draft: Draft) -> bool:
    """Whether a message gives the answer again that the draft has already: it was sent a second time."""
    text, known = said.text, draft.get(field)
    if draft.get("skipped_" + field):
        return bool(SKIP.fullmatch(plain(text)))
    if field == "marketing":
        return known is not None and bool(CLEAR_YES.fullmatch(text.strip()) or NO.match(plain(text)))
    if field in ("email", "phone") and known:
        given = (fields.email(text) if field == "email" else fields.phone(text, insisted=True)).value
        return given is not None and given.casefold() == str(known).casefold()
    return bool(known) and str(known).casefold() in text.casefold()
