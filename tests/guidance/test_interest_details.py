"""Details inside messages, corrections of them, and questions about the form itself."""

from __future__ import annotations

import pytest
from test_interest_dialogue import EMAIL, NAME, Talk, saved, store

from guidance import interest
from guidance.interest import reference
from guidance.interest.drafts import Drafts
from guidance.journeys.interest_aside import is_child, is_sensitive
from guidance.journeys.interest_correcting import new_value
from guidance.journeys.interest_details import details_in
from guidance.question import Context, Understood

__all__ = ["store"]  # the fixture
BLOCK = "Name: Jo Lee\nEmail: jo@lee.org\nRole: SENCO\nSchool: Elm Road Primary\nPhone: 0113 496 0000"
SIGNATURE = "Kind regards\nAnn Lee\nAssistant Headteacher\nOak Academy\nann@oak.org\n07700 900123"


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("i am Al Khan, deputy head", {"name": "Al Khan", "role": "deputy head"}),
        (
            "Jo Lee, jo@x.org, deputy head, Elm Road",
            {"name": "Jo Lee", "email": "jo@x.org", "role": "deputy head", "school": "Elm Road"},
        ),
        (
            "jo lee, jo.lee@x.org, maths teacher, elm road primary school",
            {"name": "jo lee", "email": "jo.lee@x.org", "role": "maths teacher", "school": "elm road primary school"},
        ),
        (
            BLOCK,
            {
                "name": "Jo Lee",
                "email": "jo@lee.org",
                "role": "SENCO",
                "school": "Elm Road Primary",
                "phone": "+441134960000",
            },
        ),
        (
            SIGNATURE,
            {
                "name": "Ann Lee",
                "email": "ann@oak.org",
                "role": "Assistant Headteacher",
                "school": "Oak Academy",
                "phone": "+447700900123",
            },
        ),
        (
            "This is Mo Farah from Elm Road Primary School",
            {"name": "Mo Farah", "school": "Elm Road Primary School"},
        ),
        (
            "my name's sam o'neill and i teach year 4 at Hill Top Primary School",
            {"name": "sam o'neill", "school": "Hill Top Primary School"},
        ),
        (
            "i work as a ta at oak academy, email ann@x.org",
            {"role": "ta", "school": "oak academy", "email": "ann@x.org"},
        ),
        ("my job is head of year at oak academy", {"role": "head of year", "school": "oak academy"}),
        ("I'm interested in being a headteacher", {}),
        ("i want to be a head of year", {}),
        ("my email is wrong", {}),
        ("my name is spelt wrong", {}),
        ("my school is a primary", {}),
        ("i'm not a teacher", {}),
        ("07700 900123 or 07700 900124", {}),
    ],
)
def test_the_details_in_a_message_go_into_their_own_fields(said: str, given: dict[str, str]) -> None:
    assert details_in(Understood(said, "nlu_fallback")) == given


@pytest.mark.parametrize(
    ("said", "field", "old", "new"),
    [
        ("spelt wrong, it's Tess Torr", "name", "Tess Tor", "Tess Torr"),
        ("my name is spelt wrong it's Tess Torr", "name", "Tess Tor", "Tess Torr"),
        ("Tessa not Tess", "name", "Tess Tor", "Tessa Tor"),
        ("not Tess, Tessa", "name", "Tess Tor", "Tessa Tor"),
        ("it should be Tessa Tor not Tess Tor", "name", "Tess Tor", "Tessa Tor"),
        ("change my name to Tess Torr please", "name", "Tess Tor", "Tess Torr"),
        ("change my surname to Torr-Smith", "name", "Tess Tor", "Tess Torr-Smith"),
        ("name is wrong", "name", "Tess Tor", None),
        ("my name is wrong, should be Tess Torr", "name", "Tess Tor", "Tess Torr"),
        ("actually my job is head of year", "role", "ta", "head of year"),
        ("role head of science", "role", "ta", "head of science"),
        ("sorry the school is called Oak Academy", "school", "Elm Road", "Oak Academy"),
        ("email should be t@b.org not a@b.org", "email", "a@b.org", "t@b.org"),
        ("my number is 0113 496 0001 not 0113 496 0000", "phone", "+441134960000", "+441134960001"),
        ("my email isn't right", "email", "a@b.org", None),
        ("the start should be spring 2027", "cohort", "autumn 2027", "spring 2027"),
    ],
)
def test_a_correction_gives_the_new_value_without_the_words_around_it(
    said: str, field: str, old: str, new: str | None
) -> None:
    assert new_value(said, field, old) == new


