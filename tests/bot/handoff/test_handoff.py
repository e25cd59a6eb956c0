"""A visitor asks for a person, a person comes, they talk, the guide goes on."""

from __future__ import annotations

import pytest

from tests.bot.channels.pages import Page
from tests.bot.channels.slack.stand_in import ANN, BEN, Knocks, Slack
from tests.bot.handoff.people import ASK, BACK, CHANNEL, NO, YES, Talk, actions, openings, soon, text_of, titles
from tests.conftest import Service


def test_a_person_is_offered_with_what_is_shared_and_asked_only_after_a_clear_yes(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    page, known = Page(service), len(openings(workspace))
    offer = page.say(ASK)
    assert offer["status"] == "handover"
    assert "Slack" in offer["text"]
    assert "Do not type anything" in offer["text"]
    assert titles(offer)[:2] == [YES, NO]
    assert page.say("hmm, I am not sure, is NPQH funded?")["status"] == "answered"
    assert page.say("yes")["person"] is None  # the offer is over: something else was asked
    page.say(ASK)
    assert "not asked anybody" in page.say(NO)["text"]
    page.say(ASK)
    asked = page.say("yes please")
    assert asked["person"] == {"state": "waiting", "name": None}
    soon(lambda: len(openings(workspace)) == known + 1)
    buttons = ["handoff:claim", "handoff:decline", "handoff:close", "handoff:return"]
    assert actions(openings(workspace)[-1]) == buttons


def test_they_talk_and_the_guide_goes_on_knowing_what_was_said(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    talk = Talk(service, workspace, knocks, before=("how long does the npqh take?",))
    assert "how long does the npqh take?" in talk.sees("The chat so far")
    waiting = talk.page.say("<!channel> are you <@U1|there>? https://evil.example")
    assert titles(waiting) == [BACK]
    assert talk.page.say("hello?")["messages"] == []  # told once
    assert "&lt;!channel&gt; are you" in talk.sees("are you")
    talk.claimed()
    soon(lambda: actions(talk.opening) == ["handoff:close", "handoff:return"])
    assert ANN in text_of(talk.opening)
    said = talk.writes("Hello, &lt;b&gt;I&lt;/b&gt; am &amp; was Ann, see <https://www.gov.uk|this>")
    turn = talk.gets("was Ann")
    assert turn["messages"] == ["Hello, <b>I</b> am & was Ann, see this (https://www.gov.uk)"]
    assert (turn["from"], turn["said"], turn["person"]) == ("Ann", None, {"state": "here", "name": "Ann"})
    talk.signed(said, "white_check_mark")
    assert talk.page.say("I think about NPQSL", "k1")["messages"] == []
    talk.page.say("I think about NPQSL", "k1")  # sent again: the answer was lost on the way
    talk.sees("I think about NPQSL")
    talk.press("handoff:return")
    talk.gets("Ann has handed you back")
    answer = talk.page.say("how long is it?")
    assert (answer["status"], answer["programmes"], answer["person"]) == ("answered", ["NPQSL"], None)
    assert sum("I think about NPQSL" in text for text in talk.in_thread()) == 1
    assert [one["said"] for one in talk.page.events()].count("I think about NPQSL") == 1


def test_only_plain_replies_of_who_claimed_reach_the_visitor(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    talk = Talk(service, workspace, knocks)
    talk.signed(talk.writes("too early"), "x")
    talk.claimed()
    talk.writes("not from me", BEN)
    for text in ("note: she is a head", "NOTE - internal", "  *note:* bold", f"<@{BEN}> notes: she is cross"):
        talk.writes(text)
    talk.signed(talk.writes(f"<@{BEN}> do you know her?"), "x")
    soon(lambda: any("mention of a colleague" in one["text"] for one in workspace.ephemeral))
    talk.signed(talk.writes("one moment\nnote: she is cross"), "x")
    talk.press("handoff:decline")  # on a phone that shows the old buttons
    soon(lambda: any("You have claimed this chat" in one["text"] for one in workspace.responses))
    talk.press("handoff:claim", BEN)
    soon(lambda: any("Ann was faster" in one["text"] for one in workspace.responses))
    soon(lambda: any(one["user"] == BEN and "Only what Ann" in one["text"] for one in workspace.ephemeral))
    talk.signed(talk.writes("", files=[{"id": "F1"}], subtype="file_share"), "x")
    talk.writes("the last")
    talk.gets("the last")
    assert [one["messages"] for one in talk.page.events() if one["from"] != "guide"] == [["the last"]]


def test_colleagues_and_files_within_a_reply_are_not_the_visitors_to_see(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    talk = Talk(service, workspace, knocks).claimed()
    talk.writes(f"I will ask <@{BEN}> or <!subteam^S0HEADS01|@heads> and be back")
    talk.gets("I will ask a colleague or a colleague and be back")
    known = len(workspace.ephemeral)
    said = talk.writes("here is the form", files=[{"id": "F1", "name": "pupils.xlsx"}], subtype="file_share")
    talk.gets("here is the form")
    talk.signed(said, "white_check_mark")
    told = soon(lambda: workspace.ephemeral[known:])
    assert [(one["user"], "the file has not" in one["text"]) for one in told] == [(ANN, True)]
    assert "pupils" not in str(talk.page.events())


def test_without_a_name_from_the_profile_the_visitor_sees_none(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    workspace.refusing["users.info"] = "user_not_found"
    try:
        talk = Talk(service, workspace, knocks)
        talk.press("handoff:claim")
        talk.gets("A colleague has joined this chat")
    finally:
        workspace.refusing.clear()
    talk.writes("hello")
    assert talk.gets("hello")["from"] == "A colleague"
    talk.press("handoff:close")
    talk.gets("A colleague has ended this chat")


def test_closing_asks_how_it_was(service: Service, workspace: Slack, knocks: Knocks) -> None:
    talk = Talk(service, workspace, knocks).claimed()
    talk.writes("hello")
    talk.gets("hello")
    talk.page.say("thanks")
    talk.press("handoff:close", BEN)
    soon(lambda: any("Ann has this chat" in one["text"] for one in workspace.responses))
    talk.press("handoff:close")
    over = talk.gets("Ann has ended this chat")
    assert titles(over) == ["Yes, it helped", "No, it did not help"]
    assert "1 message from the visitor, 1 message from Ann" in talk.sees("Closed by Ann")
    soon(lambda: not actions(talk.opening))
    assert "Thank you" in talk.page.say("Yes, it helped")["text"]
    talk.sees("says it helped")
    assert next(one for one in talk.page.events() if one["id"] == over["id"])["rating"] == "up"
    talk.signed(talk.writes("still there?"), "x")
    assert talk.page.say("how long is NPQH?")["status"] == "answered"


def test_declining_offers_to_leave_details(service: Service, workspace: Slack, knocks: Knocks) -> None:
    talk = Talk(service, workspace, knocks)
    talk.press("handoff:decline")
    told = talk.gets("nobody from our team is free")
    assert titles(told) == ["Leave my details"]
    assert told["person"] is None
    assert talk.page.say(told["buttons"][0]["payload"])["status"] == "form"


def test_the_visitor_may_stop_waiting_and_end_it(service: Service, workspace: Slack, knocks: Knocks) -> None:
    talk = Talk(service, workspace, knocks)
    assert "back with me" in talk.page.say("go back to the bot")["text"]
    talk.sees("did not want to wait")
    assert talk.page.say("how long is NPQH?")["status"] == "answered"
    talk = Talk(service, workspace, knocks).claimed()
    assert talk.page.say("cancel")["messages"] == []  # that may be meant for the person
    assert "ended the chat with Ann" in talk.page.say(BACK)["text"]
    talk.sees("Ended by the visitor")


def test_personal_details_reach_the_person_and_not_the_record(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    talk = Talk(service, workspace, knocks, before=("my email is kim@school.example, how long is NPQH",)).claimed()
    talk.page.say("ring me on 07700 900123 or kim@school.example")
    talk.sees("07700 900123")
    assert "kim@school.example" not in talk.sees("The chat so far")
    assert "07700" not in str(talk.page.events())
    assert "kim@" not in str(talk.page.events())


def test_somebody_in_distress_is_answered_at_once(service: Service, workspace: Slack, knocks: Knocks) -> None:
    talk = Talk(service, workspace, knocks)
    reply = talk.page.say("I want to kill myself")
    assert reply["status"] == "crisis"
    assert reply["person"] == {"state": "waiting", "name": None}
    talk.sees("I want to kill myself")


def test_ending_or_deleting_the_chat_tells_the_thread(service: Service, workspace: Slack, knocks: Knocks) -> None:
    talk = Talk(service, workspace, knocks).claimed()
    assert talk.page.ask("DELETE", "/api/session").status_code == 204
    talk.sees("The visitor ended their chat")
    before = Talk(service, workspace, knocks, before=("a secret wish",))
    before.sees("a secret wish")
    before.page.say(BACK)
    before.sees("did not want to wait")
    talk = Talk(service, workspace, knocks, page=before.page).claimed()
    talk.page.say("another secret")
    talk.sees("another secret")
    answered = len(workspace.responses)
    assert talk.page.ask("DELETE", "/api/conversation").status_code == 204
    talk.sees("deleted their chat")
    before.sees("deleted their chat")
    assert not any("secret" in text for text in talk.in_thread() + before.in_thread())
    talk.press("handoff:claim", BEN)
    soon(lambda: any("over already" in one["text"] for one in workspace.responses[answered:]))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("https://www.provider.example/npq?name=kim#top", "https://www.provider.example/npq"),
        ("https://www.provider.example/<!channel>", "https://www.provider.example/&lt;!channel&gt;"),
        ("javascript:alert(1)", None),
        (b"https://x.example/\xff\xfe", None),
    ],
)
def test_the_team_sees_the_page_and_not_what_was_searched_for(
    service: Service, workspace: Slack, knocks: Knocks, sent: str | bytes, shown: str | None
) -> None:
    page, known = Page(service), len(openings(workspace))
    page.headers["X-NPQ-Page"] = sent  # type: ignore[assignment]
    page.say(ASK)
    page.say(YES)
    soon(lambda: len(openings(workspace)) > known)
    lines = text_of(openings(workspace)[-1]).splitlines()
    assert [line for line in lines if line.startswith("*Page:*")] == ([f"*Page:* {shown}"] if shown else [])


def test_a_sign_that_slack_does_not_take_holds_up_no_message(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    talk = Talk(service, workspace, knocks).claimed()
    workspace.refusing["reactions.add"] = "a_reason_of_next_year"
    try:
        talk.writes("hello")
        talk.gets("hello")
        soon(lambda: "reactions.add" in workspace.calls[-1:])
        talk.page.say("I read you")
        soon(lambda: any("I read you" in text for text in talk.in_thread()), 90)
    finally:
        workspace.refusing.clear()


def test_a_token_that_was_taken_back_loses_nothing(service: Service, workspace: Slack, knocks: Knocks) -> None:
    talk = Talk(service, workspace, knocks).claimed()
    workspace.refusing["chat.postMessage"] = "token_revoked"
    try:
        talk.page.say("I wait for a token")
        soon(lambda: "chat.postMessage" in workspace.calls[-1:])
    finally:
        workspace.refusing.clear()
    talk.sees("I wait for a token")


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted"])
def test_who_edits_what_the_visitor_has_is_told_that_they_still_see_it(
    service: Service, workspace: Slack, knocks: Knocks, subtype: str
) -> None:
    talk = Talk(service, workspace, knocks).claimed()

    def edits(ts: str, user: str, text: str) -> None:
        was = {"type": "message", "user": user, "ts": ts, "thread_ts": talk.thread, "text": "it is dear"}
        event = {"type": "message", "subtype": subtype, "channel": CHANNEL, "channel_type": "channel",
                 "previous_message": was, "ts": workspace.stamp()}  # fmt: skip
        assert knocks.event(
            {**event, **({"message": {**was, "text": text}} if "changed" in subtype else {})}
        ).is_success

    known = len(workspace.ephemeral)
    edits(talk.writes("note: it is dear"), ANN, "note: it is cheap")
    said = talk.writes("it is dear")
    talk.gets("it is dear")
    if subtype == "message_changed":
        edits(said, ANN, "it is dear")  # such as a preview of a link
    edits(said, ANN, "it is cheap")
    soon(lambda: len(workspace.ephemeral) > known)
    talk.writes("the last")
    talk.gets("the last")
    assert [(one["user"], one["text"][:21]) for one in workspace.ephemeral[known:]] == [(ANN, "The visitor still see")]
    assert not any("cheap" in str(one["messages"]) for one in talk.page.events())


def test_what_looks_like_a_command_to_rasa_is_words_to_the_visitor_and_not_in_the_log(
    service: Service, workspace: Slack, knocks: Knocks
) -> None:
    talk = Talk(service, workspace, knocks, before=("how long is NPQSL?",)).claimed()
    for text in ("/", "/restart", "/ask_cost{broken quillfeather", "/quillfeather"):
        talk.signed(talk.writes(text), "white_check_mark")
        assert talk.gets(text)["from"] == "Ann"
    talk.press("handoff:return")
    talk.gets("handed you back")
    assert talk.page.say("is it funded?")["programmes"] == ["NPQSL"]
    assert "quillfeather" not in service.log.read_text()
