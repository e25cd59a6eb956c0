"""The funding check: asks what DfE's rules still need, then says the outcome with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guidance.funding.asking import Dialogue, Prompt
from guidance.funding.hearing import OF_THE_WORKPLACE, phrases, prompt_for
from guidance.journeys import funding_outcome, funding_school
from guidance.journeys.funding_answers import Listening, apply, courses_of, place_of, without
from guidance.journeys.model import Heard, Journey, Progress, Setting
from guidance.journeys.words import is_question
from guidance.knowledge import Knowledge
from guidance.question import Context, Understood
from guidance.reply import Answer, Button

AGAIN = "again"  # in `asked`: not the first time round, so no introduction
MOST_QUESTIONS = 5
CHECK = re.compile(
    r"\b(check|work out|find out|tell me|see|calculate)\b.{0,30}\b(fund|scholarship)"
    r"|\bfunding (check|checker|calculator|eligibility|test)\b"
    r"|\b(eligible|entitled|qualify|eligibility) (for|to) .{0,12}(fund|scholarship)",
    re.IGNORECASE,
)
MINE = re.compile(r"\b(i|i'?m|i'?d|i'?ve|me|my|mine|we|we'?re|our|us)\b", re.IGNORECASE)
WOULD = re.compile(
    r"\b(will|would|can|could|do|does|am|are|is|get|getting|be|what)\b.{0,40}\b(fund|paid|free|scholarship)",
    re.IGNORECASE,
)
WHO = re.compile(
    r"^(hi|hello|hey)?[,.!\s]*(i'?m|i am|i work|i teach|we are|we'?re|my school|our school)\b", re.IGNORECASE
)
ANYTHING = re.compile(r"\b(which|what|any(thing)?)\b.{0,25}\b(npqs?|courses?|ones?|be funded|free)\b", re.IGNORECASE)
INTRO = (
    "I can check this against DfE's rules, in at most five questions. "
    "You can ask me other things in between, or say cancel."
)
OFFER = "I can check your own case against DfE's rules. "


class FundingCheck(Journey):
    """Will it be funded for me?"""

    id = "funding"
    name = "your funding check"
    topics = ("funding", "school_list", "funded_before", "funding_process", "eligibility")
    invitation = Button("Check my funding", "Check if I can get funding")
    near = ("funding", "school_list", "funding_process", "funded_before")
    cancelled = "I have stopped the funding check and forgotten its answers. What else would you like to know?"

    def wanted(self, said: Understood, topics: tuple[str, ...], context: Context, here: Setting) -> Progress | None:
        """Where someone asks to have it checked, asks about their own case, or tells a whole case."""
        explicit = bool(CHECK.search(said.text)) and bool(MINE.search(said.text) or not is_question(said.text))
        whole = bool(said.programmes) and bool(said.settings or said.roles)
        whole = whole and "previously_funded" in phrases(said.text, _dialogue(here.knowledge))
        place = funding_school.hear(said.text, Progress(self.id), here).progress
        introduced = place is not None and (
            (bool(WHO.match(said.text)) and not is_question(said.text))
            or "school_list" in topics
            or "funding" in topics
        )
        own = "funding" in topics and bool(MINE.search(said.text)) and bool(WOULD.search(said.text) or said.settings)
        if not (explicit or own or whole or introduced):
            return None
        start = Progress(self.id, offered=not (explicit or whole or introduced), explicit=explicit)
        roles, settings = said.roles or context.roles, said.settings or context.settings
        makes = place_of(said, roles, settings, _dialogue(here.knowledge))
        courses = courses_of(said.programmes or context.programmes[:1], here.knowledge)
        if courses and not (ANYTHING.search(said.text) and not said.programmes):
            makes["course"] = courses[0]
        elif ANYTHING.search(said.text):
            start = replace(start, unsure=("course",))
        start = apply(start, makes)
        never = {"_never": True} if makes.get("previously_funded") is False else {}  # of any course
        school = dict(place.answers) if place is not None else {}
        return replace(start, answers={**start.answers, **never, **school})

    def hear(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Heard:
        """A button pressed, yes or no, or answers in a sentence; changes of earlier answers."""
        return Listening(said, progress, here).heard()

    def step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        """The next question the rules need, else the outcome."""
        known = facts_of(progress.answers)
        rules, dialogue = here.knowledge.funding, _dialogue(here.knowledge)
        then = progress.answers.get("_then")
        if then:
            return self._ask(next(item for item in dialogue.prompts if item.field == then), progress)
        which = funding_school.question(progress)
        if which is not None:
            return self._put(which, progress)
        open_course = "course" in progress.unsure
        decision = rules.decide(known)
        if decision.error:
            kept = without(progress.answers, *OF_THE_WORKPLACE, "_school", "_schools")
            return self.step(replace(progress, answers=kept), here)
        needs = self._of_any_course(known, here.knowledge) if open_course else decision.needs
        needs = tuple(name for name in needs if name not in progress.unsure)
        if needs and len([name for name in progress.asked if name != AGAIN]) < MOST_QUESTIONS:
            prompt = prompt_for(needs, known, dialogue)
            if prompt is not None:
                school = funding_school.instead_of_lists(progress) if prompt.lists else None
                return self._put(school, progress) if school else self._ask(prompt, progress)
        answer = funding_outcome.outcome(known, progress, decision, here)
        return answer, replace(progress, done=True, asking=None)

    def _of_any_course(self, known: Mapping[str, Any], knowledge: Knowledge) -> tuple[str, ...]:
        """What the rules need for one course or another, apart from what differs by course."""
        later = ("course", "previously_funded", "new_headteacher", "on_pp50_list", "on_rise_list")
        found: dict[str, None] = {}
        for code in courses_of(tuple(knowledge.programmes), knowledge):
            found.update(dict.fromkeys(knowledge.funding.decide({**known, "course": code}).needs))
        return tuple(name for name in knowledge.funding.inputs if name in found and name not in later)

    def again(self, progress: Progress, here: Setting) -> Answer:
        """The question it is at."""
        if progress.asking in funding_school.FIELDS:
            asked = funding_school.question(progress) or funding_school.instead_of_lists(progress)
            if asked is not None:
                return asked
            return self.step(progress, here)[0]
        prompts = _dialogue(here.knowledge).prompts
        return _question(next(item for item in prompts if item.field == progress.asking), progress)

    def why(self, progress: Progress, here: Setting) -> str:
        """Why it asks that."""
        if progress.asking in funding_school.FIELDS:
            return funding_school.WHY
        prompts = _dialogue(here.knowledge).prompts
        return next(
            (item.why for item in prompts if item.field == progress.asking), "DfE's funding rules depend on it."
        )

    def _ask(self, prompt: Prompt, progress: Progress) -> tuple[Answer, Progress]:
        question = _question(prompt, progress)
        told = "_found" in progress.answers  # with the school found, which says it too
        known = funding_school.about_the_lists(progress.answers) if prompt.lists and not told else ""
        if known:
            question = replace(question, messages=(known, *question.messages))
        return self._put(question, progress)

    def _put(self, question: Answer, progress: Progress) -> tuple[Answer, Progress]:
        """A question as it is put: the first of a check with its introduction."""
        asked = progress.asks(str(question.asking))
        found = funding_school.found(progress.answers)
        if found:
            question = replace(question, messages=(found, *question.messages))
            asked = replace(asked, answers=without(asked.answers, "_found"))
        if not progress.asked and progress.offered:
            question = replace(question, messages=(OFFER + question.messages[0], *question.messages[1:]))
        elif not progress.asked:
            question = replace(question, messages=(INTRO, *question.messages))
        return question, asked


def facts_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of the rules among what is remembered."""
    return {name: value for name, value in answers.items() if not name.startswith("_")}


def _dialogue(knowledge: Knowledge) -> Dialogue:
    return knowledge.funding.data.dialogue


def _question(prompt: Prompt, progress: Progress) -> Answer:
    text = prompt.text.replace("{course}", str(progress.answers.get("course", "this NPQ")))
    buttons = tuple(Button(choice.title, choice.says) for choice in prompt.choices)
    return Answer((text,), "form", buttons=buttons, asking=prompt.field, topics=("funding",))
