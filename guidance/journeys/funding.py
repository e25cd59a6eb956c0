"""The funding check: asks what DfE's rules still need, then says the outcome with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guidance.funding.asking import Choice, Dialogue, Makes, Prompt
from guidance.funding.hearing import OF_THE_WORKPLACE, named_courses, phrases, prompt_for, workplace
from guidance.journeys import funding_outcome, funding_school
from guidance.journeys.model import Heard, Journey, Progress, Setting
from guidance.journeys.words import NO, UNSURE, WHAT_IF, YES, is_question, plain
from guidance.knowledge import Knowledge
from guidance.question import Context, Understood
from guidance.reply import Answer, Button

AGAIN = "again"  # in `asked`: not the first time round, so no introduction
MOST_QUESTIONS = 5
SHORT = 10  # words of a reply that is only "I am not sure"
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
ANOTHER = re.compile(r"\b(another|a different|other) (npq|course|one|programme)\b", re.IGNORECASE)
ANYTHING = re.compile(r"\b(which|what|any(thing)?)\b.{0,25}\b(npqs?|courses?|ones?|be funded|free)\b", re.IGNORECASE)
ORDINAL = re.compile(r"(?:the |number |option )*(\d|first|second|third|fourth|last)(?: one| option)?", re.IGNORECASE)
PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
SAME_COURSE = {"EHCO": ("EHCO", "ASO"), "ASO": ("EHCO", "ASO")}
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
        heard = phrases(said.text, _dialogue(here.knowledge))
        whole = bool(said.programmes) and bool(said.settings or said.roles) and "previously_funded" in heard
        place = funding_school.hear(said.text, Progress(self.id), here).progress
        introduced = place is not None and bool(WHO.match(said.text)) and not is_question(said.text)
        own = "funding" in topics and bool(MINE.search(said.text)) and bool(WOULD.search(said.text) or said.settings)
        if not (explicit or own or whole or introduced):
            return None
        start = Progress(self.id, offered=not (explicit or whole or introduced))
        makes = workplace(said.settings or context.settings, said.roles or context.roles, _dialogue(here.knowledge))
        makes.update(heard)
        courses = self._courses(said.programmes or context.programmes[:1], here.knowledge)
        if courses and not (ANYTHING.search(said.text) and not said.programmes):
            makes["course"] = courses[0]
        elif ANYTHING.search(said.text):
            start = replace(start, unsure=("course",))
        start = self._with(start, makes)
        never = {"_never": True} if makes.get("previously_funded") is False else {}  # of any course
        school = dict(place.answers) if place is not None else {}
        return replace(start, answers={**start.answers, **never, **school})

    def hear(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Heard:
        """A button pressed, yes or no, or answers in a sentence; changes of earlier answers."""
        dialogue = _dialogue(here.knowledge)
        prompt = next((item for item in dialogue.prompts if item.field == progress.asking), None)
        text = plain(said.text)
        choice = _choice(text, prompt) if prompt else None
        if choice is not None:
            return Heard(self._chosen(progress, choice), exact=True)
        if progress.asking == "programme" and UNSURE.search(text):
            return Heard(
                replace(progress, unsure=("course",), answers=_without(progress.answers, "course")), exact=True
            )
        changing = progress.done or bool(WHAT_IF.search(text))
        if changing and ANOTHER.search(text):
            return Heard(
                replace(progress, answers=_without(progress.answers, "course"), unsure=(), done=False), exact=True
            )
        if prompt and UNSURE.search(text) and len(text.split()) <= SHORT and prompt.unsure():
            unsure = (*progress.unsure, *prompt.unsure())
            return Heard(replace(progress, unsure=unsure, offered=False), exact=True)
        school = funding_school.hear(said.text, progress, here)
        if school and (school.exact or school.problem):
            return school
        makes, exact = self._answers(said, progress, prompt, changing, here)
        if school.progress is not None:
            more = {name: value for name, value in makes.items() if name not in OF_THE_WORKPLACE}
            return Heard(self._with(school.progress, more))
        problem = self._problem(said, progress, here) if not makes else None
        if problem:
            return Heard(problem=problem)
        if makes:
            return Heard(self._with(progress, makes), exact=exact)
        return Heard()

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
            return self.step(replace(progress, answers=_without(progress.answers, *OF_THE_WORKPLACE)), here)
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
        for code in self._courses(tuple(knowledge.programmes), knowledge):
            found.update(dict.fromkeys(knowledge.funding.decide({**known, "course": code}).needs))
        return tuple(name for name in knowledge.funding.inputs if name in found and name not in later)

    def again(self, progress: Progress, here: Setting) -> Answer:
        """The question it is at."""
        if progress.asking in (funding_school.FIELD, funding_school.WHICH):
            asked = funding_school.question(progress) or funding_school.instead_of_lists(progress)
            if asked is not None:
                return asked
            return self.step(progress, here)[0]
        prompts = _dialogue(here.knowledge).prompts
        return _question(next(item for item in prompts if item.field == progress.asking), progress)

    def why(self, progress: Progress, here: Setting) -> str:
        """Why it asks that."""
        prompts = _dialogue(here.knowledge).prompts
        return next(
            (item.why for item in prompts if item.field == progress.asking), "DfE's funding rules depend on it."
        )

    def _ask(self, prompt: Prompt, progress: Progress) -> tuple[Answer, Progress]:
        question = _question(prompt, progress)
        known = funding_school.hint(progress.answers) if prompt.lists else ""
        if known:
            question = replace(question, messages=(known, *question.messages))
        return self._put(question, progress)

    def _put(self, question: Answer, progress: Progress) -> tuple[Answer, Progress]:
        """A question as it is put: the first of a check with its introduction."""
        asked = progress.asks(str(question.asking))
        if not progress.asked and progress.offered:
            question = replace(question, messages=(OFFER + question.messages[0], *question.messages[1:]))
        elif not progress.asked:
            question = replace(question, messages=(INTRO, *question.messages))
        return question, asked

    def _chosen(self, progress: Progress, choice: Choice) -> Progress:
        answers = {**_without(progress.answers, "_then")}
        if choice.then:
            answers["_then"] = choice.then
        unsure = tuple(dict.fromkeys((*progress.unsure, *choice.unsure)))
        return self._with(replace(progress, answers=answers, unsure=unsure), dict(choice.makes))

    def _answers(
        self, said: Understood, progress: Progress, prompt: Prompt | None, changing: bool, here: Setting
    ) -> tuple[Makes, bool]:
        """The answers in a message, and whether it can be nothing but an answer."""
        dialogue, known, text = _dialogue(here.knowledge), progress.answers, plain(said.text)
        makes: Makes = {}
        exact = False
        if prompt and prompt.yes and (YES.match(text) or NO.match(text)):
            makes.update(prompt.yes if YES.match(text) else prompt.no)
            exact = len(text.split()) <= 3
        asked_of_place = prompt is not None and (set(prompt.finds) & set(OF_THE_WORKPLACE))
        if "work_setting" not in known or asked_of_place or changing:
            place = workplace(said.settings, said.roles if changing or "work_setting" not in known else (), dialogue)
            moved = place.get("work_setting", known.get("work_setting")) != known.get("work_setting")
            makes.update({name: value for name, value in place.items() if moved or known.get(name) != value})
            if progress.asking == "setting" and place:
                makes.setdefault("works_in_england", True)  # the question was where in England
        words = phrases(said.text, dialogue)
        if known.get("early_years_kind") == "childminder" and "on_pp50_list" in words:
            words["on_childminder_list"] = words.pop("on_pp50_list")  # "not on the list": the only one for them
        makes.update({name: value for name, value in words.items() if known.get(name) != value or prompt is not None})
        courses = self._courses(said.programmes, here.knowledge)
        if not courses and (progress.asking == "programme" or changing):
            courses = self._courses(named_courses(said.text, dialogue), here.knowledge)
        if progress.asking == "funded_before" and said.programmes and not changing:
            same = SAME_COURSE.get(str(known.get("course")), (known.get("course"),))
            if not set(courses) & set(same) and YES.match(text):
                makes["previously_funded"] = False  # for another course, which does not count
        elif courses and (progress.asking == "programme" or "course" not in known or changing):
            makes.update({"course": courses[0]} if len(courses) == 1 or progress.asking != "programme" else {})
        return makes, exact

    def _problem(self, said: Understood, progress: Progress, here: Setting) -> str | None:
        if progress.asking != "programme" or not said.programmes or is_question(said.text):
            return None
        courses = self._courses(said.programmes, here.knowledge)
        if len(courses) > 1:
            return f"I can check one NPQ at a time: {' or '.join(courses)}? You can ask about the other afterwards."
        label = here.knowledge.programmes[said.programmes[0]].label
        return f"{label} can no longer be taken. Which of today's NPQs do you mean?"

    def _with(self, progress: Progress, makes: Makes) -> Progress:
        """The answers with more; another workplace drops what belonged to the old one, another course its own."""
        answers = _without(progress.answers, *(("_then",) if makes else ()))
        if any(
            name in makes and answers.get(name, makes[name]) != makes[name]
            for name in ("work_setting", "employment_type")
        ):
            answers = _without(answers, *OF_THE_WORKPLACE, "_school", "_schools")
        changed = "course" in makes and answers.get("course", makes["course"]) != makes["course"]
        if changed and "previously_funded" in answers and "_never" not in answers:
            answers = {**_without(answers, "previously_funded"), "previously_funded": False, "_assumed": True}
        if "previously_funded" in makes:
            answers = _without(answers, "_assumed", "_never")
        if "_then" in progress.answers and not makes.get("employment_type") and "work_setting" not in makes:
            answers = {**answers, "_then": progress.answers["_then"]}
        unsure = tuple(name for name in progress.unsure if name not in makes)
        offered = progress.offered and progress.asking is None
        return replace(progress, answers={**answers, **makes}, unsure=unsure, done=False, offered=offered)

    def _courses(self, codes: tuple[str, ...], knowledge: Knowledge) -> list[str]:
        values = knowledge.funding.inputs["course"].values
        return [code for code in codes if code in values and knowledge.programmes[code].status == "current"]


def facts_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of the rules among what is remembered."""
    return {name: value for name, value in answers.items() if not name.startswith("_")}


def _dialogue(knowledge: Knowledge) -> Dialogue:
    return knowledge.funding.data.dialogue


def _choice(text: str, prompt: Prompt) -> Choice | None:
    for choice in prompt.choices:
        if text in (plain(choice.title), plain(choice.says)):
            return choice
    place = ORDINAL.fullmatch(text)
    if place:
        word = place[1].lower()
        number = int(word) - 1 if word.isdigit() else PLACES[word]
        if -1 <= number < len(prompt.choices):
            return prompt.choices[number]
    return None


def _question(prompt: Prompt, progress: Progress) -> Answer:
    text = prompt.text.replace("{course}", str(progress.answers.get("course", "this NPQ")))
    buttons = tuple(Button(choice.title, choice.says) for choice in prompt.choices)
    return Answer((text,), "form", buttons=buttons, asking=prompt.field, topics=("funding",))


def _without(answers: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if name not in names}
