"""What a message gives to the funding check: a choice, yes or no, several answers in a sentence, a change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from guidance.funding.asking import Choice, Dialogue, Makes, Prompt
from guidance.funding.hearing import OF_THE_WORKPLACE, heard_here, named_courses, phrases, workplace
from guidance.journeys import funding_school
from guidance.journeys.model import Heard, Progress, Setting
from guidance.journeys.words import CORRECTING, NO, UNSURE, WHAT_IF, YES, is_question, plain
from guidance.knowledge import Knowledge
from guidance.question import Understood

SHORT = 10  # words of a reply that is only "I am not sure"
BRIEF = 5  # words of a reply in which one word of a button is enough
TELLING = 5  # letters of a word that tells buttons apart
ANOTHER = re.compile(r"\b(another|a different|other) (npq|course|one|programme)\b", re.IGNORECASE)
ORDINAL = re.compile(r"(?:the |number |option )*(\d|first|second|third|fourth|last)(?: one| option)?", re.IGNORECASE)
PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
YEARS = re.compile(r"\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten)\s*(?:years?|yrs?)\b", re.IGNORECASE)
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
LEAD_IN = re.compile(
    r"^(?:(?:sorry|no|oh|ah|wait|hang on|actually|oops|what if|i meant?|i mean|we(?: are|'re)|i'?m|it(?:'s| is| was)"
    r"|i (?:was|were|work)|in|at|an?|the|now|my|is|am)[\s,]+)+",
    re.IGNORECASE,
)
DONE_ALREADY = re.compile(
    r"\b(have ?n'?t|has ?n'?t|have not|already|completed|finished|passed"
    r"|(?:have|had|i'?ve) (?:done|completed|finished))\b",
    re.IGNORECASE,
)
OF_THE_LISTS = re.compile(r"\b(lists?|either|neither|none|both|no)\b", re.IGNORECASE)
OF_A_COUNTRY = re.compile(
    r"^(?:no|nope|nah)\b|\b(?:england|english|uk|britain|british|abroad|overseas|countr\w+|work\w*|there|here|based)\b",
    re.IGNORECASE,
)
SAME_COURSE = {"EHCO": ("EHCO", "ASO"), "ASO": ("EHCO", "ASO")}
DENIES = re.compile(r"\b(?:not|never|isn'?t|wasn'?t|aren'?t|haven'?t|hasn'?t|didn'?t|don'?t)\b", re.IGNORECASE)
FEW_WORDS = 3  # "i do not": that answers the question asked
MOVES = ("work_setting", "employment_type", "early_years_kind", "eligible_establishment")


def _of_something_else(text: str) -> bool:
    """Whether what is denied is not that one works in England: "we haven't got a URN yet"."""
    return len(text.split()) > FEW_WORDS and not OF_A_COUNTRY.search(text)


def apply(progress: Progress, makes: Makes) -> Progress:
    """The answers with more; another workplace drops what belonged to the old one, another course its own."""
    answers = without(progress.answers, *(("_then",) if makes else ()))
    if "work_setting" in makes and any(
        name in makes and answers.get(name) not in (None, makes[name]) for name in MOVES
    ):
        answers = without(answers, *OF_THE_WORKPLACE, "_school", "_schools", "_found", "_skipped")
    changed = "course" in makes and answers.get("course", makes["course"]) != makes["course"]
    if changed and "previously_funded" in answers and "_never" not in answers:
        answers = {**without(answers, "previously_funded"), "previously_funded": False, "_assumed": True}
    if "previously_funded" in makes:
        answers = without(answers, "_assumed", "_never")
    if "_then" in progress.answers and not makes.get("employment_type") and "work_setting" not in makes:
        answers = {**answers, "_then": progress.answers["_then"]}
    unsure = tuple(name for name in progress.unsure if name not in makes)
    offered = progress.offered and progress.asking is None
    return replace(progress, answers={**answers, **makes}, unsure=unsure, done=False, offered=offered)


def place_of(said: Understood, roles: tuple[str, ...], settings: tuple[str, ...], dialogue: Dialogue) -> Makes:
    """The workplace by what is named; a place in England beside a name like Jersey Street leaves the country open."""
    makes = workplace(settings, roles, dialogue)
    words = phrases(said.text, dialogue)
    if makes.get("works_in_england") is False and words.get("works_in_england") is not False:
        makes.pop("works_in_england")
    return {**makes, **words}


def courses_of(codes: tuple[str, ...], knowledge: Knowledge) -> list[str]:
    """Of programmes named, those the rules know and that can be taken now."""
    values = knowledge.funding.inputs["course"].values
    return [code for code in codes if code in values and knowledge.programmes[code].status == "current"]


def without(answers: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The answers but for some."""
    return {name: value for name, value in answers.items() if name not in names}


