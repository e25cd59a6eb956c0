"""Registering interest as a conversation: every field, several at once, changes, detours, ways out, one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from test_conversation import TODAY

from guidance import interest, knowledge
from guidance.conversation import turn
from guidance.interest.drafts import Drafts
from guidance.question import Context, Understood
from guidance.reply import Answer

NAME, EMAIL = "Zoë O'Brien-Smith", "zoe.smith@school.org.uk"
ALL = (NAME, EMAIL, "deputy head", "Elm Road Primary School", "Autumn 2027", "skip", "no")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[interest.Interests]:
    """Expressions of interest in a database of their own."""
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    opened = interest.open_interests(f"sqlite:///{tmp_path / 'npq.db'}", tmp_path, {}, lambda text: None, TODAY)
    before = list(interest.live._current)
    interest.use(opened)
    yield opened
    interest.live._current[:] = before
    opened.store.engine.dispose()


@dataclass
class Talk:
    """One visitor's conversation."""

    session: str = "visitor"
    context: Context = field(default_factory=Context)
    replies: list[Answer] = field(default_factory=list)

    def say(self, text: str, intent: str = "nlu_fallback", **found: Any) -> Answer:
        said = Understood(text, intent, **found)
        reply, self.context = turn(said, self.context, knowledge.current(), TODAY, session=self.session)
        self.replies.append(reply)
        return reply

    def start(self, *programmes: str) -> Answer:
        return self.say("I want to register my interest", "ask_register_interest", programmes=programmes)

    def fill(self, *texts: str) -> Answer:
        for text in texts:
            reply = self.say(text)
        return reply


def saved(store: interest.Interests) -> list[dict[str, Any]]:
    return [item.to_dict() for item in store.store.all()[0]]


def test_one_thing_at_a_time_then_check_then_the_reference(store: interest.Interests) -> None:
    talk = Talk()
    first = talk.start("NPQH")
    assert "keeps them for 12 months" in first.messages[0]
    assert first.sources[0].url == "/privacy"
    talk.fill(*ALL)
    asked = [reply.asking for reply in talk.replies]
    assert asked == ["name", "email", "role", "school", "cohort", "phone", "marketing", "confirm"]
    assert not saved(store)
    end = talk.say("Yes, send it", "affirm")
    (row,) = saved(store)
    assert row["reference"] in end.text
    assert (row["name"], row["email"], row["programmes"]) == (NAME, EMAIL, ["NPQH"])
    assert (row["role"], row["school"], row["cohort"]) == ("deputy head", "Elm Road Primary School", "Autumn 2027")
    assert (row["phone"], row["marketing_consent"]) == (None, False)
    assert "within 5 working days" in end.text
    assert end.asking is None


def test_sending_twice_or_from_two_tabs_makes_one_row_and_the_same_reference(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL)
    other = Talk(context=talk.context)
    ends = [talk.say("Yes, send it", "affirm"), talk.say("Yes, send it", "affirm"), other.say("Yes, send it", "affirm")]
    (row,) = saved(store)
    assert all(row["reference"] in end.text for end in ends)


def test_the_programme_and_role_already_known_are_taken_over(store: interest.Interests) -> None:
    talk = Talk()
    talk.say("which npq as a sbm", "ask_which_npq", roles=("sbm",))
    talk.start()
    reply = talk.fill(NAME, EMAIL)
    assert reply.asking == "school"


def test_several_details_in_one_message_are_all_taken(store: interest.Interests) -> None:
    talk = Talk()
    text = (
        f"register my interest in npqsl, my name is {NAME} and my email is {EMAIL}, I'm a head of year at Oak Academy"
    )
    reply = talk.say(text, "ask_register_interest", programmes=("NPQSL",), roles=("head_of_year",))
    assert reply.asking == "cohort"
    assert "keeps them for 12 months" in reply.messages[0]
    assert reply.private


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("the email's wrong, it's zs@other.org", "Email: zs@other.org"),
        ("change my name to Zoe Smith", "Name: Zoe Smith"),
        ("the role should be head of year", "Role: head of year"),
    ],
)
def test_any_answer_is_changed_by_saying_so(store: interest.Interests, said: str, line: str) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL)
    changed = talk.say(said)
    assert line in changed.messages[0]
    assert changed.asking == "confirm"


def test_every_answer_can_be_changed_by_button(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL)
    which = talk.say("Change something", "deny")
    fields = {button.title: button.payload for button in which.buttons}
    assert len(fields) == 8
    for title, payload in fields.items():
        talk = Talk(session=title)
        talk.start("NPQH")
        talk.fill(*ALL, "Change something")
        asked = talk.say(payload)
        assert asked.asking not in ("confirm", "change"), title


def test_a_question_in_between_is_answered_and_nothing_is_lost(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME)
    detour = talk.say("how long is it?", "ask_duration")
    assert "18 months" in detour.text
    assert detour.asking == "email"
    assert talk.say(EMAIL).asking == "role"