def at_the_check() -> Talk:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, EMAIL, "deputy head", "Elm Road Primary School", "Autumn 2027", "skip", "no")
    return talk


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("change my job to headteacher and my email to z@new.org", ["Role: headteacher", "Email: z@new.org"]),
        ("Zoey not Zoë", ["Name: Zoey O'Brien-Smith"]),
        ("spelt wrong, it's Zoe O'Brien-Smith", ["Name: Zoe O'Brien-Smith"]),
        ("role head of science", ["Role: head of science"]),
        ("z@new.org", ["Email: z@new.org"]),
        ("my job is head of year and my phone is 0113 496 0000", ["Role: head of year", "Phone: 0113 496 0000"]),
        (
            "it's the Elm Row Primary School not Elm Road Primary School",
            ["School or workplace: Elm Row Primary School"],
        ),
    ],
)
def test_at_the_check_several_things_can_be_put_right_in_ones_own_words(
    store: interest.Interests, said: str, lines: list[str]
) -> None:
    reply = at_the_check().say(said)
    assert reply.asking == "confirm"
    assert all(line in reply.messages[0] for line in lines)


def test_an_npq_named_instead_in_the_middle_replaces_the_one_before(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, EMAIL, "deputy head", "skip")
    assert talk.say("i want npqsl instead", programmes=("NPQSL",)).asking == "cohort"
    talk.fill("Autumn 2027", "skip", "no")
    assert "NPQ: NPQSL" in talk.replies[-1].messages[0]


def test_a_colleague_is_registered_after_oneself(store: interest.Interests) -> None:
    talk = at_the_check()
    talk.say("Yes, send it", "affirm")
    reply = talk.say("now register my colleague for npqsl", programmes=("NPQSL",))
    assert reply.asking == "name"
    talk.fill("Ed Poe", "ed@poe.org", "skip", "skip", "Not sure yet", "skip", "no")
    talk.say("Yes, send it", "affirm")
    assert [(row["name"], row["programmes"]) for row in saved(store)] == [(NAME, ["NPQH"]), ("Ed Poe", ["NPQSL"])]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("who sees this?", "your school is not told"),
        ("how long will you keep my data?", "12 months"),
        ("do i have to give my phone number?", "You can skip one of the two"),
        ("is this safe?", "encrypted"),
        ("who is the provider?", "will contact you"),
        ("does this commit me to anything?", "commits you to nothing"),
        ("what happens next?", "working days"),
        ("can i change it later?", "before it is sent"),
        ("can i register for my colleague?", "they know"),
    ],
)
def test_questions_about_the_form_are_answered_and_the_form_goes_on(
    store: interest.Interests, asked: str, answer: str
) -> None:
    talk = Talk()
    talk.start("NPQH")
    reply = talk.say(asked, "data_rights", topics=("data_rights",))
    assert answer in reply.messages[0]
    assert reply.asking == "name"
    assert not store.store.requests.all()


def test_an_optional_field_says_that_it_can_be_skipped(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, EMAIL)
    assert talk.say("is this optional?").messages[0].startswith("No.")


def test_whoever_says_they_are_under_18_is_stopped_and_nothing_is_kept(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME)
    reply = talk.say("im 16")
    assert "under 18" in reply.messages[0]
    assert reply.asking is None
    assert Drafts(store.store).load("visitor") is None
    assert talk.say("I'm 17, register my interest in NPQH", programmes=("NPQH",)).asking is None


