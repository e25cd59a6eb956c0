"""The guide in Slack: direct messages, mentions, threads, buttons, `/npq`, the shortcut, the home tab."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bot.channels.reply import Reply
from bot.channels.slack import blocks
from tests.bot.channels.slack.conftest import wait_for
from tests.bot.channels.slack.stand_in import ANN, BEN, BOT_USER, Knocks, Slack, wrong_message

STAFF = "C0STAFF01"
QUIET = 1.5  # seconds in which a message would have been answered


def shown(message: dict[str, Any]) -> str:
    """All that a message shows."""
    return json.dumps(message["blocks"], ensure_ascii=False)


def elements(message: dict[str, Any], kind: str = "button") -> list[dict[str, Any]]:
    """The buttons of a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [one for row in rows for one in row if one["type"] == kind]


def answer_in(workspace: Slack, channel: str, number: int = 1, thread: str | None = None) -> dict[str, Any]:
    """The service's so-manieth message in a channel."""

    def look() -> dict[str, Any] | None:
        found = [one for one in workspace.posts if one["channel"] == channel and one.get("thread_ts") == thread]
        return found[number - 1] if len(found) >= number else None

    return wait_for(look)


def test_a_direct_message_is_answered_with_source_and_what_it_rests_on(workspace: Slack, knocks: Knocks) -> None:
    knocks.says("how long is npqh?", channel="D0DIRECT1")
    answer = answer_in(workspace, "D0DIRECT1")
    assert "18 months" in shown(answer)
    assert "<https://www.gov.uk/guidance/headship-national-professional-qualification|" in shown(answer)
    assert "npqh.duration" in shown(answer)
    assert "December 2025" in shown(answer)
    assert "18 months" in answer["text"]
    knocks.says("and how much does it cost?", channel="D0DIRECT1")
    assert "NPQH" in shown(answer_in(workspace, "D0DIRECT1", 2))


def test_a_button_says_what_is_on_it(workspace: Slack, knocks: Knocks) -> None:
    knocks.says("is npqsl funded?", channel="D0DIRECT2")
    answer = answer_in(workspace, "D0DIRECT2")
    check = next(one for one in elements(answer) if one["text"]["text"] == "Check my funding")
    assert knocks.presses(check["action_id"], check["value"], message=answer).status_code == 200
    following = answer_in(workspace, "D0DIRECT2", 2)
    assert check["value"] in shown(following)  # who looks later sees what was pressed
    assert "?" in following["text"]


def test_many_choices_are_a_menu(workspace: Slack, knocks: Knocks) -> None:
    knocks.says("I want to register my interest", channel="D0DIRECT3")
    menu = elements(answer_in(workspace, "D0DIRECT3"), "static_select")
    assert len(menu) == 1
    assert len(menu[0]["options"]) > 5
    option = menu[0]["options"][0]
    pressed = {"action_id": menu[0]["action_id"], "selected_option": option, "action_ts": "1.1"}
    answer = answer_in(workspace, "D0DIRECT3")
    body = {
        "type": "block_actions", "team": {"id": "T0TEAM01"}, "user": {"id": ANN, "name": "ann"}, "actions": [pressed],
        "channel": {"id": "D0DIRECT3"}, "message": answer, "container": {}, "trigger_id": "menu-1",
    }  # fmt: skip
    assert knocks.interacts(body).status_code == 200
    assert "name" in answer_in(workspace, "D0DIRECT3", 2)["text"].lower()


def test_a_mention_begins_a_thread_in_which_its_asker_goes_on(workspace: Slack, knocks: Knocks) -> None:
    asked = knocks.says(f"<@{BOT_USER}> how long is NPQSENCO?", channel=STAFF, type="app_mention")
    assert "SENCO NPQ" in shown(answer_in(workspace, STAFF, thread=asked))
    knocks.says("is it funded?", channel=STAFF, thread=asked)
    assert "NPQSENCO" in answer_in(workspace, STAFF, 2, asked)["text"] or "state-funded" in shown(
        answer_in(workspace, STAFF, 2, asked)
    )
    knocks.says("I would tell her to wait", channel=STAFF, user=BEN, thread=asked)
    knocks.says(f"<@{BEN}> what do you think?", channel=STAFF, thread=asked)
    knocks.says("lunch?", channel=STAFF, user=BEN)
    time.sleep(QUIET)
    assert len(workspace.in_thread(STAFF, asked)) == 2
    knocks.says(f"and <@{BOT_USER}> what does it cost?", channel=STAFF, user=BEN, thread=asked)
    answer_in(workspace, STAFF, 3, asked)