def test_each_field_says_why_it_is_asked(store: interest.Interests) -> None:
    talk = Talk()
    talk.start()
    seen = set()
    for text in ("NPQH", *ALL):
        why = talk.say("why do you need this?", "capabilities")
        seen.add(why.messages[0])
        talk.say(text, programmes=("NPQH",) if text == "NPQH" else ())
    assert len(seen) == 8


@pytest.mark.parametrize("intent", ["nlu_fallback", "other_language"])
def test_a_name_is_not_kept_when_a_crash_lost_that_it_was_asked_for(store: interest.Interests, intent: str) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.context = Context()
    assert talk.say("Zoë Quillfeather-Hevoka", intent, ranking=((intent, 0.95),)).private
    other = Talk("somebody else")
    assert not other.say("Zoë Quillfeather-Hevoka", intent, ranking=((intent, 0.95),)).private


@pytest.mark.parametrize("filled", [0, 3, 7])
def test_cancel_discards_everything_and_says_so(store: interest.Interests, filled: int) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill("", *ALL[:filled]) if filled else None
    reply = talk.say("cancel", "deny")
    assert "deleted" in reply.text
    assert Drafts(store.store).load("visitor") is None
    assert not saved(store)
    assert talk.say("Yes, send it", "affirm").asking is None
    assert not saved(store)


def test_a_likely_typo_is_asked_about_and_kept_when_insisted_on(store: interest.Interests) -> None:
    for answer, kept in (("yes", "zoe@gmail.com"), ("no", "zoe@gmial.com"), ("zoe@gmial.com", "zoe@gmial.com")):
        talk = Talk(session=answer)
        talk.start("NPQH")
        asked = talk.fill(NAME, "zoe@gmial.com")
        assert "Did you mean zoe@gmail.com?" in asked.text
        talk.say(answer, {"yes": "affirm", "no": "deny"}.get(answer, "nlu_fallback"))
        talk.fill(*ALL[2:])
        assert f"Email: {kept}" in talk.replies[-1].text


def test_after_two_bad_tries_there_is_skip_contact_and_cancel(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, "not an address", "still not")
    text = talk.replies[-1].text
    assert "skip" in text
    assert "cancel" in text
    assert "@digital.education.gov.uk" in text
    assert {button.title for button in talk.replies[-1].buttons} == {"Skip", "Cancel"}


def test_without_an_email_a_phone_number_is_needed(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, "skip", "skip", "skip", "Not sure yet")
    assert talk.say("skip").asking == "phone"
    assert talk.say("07700 900123").asking == "confirm"  # news come by email, so they are not asked about


@pytest.mark.parametrize(
    ("answers", "given"),
    [(("yes please",), True), (("no thanks",), False), (("maybe", "ok whatever"), False), (("sure", "yes"), True)],
)
def test_only_a_clear_yes_is_consent_to_news(store: interest.Interests, answers: tuple[str, ...], given: bool) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL[:-1], *answers, "Yes, send it")
    (row,) = saved(store)
    assert row["marketing_consent"] is given


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Minh", "محمد علي", "D'Arcy-Jones", "李小龙", "Grace Price", "May Head", "Will Smith"]
)
def test_names_in_any_script_are_taken(store: interest.Interests, name: str) -> None:
    talk = Talk()
    talk.start("NPQH")
    assert talk.say(name, "oos_off_topic", ranking=(("oos_off_topic", 0.9),)).asking == "email"


@pytest.mark.parametrize("text", ["yes", "no", "skip", "maybe", "zs@x.org", "12345", "what?"])
def test_what_is_no_name_is_not_taken_for_one(store: interest.Interests, text: str) -> None:
    talk = Talk()
    talk.start("NPQH")
    assert talk.say(text).asking == "name"


def test_the_database_down_means_no_promise_and_a_way_out(store: interest.Interests, tmp_path: Path) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL)
    working = store.store.engine
    store.store.engine = sa.create_engine(f"sqlite:///{tmp_path / 'missing' / 'npq.db'}")
    failed = talk.say("Yes, send it", "affirm")
    assert failed.status == "error"
    assert "nothing has been registered" in failed.text
    assert "@" in failed.text
    begun = Talk(session="another").start("NPQH")
    assert "nothing has been registered" in begun.text
    assert begun.asking is None
    store.store.engine = working
    assert not saved(store)
    again = talk.say("Try again", "affirm")
    (row,) = saved(store)
    assert row["reference"] in again.text


def test_a_role_told_while_the_database_is_down_is_not_taken_for_a_wish_for_advice(
    store: interest.Interests, tmp_path: Path
) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL[:2])
    working = store.store.engine
    store.store.engine = sa.create_engine(f"sqlite:///{tmp_path / 'missing' / 'npq.db'}")
    which: Any = {"intent": "ask_which_npq", "topics": ("which_npq",), "roles": ("deputy_head",)}
    down = talk.say("deputy head", **which)
    assert len(down.messages) == 1
    assert "cannot save" in down.text
    assert down.asking == "role"
    asked = talk.say("which npq suits a deputy head?", **which)
    assert "cannot save" not in asked.messages[0]
    store.store.engine = working
    assert talk.say("deputy head", **which).asking == "school"


