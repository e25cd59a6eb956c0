"""The last look before a text is shown: nothing that may name or reach a person goes into a report.

What people type is stored without addresses and numbers, and without what they answered in the form. Names that were
typed elsewhere are stored, so texts with one are left out here: after words with which people are introduced, and
wherever a word with a capital is none that the guide knows. Rather a harmless question is left out than a name shown.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from actions.personal import details
from actions.privacy import LEFT_OUT
from bot.settings import PROJECT
from guidance.journeys.interest_words import holds_contact
from guidance.knowledge.live import knowledge_folder
from guidance.question import Understood

_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|rev|reverend)\b\.?\s+[a-z]", re.IGNORECASE)
_INTRODUCED = re.compile(
    r"\b(?:i['’]?m|i am|it['’]?s|it is|this is|call(?:ed)?(?: me)?|named?|name[:=]|known as|colleague|friend|wife|"
    r"husband|ask for|spoke (?:to|with)|speak (?:to|with)|talk to|contact|regards|wishes|sincerely|faithfully|thanks|"
    r"thank you|cheers|yours|love|from|dear|hi|hello)\b[\s,.!:–-]*"
    r"((?:is |called |named )?[^\W\d_][\w'’-]*)(?:\s+([^\W\d_][\w'’-]*))?",
    re.IGNORECASE,
)
_MY_NAME = re.compile(r"\b(?:my|his|her|their|whose) (?:full |first |last |sur)?name\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\b(?:NPQ|DPR)-?\w{4}-?\w{4}\b", re.IGNORECASE)
_TRN = re.compile(r"\b\d{2}[/ -]?\d{5}\b")  # a teacher reference number
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b", re.IGNORECASE)
_TITLED = re.compile(
    r"\b((?:[Mm]rs?|[Mm]s|[Mm]iss|[Mm]x|[Dd]r|[Pp]rof(?:essor)?|[Ss]ir|[Dd]ame|[Rr]ev(?:erend)?)\b\.?)"
    r"(?:\s+[A-Z][\w'’-]+){1,3}"
)  # with a name behind it, as people write one
_PATTERNS = (_TITLE, _MY_NAME, _REFERENCE, _TRN, _POSTCODE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def may_name_somebody(text: str) -> bool:
    """Whether a text may hold a name, an address, a number or a reference of a person."""
    return (
        LEFT_OUT in text.casefold()
        or "@" in text
        or any(pattern.search(text) for pattern in _PATTERNS)
        or any(not _known(word) for match in _INTRODUCED.finditer(text) for word in match.groups() if word)
        or any(word[0].isupper() and not _known(word) for word in _WORD.findall(text)[1:])
        or holds_contact(Understood(text=text, intent=""))
        or bool(details(text))
    )


def _known(words: str) -> bool:
    return all(word in _vocabulary() for word in _parts(words))


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", re.sub(r"['’]s?\b", "", text.casefold()))


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """The words of the knowledge and the training data, not those used once, such as a name in an example."""
    files = [*(PROJECT / "data" / "nlu").glob("*.yml"), *knowledge_folder().rglob("*.yml")]
    words = Counter(word for path in files for word in _parts(path.read_text(encoding="utf-8")))
    return frozenset(word for word, count in words.items() if count > 1)


def masked(text: str) -> str:
    """A stored text for staff to read, without addresses, postcodes, numbers and titled names stored all the same."""
    for detail in details(text):
        text = text.replace(detail.value, LEFT_OUT)
    for pattern in (_POSTCODE, _TRN):
        text = pattern.sub(LEFT_OUT, text)
    return _TITLED.sub(rf"\1 {LEFT_OUT}", text)
