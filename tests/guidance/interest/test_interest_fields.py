"""What visitors type for a field is taken, or they are told what is wrong and what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.interest import fields


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a@b.com", "a@b.com"),
        ("it's a@b.com thanks", "a@b.com"),
        ("it's a@b.com, thanks!", "a@b.com"),
        ("My email is zoe.o'brien@elm.sch.uk.", "zoe.o'brien@elm.sch.uk"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("sure: <mailto:x&amp;y@b.org|x&amp;y@b.org>", "x&y@b.org"),
        ("email: 'x@y.org'", "x@y.org"),
        ("“x@y.org”", "x@y.org"),
        ("amina @ elm.sch.uk", "amina@elm.sch.uk"),
        ("amina at elm dot sch dot uk", "amina@elm.sch.uk"),
        ("A@B.ORG a@b.org", "A@b.org"),
        ("first+tag@sub.domain.co.uk", "first+tag@sub.domain.co.uk"),
        ("zoë@exämple.com", "zoë@exämple.com"),
        ("x＠y.org", "x@y.org"),
        ("x@provider.example", "x@provider.example"),
    ],
)
def test_an_address_is_found(text: str, value: str) -> None:
    taken = fields.email(text)
    assert taken.value is not None
    assert taken.value.casefold() == value.casefold()
    assert taken.problem is None
    assert taken.suggestion is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "why do you need it?",
        "a@b",
        "@b.com",
        "a@",
        "a@b..com",
        "a b@c@d.com",
        "a@localhost",
        "a@b.com or c@d.org",
        f"{'x' * 65}@b.com",
        f"a@{'b' * 300}.com",
        "a@-b.com",
        "amina at home",
    ],
)
def test_what_is_no_address_is_told(text: str) -> None:
    taken = fields.email(text)
    assert taken.value is None
    assert taken.problem is not None
    assert "Please write" in taken.problem


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.co.uk", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmail.cmo", "gmail.com"),
        ("hotnail.com", "hotmail.com"),
        ("homtail.com", "hotmail.com"),
        ("hotmial.co.uk", "hotmail.co.uk"),
        ("outlok.com", "outlook.com"),
        ("yaho.com", "yahoo.com"),
        ("yahoo.couk", "yahoo.co.uk"),
        ("iclod.com", "icloud.com"),
        ("btinternt.com", "btinternet.com"),
        ("elm.sch.u", "elm.sch.uk"),
        ("elm.schuk", "elm.sch.uk"),
        ("elm.con", "elm.com"),
        ("educaton.gov.uk", "education.gov.uk"),
    ],
)
def test_a_likely_slip_is_pointed_out_and_still_taken(typed: str, meant: str) -> None:
    taken = fields.email(f"jo.smith@{typed}")
    assert taken.value == f"jo.smith@{typed}"
    assert taken.suggestion == f"jo.smith@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "mail.com",
        "ymail.com",
        "live.co.uk",
        "me.com",
        "elm.sch.uk",
        "oak.org.uk",
        "yahoo.com.au",
        "teachfirst.org.uk",
        "harrisfederation.org.uk",
        "gov.uk",
        "ucl.ac.uk",
        "nhs.net",
        "sky.com",
        "bt.com",
        "aol.co.uk",
        "proton.me",
        "school.cm",
    ],
)
def test_a_good_address_is_not_questioned(domain: str) -> None:
    assert fields.email(f"jo@{domain}").suggestion is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("07700 900123", "+447700900123"),
        ("my number is 07700-900-123 thanks", "+447700900123"),
        ("(020) 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0113 496 0000 ext 12", "+441134960000;ext=12"),
        ("0113 4960000 x12", "+441134960000;ext=12"),
        ("+33 1 23 45 67 89", "+33123456789"),
        ("00 33 1 23 45 67 89", "+33123456789"),
        ("+1 (212) 555-0123", "+12125550123"),
        ("٠٧٧٠٠٩٠٠١٢٣", "+447700900123"),
        ("01632 960001", "+441632960001"),
    ],
)
def test_a_phone_number_is_found(text: str, value: str) -> None:
    assert fields.phone(text) == fields.Taken(value)


@pytest.mark.parametrize(
    "text", ["", "no", "12345", "0770090012", "07911 12345", "01632 960001 or 07700 900123", "1" * 40]
)
def test_what_is_no_phone_number_is_told(text: str) -> None:
    taken = fields.phone(text)
    assert taken.value is None
    assert taken.problem
    assert "lease" in taken.problem


def test_a_number_that_could_exist_is_taken_when_insisted_on() -> None:
    assert fields.phone("0770090012", insisted=True).value == "+44770090012"
    assert fields.shown_phone("+441134960000;ext=12") == "0113 496 0000 ext. 12"
    assert fields.shown_phone("+33123456789") == "+33 1 23 45 67 89"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Amina Khan", "Amina Khan"),
        ("I'm Zoë O'Brien-Smith", "Zoë O'Brien-Smith"),
        ("I’m Zoë O’Brien", "Zoë O’Brien"),
        ("my name is amina khan", "amina khan"),
        ("My full name is Amina Khan, thanks", "Amina Khan"),
        ("Hi, I'm Jo", "Jo"),
        ("It's Bob", "Bob"),
        ("name: Bob Lee", "Bob Lee"),
        ("李小龙", "李小龙"),
        ("محمد علی", "محمد علی"),
        ("Nguyễn Thị Minh", "Nguyễn Thị Minh"),
        ("An Nguyen", "An Nguyen"),
        ("Hi Nguyen", "Hi Nguyen"),
        ("X Æ A-12", "X Æ A-12"),
        ("Ian Imrie", "Ian Imrie"),
        ("Isis Ito", "Isis Ito"),
        ("O", "O"),
        ("Dr Martin Luther King", "Dr Martin Luther King"),
        ("  Amina\u200b   Khan\n", "Amina Khan"),
        ("नेहा क्\u200dषत्रिय", "नेहा क्\u200dषत्रिय"),
        ("Jean-Luc d'Arc", "Jean-Luc d'Arc"),
    ],
)
def test_a_name_is_taken_in_any_script(text: str, value: str) -> None:
    assert fields.name(text) == fields.Taken(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "...",
        "https://x.org",
        "a@b.com",
        "www.x.org",
        "I'm a teacher",
        "I'm interested in NPQH",
        "why do you ask?",
        "no",
        "skip",
        "it's me",
        "my email is wrong",
        "x" * 101,
        "\u200b",
    ],
)
def test_what_is_no_name_is_told(text: str) -> None:
    taken = fields.name(text)
    assert taken.value is None
    assert taken.problem is not None
    assert "Please write" in taken.problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I'm a deputy head", "deputy head"),
        ("headteacher", "headteacher"),
        ("my role is SENCO", "SENCO"),
        ("I work as an early years lead", "early years lead"),
        ("Head of Year 7/8 (PE)", "Head of Year 7/8 (PE)"),
    ],
)
def test_a_role_is_taken(text: str, value: str) -> None:
    assert fields.role(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I work at Elm Road Primary", "Elm Road Primary"),
        ("St Mary's C of E", "St Mary's C of E"),
        ("it's called Oak Academy", "Oak Academy"),
    ],
)
def test_a_school_is_taken(text: str, value: str) -> None:
    assert fields.school(text).value == value


@pytest.mark.parametrize("field", [fields.role, fields.school])
@pytest.mark.parametrize("text", ["", "123", "x" * 201, "a@b.org", "https://x.org", "why?"])
def test_what_is_no_role_or_school_is_told(field: object, text: str) -> None:
    taken = field(text)  # type: ignore[operator]
    assert taken.value is None
    assert "Please write" in taken.problem


@given(st.text(max_size=300))
def test_any_text_gives_a_value_that_can_be_saved_or_a_problem(text: str) -> None:
    from guidance.interest.model import LONGEST

    for kind in ("email", "phone", "name", "role", "school"):
        taken = getattr(fields, kind)(text)
        assert (taken.value is None) != (taken.problem is None)
        if taken.value is not None:
            assert 0 < len(taken.value) <= LONGEST[kind]
            assert taken.value.replace("\u200c", "").replace("\u200d", "").isprintable()


@pytest.mark.timeout(60)  # a bad pattern takes minutes
@pytest.mark.parametrize(
    "unit", ["a", "@", "a@", " at b dot", "<mailto:", "my name is ", "0", "+44 ", "I'm ", "a.b-", "'", "dot "]
)
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    for field in (fields.email, fields.phone, fields.name, fields.role, fields.school):
        field(text)


def test_what_was_typed_stays_out_of_repr() -> None:
    assert "quill" not in repr(fields.email("zoe.quill@gmial.com"))
    assert "quill" not in repr(fields.name("x" * 200 + "quill"))
