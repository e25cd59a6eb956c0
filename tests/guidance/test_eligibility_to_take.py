"""Who may take an NPQ is answered for itself; whether it is funded is another question, and never mixed up with it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from test_conversation import say

from guidance import knowledge
from guidance.knowledge import Fact

TODAY = date(2026, 11, 21)
MONEY = re.compile(r"\b(?:fund\w*|scholarships?|pays?|paid|free)\b", re.IGNORECASE)
SEPARATE = "Funding is a separate question"
OUTCOME = re.compile(
    r"\b(?:can|could|will|would|is|are|be|not) (?:also |only )?(?:be )?funded\b|\bno (?:DfE )?(?:scholarship|funding)\b"
    r"|\bscholarship is not\b|\b(?:you|school) pays\b|\bDfE (?:will not fund|does not fund|funds)\b|\bexpect to pay\b"
    r"|\bfully funded\b",
    re.IGNORECASE,
)
# Topics about the person, and those about a workplace (their facts may go on to funding, in a sentence of its own).
PERSON = ("eligibility", "non_teacher", "ect", "part_time", "mastery")
WORKPLACE = ("early_years", "independent", "international", "fe", "supply")
ABOUT_MONEY = re.compile(
    r"fund|cost|price|money|list|why|route|ofsted-urn|agency-pays|recognised|move|history|rtta|supply-la|supply-two"
    r"|ect-risk|how-many|who-decides|universal-then|then-job|change|supply-long-term|supply-cpd"
)


def ask(text: str, topic: str, **found: Any) -> tuple[str, str]:
    """The fact that leads the answer to a message, and its bubble."""
    reply, _ = say(text, f"ask_{topic}", today=TODAY, **found)
    assert reply.status == "answered"
    return reply.facts[0], reply.messages[0]


# What is asked, how it is understood, the fact that leads, and a word it must say.
CASES: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("npqlpm? ive done a year of mastery", "mastery", {"programmes": ("NPQLPM",)}, "mastery-one-year", "meets"),
    ("never done mastery, can i do npqlpm", "mastery", {"programmes": ("NPQLPM",)}, "mastery-none", "only if"),
    ("only 8 months of mastery so far", "mastery", {"programmes": ("NPQLPM",)}, "mastery-less-than-year", "similar"),
    ("can my head write a reference", "mastery", {"programmes": ("NPQLPM",)}, "mastery-reference", "reference"),
    ("do i need mastery", "mastery", {"programmes": ("NPQLT",)}, "mastery-not-other", "only for NPQLPM"),
    ("am i eligible for npqlpm", "eligibility", {"programmes": ("NPQLPM",)}, "npqlpm.eligibility", "mastery"),
    ("am i eligible for ehco", "eligibility", {"programmes": ("EHCO",)}, "ehco.eligibility", "NPQH"),
    ("am i eligible for npqeyl", "eligibility", {"programmes": ("NPQEYL",)}, "npqeyl.eligibility", "level 3"),
    ("i dont have level 3", "early_years", {"programmes": ("NPQEYL",)}, "early-years-level2", "depends on"),
    ("is level 3 needed", "early_years", {"programmes": ("NPQEYL",)}, "early-years-level3", "expected rather than"),
    ("room leader, may i take it", "early_years", {"programmes": ("NPQEYL",)}, "early-years-aspiring", "about to lead"),
    ("can i take npqeyl", "early_years", {"settings": ("childminder",)}, "early-years-childminder", "may take NPQEYL"),
    ("can i do one", "early_years", {"settings": ("nursery_private",)}, "early-years-private", "can take NPQEYL"),
    ("may i take npqsenco", "eligibility", {"programmes": ("NPQSENCO",)}, "npqsenco.eligibility", "do not need QTS"),
    ("not a senco yet", "eligibility", {"programmes": ("NPQSENCO",)}, "eligibility-senco-not-in-post", "aspiring"),
    ("npqsenco without qts", "non_teacher", {"programmes": ("NPQSENCO",)}, "non-teacher-senco", "qualified teacher"),
    ("must a senco have qts", "senco_required", {}, "senco-required-qualified", "course it is not"),
    ("can i take one", "international", {"settings": ("wales",)}, "international-wales", "can take an NPQ in Wales"),
    ("can i take one", "international", {"settings": ("scotland",)}, "international-scotland", "Scotland"),
    ("may i take one", "international", {"settings": ("northern_ireland",)}, "international-northern-ireland", "can"),
    ("am i allowed", "international", {"settings": ("international",)}, "international-school", "can take an NPQ"),
    ("may i", "international", {"settings": ("mod_school",)}, "international-mod", "can take an NPQ"),
    ("can i do one", "independent", {"settings": ("independent",)}, "independent-general", "may take any NPQ"),
    ("can i do ehco", "independent", {"programmes": ("EHCO",)}, "independent-ehco", "You may take EHCO"),
    ("does a private school senco need it", "independent", {}, "independent-senco-duty", "not stated in the rule"),
    ("can a ta do one", "non_teacher", {}, "non-teacher-ta", "can apply"),
    ("school business manager here", "non_teacher", {"programmes": ("NPQSL",)}, "non-teacher-sbm", "can apply"),
    ("i work in the school office", "non_teacher", {}, "non-teacher-sbm", "can apply"),
    ("can governors take one", "non_teacher", {}, "non-teacher-governor", "no rule"),
    ("no qts, can i do npqlt", "non_teacher", {"programmes": ("NPQLT",)}, "non-teacher-qts", "can apply without it"),
    ("unqualified teacher", "non_teacher", {}, "non-teacher-unqualified-teacher", "can apply"),
    ("can i do one", "supply", {"settings": ("supply_agency",)}, "supply-agency", "You may take an NPQ"),
    ("between jobs", "supply", {"settings": ("unemployed",)}, "supply-unemployed", "can apply between jobs"),
    ("on maternity leave, may i start", "eligibility", {}, "eligibility-leave", "depends on timing"),
    ("three days a week", "part_time", {}, "part-time-general", "can take any NPQ"),
    ("can an ect do npqlt", "ect", {"programmes": ("NPQLT",)}, "ect-general", "no rule against"),
    ("one of my ects wants to take one, is she allowed", "ect", {"roles": ("ect",)}, "ect-colleague", "your colleague"),
    ("i mentor an ect, could she do one", "ect", {}, "ect-colleague", "your colleague"),
    ("i mentor ects, which for me", "ect", {}, "ect-mentor", "mentors can"),
    ("can i do npqsl", "fe", {"programmes": ("NPQSL",), "settings": ("fe_college",)}, "fe-universal", "can take this"),
    ("can i do npqlt", "fe", {"programmes": ("NPQLT",), "settings": ("fe_college",)}, "fe-list-only", "can take this"),
    ("as npqsenco in a college", "fe", {"programmes": ()}, "fe-senco", "can take the SENCO NPQ"),
    ("i have already done one", "eligibility", {}, "eligibility-already-have-one", "does not stop you"),
    ("can i do two npqs", "several", {}, "several-at-once", "no DfE rule against"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "topic", "found", "fact", "word"), [pytest.param(*case, id=case[0]) for case in CASES]
)
def test_whether_one_may_take_it_is_answered_first(
    text: str, topic: str, found: dict[str, Any], fact: str, word: str
) -> None:
    lead, bubble = ask(text, topic, **found)
    assert lead == fact
    assert word in bubble
    assert not MONEY.search(_sentences(bubble)[0])


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?:]) ", text)


def _to_take(topics: tuple[str, ...]) -> list[Fact]:
    """The facts of topics that say whether one may take an NPQ; not those asked for about money."""
    known = knowledge.current()
    facts = [fact for topic in topics for fact in known.topics[topic].facts]
    return [fact for fact in facts if not ABOUT_MONEY.search(fact.id)]


def test_no_answer_on_who_may_take_an_npq_states_a_funding_outcome() -> None:
    own = [fact for fact in knowledge.current().facts.values() if fact.id.endswith(".eligibility")]
    assert len(own) > 10
    for fact in [*_to_take(PERSON), *own]:
        assert not OUTCOME.search(fact.said()), fact.id


def test_about_a_workplace_funding_comes_after_and_is_called_separate() -> None:
    """A reader must not take "not funded" for "not allowed", nor "yes, allowed" for "yes, funded"."""
    mixed = []
    for fact in _to_take(WORKPLACE):
        lead, *rest = re.split(r"(?<=[.;:]) ", fact.said())
        named = any(
            re.search(r"\b(?:separate|another|different) (?:question|matter)|or for funding", part)
            for part in (lead, *rest)
        )
        if OUTCOME.search(lead) or (OUTCOME.search(fact.said()) and not named):
            mixed.append(fact.id)
    assert mixed == []


def test_no_answer_on_funding_says_who_may_take_an_npq() -> None:
    entry = re.compile(
        r"\bentry (?:rule|requirement|condition)|\byou are eligible (?:to take|for the course)|\bminimum years",
        re.IGNORECASE,
    )
    for topic in ("funding", "funding_process", "school_list", "funded_before", "cost"):
        for fact in knowledge.current().by_topic[topic]:
            assert not entry.search(fact.said()), fact.id
    own = [fact for fact in knowledge.current().facts.values() if fact.id.endswith(".funding")]
    for fact in own:
        assert not entry.search(fact.said()), fact.id


def test_a_scholarship_for_an_older_npq_left_unfinished_does_not_count() -> None:
    reply, _ = say(
        "dropped out of npqml 2019, funded now?",
        "ask_funded_before",
        today=TODAY,
        programmes=("LEGACY-NPQML",),
        years=(2019,),
        periods=("legacy_2017",),
        premises=("older-npq-funding",),
    )
    assert reply.facts == ("premise.older-npq-funding",)
    assert "does not count against you" in reply.text
    assert "Today's rules" in reply.text


FUNDED: list[tuple[str, dict[str, Any], str]] = [
    ("fe", {"programmes": ("NPQSL",), "settings": ("fe_college",)}, "fe-universal-funded"),
    ("fe", {"programmes": ("NPQLT",), "settings": ("fe_college",)}, "fe-list-only-funded"),
    ("independent", {"settings": ("independent",)}, "independent-no-funding"),
    ("independent", {"settings": ("independent_special",)}, "independent-special-funded"),
    ("independent", {"programmes": ("EHCO",)}, "independent-ehco-funded"),
    ("international", {"settings": ("wales",)}, "international-not-funded-there"),
    ("international", {"settings": ("international",)}, "international-not-funded-there"),
    ("supply", {"settings": ("supply_agency",)}, "supply-agency-funded"),
    ("supply", {"settings": ("unemployed",)}, "supply-unemployed-funded"),
    ("early_years", {"settings": ("nursery_private",)}, "early-years-private-funded"),
    ("early_years", {"settings": ("nursery_maintained",)}, "early-years-maintained-funded"),
    ("early_years", {"settings": ("nursery_in_school",)}, "early-years-in-school-funded"),
    ("early_years", {"settings": ("childminder",)}, "early-years-childminder-funded"),
    ("ect", {}, "ect-funded"),
    ("non_teacher", {}, "non-teacher-funding"),
    ("part_time", {}, "part-time-funding"),
]


@pytest.mark.parametrize(("topic", "found", "fact"), FUNDED)
def test_asked_about_money_the_answer_begins_with_money(topic: str, found: dict[str, Any], fact: str) -> None:
    lead, bubble = ask("is it funded", topic, **found)
    assert lead == fact
    assert MONEY.search(" ".join(_sentences(bubble)[:2])) or "eligible settings" in bubble


@pytest.mark.parametrize(("topic", "setting"), [("international", "wales"), ("independent", "independent")])
def test_whether_it_is_funded_is_still_said_where_one_works(topic: str, setting: str) -> None:
    _, bubble = ask("may i take one", topic, settings=(setting,))
    assert SEPARATE in bubble


def test_a_condition_is_never_more_than_the_two_there_are() -> None:
    """Only NPQLPM and EHCO stop a registration; no other programme's fact says it has an entry condition."""
    for code, programme in knowledge.current().programmes.items():
        if programme.status != "current":
            continue
        text = programme.facts["eligibility"].said()
        assert ("registration stops" in text) == (code in ("NPQLPM", "EHCO")), code