@pytest.mark.parametrize(
    ("said", "child"),
    [
        ("i'm 15 years old", True), ("I am under 18", True), ("i'm in year 11.", True), ("im a sixth former", True),
        ("I'm 12 years into teaching", False), ("i'm in year 6", False), ("I am 45", False), ("i teach year 11", False),
        ("i'm a year 11 tutor", False), ("I'm 16 years qualified", False),
    ],
)  # fmt: skip
def test_who_says_to_be_a_child(said: str, child: bool) -> None:
    assert is_child(said) is child


@pytest.mark.parametrize(
    ("said", "private"),
    [
        ("off sick with cancer", True), ("I have depression", True), ("i'm pregnant", True),
        ("deputy head, but i was signed off sick", True), ("I am autistic", True),
        ("I'm the autism lead", False), ("my job is mental health lead", False), ("SENCO", False),
        ("St Mary's Catholic Primary School", False), ("teacher of the deaf", False), ("Christian Bale", False),
        ("I'm head of a school for autistic pupils and a leader", False),
    ],
)  # fmt: skip
def test_what_is_private_and_what_is_a_job(said: str, private: bool) -> None:
    assert is_sensitive(said) is private


def test_what_tells_of_ones_health_is_not_kept(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, EMAIL)
    reply = talk.say("I have depression", "crisis")
    assert "not kept it" in reply.messages[0]
    assert reply.asking == "role"
    assert reply.private
    talk.fill("skip", "skip", "skip", "skip", "no")
    assert "Role: left out" in talk.replies[-1].messages[0]


def test_without_email_and_phone_the_way_on_is_offered(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, "skip", "skip", "skip", "skip")
    refused = talk.say("skip")
    assert "say skip" not in refused.messages[0]
    back = next(button for button in refused.buttons if "email" in button.title)
    assert talk.say(back.payload).asking == "email"
    assert talk.say(EMAIL).asking == "phone"


def test_a_reference_from_another_chat_is_added_to_the_request(store: interest.Interests) -> None:
    at_the_check().say("Yes, send it", "affirm")
    (row,) = saved(store)
    other = Talk(session="elsewhere")
    other.say("take my name off your list", "nlu_fallback")
    reply = other.say(f"it was {row['reference'].lower()}")
    assert row["reference"] in reply.messages[0]
    (asked,) = store.store.requests.all()
    assert asked["about"] == row["reference"]
    references, _talks = store.retention.concerned(reference=asked["reference"])
    assert references == [row["reference"]]


def test_a_reference_with_a_slip_is_not_passed_over(store: interest.Interests) -> None:
    talk = Talk()
    given = reference.new()
    slipped = given[:-1] + ("C" if given[-1] != "C" else "D")
    assert "wrong" in talk.say(slipped).messages[0]
    assert "cannot show" in talk.say(given).messages[0]


def form(*texts: str) -> Talk:
    talk = Talk()
    talk.start("NPQH")
    if texts:
        talk.fill(*texts)
    return talk


@pytest.mark.parametrize(
    ("said", "email"),
    [
        ("no, ann@gmail.com", "ann@gmail.com"),
        ("it is right", "ann@gmial.com"),
        ("No, it is right", "ann@gmial.com"),
        ("Yes, change it", "ann@gmail.com"),
        ("I meant gmail", "ann@gmail.com"),
        ("ann@gmial.com", "ann@gmial.com"),
    ],
)
def test_the_answer_to_a_likely_typo_gives_the_address_that_is_meant(
    store: interest.Interests, said: str, email: str
) -> None:
    talk = form("Ann Lee", "ann@gmial.com")
    assert talk.say(said).asking == "role"
    talk.fill("skip", "skip", "skip", "skip", "no")
    assert f"Email: {email}" in talk.replies[-1].messages[0]


