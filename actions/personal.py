"""Personal details in what people type: email addresses, phone numbers, bank cards, National Insurance numbers.

References, URNs, postcodes, years and prices are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import PhoneNumberType

EMAIL, PHONE, CARD, NI_NUMBER = "email", "phone", "card", "ni_number"
WORDS = {
    EMAIL: "email address",
    PHONE: "phone number",
    CARD: "card number",
    NI_NUMBER: "National Insurance number",
}
MOST = 1000  # characters of a message looked at; the gate takes no more


@dataclass(frozen=True)
class Detail:
    """One of them, as it was typed."""

    kind: str
    value: str = field(repr=False)


def details(text: str) -> list[Detail]:
    """Every personal detail in a text."""
    left, found = text[:MOST], []
    for kind, finder in _FINDERS:
        for value in dict.fromkeys(finder(left)):
            found.append(Detail(kind, value))
            left = left.replace(value, " ; ")
    return found


def kinds(found: list[Detail]) -> list[str]:
    """Which kinds there are, each once."""
    return list(dict.fromkeys(detail.kind for detail in found))


def told(found: list[str]) -> str:
    """What the visitor is told of details of these kinds."""
    *first, last = (WORDS[kind] for kind in found)
    words = f"{', '.join(first)} and {last}" if first else last
    return (
        f"I have not kept the {words} you typed. Please leave personal details out of your questions: "
        "I only take them when you register your interest."
    )


_ADDRESS = re.compile(r"[^\s@<>()\[\]{},;:\"“”|]{1,64}[ ]?[@＠][ ]?(?:[\w-]{1,63}\.){1,8}[\w-]{2,24}")


def _emails(text: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(text):
        yield match[0].lstrip("'‘’`*.=")


# Also with letters that no real one has: QQ 12 34 56 C is what people write as an example.
_NI = re.compile(r"(?<![^\W_])[A-Z][A-Z](?:[ .-]?\d\d){3}[ .-]?[A-D](?![^\W_])", re.IGNORECASE | re.ASCII)


def _ni_numbers(text: str) -> Iterator[str]:
    for match in _NI.finditer(text):
        yield match[0]


_CARDS_BEGIN = (2, 3, 4, 5, 6)
_DIGITS = re.compile(r"(?<![\w+])\d(?:[ .-]{0,2}\d){12,18}(?!\w)")


def _cards(text: str) -> Iterator[str]:
    for match in _DIGITS.finditer(text):
        digits = [int(digit) for digit in match[0] if digit.isdecimal()]
        if digits[0] in _CARDS_BEGIN and _luhn(digits):
            yield match[0]


def _luhn(digits: list[int]) -> bool:
    """The check digit of bank cards."""
    return (sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])) % 10 == 0


_NOBODYS = (  # numbers of organisations, which people ask about
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
)
# Numbers Ofcom keeps free for drama; people who try the service use them.
_DRAMA = re.compile(r"\+44(?:7700900\d{3}|1632960\d{3}|8081570\d{3}|3069990\d{3}|20794609\d\d|\d{3}4960\d{3})")
_PHONE_FIRST = re.compile(r"[\s(\[]*(?:\+|00|\(?0)")  # how people write a whole number


def _phones(text: str) -> Iterator[str]:
    for match in phonenumbers.PhoneNumberMatcher(text, "GB", phonenumbers.Leniency.POSSIBLE):
        number = match.number
        plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        kind = phonenumbers.number_type(number) if phonenumbers.is_valid_number(number) else None
        # A spreadsheet leaves the 0 before a mobile number out; other numbers begin with 0 or +.
        if not _PHONE_FIRST.match(match.raw_string) and kind != PhoneNumberType.MOBILE:
            continue
        if _DRAMA.fullmatch(plain) or (kind is not None and kind not in _NOBODYS):
            yield match.raw_string


# Years and terms, dates, prices, schools' URNs and UKPRNs, our own references.
_OF_NOBODY = re.compile(
    r"\b(?:19|20)\d\d(?:\s?[/–-]\s?(?:(?:19|20)?\d\d))?\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d\d){1,2}\b"
    r"|£\s?\d[\d, ]*|\b\d{6}\b(?![ .-]?\d)|\bukprn:?\s*\d{8}\b|\b(?:NPQ|DPR)-\w{4}-\w{4}\b",
    re.IGNORECASE,
)


def without_harmless(text: str) -> str:
    """A text without its personal details, and without numbers that are nobody's."""
    for detail in details(text):
        text = text.replace(detail.value, " ; ")
    return _OF_NOBODY.sub(" ; ", text)


_FINDERS = ((EMAIL, _emails), (NI_NUMBER, _ni_numbers), (CARD, _cards), (PHONE, _phones))
