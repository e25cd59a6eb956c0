"""The deadline for a post begun on a day, in a range of days, or still to come."""

from __future__ import annotations

from guidance.dates import DateSaid
from guidance.reply import Answer
from guidance.senco.case import ASK_WHEN, BEFORE_2009, BEFORE_2024, HELD, Case
from guidance.senco.fit import after_the_deadline, courses_in_time, unless
from guidance.senco.rule import DEADLINE, REQUIRED
from guidance.senco.words import Sentence, Sentences, by, day, month, on, same_month, understood, within

WIDE = 62  # days of doubt from which the date is worth asking for again


def deadline(case: Case, post: DateSaid) -> Answer:
    """The answer for the days on which a post may have begun, or will."""
    rule = case.rule
    if post.latest < rule.exempt_before:
        return _exempt(case, post)
    if post.earliest is None:
        return _some_time_before(case, post)
    if post.earliest < rule.exempt_before:
        return _either_side(case, post)
    if rule.ends(post.latest) < case.today:
        return _passed(case, post)
    if rule.ends(post.earliest) < case.today:
        return _perhaps_passed(case, post)
    return _running(case, post)


def _exempt(case: Case, post: DateSaid) -> Answer:
    lead = (
        f"Probably no deadline: SENCOs in post before {day(case.rule.exempt_before)} are exempt, so the three-year "
        "limit and the SENCO NPQ should not apply to you."
    )
    doubt = (
        "The exact rule has conditions this guide has not read, for instance about later breaks or moves. Check with "
        "your head and local authority before you rely on it."
    )
    known = Sentence(understood(post))
    return case.if_it_applies([known, Sentence(lead, 0, (BEFORE_2009, REQUIRED))], [Sentence(doubt, 0, (BEFORE_2009,))])


def _some_time_before(case: Case, post: DateSaid) -> Answer:
    earlier = case.knowledge.facts.get(BEFORE_2024)
    text = (
        earlier.said() if earlier and post.latest < case.rule.mandatory_since else case.knowledge.facts[DEADLINE].said()
    )
    return case.reply([Sentence(text, 0, (BEFORE_2024, DEADLINE))], [Sentence(ASK_WHEN)], ask=True)


def _either_side(case: Case, post: DateSaid) -> Answer:
    limit, ends = case.rule.exempt_before, case.rule.ends(post.latest)
    three = f"which ended by {month(ends)}" if ends < case.today else "counted from taking up the post"
    text = (
        f"It depends on the day. In post before {day(limit)}: exempt, on conditions this guide has not read. From that "
        f"day on: three years to qualify, {three}, unless you hold NASENCO."
    )
    ask = f"Were you SENCO before {day(limit)}? Tell me the month and year you took up the post."
    return case.reply([Sentence(text, 0, (BEFORE_2009, DEADLINE, HELD))], [Sentence(ask)], ask=True)


def _passed(case: Case, post: DateSaid) -> Answer:
    assert post.earliest is not None
    ended = within(case.rule.ends(post.earliest), case.rule.ends(post.latest))
    text = f"The three years for gaining the SENCO qualification ended {ended}, so that time has passed."
    counts = "The limit counts from taking up the post; only the result meets it."
    lead: Sentences = [
        Sentence(understood(post), 1),
        Sentence(text, 0, (DEADLINE,)),
        unless(case),
        Sentence(counts, 3, (DEADLINE,)),
    ]
    return case.if_it_applies(lead, after_the_deadline(case, post))


def _perhaps_passed(case: Case, post: DateSaid) -> Answer:
    assert post.earliest is not None
    first, last = case.rule.ends(post.earliest), case.rule.ends(post.latest)
    text = (
        f"Your three years may be up: they ended {on(first, post)} if you took up the post {on(post.earliest, post)}, "
        f"and end {on(last, post)} if {on(post.latest, post)}."
    )
    when = Sentence("When exactly did you start?", 3)
    lead: Sentences = [Sentence(understood(post)), Sentence(text, 0, (DEADLINE,)), unless(case), when]
    return case.if_it_applies(lead, after_the_deadline(case, post), ask=True)


def _running(case: Case, post: DateSaid) -> Answer:
    """The time is running, or begins on a day to come."""
    assert post.earliest is not None
    ahead = post.earliest > case.today
    wide = (post.latest - post.earliest).days > WIDE
    text = f"You {'would ' if ahead else ''}need the result of the SENCO NPQ by {_until(case, post, ahead=ahead)}."
    lead: Sentences = [
        Sentence(understood(post)),
        Sentence("The three years begin when you take up the post." if ahead else "", 2, (DEADLINE,)),
        Sentence(text, 0, (DEADLINE,)),
        Sentence("The result counts, not the start of the course.", 1, (DEADLINE,)),
        Sentence("You may take it before you have the post.", 3) if ahead else unless(case),
        Sentence("Tell me the month for an exact date." if wide else "", 3),
    ]
    return case.if_it_applies(lead, courses_in_time(case, post, case.rule.ends(post.earliest)), ask=wide)


def _until(case: Case, post: DateSaid, *, ahead: bool) -> str:
    """The deadline; for a range of days its earliest first, as the safe one."""
    assert post.earliest is not None
    first, last = case.rule.ends(post.earliest), case.rule.ends(post.latest)
    start, after = "start" if ahead else "started", "three years after taking up the post"
    if first == last:
        return f"{day(first)}, {after}"
    if post.exact == "month" and same_month(first, last):
        return f"{month(first)}, {after}: at the latest by {day(first)} if you {start} on the 1st"
    if same_month(first, last):
        return f"{month(first)}, {after}: plan on {day(first)} at the latest"
    return (
        f"{by(first, post)} at the latest if you {start} {on(post.earliest, post)}, or {by(last, post)} if "
        f"{on(post.latest, post)}: {after}"
    )