def test_personal_details_are_not_asked_for_in_a_channel(workspace: Slack, knocks: Knocks) -> None:
    asked = knocks.says(f"<@{BOT_USER}> I want to register my interest in NPQH", channel=STAFF)
    answer = answer_in(workspace, STAFF, thread=asked)
    assert "direct message" in answer["text"]
    knocks.says("Zoe Quillfeather", channel=STAFF, thread=asked)
    assert "name" not in answer_in(workspace, STAFF, 2, asked)["text"].lower().split()


def test_details_are_taken_in_a_direct_message_and_slacks_form_of_an_address_is_read(
    workspace: Slack, knocks: Knocks
) -> None:
    for number, text in enumerate(
        ["register my interest in NPQH", "Zoe O&amp;Neill-Heron", "<mailto:zoe@heron.example|zoe@heron.example>"], 1
    ):
        knocks.says(text, channel="D0DIRECT4")
        answer_in(workspace, "D0DIRECT4", number)
    knocks.says("show me my answers", channel="D0DIRECT4")
    assert "mailto" not in "".join(one["text"] for one in workspace.posts if one["channel"] == "D0DIRECT4")


def test_a_command_answers_only_its_asker_who_may_post_it(workspace: Slack, knocks: Knocks) -> None:
    before = len(workspace.responses)
    assert knocks.commands("how long is npqeyl").content == b""
    answer = wait_for(lambda: workspace.responses[before:])[0]
    assert answer["response_type"] == "ephemeral"
    assert "how long is npqeyl" in shown(answer)
    share = next(one for one in elements(answer) if one["action_id"] == "publish")
    message = {"channel": STAFF, "ts": "1.000001"}
    knocks.presses("publish", share["value"], message=message, is_ephemeral=True)
    posted = wait_for(lambda: workspace.responses[before + 1 :])[0]
    assert posted["response_type"] == "in_channel"
    assert f"<@{ANN}> asked" in shown(posted)
    assert "18 months" in shown(posted) or "months" in shown(posted)
    wording = next(one for one in elements(answer) if one["action_id"] == "wording")
    knocks.presses("wording", wording["value"], message=message, is_ephemeral=True)
    pasted = wait_for(lambda: workspace.responses[before + 2 :])[0]
    assert pasted["response_type"] == "ephemeral"
    assert "Thank you for your question" in shown(pasted)
    assert "Source:" in shown(pasted)


def test_an_empty_command_says_how_to_ask(knocks: Knocks) -> None:
    answer = knocks.commands(" ").json()
    assert answer["response_type"] == "ephemeral"
    assert "/npq how long is NPQH" in answer["text"]


def test_the_shortcut_answers_somebodys_message_to_whoever_chose_it(workspace: Slack, knocks: Knocks) -> None:
    before = len(workspace.responses)
    knocks.uses_shortcut("Hi both, does anyone know whether the NPQ for headship is funded? Thx")
    answer = wait_for(lambda: workspace.responses[before:])[0]
    assert answer["response_type"] == "ephemeral"
    assert "NPQH" in shown(answer) or "scholarship" in shown(answer)


def test_what_follows_from_the_shortcut_is_about_that_message_and_no_other(workspace: Slack, knocks: Knocks) -> None:
    before = len(workspace.responses)
    knocks.commands("how long is NPQSL?", channel="C0INTEREST")  # another question of the same person there
    wait_for(lambda: workspace.responses[before:])
    thread = workspace.stamp()
    knocks.uses_shortcut("How long is the NPQEL please?", channel="C0INTEREST", thread_ts=thread)
    answer = wait_for(lambda: workspace.responses[before + 1 :])[0]
    assert answer["thread_ts"] == thread
    cost = next(one for one in elements(answer) if one["action_id"] == "say:0")
    message = {**answer, "channel": "C0INTEREST", "ts": workspace.stamp()}
    knocks.presses(cost["action_id"], "and how much is it?", message=message, is_ephemeral=True)
    following = wait_for(lambda: workspace.responses[before + 2 :])[0]
    assert "NPQEL" in shown(following)
    assert "NPQSL" not in shown(following)
    assert following["thread_ts"] == thread
    share = next(one for one in elements(following) if one["action_id"] == "publish")
    message = {**following, "channel": "C0INTEREST", "ts": workspace.stamp()}
    knocks.presses("publish", share["value"], message=message, is_ephemeral=True)
    shared = wait_for(lambda: workspace.responses[before + 3 :])[0]
    assert (shared["response_type"], shared["thread_ts"]) == ("in_channel", thread)


def test_the_home_tab_says_what_it_can_do(workspace: Slack, knocks: Knocks) -> None:
    knocks.event({"type": "app_home_opened", "user": BEN, "tab": "home", "channel": "D0BEN"})
    home = wait_for(lambda: workspace.homes.get(BEN))
    assert home["type"] == "home"
    assert "/npq" in json.dumps(home)


