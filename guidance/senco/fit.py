"""What follows from the deadline: which start of the course still fits, and whom to ask."""

from __future__ import annotations

from datetime import date

from guidance.dates import DateSaid
from guidance.senco.case import HALF_DONE, HELD, LATE, MOVED, NEXT_START, Case
from guidance.senco.courses import Course, Fit, own_course, starts
from guidance.senco.rule import DURATION, NASEN_ADVICE, REQUIRED
from guidance.senco.words import Sentence, Sentences, day, month

WHOM_TO_ASK = Sentence(
    "The duty lies with the school, so tell your head now. Ask a lead provider for the earliest start, and DfE at "
    "{contact} what applies to you.",
    facts=(LATE,),
)
NO_RULE_READ = Sentence("This guide has read no rule on extensions or penalties.", 3, (LATE,))
MOVED_TOO = Sentence("Do not count on a change of school restarting the three years: that is not known.", 0, (MOVED,))
ALREADY_ON_IT = Sentence("Already on it? Say when the course began.", 2)
SPEAK_NOW = Sentence(
    "If you have not begun, speak to your head and a provider now, and ask DfE at {contact}.", 0, (LATE,)
)
NO_NEWER_START = Sentence(
    "I know of no newer start of the SENCO NPQ: DfE's registration service and the providers will.", 0, (NEXT_START,)
)
NOTHING = Sentence("")


def unless(case: Case) -> Sentence:
    """What NASENCO changes, as far as it is known."""
    if case.said.nasenco == "begun":
        text = "Whether a NASENCO begun before September 2024 still counts when finished, ask your university and DfE."
        return Sentence(text, 2, (HALF_DONE,))
    since = day(case.rule.mandatory_since)
    if case.said.nasenco == "none":
        return Sentence(f"Since {since} the qualification to take is the SENCO NPQ, no longer NASENCO.", 3, (REQUIRED,))
    return Sentence("If you already hold NASENCO, that meets it and no deadline applies.", 2, (HELD,))


def courses_in_time(case: Case, post: DateSaid, deadline: date) -> Sentences:
    """Which starts of the course lead to a result by the deadline."""
    told: Sentences = [_aspect(case), _advice(case, post)]
    if case.said.course:
        return [*told, _own_course(case, deadline)]
    courses = starts(case.knowledge, case.today)
    if not courses:
        return [*told, NO_NEWER_START]
    fits = [course.fits(deadline, case.rule) for course in courses]
    length = Sentence(f"Teaching and assessment take up to {case.rule.whole_months} months.", 4, (DURATION,))
    if set(fits) == {"too late"}:
        return [*told, _told(case, courses[0], fits[0]), length, ALREADY_ON_IT, SPEAK_NOW]
    for place, (course, fit) in enumerate(zip(courses, fits)):
        told.append(_told(case, course, fit)._replace(weight=2 if place else 0))
    if courses[0].begun and fits[0] != "too late":
        told.append(Sentence("Ask a lead provider now whether you can still join the one just begun.", 1))
    if fits[0] == "only just in time":
        told.append(Sentence("Tell your head how little time is to spare.", 3))
    return [*told, length]


def after_the_deadline(case: Case, post: DateSaid) -> Sentences:
    """What to do where the time has passed, or may have."""
    own = _own_course(case, case.rule.ends(post.latest)) if case.said.course else NOTHING
    aspect = _aspect(case)._replace(weight=2)
    return [own, _advice(case, post), WHOM_TO_ASK, NO_RULE_READ, aspect, NOTHING if own.text else _next_start(case)]


def _told(case: Case, course: Course, fit: Fit) -> Sentence:
    text = f"{_named(course)} leads to a result by about {month(course.result(case.rule))}: {fit}."
    return Sentence(text, 0, (DURATION, NEXT_START))


def _named(course: Course) -> str:
    if course.presumed:
        return f"The next, probably {course.label} (not announced),"
    return f"The course just begun, in {month(course.start)}," if course.begun else f"A start in {month(course.start)}"


def _own_course(case: Case, deadline: date) -> Sentence:
    assert case.said.course is not None
    course = own_course(case.said.course, case.today)
    text = (
        f"A course begun in {month(course.start)} should bring a result by about {month(course.result(case.rule))}, "
        f"after up to {case.rule.whole_months} months: {course.fits(deadline, case.rule)}."
    )
    return Sentence(text, 0, (DURATION,))


def _advice(case: Case, post: DateSaid) -> Sentence:
    """nasen's advice to those appointed in the last school year of the older award."""
    within = post.latest >= case.rule.advice_from and post.first <= case.rule.advice_until
    if not within or case.said.nasenco == "begun" or case.said.course:
        return NOTHING
    text = "nasen advised SENCOs appointed in 2023/24 who had not begun NASENCO to start the NPQ by"
    return Sentence(f"{text} {case.rule.start_by}.", 1, (NASEN_ADVICE,))


def _next_start(case: Case) -> Sentence:
    ahead = [course for course in starts(case.knowledge, case.today) if not course.begun]
    if not ahead:
        return NOTHING
    name = f"probably {ahead[0].label} (not announced)" if ahead[0].presumed else ahead[0].label
    return Sentence(f"The next start is {name}.", 4, (NEXT_START,))


def _aspect(case: Case) -> Sentence:
    """One thing more that the message names and the rule leaves open, in the words of its fact."""
    if case.said.moved and MOVED in case.knowledge.facts:
        return MOVED_TOO
    if not case.said.aspects:
        return NOTHING
    fact = case.said.aspects[0]
    return Sentence(fact.said().split(". ")[0].rstrip(".") + ".", 0, (fact.id,))
