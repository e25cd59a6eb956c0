"""What the funding check says at its end: outcome, reason, what it rests on, what would change it, next step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from guidance.funding import Decision
from guidance.funding.hearing import told
from guidance.funding.model import Table, Value
from guidance.funding.situation import DEFAULT_COHORT
from guidance.journeys import funding_school
from guidance.journeys.model import Progress, Setting
from guidance.knowledge import Knowledge
from guidance.reply import Answer, Button, Cited

MOST_WORDS = 60
MOST_CHANGES = 2
NEXT = {
    "funded": (
        "To go on, choose a provider and register on GOV.UK: there DfE checks this, and your provider confirms a place."
    ),
    "in_review": "To go on, choose a provider and register on GOV.UK: DfE then asks for what it needs.",
    "not_funded": "If you want to go on without a scholarship, ask a provider for its price.",
}
ANY_NPQ = "an NPQ"  # decided whichever it is, such as for work outside England
LEAD = {
    "funded": "On what you told me, DfE's {label} rules {allow} a scholarship for {course}.",
    "in_review": "On what you told me, {course} {is_} not decided by rule for {label}.",
    "not_funded": "On what you told me, DfE's {label} rules {give} no scholarship for {course}.",
}
ANSWERS = ((True, "yes"), (False, "no"))
IN_WORDS = {
    "funded": "a scholarship is possible",
    "in_review": "DfE decides by hand",
    "not_funded": "there is no scholarship",
}
GROUPS = (
    (frozenset({"funded"}), "Scholarships are possible for"),
    (frozenset({"in_review"}), "DfE reviews by hand"),
    (frozenset({"funded", "not_funded"}), "Only with a place on DfE's disadvantage or RISE list"),
    (frozenset({"not_funded"}), "Not funded"),
)


def outcome(known: Mapping[str, Any], progress: Progress, decision: Decision, here: Setting) -> Answer:
    """The end of a funding check.

    Args:
        known: the inputs of the rules that are known.
        progress: the check, with what the person does not know in `unsure`.
        decision: what the rules give for `known`.
        here: the knowledge, the day and the contact.
    """
    table = _table(known, here.knowledge)
    if "course" in progress.unsure:
        messages: tuple[str, ...] = (_every_course(known, progress, table, here), _rests_on(known, progress, here))
        course = None
    else:
        course = known.get("course")
        named = str(course or ANY_NPQ)
        if decision.outcome is None:
            messages = (_depends(known, decision.needs, named, table, here), _rests_on(known, progress, here))
        else:
            messages = (_verdict(decision, named, table), _rests_on(known, progress, here, decision))
    end = _end(decision.outcome or "funded", table, here)
    return Answer(
        messages=(*messages, end),
        status="answered",
        topics=("funding",),
        programmes=(course,) if course else (),
        facts=(f"funding rule {decision.rule}",) if course and decision.rule else (),
        sources=_sources(table, here.knowledge),
        buttons=_buttons(decision.outcome, course, here.knowledge),
    )


def in_one_line(known: Mapping[str, Any], course: str, knowledge: Knowledge) -> str:
    """The funding of one course in a sentence, with what is known of a person, for use beside other answers."""
    situation = {**known, "course": course, "previously_funded": False}
    results = {item.outcome for item in _branches(situation, _needs(situation, knowledge), knowledge)}
    table = _table(known, knowledge)
    if results == {"funded"}:
        return f"Funding: DfE's {table.label} rules allow a scholarship if you have not had one for {course} before."
    if results == {"in_review"}:
        return f"Funding: DfE decides {course} by hand for your role ({table.label} rules)."
    if results == {"not_funded"}:
        return f"Funding: DfE's {table.label} rules give no scholarship for {course} where you work."
    if results == {"funded", "not_funded"} and set(_needs(situation, knowledge)) <= {"on_pp50_list", "on_rise_list"}:
        return f"Funding: for {course} DfE's {table.label} rules ask for a place on its disadvantage or RISE list."
    return ""


def _table(known: Mapping[str, Any], knowledge: Knowledge) -> Table:
    cohort = known.get("cohort") or DEFAULT_COHORT
    return next(table for table in knowledge.funding.data.tables if table.id == cohort)


def _verdict(decision: Decision, course: str, table: Table) -> str:
    words = (
        {"allow": "allowed", "give": "gave", "is_": "was"}
        if table.closed
        else {"allow": "allow", "give": "give", "is_": "is"}
    )
    lead = LEAD[str(decision.outcome)].format(label=table.label, course=course, **words)
    return f"{lead} {decision.reason}"


def _rests_on(known: Mapping[str, Any], progress: Progress, here: Setting, decision: Decision | None = None) -> str:
    """What was taken as given, and what would change the outcome, in one bubble."""
    shown = dict(known)
    if "early_years_kind" in shown or "employment_type" in shown or shown.get("work_setting") == "other":
        shown.pop("eligible_establishment", None)
    if shown.get("work_setting") == "school" and shown.get("eligible_establishment"):
        shown["work_setting"] = "state_school"
    lists = decision is not None and _by_lists(decision, here.knowledge)
    school = funding_school.told(progress.answers, lists=lists)
    if school:
        for name in ("work_setting", "eligible_establishment", "works_in_england", "on_pp50_list", "on_rise_list"):
            shown.pop(name, None)
    said = list(told(shown, here.knowledge.funding.data.dialogue))
    said[1:1] = school
    text = f"This rests on: {', '.join(said)}." if said else ""
    if "_assumed" in progress.answers:
        text += " I took the last as given."
    changes = here.knowledge.funding.what_would_change(dict(known)) if decision and decision.outcome else []
    for number in range(min(MOST_CHANGES, len(changes)), 0, -1):
        longer = f"{text} What would change it: {'; '.join(changes[:number])}."
        if len(longer.split()) <= MOST_WORDS:
            return longer.strip()
    return text.strip()


def _by_lists(decision: Decision, knowledge: Knowledge) -> bool:
    """Whether a list decided: one is named by the rule, or the reason is that it is on none."""
    rules = [rule for table in knowledge.funding.data.tables for rule in table.rules if rule.id == decision.rule]
    named = any({"on_pp50_list", "on_rise_list"} & set(rule.when) for rule in rules)
    return named or decision.code == "ineligible_establishment_not_a_pp50"


def _depends(known: Mapping[str, Any], needs: Sequence[str], course: str, table: Table, here: Setting) -> str:
    """Where the person does not know something: the outcome for each answer."""
    lists = [name for name in needs if name in ("on_pp50_list", "on_rise_list")]
    allow, give = ("allowed", "gave") if table.closed else ("allow", "give")
    if lists and set(needs) <= set(lists):
        return (
            "It depends on DfE's lists. If your school or college is on the disadvantage list or has RISE support, "
            f"DfE's {table.label} rules {allow} a scholarship for {course}. If not, they {give} none. DfE checks when "
            "you register; your head, trust or provider may already know."
        )
    for name in needs:
        prompt = next((item for item in here.knowledge.funding.data.dialogue.prompts if name in item.finds), None)
        ends = [
            f"if {word}, {end}" for value, word in ANSWERS if (end := _only_end({**known, name: value}, needs, here))
        ]
        if ends and prompt:
            question = prompt.text.replace("{course}", course)
            depends = f"It depends on one answer: {question} By DfE's {table.label} rules, {'; '.join(ends)}."
            return f"{depends} DfE checks when you register."
    return f"It depends on answers you were not sure of. DfE checks them when you register for {course}."


def _only_end(known: Mapping[str, Any], needs: Sequence[str], here: Setting) -> str:
    """The outcome in words where every answer to the rest gives the same one, else nothing."""
    ends = {item.outcome for item in _branches(known, [name for name in needs if name not in known], here.knowledge)}
    return IN_WORDS[str(ends.pop())] if len(ends) == 1 else ""


def _every_course(known: Mapping[str, Any], progress: Progress, table: Table, here: Setting) -> str:
    """All NPQs by what the rules give, for someone who has not decided."""
    found: dict[frozenset[str], list[str]] = {}
    for programme in here.knowledge.current_programmes():
        if programme.code == "EHCO" or programme.code not in here.knowledge.funding.inputs["course"].values:
            continue
        situation = {"previously_funded": False, **known, "course": programme.code}
        results = frozenset(
            str(item.outcome) for item in _branches(situation, _needs(situation, here.knowledge), here.knowledge)
        )
        found.setdefault(results, []).append(programme.code)
    lines = [f"{words}: {', '.join(found[results])}." for results, words in GROUPS if results in found]
    other = [code for results, codes in found.items() if results not in dict(GROUPS) for code in codes]
    lines += [f"It depends on more: {', '.join(other)}."] if other else []
    return f"By DfE's {table.label} rules, where you work:\n" + "\n".join(lines)


def _needs(situation: Mapping[str, Any], knowledge: Knowledge) -> tuple[str, ...]:
    return knowledge.funding.decide(dict(situation)).needs


def _branches(situation: Mapping[str, Any], needs: Sequence[str], knowledge: Knowledge) -> Iterator[Decision]:
    """The decisions for every answer to what is open (those that contradict the rest are left out)."""
    inputs = knowledge.funding.inputs
    choices: list[list[Value]] = [list(inputs[name].values) for name in needs]
    for values in product(*choices):
        made = knowledge.funding.decide({**situation, **dict(zip(needs, values, strict=True))})
        if made.outcome is not None:
            yield made


def _end(result: str, table: Table, here: Setting) -> str:
    """The next step, the date of the rules, and where they stop."""
    day = f"{table.as_of.day} {table.as_of:%B %Y}"
    if table.closed:
        return f"That intake has closed. These are its rules as read on {day}. Shall I check it for the latest intake?"
    cohort = next((item for item in here.knowledge.cohorts if item.id == table.id), None)
    begun = cohort is not None and (cohort.first_day.year, cohort.first_day.month) < (here.today.year, here.today.month)
    late = " That intake has begun, and rules for the next are not published yet." if begun else ""
    return f"{NEXT[result]} These are the rules as I read them on {day}.{late}"


def _sources(table: Table, knowledge: Knowledge) -> tuple[Cited, ...]:
    found = [knowledge.sources[name] for name in table.source]
    return tuple(Cited(item.title, item.url, table.as_of) for item in found if item.public)


def _buttons(result: str | None, course: str | None, knowledge: Knowledge) -> tuple[Button, ...]:
    names = ["cost", "register_interest"] if result == "not_funded" else ["how_to_apply", "register_interest"]
    steps = [knowledge.topics[name] for name in names if name in knowledge.topics]
    other = Button("Check another NPQ", "What if I take another NPQ?")
    return (other, *(Button(step.title, step.example) for step in steps))
