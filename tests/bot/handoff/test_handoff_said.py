"""What the team writes in Slack, as the visitor reads it."""

from __future__ import annotations

import time

import pytest

from bot.handoff.said import plain
from tests.bot.channels.slack.stand_in import BEN, Knocks, Slack
from tests.bot.handoff.people import Talk
from tests.conftest import Service


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Great :+1::skin-tone-3: see you :wave:", "Great 👍 see you 👋"), (":npq-logo: hello :blob-dance:", "hello"),
        (":npq-logo:", ""), ("from 10:30:45, ratio 1:2:3, a:b:c", "from 10:30:45, ratio 1:2:3, a:b:c"),
        ("*Bold*, _it_, ~no~ and `code`", "Bold, it, no and code"), ("_*both*_", "both"),
        ("*Note* the _date_: *1 May*.", "Note the date: 1 May."), ("• one\n• *two*", "• one\n• two"),
        ("2*3*4, 5 * 3 * 2, a_b_c", "2*3*4, 5 * 3 * 2, a_b_c"),
        ("kim_lee@x.example or sam_o@y.example", "kim_lee@x.example or sam_o@y.example"),
        ("https://x.example/_a_/b_c_d", "https://x.example/_a_/b_c_d"),
        (f"ask <@{BEN}> or <!subteam^S0HEADS01|@heads>", "ask a colleague or a colleague"),
        ("<https://www.gov.uk/guidance/npq|gov.uk>", "gov.uk (https://www.gov.uk/guidance/npq)"),
        ("<https://evil.example/gov.uk|gov.uk>", "gov.uk (https://evil.example/gov.uk)"),
        ("<http://gov.uk/npq|gov.uk/npq>", "gov.uk/npq"), ("<https://gov.uk/|https://gov.uk>", "https://gov.uk"),
        ("<mailto:kim@x.example|kim@x.example>", "kim@x.example"), ("1 &lt; 2 &amp; *3*", "1 < 2 & 3"),
    ],
)  # fmt: skip
def test_signs_of_slacks_own_are_not_shown(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize("odd", ["*a", ":a", "_ *", "*a b", "`", "~_*"])
def test_no_message_takes_long_to_be_read(odd: str) -> None:
    began = time.perf_counter()
    plain((odd * 4000)[:4000])
    assert time.perf_counter() - began < 1


def test_the_visitor_reads_plain_words(service: Service, workspace: Slack, knocks: Knocks) -> None:
    talk = Talk(service, workspace, knocks).claimed()
    talk.signed(talk.writes("*Hello* :wave: &lt;b&gt;"), "white_check_mark")
    assert talk.gets("Hello")["messages"] == ["Hello 👋 <b>"]
    talk.signed(talk.writes(":npq-logo:"), "x")