@dataclass(frozen=True)
class Listening:
    """One message to the check."""

    said: Understood
    progress: Progress
    here: Setting

    def heard(self) -> Heard:
        """What it adds or changes."""
        prompt, text, progress = self._prompt(), plain(self.said.text), self.progress
        choice = choice_of(text, prompt) if prompt else None
        if choice is not None:
            return Heard(self._chosen(choice), exact=True)
        if progress.asking == "programme" and UNSURE.search(text):
            undecided = replace(progress, unsure=("course",), answers=without(progress.answers, "course"))
            return Heard(replace(undecided, offered=False), exact=True)
        if self._changing and ANOTHER.search(text):
            other = replace(progress, answers=without(progress.answers, "course"), unsure=(), done=False)
            return Heard(other, exact=True)
        if prompt and UNSURE.search(text) and len(text.split()) <= SHORT and prompt.unsure():
            unsure = (*progress.unsure, *prompt.unsure())
            return Heard(replace(progress, unsure=unsure, offered=False), exact=True)
        school = funding_school.hear(self.said.text, progress, self.here)
        if school.exact or (school.problem and progress.asking in funding_school.FIELDS):
            return school
        makes, exact = self._answers(prompt)
        if school.progress is not None:
            more = {name: value for name, value in makes.items() if name not in OF_THE_WORKPLACE}
            return Heard(apply(school.progress, more))
        problem = school.problem or self._problem()
        if problem and not makes:
            return Heard(problem=problem)
        if makes:
            return Heard(apply(progress, makes), exact=exact)
        return Heard(progress) if self._says_again() else Heard()

    @property
    def _dialogue(self) -> Dialogue:
        return self.here.knowledge.funding.data.dialogue

    @property
    def _changing(self) -> bool:
        text = self.said.text.strip()
        return self.progress.done or bool(WHAT_IF.search(text) or CORRECTING.match(text))

    def _prompt(self) -> Prompt | None:
        return next((item for item in self._dialogue.prompts if item.field == self.progress.asking), None)

    def _chosen(self, choice: Choice) -> Progress:
        progress = self.progress
        answers = without(progress.answers, "_then")
        if choice.then:
            answers["_then"] = choice.then
        unsure = tuple(dict.fromkeys((*progress.unsure, *choice.unsure)))
        return apply(replace(progress, answers=answers, unsure=unsure), dict(choice.makes))

    def _answers(self, prompt: Prompt | None) -> tuple[Makes, bool]:
        """The answers in a message, and whether it can be nothing but an answer."""
        known, text = self.progress.answers, plain(self.said.text)
        makes: Makes = {}
        exact = False
        said_no = NO.match(text) and not (prompt and prompt.lists and not OF_THE_LISTS.search(text))
        said_no = said_no and not (prompt and prompt.field == "england" and _of_something_else(text))
        said_yes = YES.match(text) and not DENIES.search(text)  # "ok its not on it" is no yes
        if prompt and prompt.yes and (said_yes or said_no):
            makes.update(prompt.yes if said_yes else prompt.no)
            exact = len(text.split()) <= 3
        makes.update(self._place(prompt))
        words = phrases(self.said.text, self._dialogue)
        if known.get("early_years_kind") == "childminder" and "on_pp50_list" in words:
            words["on_childminder_list"] = words.pop("on_pp50_list")  # "not on the list": the only one for them
        makes.update({name: value for name, value in words.items() if known.get(name) != value or prompt is not None})
        if prompt and not makes:
            makes.update(heard_here(text, prompt))
        makes.update(self._course(text))
        return makes, exact

    def _place(self, prompt: Prompt | None) -> Makes:
        known, said = self.progress.answers, self.said
        asked = prompt is not None and bool(set(prompt.finds) & set(OF_THE_WORKPLACE))
        new = "work_setting" not in known
        if not (new or asked or self._changing):
            return {}
        roles = said.roles if new or self._changing else ()
        place = {
            name: value
            for name, value in place_of(said, roles, said.settings, self._dialogue).items()
            if name in OF_THE_WORKPLACE or name == "works_in_england"
        }
        if not place and self._changing:
            place = self._bare()
        if self.progress.asking == "setting" and place:
            place.setdefault("works_in_england", True)  # the question was where in England
        moved = any(place.get(name, known.get(name)) != known.get(name) for name in MOVES)
        return {name: value for name, value in place.items() if moved or known.get(name) != value}

    def _bare(self) -> Makes:
        """ "Actually a nursery", "what if rise": one word for a place or a list, after the introduction to a change."""
        rest = LEAD_IN.sub("", plain(self.said.text))
        if not rest or len(rest.split()) > BRIEF - 2:
            return {}
        for prompt in self._dialogue.prompts:
            if prompt.field in ("setting", "lists", "early_years_kind") and (found := heard_here(rest, prompt)):
                return found
        return {}

    def _course(self, text: str) -> Makes:
        known, knowledge = self.progress.answers, self.here.knowledge
        asked = self.progress.asking == "programme"
        courses = courses_of(self.said.programmes, knowledge)
        if not courses and (asked or self._changing):
            courses = courses_of(named_courses(self.said.text, self._dialogue), knowledge)
        if self.progress.asking == "funded_before" and self.said.programmes and not WHAT_IF.search(text):
            same = SAME_COURSE.get(str(known.get("course")), (known.get("course"),))
            another = not set(courses) & set(same) and YES.match(text)
            return {"previously_funded": False} if another else {}  # funding for another course does not count
        if not courses or not (asked or "course" not in known or self._changing):
            return {}
        if len(courses) > 1 and known.get("course") in courses and self._changing:
            courses = [code for code in courses if code != known["course"]]  # "not NPQH, I meant NPQEL"
        if (len(courses) > 1 and asked) or ("course" in known and DONE_ALREADY.search(text)):
            return {}
        return {"course": courses[0]}

    def _problem(self) -> str | None:
        said, knowledge = self.said, self.here.knowledge
        if self.progress.asking != "programme" or not said.programmes or is_question(said.text):
            return None
        courses = courses_of(said.programmes, knowledge)
        if len(courses) > 1:
            return f"I can check one NPQ at a time: {' or '.join(courses)}? You can ask about the other afterwards."
        label = knowledge.programmes[said.programmes[0]].label
        return f"{label} can no longer be taken. Which of today's NPQs do you mean?"

    def _says_again(self) -> bool:
        """After the outcome: what is already known, said again."""
        known = self.progress.answers
        place = workplace(self.said.settings, (), self._dialogue)
        return self.progress.done and bool(place) and all(known.get(name) == value for name, value in place.items())


def choice_of(text: str, prompt: Prompt) -> Choice | None:
    """The button a text means: its words, its number, its beginning, or in a few words one telling word of it."""
    for choice in prompt.choices:
        if text in (plain(choice.title), plain(choice.says)):
            return choice
    place = ORDINAL.fullmatch(text)
    if place:
        word = place[1].lower()
        number = int(word) - 1 if word.isdigit() else PLACES[word]
        if -1 <= number < len(prompt.choices):
            return prompt.choices[number]
    if prompt.years and (years := YEARS.search(text)):
        number = int(years[1]) if years[1].isdigit() else NUMBERS.index(years[1].lower())
        if number != prompt.years:
            return prompt.choices[0 if number < prompt.years else 1]
    return _nearly(text, prompt)


def _nearly(text: str, prompt: Prompt) -> Choice | None:
    if len(text) < TELLING or len(text.split()) > BRIEF or NO.match(text) or is_question(text):
        return None
    begun = [item for item in prompt.choices if plain(item.title).startswith(text) or plain(item.says).startswith(text)]
    return begun[0] if len(begun) == 1 else None
