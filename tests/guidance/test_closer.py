"""Where two topics are nearly as likely, the one that has something to say on just this is answered."""

from __future__ import annotations

from datetime import date

from guidance.enquiry import enquire
from guidance.knowledge import current
from guidance.question import Context, Understood

TODAY = date(2026, 11, 21)
HEAD_LEAVES = "our head is leaving at christmas, who agrees to it"


def _facts(text: str, ranking: tuple[tuple[str, float], ...], **said: object) -> tuple[str, ...]:
    topic = current().by_intent[ranking[0][0]].id
    understood = Understood(text, ranking[0][0], ranking=ranking, topics=(topic,), **said)  # type: ignore[arg-type]
    return enquire(understood, Context(), current(), TODAY)[0].facts


def test_a_topic_nearly_as_likely_is_taken_for_a_phrase_that_stands_in_the_message() -> None:
    assert _facts(HEAD_LEAVES, (("ask_eligibility", 0.44), ("ask_how_to_apply", 0.33))) == ("apply-head-leaving",)


def test_a_topic_that_is_sure_or_a_far_likelier_one_is_kept() -> None:
    assert _facts(HEAD_LEAVES, (("ask_eligibility", 0.7), ("ask_how_to_apply", 0.2))) == ("eligibility-general",)
    assert _facts(HEAD_LEAVES, (("ask_eligibility", 0.5), ("ask_how_to_apply", 0.2))) == ("eligibility-general",)


def test_a_topic_with_a_fact_of_its_own_on_it_is_kept() -> None:
    text = "my head says no, and is leaving"
    assert _facts(text, (("ask_eligibility", 0.44), ("ask_how_to_apply", 0.33)))[0] == "eligibility-head-says-no"


def test_what_names_a_job_of_ours_is_not_refused_where_it_is_nearly_as_likely_ours() -> None:
    ranking = (("oos_childcare", 0.46), ("ask_early_years", 0.36))
    named = {"roles": ("nursery_manager",), "settings": ("nursery_private",)}
    assert "early-years-private" in _facts("nursery manager, is that ok", ranking, **named)
    assert _facts("is that ok", ranking) == ("oos-childcare-la",)


def test_words_which_only_say_who_writes_ask_nothing() -> None:
    parts = {"non_teacher": "chair of governors here.", "mandatory": "does our head need npqh"}
    text = " ".join(parts.values())
    understood = Understood(
        text,
        "ask_mandatory",
        ranking=(("ask_mandatory", 0.6), ("ask_non_teacher", 0.3)),
        topics=("non_teacher", "mandatory"),
        parts=parts,
        programmes=("NPQH",),
    )
    assert enquire(understood, Context(), current(), TODAY)[0].facts == ("mandatory-npqh",)


def test_a_year_told_beside_a_question_is_not_the_year_it_asks_about() -> None:
    told = {"funded_before": "i left npqlbc in 2023", "funding": "would they fund npqsl"}
    assert "npqsl.funding" in _of_parts(told)
    asked = {"funded_before": "i left npqlbc in 2023", "funding": "was npqsl funded then"}
    assert "npqsl.funding" not in _of_parts(asked)


def _of_parts(parts: dict[str, str]) -> tuple[str, ...]:
    understood = Understood(
        ", ".join(parts.values()),
        "ask_funded_before",
        ranking=(("ask_funded_before", 0.5), ("ask_funding", 0.4)),
        topics=tuple(parts),
        parts=parts,
        programmes=("NPQSL",),
        years=(2023,),
    )
    return enquire(understood, Context(), current(), TODAY)[0].facts
