"""A service killed in the middle of a chat with a person: nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bot.channels.pages import Page
from tests.bot.channels.slack.stand_in import Knocks, Slack, settings
from tests.bot.handoff.people import CHANNEL, Talk, soon
from tests.conftest import Service


def test_a_kill_loses_and_doubles_nothing(
    start_service: Callable[..., Service], workspace: Slack, tmp_path: Path
) -> None:
    more = {"NPQ_SLACK_HANDOFF_CHANNEL": CHANNEL, "NPQ_HANDOFF_HOURS": "always"}
    more["NPQ_DATABASE_URL"] = f"sqlite:///{tmp_path / 'npq.db'}"
    first = start_service(**settings(workspace, **more))
    knocks = Knocks(workspace, first.url)
    talk = Talk(first, workspace, knocks, before=("how long is NPQSL?",)).claimed()
    workspace.down = True
    try:
        for number in range(5):
            talk.page.say(f"question {number} of five", f"q{number}")
        talk.writes("answer 0 of five")
        talk.gets("answer 0 of five")  # and the sign at it still waits
        stamps = [workspace.stamp() for _ in range(4)]
        for number, ts in enumerate(stamps, 1):
            talk.writes(f"answer {number} of five", ts=ts)
        first.process.kill()
        first.process.wait()
    finally:
        workspace.down = False
    second = start_service(**settings(workspace, **more))
    talk.page, talk.knocks = Page(second, talk.page.token), Knocks(workspace, second.url)
    for number, ts in enumerate(stamps, 1):  # Slack sends again what may not have arrived, here as new events
        talk.writes(f"answer {number} of five", ts=ts)
    assert talk.page.say("question 4 of five", "q4")["messages"] == []  # and so does the page
    for number in range(5):
        talk.gets(f"answer {number} of five")
    assert [one["said"] for one in talk.page.events()].count("question 4 of five") == 1
    soon(lambda: sum("of five" in text for text in talk.in_thread()) == 5, 180)  # a lease may have to run out first
    assert [text[-18:] for text in talk.in_thread() if "of five" in text] == [
        f"question {number} of five" for number in range(5)
    ]
    for ts in stamps:
        talk.signed(ts, "white_check_mark")
    told = [one["messages"][0] for one in talk.page.events() if one["from"] == "Ann"]
    assert sorted(told) == [f"answer {number} of five" for number in range(5)]
    talk.press("handoff:return")
    talk.gets("Ann has handed you back")
    assert talk.page.say("and how long is it?")["programmes"] == ["NPQSL"]