def test_nothing_that_is_typed_becomes_a_mention_or_a_link(workspace: Slack, knocks: Knocks) -> None:
    before = len(workspace.responses)
    knocks.commands("&lt;!channel&gt; &lt;@U0BEN0001&gt; &lt;https://evil.example|how long is npqh&gt;")
    answer = wait_for(lambda: workspace.responses[before:])[0]
    for forbidden in ("<!channel>", "<@U0BEN0001>", "<https://evil.example"):
        assert forbidden not in shown(answer)
        assert forbidden not in answer["text"]


def test_what_somebody_typed_is_repeated_so_that_slack_makes_no_mention_of_it(workspace: Slack, knocks: Knocks) -> None:
    before = len(workspace.responses)
    knocks.commands("how long is npqh, for #general?")
    answer = wait_for(lambda: workspace.responses[before:])[0]
    share = next(one for one in elements(answer) if one["action_id"] == "publish")
    knocks.presses("publish", share["value"], message={"channel": STAFF, "ts": "1.000002"}, is_ephemeral=True)
    posted = wait_for(lambda: workspace.responses[before + 1 :])[0]
    for message in (answer, posted):  # Slack makes mentions and links of `@here` and `#general` otherwise
        repeated = [one for block in message["blocks"] for one in block.get("elements", ())
                    if "#general" in str(one.get("text"))]  # fmt: skip
        assert repeated
        assert all(one["verbatim"] is True for one in repeated)


def test_staff_see_the_rule_and_its_date_and_get_wording_of_it(workspace: Slack, knocks: Knocks) -> None:
    for number, text in enumerate(
        ["can I get funding for NPQH?", "a state-funded school in England", "Yes, I have had funding for it"], 1
    ):
        knocks.says(text, channel="D0RULE")
        answer = answer_in(workspace, "D0RULE", number)
    assert "Rests on: funding rule A03" in shown(answer)
    assert "as I read them on" in shown(answer)
    before = len(workspace.responses)
    wording = next(one for one in elements(answer) if one["action_id"] == "wording")
    knocks.presses("wording", wording["value"], message=answer)
    pasted = wait_for(lambda: workspace.responses[before:])[0]
    assert pasted["response_type"] == "ephemeral"
    assert "no scholarship for NPQH" in shown(pasted)
    assert "(as of " in shown(pasted)


def test_what_cannot_be_taken_is_said(workspace: Slack, knocks: Knocks) -> None:
    knocks.says("npqh " * 300, channel="D0DIRECT5")
    assert "1,000 characters" in answer_in(workspace, "D0DIRECT5")["text"]
    knocks.says("", channel="D0DIRECT6", subtype="file_share", files=[{"id": "F1"}])
    assert "no files" in answer_in(workspace, "D0DIRECT6")["text"]


@pytest.mark.parametrize("text", ["word " * 3000, "<&>" * 3000, "x" * 9000, "line\n" * 3000])
@pytest.mark.parametrize("buttons", [0, 5, 6, 150])
def test_answers_of_any_size_keep_to_slacks_limits(text: str, buttons: int) -> None:
    choices = [{"title": f"{number} {text}", "payload": f"{number} {text}"} for number in range(buttons)]
    source = {"title": text[:900], "url": "https://www.gov.uk/npq", "as_of": "2026-11-01"}
    facts = [f"npqh.duration.{number}" for number in range(500)]
    for messages in ([text], [text] * 60):
        reply = Reply("s", "answered", "\n".join(messages), messages, choices, sources=[source] * 9, facts=facts)
        whole = {"text": blocks.plain(reply), "blocks": blocks.answer(reply, said=text)}
        assert wrong_message(whole) is None
        sections = [one["text"]["text"] for one in whole["blocks"] if one["type"] == "section"]
        assert not any("<&" in one for one in (whole["text"], *sections))
        kinds = [one["type"] for one in whole["blocks"]]
        assert kinds.count("actions") == (buttons > 0)  # what is long costs no button and no source
        told = [one["elements"][0]["text"] for one in whole["blocks"] if one["type"] == "context"]
        assert any(one.startswith("Source: <https://www.gov.uk/npq|") for one in told)
        assert all(one.count("<https:") == one.count(">") for one in told)  # no half a link


def test_sources_are_a_context_block(workspace: Slack, knocks: Knocks) -> None:
    knocks.says("how long is npqh?", channel="D0CONTEXT")
    contexts = [one for one in answer_in(workspace, "D0CONTEXT")["blocks"] if one["type"] == "context"]
    assert any(one["elements"][0]["text"].startswith("Source: <https://www.gov.uk/") for one in contexts)
