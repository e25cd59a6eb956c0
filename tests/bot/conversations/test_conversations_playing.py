"""Playing a conversation: what is said, how forms are walked, what counts as failed."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.conversations import stored
from bot.conversations.clock import clock
from bot.conversations.played import Played
from bot.conversations.playing import play
from bot.conversations.script import Conversation, Said, Step
from guidance.interest import live

Played_ = Callable[..., tuple[Played, Any]]

BUTTONS = [{"title": "Today’s NPQH", "payload": "how long is today's NPQH"}]
SOURCE = [{"title": "GOV.UK, Headship NPQ", "url": "https://www.gov.uk/npqh", "as_of": "2026-11-01"}]


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("bot contains: [eighteen MONTHS, it's]", {"text": "It’s eighteen\nmonths."}),
        ("bot matches: '^\\d+ months?$'", {"text": "18 months"}),
        ("bot does not say: [year, week]", {"text": "18 months"}),
        ("status: clarify", {"status": "clarify"}),
        ("status: [clarify, handover]", {"status": "handover"}),
        ("status: error", {"status": "error"}),
        ("asking: email", {"asking": "email"}),
        ("asking: nothing", {}),
        ("buttons: today's npqh", {"buttons": BUTTONS}),
        ("buttons: nothing", {}),
        ("programmes: [NPQSL, NPQH]", {"programmes": ["NPQH", "NPQSL"]}),
        ("topics: nothing", {}),
        ("source: headship", {"sources": SOURCE}),
        ("source: www.gov.uk/npqh", {"sources": SOURCE}),
        ("source: nothing", {}),
        ("most words: 2", {"text": "18 months", "messages": ["18 months", "or more"]}),
    ],
)
def test_an_expectation_that_holds(played: Played_, line: str, given: dict[str, Any]) -> None:
    result, _ = played(f"- user: hello\n  {line}", given)
    assert result.passed, result.all_faults


@pytest.mark.parametrize(
    ("line", "given", "expected", "actual"),
    [
        ("bot contains: [months, year]", {"text": "18 months"}, "says “year”", "18 months"),
        ("bot matches: '^months'", {"text": "18 months"}, "matches /^months/", "18 months"),
        ("bot does not say: MONTHS", {"text": "18 months"}, "does not say “MONTHS”", "18 months"),
        ("status: [clarify, handover]", {}, "clarify or handover", "answered"),
        ("asking: email", {}, "email", "nothing"),
        ("asking: nothing", {"asking": "email"}, "nothing", "email"),
        ("buttons: [Cost, Today's NPQH]", {"buttons": BUTTONS}, "Cost", "Today’s NPQH"),
        ("buttons: nothing", {"buttons": BUTTONS}, "nothing", "Today’s NPQH"),
        ("programmes: NPQH", {"programmes": ["NPQH", "NPQSL"]}, "NPQH", "NPQH, NPQSL"),
        ("topics: funding", {}, "funding", "nothing"),
        ("source: ofsted", {"sources": SOURCE}, "ofsted", "GOV.UK, Headship NPQ https://www.gov.uk/npqh"),
        ("source: nothing", {"sources": SOURCE}, "nothing", "GOV.UK, Headship NPQ https://www.gov.uk/npqh"),
        ("most words: 2", {"messages": ["1 2", "1 2 3"]}, "at most 2 words", "3 words: 1 2 3"),
    ],
)
def test_an_expectation_that_does_not_hold(
    played: Played_, line: str, given: dict[str, Any], expected: str, actual: str
) -> None:
    result, _ = played(f"- user: hello\n  {line}", given)
    (fault,) = result.turns[0].faults
    assert (fault.check, fault.expected, fault.actual, fault.line) == (line.split(":")[0], expected, actual, 5)
    assert result.turns[0].details["rule"]


def test_an_error_nobody_expected_fails(played: Played_) -> None:
    result, _ = played("- user: hello", {"status": "error", "text": "Sorry, there is a problem."})
    assert [fault.check for fault in result.all_faults] == ["status"]


def test_later_steps_are_played_after_a_fault(played: Played_) -> None:
    result, partner = played("- user: a\n  asking: email\n- user: b\n  asking: name", {}, {"asking": "name"})
    assert [len(turn.faults) for turn in result.turns] == [1, 0]
    assert [text for text, _ in partner.heard] == ["a", "b"]


def test_the_channel_is_passed_on(played: Played_) -> None:
    _, partner = played("- user: a", {}, channel="slack")
    assert partner.heard == [("a", "slack")]


FORM = """
- user: register me
  answers:
    name: Ann Example
    email: ann@example.com
  asking: nothing
  bot contains: saved
