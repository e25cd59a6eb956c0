"""Which words of a message are personal details, and which only look like it."""

from __future__ import annotations

import re

import pytest
import yaml

from actions import privacy
from actions.personal import details, kinds, told
from tests.conftest import PROJECT


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("mail jo@school.sch.uk please", "email", "jo@school.sch.uk"),
        ("it is jo.b+npq@gmail.com.", "email", "jo.b+npq@gmail.com"),
        ("my email is jo @ school.org", "email", "jo @ school.org"),
        ("<mailto:jo@b.example|jo@b.example>", "email", "jo@b.example"),
        ("call 07700 900123", "phone", "07700 900123"),
        ("07911123456 is mine", "phone", "07911123456"),
        ("7911 123456", "phone", "7911 123456"),
        ("0113 496 0000", "phone", "0113 496 0000"),
        ("(020) 7946 0958", "phone", "(020) 7946 0958"),
        ("+44 (0)7911 123456", "phone", "+44 (0)7911 123456"),
        ("0044 7911 123456", "phone", "0044 7911 123456"),
        ("+33 1 42 68 53 00", "phone", "+33 1 42 68 53 00"),
        ("card 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("5500-0000-0000-0004", "card", "5500-0000-0000-0004"),
        ("378282246310005", "card", "378282246310005"),
        ("QQ 12 34 56 C", "ni_number", "QQ 12 34 56 C"),
        ("my ni is jg103759a", "ni_number", "jg103759a"),
        ("AB-12-34-56-D", "ni_number", "AB-12-34-56-D"),
    ],
)
def test_details_are_found_as_they_are_typed(text: str, kind: str, value: str) -> None:
    assert [(found.kind, found.value) for found in details(text)] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "is school 123456 on the list", "our URN is 100005", "LA 301/1234", "UKPRN 10012345", "UKPRN: 10067890",
        "SW1A 1AA", "NPQ-7K4M-Q2XP", "DPR-AB12-34CD", "what about 2026/27 or 2027/28", "autumn 2026 - spring 2027",
        "does it cost £1,200 or £ 1 200", "starts 01/09/2026", "01-09-2026 to 31-08-2027", "call 0800 1111",
        "my trn is 1234567", "TRN 12/34567", "ISBN 978-0-306-40615-7", "2026 2027 2028 2029", "20262027",
        "0370 000 2288", "100 200 300 400 500", "10012345 and 123456", "141234 and 142345 and 100001",
        "email me at school", "what's @ NPQ", "KS1 KS2 KS3 5-11 11-16 16-19", "AB123456 is my teacher reference",
        "12 34 56", "09.30 to 15.30", "1234 5678 9012 3456", "4111 1111 1111 1112",
    ],
)  # fmt: skip
def test_what_only_looks_like_details_is_none(text: str) -> None:
    assert details(text) == []


def test_ordinary_questions_hold_none() -> None:
    lines = []
    for path in (PROJECT / "data" / "nlu").rglob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
            examples = (entry.get("examples") or "").splitlines()
            lines += [re.sub(r"\[([^\]]*)\](\{[^}]*\}|\([^)]*\))", r"\1", line.removeprefix("- ")) for line in examples]
    assert len(lines) > 3000
    wrong = [line for line in lines if details(line)]
    assert len(wrong) <= 0.005 * len(lines), wrong


def test_several_are_told_of_in_one_sentence() -> None:
    found = details("jo@b.example or al@b.example, 07911 123456, card 4111111111111111")
    assert kinds(found) == ["email", "card", "phone"]
    assert "the email address, card number and phone number you typed" in told(kinds(found))
    assert "the phone number you typed" in told(["phone"])


def test_details_are_found_in_a_turn_that_nobody_noted() -> None:
    hidden = privacy.hidden("nobody", "is npqh funded? 07911 123456")
    assert hidden is not None
    assert hidden.typed("is npqh funded? 07911 123456") == f"is npqh funded? {privacy.LEFT_OUT}"
    assert privacy.hidden("nobody", "is npqh funded?") is None


def test_notes_of_one_turn_add_up() -> None:
    privacy.note("hers", True, ())
    privacy.note("hers", False, ("Quillfeather",))
    hidden = privacy.hidden("hers")
    privacy.forget("hers")
    assert hidden is not None
    assert (hidden.message, hidden.values) == (True, ("Quillfeather",))
