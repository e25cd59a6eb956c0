"""Registering interest: asked one thing at a time, checked, confirmed, saved, and answered with a reference."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from guidance.interest import CannotSave, Consent, Details, DetailsDiffer, current
from guidance.interest.model import COLLECTING
from guidance.journeys import interest_asking as asking
from guidance.journeys.interest_draft import Draft, keep, now, personal, sent, stored
from guidance.journeys.interest_hearing import Hearing
from guidance.journeys.interest_words import CHANGE, current_of, details_in, field_named
from guidance.journeys.model import Heard, Journey, Progress, Setting
from guidance.journeys.words import is_question, plain
from guidance.question import Context, Understood
from guidance.reply import Answer, Button

START = re.compile(
    r"\b(register(ing)?|express(ing)?|not(e|ing)|leav(e|ing)|record(ing)?|give) .{0,12}\b(interest|details|email)\b"
    r"|\b(sign|put|add) me (up|down|on)\b|\bi'?m interested in (registering|signing up)"
    r"|\bexpression of interest\b|^eoi\b"
    r"|\b(get|have|ask) (a provider|someone|somebody|them) (to )?contact me\b|\bcontact me (about|when|with)\b"
    r"|\bkeep me (informed|posted|updated)\b|\bcall me back\b",
    re.IGNORECASE,
)
AGAIN = re.compile(r"(yes,? )?(please )?(send|submit)( it)?( again)?[\s.!]*|try again[\s.!]*", re.IGNORECASE)


class RegisterInterest(Journey):
    """Leave your details."""

    id = "interest"
    name = "registering your interest"
    topics = ("register_interest",)
    near = ("how_to_apply", "dates", "register_interest", "provider_contact")
    invitation = Button("Register your interest", "I want to register my interest")
    cancelled = ""  # said from the words of the knowledge

    def wanted(self, said: Understood, topics: tuple[str, ...], context: Context, here: Setting) -> Progress | None:
        """Where someone asks to leave their details or to be contacted."""
        pressed = plain(said.text) == plain(self.invitation.payload)
        asked = START.search(said.text) and not asking.HOW.match(plain(said.text))
        if not pressed and not (asked and not (is_question(said.text) and "register_interest" not in topics)):
            return None
        return Progress(self.id, explicit=True, answers={"programmes": list(said.programmes or context.programmes)})

    def opened(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Progress:
        """Take what is known already and what the message itself says into a new draft."""
        try:
            draft = stored().start(here.session)
        except CannotSave:
            return replace(progress, answers={"down": True})
        draft["programmes"] = current_of(tuple(progress.answers.get("programmes", ())), here.knowledge)
        if context.roles and context.roles[0] in here.knowledge.roles:
            draft["role"] = here.knowledge.roles[context.roles[0]].name
        draft.update(details_in(said))
        draft["notice"] = now()
        try:
            keep(draft, here)
        except CannotSave:
            return replace(progress, answers={"down": True})
        here.privacy.message = bool(personal(draft))
        return replace(progress, answers={})

    def hear(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Heard:
        """An answer to what is asked, a change of an earlier one, several details at once, or the word to send it."""
        try:
            draft = stored().load(here.session)
        except CannotSave:
            down = Heard(progress=replace(progress, answers={"down": True}), exact=True)
            return Heard() if progress.done else down
        if draft is None and progress.done:
            return Heard()
        if draft is None:
            return Heard(progress=replace(progress, answers={"gone": True}), exact=True)
        if progress.done or "sent" in draft:
            return self._after(said, progress, draft, here)
        try:
            return Hearing(said, progress, draft, here).heard()
        except CannotSave:
            return Heard(progress=replace(progress, answers={"down": True}), exact=True)

    def _after(self, said: Understood, progress: Progress, draft: Draft, here: Setting) -> Heard:
        """Once it is registered: sending again says the reference again, a change is for the collector."""
        reference = draft.get("sent")
        if reference and (AGAIN.fullmatch(said.text.strip()) or progress.asking == "confirm"):
            return Heard(replace(progress, answers={}), exact=True)
        if reference and CHANGE.search(said.text) and field_named(said.text):
            return Heard(problem=asking.already_sent(reference, here))
        return Heard()

    def step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        """The next question, the answers to check, or the reference once it is saved."""
        try:
            return self._step(progress, here)
        except CannotSave as problem:
            words = asking.cannot_save(here, maybe=problem.maybe_saved)
            if progress.asking == "confirm":
                return words, replace(progress, answers={})
            return replace(words, buttons=(), asking=None), replace(progress, answers={}, asking=None, done=True)

    def _step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        if progress.answers.get("down"):
            raise CannotSave
        draft = stored().load(here.session)
        if draft is None or progress.answers.get("gone"):
            over = asking.expired(here)
            return over, replace(progress, answers={}, done=True, asking=None)
        if "sent" in draft:
            return asking.saved(draft["sent"], (), here), replace(progress, answers={}, done=True, asking=None)
        here.privacy.values.update(personal(draft))
        if progress.answers.get("send"):
            return self._sent(draft, progress, here)
        question = asking.next_question(draft, progress, here)
        shown = replace(progress.asks(str(question.asking)), answers={})
        return question, shown

    def _sent(self, draft: Draft, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        details = Details(
            programmes=tuple(draft["programmes"]),
            cohort=draft.get("cohort"),
            name=draft["name"],
            email=draft.get("email"),
            phone=draft.get("phone"),
            role=draft.get("role"),
            school=draft.get("school"),
            school_urn=draft.get("school_urn"),
        )
        notice, marketing = asking.wordings(here)
        version = here.knowledge.interest.version
        at = datetime.fromisoformat(draft["notice"])
        agreed = [Consent(COLLECTING, notice, version, at)]
        if "marketing" in draft:
            then = datetime.fromisoformat(draft["marketing_at"])
            agreed.append(Consent.marketing(marketing, version, then, given=bool(draft["marketing"])))
        try:
            receipt = current().store.submit(details, agreed, draft["key"], session=here.session, channel=here.channel)
            reference = receipt.reference
        except DetailsDiffer as before:
            reference = before.reference
        sent(here.session, reference)
        ended = replace(progress, answers={}, done=True, asking=None)
        return asking.saved(reference, tuple(draft["programmes"]), here), ended

    def again(self, progress: Progress, here: Setting) -> Answer:
        """The question it is at."""
        answer, _ = self.step(replace(progress, answers={}), here)
        return answer

    def why(self, progress: Progress, here: Setting) -> str:
        """Why it asks that."""
        return asking.why(str(progress.asking), here)

    def stop(self, here: Setting) -> str:
        """Delete the draft; what is said then."""
        try:
            stored().drop(here.session)
        except CannotSave:
            return asking.cannot_save(here).messages[0]
        return here.knowledge.interest.stopped