"""


def test_answers_walk_a_form_whatever_the_order(played: Played_) -> None:
    result, partner = played(FORM, {"asking": "email"}, {"asking": "name"}, {"text": "It is saved."})
    assert result.passed, result.all_faults
    assert [text for text, _ in partner.heard] == ["register me", "ann@example.com", "Ann Example"]
    assert [turn.how for turn in result.turns] == ["types", "answers email", "answers name"]


def test_answers_end_where_something_else_is_asked_for(played: Played_) -> None:
    result, _ = played(FORM, {"asking": "email"}, {"asking": "phone"})
    assert [(fault.check, fault.actual) for fault in result.turns[-1].faults] == [
        ("asking", "phone"),
        ("bot contains", "Hello."),
    ]


def test_a_field_asked_for_again_needs_a_further_reply(played: Played_) -> None:
    result, _ = played(FORM, {"asking": "email"}, {"asking": "email"})
    assert [(fault.check, fault.actual) for fault in result.all_faults] == [
        ("answers", "`email` again after “ann@example.com”")
    ]


TWICE = "- user: register me\n  answers: {email: [ann, ann@example.com]}\n  asking: nothing"


def test_replies_in_turn(played: Played_) -> None:
    result, partner = played(TWICE, {"asking": "email"}, {"asking": "email"}, {})
    assert result.passed, result.all_faults
    assert [text for text, _ in partner.heard] == ["register me", "ann", "ann@example.com"]


def test_a_wrong_reply_that_is_taken_fails(played: Played_) -> None:
    result, _ = played(TWICE, {"asking": "email"}, {})
    assert [(fault.check, fault.actual) for fault in result.all_faults] == [("answers", "“ann” was taken")]


def test_answers_nobody_asked_for_fail(played: Played_) -> None:
    result, _ = played(FORM, {"text": "It is saved."})
    assert [(fault.check, fault.expected) for fault in result.all_faults] == [("answers", "asks for name or email")]


def test_answers_may_begin_a_conversation_only_after_something_was_said(played: Played_) -> None:
    result, _ = played("- answers: {name: Ann}")
    assert [fault.check for fault in result.all_faults] == ["answers"]


def test_a_form_that_goes_round_in_circles_ends(played: Played_) -> None:
    replies = ", ".join(["x"] * 80)
    result, partner = played(f"- user: a\n  answers: {{name: [{replies}]}}", *[{"asking": "name"}] * 90)
    assert not result.passed
    assert len(partner.heard) < 70


def test_press_sends_what_the_button_sends(played: Played_) -> None:
    result, partner = played(
        "- user: a\n- press: Today's NPQH\n- answers: {consent: {press: Today's NPQH}}",
        {"buttons": BUTTONS},
        {"asking": "consent", "buttons": BUTTONS},
        {},
    )
    assert result.passed, result.all_faults
    assert [text for text, _ in partner.heard] == ["a", *["how long is today's NPQH"] * 2]


def test_a_button_that_is_not_offered_ends_the_conversation(played: Played_) -> None:
    result, partner = played("- user: a\n- press: Cost\n- user: b", {"buttons": BUTTONS})
    assert [(fault.check, fault.expected, fault.actual, fault.line) for fault in result.all_faults] == [
        ("press", "Cost", "offered: Today’s NPQH", 5)
    ]
    assert len(partner.heard) == 1


def test_each_conversation_has_its_day_and_gives_the_clock_back(
    played: Played_, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[str] = []

    class Looking:
        def on(self, day: date, schools: Sequence[Path] = ()) -> AbstractContextManager[None]:
            return clock(day)

        async def new_session(self) -> str:
            return "s"

        async def say(self, session: str, text: str, channel: str) -> dict[str, Any]:
            days.append(os.environ["NPQ_TODAY"])
            raise RuntimeError("gone")

        async def details(self, session: str) -> dict[str, Any]:
            return {}

    def talk(today: date | None) -> Played:
        steps = (Step(1, Said("hello")),)
        return asyncio.run(play(Conversation(Path("x"), "x", 1, "x", steps, today=today), Looking()))

    monkeypatch.setenv("NPQ_TODAY", "2026-12-24")
    talk(date(2021, 10, 1))
    failed = talk(None)
    assert os.environ["NPQ_TODAY"] == "2026-12-24"
    monkeypatch.delenv("NPQ_TODAY")
    talk(None)
    assert "NPQ_TODAY" not in os.environ
    assert days == ["2021-10-01", "2026-12-24", "2026-11-21"]
    assert [fault.actual for fault in failed.all_faults] == ["RuntimeError: gone"]


@pytest.fixture
def kept() -> Iterator[list[dict[str, Any]]]:
    """Expressions of interest the guide is said to keep."""
    records: list[dict[str, Any]] = []
    before = list(stored._finders)
    stored.use(lambda session: records if session == "session 1" else [])
    yield records
    stored._finders[:] = before


STORED = (
    "- user: a\n  stored: {programmes: [NPQSL, npqh], email: Ann@example.com, phone: nothing, marketing_consent: no}"
)


def test_what_is_stored_is_compared(played: Played_, kept: list[dict[str, Any]]) -> None:
    kept.append(
        {"programmes": ["NPQH", "NPQSL"], "email": "ann@example.com", "phone": None, "marketing_consent": False}
    )
    assert played(STORED, {})[0].passed
    kept[0]["email"] = "other@example.com"
    (fault,) = played(STORED, {})[0].all_faults
    assert (fault.check, fault.actual) == ("stored", "email: other@example.com")
    kept.append(kept[0])
    assert played(STORED, {})[0].all_faults[0].actual == "count: 2"
    assert not played("- user: a\n  stored: nothing", {})[0].passed


def test_nothing_stored(played: Played_, kept: list[dict[str, Any]]) -> None:
    assert played("- user: a\n  stored: nothing", {})[0].passed


def test_stored_says_where_it_is_not_available(played: Played_, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_finders", [])
    monkeypatch.setattr(live, "_current", [])  # as in a process that never opened them
    (fault,) = played("- user: a\n  stored: nothing", {})[0].all_faults
    assert "not available" in fault.actual
