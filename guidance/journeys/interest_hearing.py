"""One message to the interest form: an answer, a change, several details at once, or the word to send it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from guidance.interest import fields
from guidance.journeys import interest_free
from guidance.journeys.interest_answering import LONGEST_NAME, Answering
from guidance.journeys.interest_changing import Changing
from guidance.journeys.interest_contact import doubtful
from guidance.journeys.interest_correcting import like_field
from guidance.journeys.interest_details import details_in, found_in
from guidance.journeys.interest_draft import Draft, keep, now, personal
from guidance.journeys.interest_looks import JOB
from guidance.journeys.interest_words import (
    ANOTHER,
    BACK,
    CLEAR_YES,
    DO_NOT_SEND,
    HELLO,
    NEWS,
    NEWS_YES,
    NO_NEWS,
    SEND,
    SEND_NOW,
    START,
    says_send,
    skips,
)
from guidance.journeys.model import Heard
from guidance.journeys.rights_words import kind_of
from guidance.journeys.words import CORRECTING, NO, is_question, plain
from guidance.question import Understood

FREE = ("name", "role", "school", "cohort")  # whose answers may be any words
LONGEST_JOB = 5  # words
LONGEST_PHONE = 9  # words beside a phone number
PHONE_WORDS = re.compile(r"\b(?:numbers?|mobile|phone|ring|call|tel|telephone|landline|text|whatsapp|mob|cell)\b", re.I)
REPLACING = re.compile(r"\b(?:instead|changed|wrong|not|new|correct|correction|sorry|rather|actually)\b", re.I)
ONLY_NPQ = 5  # words of a message that names an NPQ and nothing else
NOT_SENT = (
    "I have not sent anything. Say “Yes, send it” when you are ready, tell me what to change, or say cancel and I "
    "delete your answers."
)
ONE_FIRST = "Let us finish this one first. After it is sent, say “register another” for the next person."
Own = Callable[[], Heard]


class Hearing(Answering):
    """One message to the form."""

    def heard(self) -> Heard:
        """What it gives to the form; the draft is kept with it."""
        self.here.privacy.values.update(personal(self.draft))
        asked = str(self.progress.asking)
        decided = self._decided(asked, self.said.text)
        if decided is not None:
            return decided
        changing = Changing(self.said, asked, self.draft, self.here)
        if changing.done():
            if changing.problem:
                keep(self.draft, self.here)
                return Heard(problem=changing.problem)
            return self._kept(exact=True)
        if HELLO.fullmatch(plain(self.said.text)) and asked in FREE:
            return Heard()
        if asked in (*FREE, "email", "phone") and (aside := self._aside(asked)) is not None:
            return aside
        special: dict[str, Own] = {
            "programme": self._programme,
            "email": self._contact,
            "phone": self._contact,
            "school": self._school,
            "which_school": self._school,
            "marketing": self._marketing,
            "confirm": self._not_yet,
            "change": self._not_yet,
            "cohort": self._cohort,
        }
        return special.get(asked, self._words)()

    def _decided(self, asked: str, text: str) -> Heard | None:
        """Sending or not, and news: what is decided with a word."""
        if asked == "marketing" and kind_of(text) == "withdraw" and not is_question(text):
            self.draft.update(marketing=False, marketing_at=now())
            return self._kept(exact=True)
        if asked not in ("confirm", "change"):
            return None
        if NO_NEWS.search(text) or NEWS_YES.search(text):
            self.draft.update(marketing=not NO_NEWS.search(text), marketing_at=now())
            return self._kept(exact=True)
        if NEWS.search(text) and not is_question(text) and "@" not in text:
            self.draft.pop("marketing", None)  # "I'd like the newsletter after all": asked again, for a clear yes
            return self._kept(exact=True)
        if DO_NOT_SEND.search(text):
            return Heard(problem=NOT_SENT)
        if (asked == "confirm" and says_send(text)) or (asked == "change" and SEND_NOW.fullmatch(text.strip())):
            return Heard(replace(self.progress, answers={"send": True}), exact=True)
        if asked == "change" and SEND.fullmatch(text.strip()):
            return Heard(replace(self.progress, answers={}, asking=None), exact=True)  # nothing to change after all
        return None

    def _aside(self, asked: str) -> Heard | None:
        """What is no answer to the question of a field, and yet is for the form."""
        text = self.said.text
        if asked == "name" and is_question(text) and not interest_free.is_given(text):
            self.name_before_a_question()
        if self._asks_something_else():
            given = details_in(self.said)
            given.pop("cohort", None)  # "is autumn 2027 funded?" tells of no start
            if given:  # "I'm Ann Lee, how long is it?" does both
                self.draft.update(given)
                keep(self.draft, self.here)
            return Heard()
        if BACK.fullmatch(plain(text)):
            return self._back(asked)
        if START.search(text) and not found_in(self.said).given and not skips(text):
            return Heard(problem=ONE_FIRST if ANOTHER.search(text) else self._one_npq())
        short = len(text.split()) <= ONLY_NPQ + len(self.said.programmes)
        if self.said.programmes and short and re.search(r"\bnpq|\behco\b", text.lower()):
            return Heard(problem=self._one_npq())
        return self._about_others(asked)

    def name_before_a_question(self) -> None:
        """ "Jane Smith - why do you need it?" gives the name too."""
        first = re.split(r"\s[-–—]\s|[,.;]\s", self.said.text, maxsplit=1)[0]
        if first != self.said.text and 2 <= len(first.split()) <= LONGEST_NAME and first.istitle():
            self.draft["name"] = first
            keep(self.draft, self.here)

    def _one_npq(self) -> str:
        codes = " and ".join(self.draft.get("programmes") or ["an NPQ"])
        before = self.draft.get("programmes") or []
        other = next((code for code in (*self.said.programmes, "NPQSL", "NPQH") if code not in before), "NPQSL")
        return f"I have {codes} down for you. To change that, say “{other} instead” or “add {other}”. {self._ask()}"

    def _about_others(self, asked: str) -> Heard | None:
        """Details of other fields only: taken, also in place of those given before, and the question asked again."""
        text, found = self.said.text, found_in(self.said)
        if asked in FREE and (heard := self._phone_beside(text)):
            return heard
        given = {name: value for name, value in found.given.items() if name != asked}
        if asked != "email" and "email" not in given and (maybe := doubtful(text)):
            self.draft.pop("email", None)
            self.draft["email_maybe"] = maybe
            return self._kept()
        job = re.sub(CORRECTING.pattern, "", text.strip(), flags=re.IGNORECASE).strip(" ,.")
        if asked == "email" and job != text and "@" not in text and self._names_again(job):
            return self._kept()
        if asked in ("school", "cohort") and job != text and JOB.search(job) and len(job.split()) <= LONGEST_JOB:
            given.setdefault("role", job)  # "actually assistant head"
            found.rest.clear()
        sure = given.keys() - {"school_urn", "cohort"}
        again = CORRECTING.match(text.strip()) or sure <= {"email", "phone"} or not any(self.draft.get(n) for n in sure)
        if not sure or found.rest or asked in found.given or not again or is_question(text):
            return None
        if asked == "email" and "phone" in given and not self.draft.get("skipped_email") and "email" in text.lower():
            self.draft["skipped_email"] = True  # "I have no email, my number is ..."
        if asked in ("school", "cohort") and sure == {"role"} and not CORRECTING.match(text.strip()):
            return None
        self.draft.update(given)
        return self._kept()

    def _names_again(self, text: str) -> bool:
        """ "sorry, Ann Lee" after "An Lee": the name, put right in the next breath."""
        name = fields.name(text).value
        if name is None or not like_field(f"it's {name}", {"name": self.draft.get("name")}):
            return False
        self.draft["name"] = name
        return True

    def _phone_beside(self, text: str) -> Heard | None:
        """A phone number where something else is asked: taken, unless another one is there already."""
        words = re.sub(r"[\d\s()+.-]+", " ", text).strip()
        if "@" in text or len(words.split()) > LONGEST_PHONE or (words and not PHONE_WORDS.search(words)):
            return None
        new, known = fields.phone(text).value, self.draft.get("phone")
        if not new:
            return None
        if known and new != known and not REPLACING.search(words):
            have, other = fields.shown_phone(str(known)), fields.shown_phone(str(new))
            text = f"I can keep one phone number, and I have {have}. To keep {other} instead, say “change the phone”."
            return Heard(problem=f"{text} {self._ask()}")
        self.draft["phone"] = new
        self.draft.pop("skipped_phone", None)
        return self._kept()

    def _back(self, asked: str) -> Heard:
        """The question before this one, once more."""
        asked_before = [name for name in self.progress.asked if name in (*FREE, "email", "phone") and name != asked]
        if not asked_before:
            return Heard()
        for key in (asked_before[-1], "skipped_" + asked_before[-1], "school_urn"):
            self.draft.pop(key, None)
        return self._kept(exact=True)


def repeats(said: Understood, field: str, draft: Draft) -> bool:
    """Whether a message gives the answer again that the draft has already: it was sent a second time."""
    text, known = said.text, draft.get(field)
    if draft.get("skipped_" + field):
        return skips(text)
    if field == "marketing":
        return known is not None and bool(CLEAR_YES.fullmatch(text.strip()) or NO.match(plain(text)))
    if field in ("email", "phone") and known:
        given = (fields.email(text) if field == "email" else fields.phone(text, insisted=True)).value
        return given is not None and given.casefold() == str(known).casefold()
    return bool(known) and str(known).casefold() in text.casefold()
