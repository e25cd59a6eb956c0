"""The settings of handing over, the hours of the team, and the names visitors see."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta, timezone

import pytest

from bot.handoff.hours import read_hours
from bot.handoff.names import plain
from bot.handoff.options import OptionError, read_options
from bot.handoff.staff import is_note
from bot.handoff.words import is_no, is_yes
from tests.conftest import NPQ

GOOD = {"NPQ_SLACK_HANDOFF_CHANNEL": "C0123ABCD"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"NPQ_SLACK_HANDOFF_CHANNEL": "#staff"}, "NPQ_SLACK_HANDOFF_CHANNEL"),
        ({"NPQ_HANDOFF_HOURS": "weekdays"}, "NPQ_HANDOFF_HOURS"),
        ({"NPQ_HANDOFF_HOURS": "Mon-Fri 17:00-08:30"}, "NPQ_HANDOFF_HOURS"),
        ({"NPQ_HANDOFF_HOURS": "Fri-Mon 08:00-17:00"}, "NPQ_HANDOFF_HOURS"),
        ({"NPQ_HANDOFF_HOURS": "Mon 08:00-25:00"}, "NPQ_HANDOFF_HOURS"),
        ({"NPQ_HANDOFF_REMIND_MINUTES": "0"}, "NPQ_HANDOFF_REMIND_MINUTES"),
        ({"NPQ_HANDOFF_REMIND_MINUTES": "soon"}, "NPQ_HANDOFF_REMIND_MINUTES"),
        ({"NPQ_HANDOFF_REMIND_MINUTES": "8"}, "NPQ_HANDOFF_GIVE_UP_MINUTES"),
        ({"NPQ_HANDOFF_IDLE_MINUTES": "1.5"}, "NPQ_HANDOFF_IDLE_MINUTES"),
    ],
)
def test_each_setting_is_checked(change: dict[str, str], named: str) -> None:
    with pytest.raises(OptionError) as refused:
        read_options({**GOOD, **change})
    assert str(refused.value).startswith(named)


def test_without_a_channel_nothing_of_it_exists() -> None:
    assert read_options({}) is None
    found = read_options(GOOD)
    assert found is not None
    assert (found.remind, found.give_up, found.idle) == (
        timedelta(minutes=3), timedelta(minutes=8), timedelta(minutes=15),
    )  # fmt: skip


def test_a_channel_without_slack_is_refused_at_start() -> None:
    command = subprocess.run(
        [str(NPQ), "run"], env={**os.environ, **GOOD}, capture_output=True, text=True, timeout=60, check=False
    )
    assert command.returncode != 0
    assert "NPQ_SLACK_HANDOFF_CHANNEL: is set, but Slack is not set up" in command.stderr
    assert "Traceback" not in command.stderr


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-11-23T08:29:59+00:00", False),
        ("2026-11-23T08:30:00+00:00", True),
        ("2026-11-26T16:59:59+00:00", True),
        ("2026-11-26T17:00:00+00:00", False),
        ("2026-11-27T16:00:00+00:00", False),  # Fridays are shorter
        ("2026-11-28T12:00:00+00:00", False),
        ("2026-07-06T07:30:00+00:00", True),  # 8:30 in summer
        ("2026-03-30T07:30:00+00:00", True),  # the day after the clocks went forward
    ],
)
def test_hours_are_those_of_the_uk(moment: str, there: bool) -> None:
    hours = read_hours("Mon-Thu 08:30-17:00, Fri 08:30-16:00")
    assert hours.open_at(datetime.fromisoformat(moment)) is there
    assert hours.words() == "Monday to Thursday, 8:30am to 5pm; Friday, 8:30am to 4pm"


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-03-29T00:59:59+00:00", True), ("2026-03-29T01:00:00+00:00", False),  # 1:00 to 2:00 is left out
        ("2026-10-25T00:30:00+00:00", True), ("2026-10-25T01:30:00+00:00", True),  # it comes twice
        ("2026-10-25T02:00:00+00:00", False), ("2026-10-24T23:30:00+00:00", True), ("2026-10-24T22:59:00+00:00", False),
    ],
)  # fmt: skip
def test_hours_hold_on_the_days_on_which_the_clocks_change(moment: str, there: bool) -> None:
    assert read_hours("Sun 00:00-02:00").open_at(datetime.fromisoformat(moment)) is there


def test_always_is_always() -> None:
    assert read_hours("always").open_at(datetime(2026, 12, 25, 3, tzinfo=timezone.utc))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Ann Teak", "Ann"), ("ann.teak", "Ann"), ("anne-marie smith", "Anne-marie"), ("O’Neil", "O’Neil"),
        ("Zoë", "Zoë"), ("1234", "A colleague"), ("", "A colleague"), ("<b>x</b>", "A colleague"),
        ("Teak, Ann", "Ann"), ("Teak,", "Teak"), ("Guide", "A colleague"), ("x" * 50, "X" + "x" * 19),
    ],
)  # fmt: skip
def test_visitors_see_a_first_name(given: str, shown: str) -> None:
    assert plain(given) == shown


@pytest.mark.parametrize("text", ["Yes, ask a person", "yes", "Yes please!", "ok", "go ahead"])
def test_a_clear_yes(text: str) -> None:
    assert is_yes(text, strict=False)
    assert is_yes(text, strict=True) is (text == "Yes, ask a person")


@pytest.mark.parametrize("text", ["maybe", "ok I guess", "yes but is it funded?", "no", "what is it?", "yes and no"])
def test_nothing_else_is_a_yes(text: str) -> None:
    assert not is_yes(text, strict=False)
    assert is_no(text, strict=False) is (text == "no")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("note: x", True), ("NOTE - x", True), ("  *note:* bold", True), ("Notes: x", True), ("(note: x)", True),
        ("<@U0BEN0001> note: x", True), ("&gt; note: x", True), (":memo: note: x", True), ("Internal note: x", True),
        (":note: x", True), ("- note; x", True), ("_note_ - x", True), ("Note that it is due", False),
        ("noted - will do", False), ("Hello, note: x", False), ("Notice: x", False), ("notebook: x", False),
    ],
)  # fmt: skip
def test_a_note_is_known_also_when_it_is_written_carelessly(text: str, note: bool) -> None:
    assert is_note(text) is note


@pytest.mark.parametrize("odd", ["<", ":a", "&gt;<>", "::", "*note", ":+-'"])
def test_no_message_takes_long_to_be_read_as_a_note(odd: str) -> None:
    assert not is_note((odd * 4000)[:4000] + "x")
