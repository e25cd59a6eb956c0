"""Choosing an NPQ: at most three questions, then a first choice, an alternative, and why not the neighbour."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.funding.hearing import phrases, workplace
from guidance.intakes import next_in_short
from guidance.journeys.funding_outcome import in_one_line
from guidance.journeys.model import Heard, Journey, Progress, Setting
from guidance.journeys.words import NO, UNSURE, is_question, plain
from guidance.mentions import mentions
from guidance.question import Context, Understood
from guidance.recommend import Profile, Recommendation, recommend
from guidance.recommend.model import Option, Question
from guidance.reply import Answer, Button, cite

CHOOSE = re.compile(
    r"\b(help me (choose|decide|pick)|recommend|suggest|what npq"
    r"|which (is|npq|one|course|programme|of(?! (?:them|these|those|the two) (?:is|are) (?:right|correct|true)))"
    r"|what (would|do) you|best npq|right (npq|one|course)|suit|suitable|choose|pick|decide|better for me|is best)\b"
    r"|\b(should|shd|shall|could|can|do) (i|we) (do|take|be doing|go for|apply for)\b|\bwhich\b[?.! ]*$"
    r"|\b(for me|want (something|to be|to become|to move)|looking for|interested in|not sure (if|which|whether)"
    r"|told me to (do|take)|asked (me )?(to|if i want to) (do|take))\b",
    re.IGNORECASE,
)
NO_HEADSHIP = re.compile(
    r"\b(?:not|never|no|do ?n['’]?t)\b.{0,25}\b(?:headship|(?:be|being|become|becoming) (?:a )?head(?:teacher)?)\b",
    re.IGNORECASE,
)
NEXT_TO_HEADS = ("deputy_head", "vice_principal", "aspiring_head")
BUTTON = "Help me choose an NPQ"
HELP = re.compile(r"\bhelp me (to )?(choose|decide|pick)\b", re.IGNORECASE)
DIRECTED = re.compile(
    r"\b(told|asked|made|want(s|ed)?|get(ting)?|expect(s|ed)?) (me |by .{1,20} )?to (do|take) (one|an? (npq|course))\b"
    r"|\bbeen told to (do|take) (one|an? npq)\b",
    re.IGNORECASE,
)
OF_OTHER_THINGS = ("funding", "cost", "duration", "dates", "eligibility", "weekly_time", "providers", "how_to_apply")
OWN = re.compile(
    r"\b(i'?m|i am|i was|i lead|i run|i work|i teach|also|as an?|my (?:job|role) is|me as)\b", re.IGNORECASE
)
MINE = re.compile(r"\b(i|i'?m|im|i'?ve|ive|i'?d|me|my|we|our|us)\b", re.IGNORECASE)
REPLACING = re.compile(r"\b(what if|actually|i meant|i mean|correction|instead|not .{1,20} but)\b", re.IGNORECASE)
SHORTEST = 4  # letters that begin a button's title
TEACH = re.compile(r"\b(i teach|teacher|teaching)\b", re.IGNORECASE)
FIRST_YEARS = 5  # of a headship
BRIEF = 6  # words of a message that is only a job
SUBJECTS_ASKED = ("responsibility", "aim")  # what may be answered by a subject alone
INTRO = "I can suggest one, in at most three questions."
NOTHING = "I have not found an NPQ made for that job."


class Recommending(Journey):
    """Which NPQ suits me?"""

    id = "recommend"
    name = "choosing an NPQ"
    topics = ("which_npq", "compare", "about")
    near = ("what_is_npq",)
    invitation = Button("Help me choose", BUTTON)
    cancelled = "I have stopped. Ask me about any NPQ, or about funding, whenever you like."

    def wanted(self, said: Understood, topics: tuple[str, ...], context: Context, here: Setting) -> Progress | None:
        """Where someone asks which NPQ is for them, or says who they are and that they cannot choose."""
        explicit = plain(said.text) == plain(BUTTON) or bool(HELP.search(said.text))
        told = bool(said.jobs if said.jobs is not None else said.roles) or bool(said.aims)
        chooses = bool(CHOOSE.search(said.text))
        asked = said.intent == "ask_which_npq" and (chooses or len(said.text.split()) <= BRIEF)
        if told and chooses and not is_about_something_else(said, topics):
            asked = True
        directed = bool(DIRECTED.search(said.text))
        story = told and chooses and bool(said.programmes) and not set(topics) & set(OF_OTHER_THINGS)
        asked = asked or directed
        if not explicit and not (asked and (told or MINE.search(said.text))):
            return None
        if not explicit and said.programmes and not told:
            return None  # about one NPQ, not about a person
        roles = () if said.roles else context.roles
        profile = _without_headship(Profile(roles=roles, settings=context.settings).hear(said), said.text)
        return Progress(
            self.id,
            answers={"profile": profile.to_dict()},
            offered=not (explicit or directed or story),
            explicit=explicit,
        )

    def hear(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Heard:
        """A button, or anything the message says of the person."""
        profile = Profile.from_dict(progress.answers.get("profile"))
        question = here.knowledge.recommend.questions.get(str(progress.asking)) if progress.asking else None
        option = _option(plain(said.text), question) if question else None
        if option is not None:
            return Heard(self._with(progress, _meaning(profile, option)), exact=True)
        if REPLACING.search(said.text) and said.roles:
            profile = replace(profile, roles=(), aims=())
        if progress.done and not (OWN.search(said.text) or REPLACING.search(said.text) or len(said.text.split()) <= 3):
            said = replace(said, roles=(), jobs=())  # somebody else is spoken of: "our senco is leaving"
        if question is not None and not said.aims:
            said = replace(said, aims=_named_aim(said.text, question, here))
        heard = _without_headship(profile.hear(said), said.text)
        if progress.asking == "role" and heard.roles == profile.roles and TEACH.search(said.text):
            heard = replace(heard, roles=(*heard.roles, "class_teacher"))
        before = Profile.from_dict(progress.answers.get("profile"))
        if (
            replace(heard, programmes=before.programmes, settled=before.settled) != before
        ):  # another NPQ alone says nothing of the person
            return Heard(self._with(progress, heard))
        if progress.asking and UNSURE.search(said.text):
            return Heard(self._with(progress, profile), exact=True)
        return Heard()

    def step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        """The next question, else the recommendation."""
        profile = Profile.from_dict(progress.answers.get("profile"))
        found = recommend(profile, here.knowledge, here.today)
        if found.decided:
            return _said(found, profile, here), replace(progress, done=True, asking=None)
        question = found.asks[0]
        profile = profile.after_asking(question.id)
        answer = _asked(question)
        if not progress.asked and not progress.offered:
            answer = replace(answer, messages=(INTRO, *answer.messages))
        return answer, self._with(progress, profile).asks(question.id)

    def again(self, progress: Progress, here: Setting) -> Answer:
        """The question it is at."""
        return _asked(here.knowledge.recommend.questions[str(progress.asking)])

    def why(self, progress: Progress, here: Setting) -> str:
        """Why it asks that."""
        return "The right NPQ depends on what you lead and where you want to go next."

    def _with(self, progress: Progress, profile: Profile) -> Progress:
        offered = progress.offered and progress.asking is None
        return replace(progress, answers={**progress.answers, "profile": profile.to_dict()}, offered=offered)


def _without_headship(profile: Profile, text: str) -> Profile:
    """Someone who says no to headship is a senior leader like others, whatever their post usually leads to."""
    if not NO_HEADSHIP.search(text):
        return profile
    roles = tuple("senior_leader" if role in NEXT_TO_HEADS else role for role in profile.roles)
    return replace(profile, roles=tuple(dict.fromkeys(roles)), aims=())


def is_about_something_else(said: Understood, topics: tuple[str, ...]) -> bool:
    """Whether the message asks for something particular, with a job only mentioned."""
    return bool(set(topics) & set(OF_OTHER_THINGS))


def _option(text: str, question: Question) -> Option | None:
    """The button a text means: its words, a number of years, or in a few words one telling word of it."""
    for item in question.options:
        if text in (plain(item.title), plain(item.payload)):
            return item
    begun = [item for item in question.options if len(text) >= SHORTEST and plain(item.title).startswith(text)]
    if len(begun) == 1:
        return begun[0]
    years = re.search(r"\b(\d+) ?(?:years?|yrs?)\b", text)
    if question.id == "experience" and years:
        return question.options[0 if int(years[1]) < FIRST_YEARS else 1]
    if len(text.split()) > BRIEF or NO.match(text) or is_question(text):
        return None
    words = set(re.findall(r"[a-z]{5,}", text))
    found = [item for item in question.options if words & set(re.findall(r"[a-z]{5,}", item.title.lower()))]
    return found[0] if len(found) == 1 else None


def _named_aim(text: str, question: Question, here: Setting) -> tuple[str, ...]:
    """The aim that the few words of an answer name: "maths i guess"."""
    if question.id not in SUBJECTS_ASKED or len(text.split()) > BRIEF or NO.match(plain(text)) or is_question(text):
        return ()
    aims = here.knowledge.recommend.data.aims
    found = [aim.id for aim in aims if aim.words and mentions(text, aim.words)]
    return tuple(found) if len(found) == 1 else ()


def _meaning(profile: Profile, option: Option) -> Profile:
    """The profile with what a button stands for."""
    values = {kind: (value,) for kind, value in option.means.items()}
    return profile.hear(
        Understood(
            "",
            "",
            roles=values.get("role", ()),
            settings=values.get("setting", ()),
            phases=values.get("phase", ()),
            aims=values.get("aim", ()),
            experience=values.get("experience", ()),
        )
    )


def _asked(question: Question) -> Answer:
    buttons = tuple(Button(option.title, option.payload) for option in question.options)
    return Answer((question.ask,), "clarify", buttons=buttons, asking=question.id, topics=("which_npq",))


def _said(found: Recommendation, profile: Profile, here: Setting) -> Answer:
    """The recommendation in bubbles, with its funding, its next start and what to do next."""
    bubbles = found.bubbles() or (NOTHING,)
    return Answer(
        messages=(*bubbles, *_and_then(found, profile, here)),
        status="answered",
        topics=("which_npq",),
        programmes=found.programmes[:1],
        facts=tuple(fact.id for fact in found.facts),
        sources=cite(list(found.facts), here.knowledge),
        buttons=_next(found, here),
    )


def _and_then(found: Recommendation, profile: Profile, here: Setting) -> tuple[str, ...]:
    if not found.first:
        return ()
    known = workplace(profile.settings, profile.roles, here.knowledge.funding.data.dialogue)
    known.update(phrases("", here.knowledge.funding.data.dialogue))
    known.setdefault("works_in_england", True)
    funding = in_one_line(known, found.first, here.knowledge) if "work_setting" in known else ""
    fact = here.knowledge.facts.get(f"{found.first.lower()}.funding")
    if not funding and fact is not None:
        funding = f"Funding for {found.first}: {fact.said_short() or fact.said()}, if DfE's other conditions hold."
    start = next_in_short(here.knowledge, here.today)
    return (" ".join(text for text in (funding, start) if text),)


def _next(found: Recommendation, here: Setting) -> tuple[Button, ...]:
    buttons = [Button("Check my funding", "Check if I can get funding")] if found.first else []
    if len(found.programmes) == 2:
        one, other = found.programmes
        text = f"What is the difference between {one} and {other}?"
        buttons.insert(0, Button(f"Compare {one} and {other}", text))
    interest = here.knowledge.topics.get("register_interest")
    if interest is not None:
        buttons.append(Button(interest.title, interest.example))
    return tuple(buttons)