def test_no_store_at_all_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interest.live, "_current", [])  # for this test alone: others in this process have one
    reply = Talk().start("NPQH")
    assert "cannot save" in reply.text
    assert reply.asking is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("please delete my details", "erase"),
        ("can i see what data you hold on me?", "access"),
        ("withdraw my consent", "withdraw"),
        ("correct my data please", "correct"),
        ("how is my data used?", None),
    ],
)
def test_a_rights_request_is_recorded_with_a_reference(store: interest.Interests, text: str, kind: str | None) -> None:
    reply = Talk().say(text, "data_rights")
    found = store.store.requests.all()
    assert [item["kind"] for item in found] == ([kind] if kind else [])
    assert reply.status == "rights"
    assert all(item["reference"] in reply.text for item in found)


def test_personal_values_are_marked_so_that_no_transcript_keeps_them(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL)
    for reply in talk.replies[1:-1]:
        assert reply.private
    assert {NAME, EMAIL} <= set(talk.replies[-1].hide)
    assert NAME not in repr(talk.context)
    assert EMAIL not in repr(talk.context)


def at_the_check(marketing: str = "no", session: str = "visitor") -> Talk:
    talk = Talk(session=session)
    talk.start("NPQH")
    talk.fill(*ALL[:-1], marketing)
    assert talk.replies[-1].asking == "confirm"
    return talk


@pytest.mark.parametrize(
    "said", ["dont send it", "not sending this", "the role, it should be SENDCo", "name is Anna Townsend"]
)
def test_only_a_whole_yes_sends(store: interest.Interests, said: str) -> None:
    talk = at_the_check()
    talk.fill(said)
    assert not saved(store)
    talk = at_the_check(session="changing")
    talk.fill("Change something", said)
    assert not saved(store)


@pytest.mark.parametrize(
    "said", ["dont send me any news", "i dont want the news", "no marketing emails please", "stop the newsletter"]
)
def test_no_to_news_is_taken_at_any_time(store: interest.Interests, said: str) -> None:
    talk = at_the_check("yes")
    assert "News about other courses: no" in talk.say(said).text
    talk.say("yes", "affirm")
    (row,) = saved(store)
    assert row["marketing_consent"] is False


def test_yes_to_no_news_is_no_yes(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    reply = talk.fill(*ALL[:-1], "yes send no news please", "no")
    assert "News about other courses: no" in reply.text


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("yes but change the email to new@example.org", "Email: new@example.org"),
        ("make it npqsl instead", "NPQ: NPQSL"),
        ("add npqsl too", "NPQ: NPQH, NPQSL"),
    ],
)
def test_changes_at_the_check_are_taken_whatever_they_look_like(
    store: interest.Interests, said: str, line: str
) -> None:
    reply = at_the_check().say(said, "data_rights", programmes=("NPQSL",) if "npqsl" in said else ())
    assert line in reply.text
    assert not saved(store)


def test_a_phone_number_can_be_taken_out(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(*ALL[:-2], "07700 900123", "no")
    assert "Phone: left out" in talk.say("remove the phone", "data_rights").text


@pytest.mark.parametrize("said", ["all good", "yes", "nothing", "that is correct"])
def test_the_way_back_from_changing(store: interest.Interests, said: str) -> None:
    talk = at_the_check()
    assert talk.fill("Change something", said).asking == "confirm"


@pytest.mark.parametrize(
    "said", ["i dont want to do this", "delete everything i told you", "delete my details", "forget it all"]
)
def test_leaving_the_form_in_other_words(store: interest.Interests, said: str) -> None:
    talk = Talk()
    talk.start("NPQH")
    reply = talk.fill(NAME, said)
    assert "deleted" in reply.text
    assert Drafts(store.store).load("visitor") is None


def test_a_line_break_in_the_school_stops_nothing(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, EMAIL, "I teach at Oak\nRoad Primary School", "skip", "Autumn 2027", "skip", "no", "yes")
    talk.say("yes", "affirm")
    assert len(saved(store)) == 1


def test_the_reference_is_said_again_when_asked(store: interest.Interests) -> None:
    talk = at_the_check()
    reference = talk.say("yes", "affirm").messages[0].split()[-1]
    assert reference in talk.say("whats my reference again?", "oos_off_topic").text


@pytest.mark.parametrize(
    "said", ["my name is Zoë Smith", "write to zoe@school.org.uk please", "ring me on 07911 123456"]
)
def test_details_are_private_outside_the_form_too(store: interest.Interests, said: str) -> None:
    assert Talk().say(said).private


def test_ordinary_questions_are_not_private(store: interest.Interests) -> None:
    asked = Talk().say("I'm a head of year, how long is npqsl in 2026?", "ask_duration", roles=("head_of_year",))
    assert not asked.private