def test_an_address_that_is_said_to_be_wrong_is_asked_for_again(store: interest.Interests) -> None:
    talk = form("Ann Lee", "ann@gmial.com")
    assert talk.say("no it's wrong").asking == "email"
    assert talk.say("ann@elm.org").asking == "role"


def test_words_before_an_address_are_asked_about(store: interest.Interests) -> None:
    talk = form("Jane Smith")
    assert "whole address" in talk.say("j smith@elm.org").messages[-1]
    assert talk.say("no").asking == "email"
    assert talk.say("my email is jsmith@elm.org").asking == "role"


@pytest.mark.parametrize("said", ["Thank you, yes", "yes that's all correct thank you", "looks fine to me", "go ahead"])
def test_a_yes_in_any_words_sends(store: interest.Interests, said: str) -> None:
    at_the_check().say(said, "thanks")
    assert len(saved(store)) == 1


@pytest.mark.parametrize("said", ["nothing", "right", "don't send it yet", "yes?", "no thanks", "let me think"])
def test_what_is_no_clear_yes_sends_nothing(store: interest.Interests, said: str) -> None:
    assert at_the_check().say(said).asking in ("confirm", "change")
    assert not saved(store)


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("name is Joan Smith, school is Oak Academy", ["Name: Joan Smith", "School or workplace: Oak Academy"]),
        ("phone should be 07700 900999 and email is j@s.org", ["Phone: 07700 900999", "Email: j@s.org"]),
        ("my name is Joan Smith and I'm a headteacher", ["Name: Joan Smith\n", "Role: headteacher"]),
        ("leave out the school and role", ["School or workplace: left out", "Role: left out"]),
        ("my surname is Jones now", ["Name: Zoë Jones"]),
        ("the school has changed its name to Oak Academy", ["School or workplace: Oak Academy"]),
        ("I am actually the head of school", ["Role: head of school", "School or workplace: Elm Road Primary School"]),
        ("please change name to Jo Lee and send it", ["Name: Jo Lee\n"]),
        ("yes to the news please", ["News about other courses: yes"]),
    ],
)
def test_changes_land_in_their_fields_and_nowhere_else(store: interest.Interests, said: str, lines: list[str]) -> None:
    reply = at_the_check().say(said)
    assert reply.asking == "confirm"
    assert [line for line in lines if line not in reply.messages[0]] == []


def test_several_things_that_are_wrong_are_all_asked_again(store: interest.Interests) -> None:
    talk = at_the_check()
    assert talk.say("my name and email are wrong").asking == "name"
    assert talk.say("Joan Smith").asking == "email"
    assert talk.say("joan@elm.org").asking == "confirm"


def test_npqs_are_added_and_taken_away(store: interest.Interests) -> None:
    talk = at_the_check()
    assert "NPQ: NPQH, NPQSL" in talk.say("add NPQSL", programmes=("NPQSL",)).messages[0]
    assert "NPQ: NPQSL\n" in talk.say("remove NPQH", programmes=("NPQH",)).messages[0]
    ended = talk.say("add NPQML", programmes=("LEGACY-NPQML",))
    assert "can no longer be taken" in ended.messages[0]
    talk.say("NPQSL", programmes=("NPQSL",))


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (("Ann Lee", EMAIL), "you stupid bot"),
        (("Ann Lee", EMAIL), "I don't understand the question"),
        (("Ann Lee", EMAIL), "wait"),
        (("Ann Lee", EMAIL, "deputy"), "please don't tell my school"),
        (("Ann Lee", EMAIL, "deputy"), "07700 900999"),
        (("Ann Lee", EMAIL, "deputy", "skip"), "autumn 2019"),
        (("Ann Lee", EMAIL, "deputy", "skip"), "2"),
        (("Ann Lee", EMAIL, "deputy", "skip"), "Oak Academy"),
        ((), "NPQH"),
        ((), "help"),
    ],
)
def test_what_is_no_answer_is_not_stored_as_one(store: interest.Interests, before: tuple[str, ...], said: str) -> None:
    talk = form(*before)
    asked = talk.replies[-1].asking
    codes = {"programmes": ("NPQH",)} if said == "NPQH" else {}
    assert talk.say(said, **codes).asking == asked


