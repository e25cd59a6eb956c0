"""Registering interest: asked one thing at a time, checked, confirmed, saved, and answered with a reference."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from guidance.interest import CannotSave, Consent, Details, DetailsDiffer, Incomplete, current
from guidance.interest.model import COLLECTING
from guidance.journeys import interest_asking as asking
from guidance.journeys.interest_after import AGAIN, ONE_MORE, after, is_for_form
from guidance.journeys.interest_answering import names_a_subject
from guidance.journeys.interest_aside import SO_FAR, about_form, is_child, is_sensitive
from guidance.journeys.interest_details import details_in
from guidance.journeys.interest_draft import (
    Draft,
    keep,
    left_behind,
    now,
    personal,
    reference_of,
    sent,
    stored,
)
from guidance.journeys.interest_hearing import Hearing, repeats
from guidance.journeys.interest_words import (
    ANOTHER,
    CLEAR_YES,
    COMPARING,
    GO_ON,
    current_of,
    holds_details,
    may_be_details,
    may_reach,
    not_denied,
    says_send,
    starts,
)
from guidance.journeys.model import Heard, Journey, Progress, Setting
from guidance.journeys.rights_words import kind_of
from guidance.journeys.words import asks_anything, is_question, plain
from guidance.question import Context, Understood
from guidance.reply import Answer, Button

FORM = "interest"
YES_COUNTS = ("marketing", "confirm", "change")  # fields at which a yes agrees to something or sends it
MAY_I = re.compile(
    r"^(hi|hello|hey|please|pls|,|\s)*(can|could|may|would|will) (i|you|someone|somebody|anyone|anybody)\b"
)


def _leaves_details(said: Understood) -> bool:
    """Whether someone gives an address or number with a name, an NPQ or a start: they want to be contacted."""
    if not may_reach(said.text):
        return False
    given = details_in(said).keys()
    wanted = given & {"name", "cohort"} or said.programmes
    return bool(given & {"email", "phone"} and wanted) and not asks_anything(said.text) and not kind_of(said.text)


def _is_late(said: Understood, asked: str) -> bool:
    """Whether a yes was meant for another question: a copy of a message whose first answer was lost on the way."""
    late = said.answers is not None and said.answers != asked
    return late and asked in YES_COUNTS and (says_send(said.text) or bool(CLEAR_YES.fullmatch(said.text.strip())))


def is_form(context: Context) -> bool:
    """Whether the form is being filled in."""
    under_way = (context.journey, context.paused)
    return any(item and item.get("id") == FORM and not item.get("done") for item in under_way)


class RegisterInterest(Journey):
    """Leave your details."""

    id = FORM
    name = "registering your interest"
    topics = ("register_interest",)
    near = ("how_to_apply", "dates", "register_interest", "provider_contact")
    invitation = Button("Register your interest", "I want to register my interest")
    cancelled = ""  # said from the words of the knowledge

    def wanted(self, said: Understood, topics: tuple[str, ...], context: Context, here: Setting) -> Progress | None:
        """Where someone asks to leave their details or to be contacted."""
        pressed = plain(said.text) == plain(self.invitation.payload)
        done = bool(context.journey and context.journey.get("id") == FORM and context.journey.get("done"))
        one_more = done and said.programmes and ONE_MORE.search(said.text)
        asked = (starts(said.text) or _leaves_details(said) or one_more) and (
            not asking.HOW.match(plain(said.text)) or MAY_I.match(plain(said.text))
        )
        about_it = one_more or "register_interest" in topics or "person" in topics or MAY_I.match(plain(said.text))
        asked = asked and not COMPARING.search(said.text)
        if not pressed and not (asked and (about_it or not is_question(said.text))):
            return None
        before = () if ANOTHER.search(said.text) else context.programmes  # another person wants an NPQ of their own
        return Progress(self.id, explicit=True, answers={"programmes": list(not_denied(said) or before)})

    def opened(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Progress:
        """Take what is known already and what the message itself says into a new draft."""
        here.privacy.message = holds_details(said)
        try:
            before = self._sent_before(said, progress, context, here)
            if before:
                return replace(progress, answers={"sent": before, "again": True})
            draft = self._to_go_on_with(said, progress, context, here) or stored().start(here.session)
        except CannotSave:
            return replace(progress, answers={"down": True})
        wanted = tuple(progress.answers.get("programmes", ()))
        draft["programmes"] = current_of(wanted, here.knowledge) or draft.get("programmes", [])
        ended = [here.knowledge.programmes[code].label for code in said.programmes if code not in draft["programmes"]]
        draft["ended"] = ended[0] if ended and not draft["programmes"] else None
        if context.roles and context.roles[0] in here.knowledge.roles and not ANOTHER.search(said.text):
            draft["role"] = here.knowledge.roles[context.roles[0]].name
        draft.update(details_in(said))
        draft["notice"] = now()
        if is_child(said.text):
            stored().drop(here.session)
            return replace(progress, answers={"child": True})
        try:
            keep(draft, here)
        except CannotSave:
            return replace(progress, answers={"down": True})
        return replace(progress, answers={})

    def _sent_before(self, said: Understood, progress: Progress, context: Context, here: Setting) -> str | None:
        """The reference of the same registration in this chat: who was not told it, starts over."""
        other = ANOTHER.search(said.text) or details_in(said).keys() & {"name", "email"}
        draft = None if other else left_behind(context, here)
        reference = reference_of(draft) if draft else None
        interest = current().store.find(reference) if reference else None
        if interest is None:
            return None
        wanted = current_of(tuple(progress.answers.get("programmes", ())), here.knowledge)
        return reference if set(wanted) <= set(interest.details.programmes) else None

    def _to_go_on_with(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Draft | None:
        """What was told before and not sent: who comes back to the form need not say it again."""
        if ANOTHER.search(said.text) or progress.asked:
            return None
        draft = left_behind(context, here)
        return draft if draft and "sent" not in draft and reference_of(draft) is None else None

    def hear(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Heard:
        """An answer to what is asked, a change of an earlier one, several details at once, or the word to send it."""
        try:
            draft = stored().load(here.session)
        except CannotSave:
            return self._down(said, progress, here)
        if progress.done or (draft and "sent" in draft):
            try:
                heard = after(said, progress, draft or {}, here, offered=bool(context.offered))
            except CannotSave:
                return self._down(said, progress, here)
            here.privacy.message = heard.problem is not None
            return heard
        here.privacy.message = may_be_details(said)
        if draft is None:
            return Heard(progress=replace(progress, answers={"gone": True}), exact=True)
        if is_child(said.text):
            return Heard(replace(progress, answers={"child": True}), exact=True)
        if is_sensitive(said.text) and not is_question(said.text):
            here.privacy.message = True
            return Heard(problem=asking.not_kept(str(progress.asking), draft, progress, here))
        going_on = progress.asking not in YES_COUNTS and GO_ON.fullmatch(plain(said.text))
        if going_on or (AGAIN.fullmatch(said.text.strip()) and progress.asking not in ("confirm", "change")):
            return Heard(replace(progress, answers={}), exact=True)
        if progress.asking != "change" and not repeats(said, str(progress.asking), draft):
            # A crash or an outage can lose what was asked last, when the answers before it are kept already.
            progress = replace(progress, asking=asking.next_question(draft, progress, here).asking)
        if _is_late(said, str(progress.asking)):
            return Heard(replace(progress, answers={}), exact=True)
        try:
            return Hearing(said, progress, draft, here).heard()
        except CannotSave:
            return self._down(said, progress, here)

    def _down(self, said: Understood, progress: Progress, here: Setting) -> Heard:
        """The database is away: a question is answered all the same; an answer is not taken, nor kept anywhere."""
        role = progress.asking == "role" and not is_question(said.text)  # which reads like a wish for advice
        if progress.done or (names_a_subject(said, here) and not holds_details(said) and not role):
            return Heard()
        here.privacy.message = True
        return Heard(progress=replace(progress, answers={"down": True}))

    def step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        """The next question, the answers to check, or the reference once it is saved."""
        try:
            return self._step(progress, here)
        except CannotSave as problem:
            words = asking.cannot_save(here, maybe=problem.maybe_saved)
            last = progress.asking or next((name for name in reversed(progress.asked) if name in asking.ASKED), None)
            if last:  # once it can be saved again, the conversation goes on from here
                return replace(words, asking=last), replace(progress, answers={}, asking=last, done=False)
            return replace(words, buttons=(), asking=None), replace(progress, answers={}, asking=None, done=True)

    def _step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        if progress.answers.get("down"):
            raise CannotSave
        if progress.answers.get("child"):
            self.stop(here)
            stopped = Answer((here.knowledge.interest.care.child,), "out_of_scope", topics=asking.TOPIC)
            return stopped, replace(progress, answers={}, done=True, asking=None)
        if reference := progress.answers.get("sent"):
            told = asking.saved(reference, (), here, again=bool(progress.answers.get("again")))
            return told, replace(progress, answers={}, done=True, asking=None)
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
        except Incomplete as problem:  # a value that the form took and the store does not: asked again, nothing is lost
            kept = {name: value for name, value in draft.items() if name not in str(problem)}
            keep(kept, here)
            question = asking.next_question(kept, replace(progress, asking=None), here)
            return question, replace(progress.asks(str(question.asking)), answers={})
        sent(here.session, reference)
        ended = replace(progress, answers={}, done=True, asking=None)
        return asking.saved(reference, tuple(draft["programmes"]), here), ended

    def again(self, progress: Progress, here: Setting) -> Answer:
        """The question it is at."""
        answer, _ = self.step(replace(progress, answers={}), here)
        return answer

    def why(self, progress: Progress, here: Setting) -> str:
        """Why it asks that."""
        try:
            return asking.why(str(progress.asking), here, stored().load(here.session))
        except CannotSave:
            return asking.why(str(progress.asking), here)

    def aside(self, said: Understood, progress: Progress, here: Setting) -> str | None:
        """A question about the form itself: who sees it, how long it is kept, whether it must be answered."""
        if SO_FAR.search(said.text) and (now_there := stored().load(here.session)) and "sent" not in now_there:
            here.privacy.values.update(personal(now_there))
            return asking.so_far(now_there, here)
        told = about_form(said, str(progress.asking), here)
        if told and progress.asking == "name" and (draft := stored().load(here.session)):
            Hearing(said, progress, draft, here).name_before_a_question()
        here.privacy.message = here.privacy.message or (told is not None and holds_details(said))
        return told

    def listens(self, said: Understood) -> bool:
        """Whether a message after the reference asks for it again, or takes the registration back."""
        return is_for_form(said)

    def stop(self, here: Setting) -> str:
        """Delete the draft; what is said then."""
        try:
            stored().drop(here.session)
        except CannotSave:
            return asking.cannot_delete(here)
        return here.knowledge.interest.stopped
