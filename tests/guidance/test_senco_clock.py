"""By when a SENCO must hold the qualification: the rule of the knowledge, for any way of saying when the post began."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance import knowledge
from guidance.dates import years_after
from guidance.question import Understood
from guidance.reply import Answer
from guidance.senco import Known, asks_for_clock, senco_clock
from guidance.senco.rule import rule

TODAY = date(2026, 11, 21)
NO_END = ("need not", "No deadline", "no deadline applies")


def clock(text: str, today: date = TODAY, **known: object) -> Answer:
    answer = senco_clock(text, today, knowledge.current(), known=Known(**known))  # type: ignore[arg-type]
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("I became SENCO on 1 September 2024, by when must I have it", "by 1 September 2027", "too late"),
        ("senco since 01/09/25", "by 1 September 2028", "only just in time"),
        ("senco since Sept 2025", "at the latest by 1 September 2028", "only just in time"),
        ("started as senco 29 feb 2024", "by 28 February 2027", "too late"),
        ("took over as senco last september", "to mean September 2026", "in time"),
        ("I start as senco in January", "by January 2030", "in time"),
        ("senco since 2025/26", "by September 2028 at the latest", "only just in time"),
        ("been senco two years ago now", "May 2027 at the latest", "too late"),
        ("our senco was appointed in april 2025, when does she need it by", "April 2028", "too late"),
    ],
)
def test_three_years_run_from_taking_the_post(text: str, first: str, second: str) -> None:
    answer = clock(text)
    assert first in answer.messages[0]
    assert second in answer.messages[1]
    assert answer.status == "answered"


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("been the senco from sept 2022, havent begun any course, is that a problem", "ended in September 2025"),
        ("senco since 20 November 2023", "ended on 20 November 2026"),
        ("I've been senco 5 years", "ended between November 2023 and May 2025"),
        ("senco since 2010", "ended between January 2013 and December 2013"),
        ("since 2 September 2009", "ended on 2 September 2012"),
    ],
)
def test_a_deadline_that_has_passed_is_said_calmly_with_whom_to_ask(text: str, ended: str) -> None:
    answer = clock(text)
    assert ended in answer.messages[0]
    assert "that time has passed" in answer.messages[0]
    for whom in ("your head", "lead provider", "DfE at continuing-professional-development@"):
        assert whom in answer.messages[1]
    assert not any(word in answer.text.lower() for word in ("panic", "worry", "illegal", "lose your job", "fine"))


@pytest.mark.parametrize("today", [date(2027, 8, 31), date(2027, 9, 1), date(2027, 9, 2)])
def test_the_day_itself_still_counts(today: date) -> None:
    answer = clock("senco since 1 September 2024", today)
    assert ("that time has passed" in answer.text) == (today > date(2027, 9, 1))


@pytest.mark.parametrize("text", ["in post since 2008", "senco since before 2009", "since 31 August 2009", "pre 2009"])
def test_before_september_2009_the_exemption_is_said_with_its_doubt(text: str) -> None:
    answer = clock(text)
    assert "in post before 1 September 2009 are exempt" in answer.text
    assert "conditions this guide has not read" in answer.text
    assert "nasenco-2009" in answer.facts


def test_2009_may_be_either_side_and_is_asked_about() -> None:
    answer = clock("been senco since 2009")
    assert "It depends on the day" in answer.text
    assert answer.asking == "senco_start"


@pytest.mark.parametrize(
    "text",
    ["I have nasenco, senco since 2015", "senco since 2022 and i passed nasenco", "sept 2022, got my nasenco in 2023"],
)
def test_nasenco_held_means_no_deadline(text: str) -> None:
    answer = clock(text)
    assert answer.text.startswith("No deadline")
    assert answer.asking is None


def test_nasenco_held_may_be_known_from_before() -> None:
    assert clock("since sept 2022", nasenco="held").text.startswith("No deadline")


def test_nasenco_begun_and_not_finished_stays_uncertain() -> None:
    answer = clock("senco since sept 2023, started nasenco in 2023 and never finished")
    assert "Whether a NASENCO begun before September 2024 still counts" in answer.text
    assert "nasenco-half-done" in answer.facts
    assert not any(words in answer.text for words in NO_END)


def test_nasens_advice_is_for_those_appointed_in_2023_24_only() -> None:
    assert "nasen advised" in clock("appointed senco in january 2024, never started nasenco").text
    assert "spring 2025" not in clock("senco since september 2024, never started nasenco").text
    assert "spring 2025" not in clock("senco since september 2022, never started nasenco").text


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        (
            "became senco jan 2026 and started the npq in november 2026",
            "September 2028, after up to 22 months: in time",
        ),
        ("started as SENCO sept 2024, npq started nov 2025", "only just in time"),
        ("senco since sept 2024 and i began npqsenco in april 2025", "February 2027, after up to 22 months: in time"),
        ("started as senco sept 2023, course began nov 2025", "too late"),
    ],
)
def test_a_course_already_begun_is_measured_against_the_deadline(text: str, fit: str) -> None:
    assert fit in clock(text).text


def test_a_change_of_school_does_not_restart_what_is_not_known_to_restart() -> None:
    answer = clock("senco since sept 2024, moved school sept 2025, does the clock restart")
    assert "September 2027" in answer.messages[0]
    assert "Do not count on a change of school" in answer.text
    assert "senco-deadline-change-school" in answer.facts


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("senco since sept 2025 and going on maternity leave in march", "senco-deadline-maternity"),
        ("part time senco since sept 2025", "senco-deadline-part-time"),
        ("acting senco since sept 2025", "senco-deadline-acting"),
    ],
)
def test_what_else_the_message_names_is_answered_beside_the_date(text: str, fact: str) -> None:
    answer = clock(text)
    assert "1 September 2028" in answer.messages[0]
    assert fact in answer.facts


@pytest.mark.parametrize("setting", ["independent", "special_school", "pru", "nursery_private", "fe_college"])
def test_where_the_rule_may_not_hold_the_date_has_an_if(setting: str) -> None:
    answer = clock("senco since sept 2025", settings=(setting,))
    assert answer.messages[1].startswith("If the rule applies")
    assert answer.facts[0].startswith("senco-required-")


def test_outside_england_there_is_no_clock() -> None:
    assert "2028" not in clock("senco since sept 2025", settings=("wales",)).text


@pytest.mark.parametrize("text", ["when must i have the senco npq", "as soon as possible", "no idea"])
def test_without_a_date_the_rule_is_said_and_the_date_asked_for(text: str) -> None:
    answer = clock(text)
    assert "within three years" in answer.messages[0]
    assert (answer.asking, answer.status) == ("senco_start", "answered")
    titles = [button.title for button in answer.buttons]
    assert titles == ["September 2026", "September 2025", "Before September 2009"]


def test_each_example_button_is_understood() -> None:
    for button in clock("when is my deadline").buttons:
        assert clock(button.payload).asking is None


def test_an_impossible_date_is_named_and_asked_again() -> None:
    answer = clock("senco since 31/02/2024")
    assert "“31/02/2024” is not in the calendar" in answer.text
    assert (answer.asking, answer.status) == ("senco_start", "clarify")


def test_two_dates_of_a_post_are_asked_about() -> None:
    answer = clock("senco from 2019 to 2022 and again since 2025")
    assert "more than one date" in answer.text
    assert "Counted from 2019, three years ended by December 2022" in answer.text
    assert answer.asking == "senco_start"


@pytest.mark.parametrize(
    "text", ["I teach since 2010 and senco since easter 2026", "qualified in 2015, senco since sept 2026"]
)
def test_dates_of_other_things_are_not_the_post(text: str) -> None:
    assert "2029" in clock(text).messages[0]


def test_the_post_may_have_been_dated_before() -> None:
    answer = clock("i started the course in november 2025", post="sept 2024")
    assert "September 2027" in answer.messages[0]
    assert "only just in time" in answer.messages[1]


def test_a_wide_date_is_answered_and_asked_for_again() -> None:
    answer = clock("last year")
    assert "January 2028 at the latest if you started in January 2025, or August 2029" in answer.messages[0]
    assert answer.asking == "senco_start"


@pytest.mark.parametrize(
    ("today", "told", "untold"),
    [
        (date(2026, 10, 1), "A start in November 2026", "just begun"),
        (date(2026, 11, 21), "The course just begun, in November 2026", "A start in"),
        (date(2027, 3, 1), "probably autumn 2027 (not announced)", "November 2026"),
        (date(2028, 3, 1), "I know of no newer start", "autumn 2027"),
    ],
)
def test_no_past_start_is_offered(today: date, told: str, untold: str) -> None:
    answer = clock("I start as senco next september", today)
    assert told in answer.messages[1]
    assert untold not in answer.messages[1]


def test_before_the_npq_was_mandatory_the_clock_says_nothing() -> None:
    assert senco_clock("senco since sept 2023", date(2024, 8, 31), knowledge.current()) is None


def test_without_its_values_the_clock_says_nothing() -> None:
    known = knowledge.current()
    facts = {name: fact for name, fact in known.facts.items() if name != "senco-required-general"}
    assert senco_clock("senco since sept 2025", TODAY, replace(known, facts=facts)) is None


def test_the_rule_is_read_from_the_knowledge() -> None:
    known = knowledge.current()
    changed = known.facts["senco-deadline-general"].copy(update={"values": {"years": 5}})
    facts = {**known.facts, "senco-deadline-general": changed}
    answer = senco_clock("senco since 1 September 2025", TODAY, replace(known, facts=facts))
    assert answer is not None
    assert "1 September 2030" in answer.messages[0]


@given(post=st.dates(date(2009, 9, 1), date(2029, 12, 31)), today=st.dates(date(2024, 9, 1), date(2028, 12, 31)))
def test_any_day_gives_its_third_anniversary_and_the_right_side_of_today(post: date, today: date) -> None:
    answer = clock(f"senco since {post.day} {post:%B %Y}", today)
    ends = years_after(post, 3)
    assert f"{ends.day} {ends:%B %Y}" in answer.messages[0]
    assert ("that time has passed" in answer.text) == (ends < today)


SAID = """sept 2024|two years ago|last year|2009|before 2009|in january|2023/24|easter|i have nasenco|32 september
since 2012 no nasenco|half way through nasenco, 2023|moved school, senco since 2025|hello|sept 2021, npq nov 2025
acting senco since 2024|part time, failed npqsenco, senco since january 2024"""


@given(
    text=st.sampled_from(SAID.replace("\n", "|").split("|")),
    today=st.dates(date(2024, 9, 1), date(2030, 12, 31)),
    setting=st.sampled_from(["", "independent", "pru", "wales", "academy"]),
)
def test_every_answer_is_short_sourced_and_whole(text: str, today: date, setting: str) -> None:
    answer = clock(text, today, settings=(setting,) if setting else ())
    assert 1 <= len(answer.messages) <= 2
    for message in answer.messages:
        assert len(message.split()) <= 60
        assert "{" not in message
        assert message.endswith((".", "?"))
    assert answer.facts or answer.status == "clarify"
    assert answer.asking in (None, "senco_start")
    assert len(answer.buttons) <= 3


def said(text: str, intent: str, **found: object) -> Understood:
    return Understood(text, intent, **found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (said("by when must i have it, senco since sept 2024", "ask_senco_deadline"), True),
        (said("how long have i got as senco", "ask_senco_deadline"), True),
        (said("senco from sept 2022 and no course begun, is that a problem", "ask_senco_required"), True),
        (said("senco since 2006 do i need anything", "ask_nasenco"), True),
        (said("x since 31/02/2024", "ask_senco_deadline"), True),
        (said("is it the end of the course or the results day", "ask_senco_deadline"), False),
        (said("when did nasenco end", "ask_nasenco"), False),
        (said("i have nasenco from 2015 do i need the new one", "ask_nasenco"), False),
        (said("is npqsenco mandatory", "ask_senco_required"), False),
        (said("started teaching in 2019, is npqh funded", "ask_funding"), False),
        (
            said(
                "when do i need it if i go on maternity", "ask_senco_deadline", hints={"senco-deadline-maternity": 0.9}
            ),
            False,
        ),
    ],
)
def test_which_messages_ask_for_the_clock(message: Understood, wanted: bool) -> None:
    assert asks_for_clock(message) is wanted


def test_the_constants_have_their_sources() -> None:
    known = knowledge.current()
    found = rule(known)
    assert found is not None
    assert (found.years, found.exempt_before, found.mandatory_since) == (3, date(2009, 9, 1), date(2024, 9, 1))
    assert (found.teaching_months, found.whole_months) == (18, 22)
    for name in ("senco-deadline-general", "senco-required-general", "npqsenco.duration"):
        assert known.facts[name].source == ["govuk-senco"]