@pytest.mark.parametrize("name", ["june", "April May", "Will Price", "hope price", "John Smith 3rd", "Dean Head"])
def test_names_that_are_words_are_names(store: interest.Interests, name: str) -> None:
    talk = Talk()
    talk.start("NPQH")
    assert talk.say(name, "ask_dates", ranking=(("ask_dates", 0.9),)).asking == "email"


def test_a_job_put_right_at_the_next_question(store: interest.Interests) -> None:
    talk = form("Ann Lee", EMAIL, "deputy head")
    assert talk.say("actually assistant head").asking == "school"
    talk.fill("Oak Academy though", "I'd like to start in January 2028", "no calls please", "no")
    text = talk.replies[-1].messages[0]
    assert "Role: assistant head\n" in text
    assert "School or workplace: Oak Academy\n" in text
    assert "Start: January 2028" in text


def test_who_has_no_email_is_asked_for_a_phone_and_an_odd_number_is_taken_when_insisted_on(
    store: interest.Interests,
) -> None:
    talk = form("Ann Lee", "I don't do email", "skip", "skip", "skip")
    assert talk.replies[-1].asking == "phone"
    assert "does not look like" in talk.say("07700 90012").messages[0]
    assert talk.say("07700 90012").asking == "confirm"


def test_another_journey_in_the_middle_comes_back_to_the_form(store: interest.Interests) -> None:
    talk = form("Ann Lee", EMAIL)
    talk.say("check my funding", "ask_funding", topics=("funding",))
    assert talk.replies[-1].asking != "role"
    assert talk.say("back to my registration").asking == "role"
    assert talk.say("deputy head").asking == "school"


def test_coming_back_to_the_form_keeps_what_was_told(store: interest.Interests) -> None:
    talk = form("Ann Lee", EMAIL)
    talk.context = Context()
    assert talk.start("NPQH").asking == "role"


def test_a_crisis_in_the_form_deletes_what_was_typed(store: interest.Interests) -> None:
    talk = form("Ann Lee")
    reply = talk.say("I want to die", "crisis", crisis=True)
    assert reply.status == "crisis"
    assert reply.private
    assert Drafts(store.store).load("visitor") is None


def test_a_second_phone_number_is_neither_lost_nor_taken_for_something_else(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, EMAIL, "head of year", "07700 900123")
    told = talk.say("my other number is 0113 496 0000")
    assert "I can keep one phone number, and I have 07700 900123" in told.text
    assert told.asking == "school"
    assert talk.say("actually my number is 0113 496 0000").asking == "school"
    assert talk.say("Elm Road Primary School").asking == "cohort"
    draft = Drafts(interest.current().store).load(talk.session)
    assert draft is not None
    assert (draft["phone"], draft["school"]) == ("+441134960000", "Elm Road Primary School")


def test_a_school_or_job_is_no_phone_number(store: interest.Interests) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.fill(NAME, EMAIL)
    talk.say("reception at Elm Road House 0113 496 0000 extension four please")
    draft = Drafts(interest.current().store).load(talk.session)
    assert draft is not None
    assert "0113" not in f"{draft.get('role')} {draft.get('school')}", draft


@pytest.mark.parametrize("asked", ["show me what I've told you so far", "what have you got for me so far?"])
def test_what_was_told_so_far_is_shown_and_the_form_goes_on(store: interest.Interests, asked: str) -> None:
    talk = Talk()
    talk.start("NPQH")
    talk.say(NAME)
    told = talk.say(asked)
    assert f"Name: {NAME}" in told.text
    assert "NPQ: NPQH" in told.text
    assert told.asking == "email"
    assert NAME in told.hide  # so that no transcript keeps it
