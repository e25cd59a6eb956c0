"""Words that facts are chosen by: the quick look at first letters never hides a mention."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.knowledge import current
from guidance.mentions import beginnings, first_letters, mentioned, mentions, plain_words

WANTED = ("head*", "ks* + lead", "£500", "part time", "ta", "5 %", "(sta)", "years + left", "&", "émigré*")
WORDS = ("headship", "ks3", "lead", "£500", "part", "time", "ta", "tap", "5", "%", "(sta)", "years", "left", "émigrés")


@given(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), st.sampled_from(WANTED))
def test_what_is_mentioned_begins_with_the_first_letters(text: str, item: str) -> None:
    plain = plain_words(text)
    if mentioned(plain, [item]):
        assert first_letters([item]) & beginnings(plain)


@pytest.mark.parametrize(
    ("text", "item", "found"),
    [
        ("Deputy HEADS", "head*", True),
        ("ahead", "head*", False),
        ("KS2 lead", "ks* + lead", True),
        ("KS2 teacher", "ks* + lead", False),
        ("it costs £500", "£500", True),
        ("3 yrs in", "3years", False),
        ("within 3yrs", "3years", True),
        ("don’t", "dont", True),
        ("it depends on the provider", "depend* on the provider", True),
        ("it depends on providers", "depend* on the provider", False),
        ("been a head 14 years", "head * years", True),
        ("head in post for years", "head * years", False),
    ],
)
def test_mentions(text: str, item: str, found: bool) -> None:
    assert mentions(text, [item]) is found


def test_no_mention_of_the_knowledge_is_hidden() -> None:
    for fact in current().facts.values():
        for item in fact.when.mentions:
            text = plain_words(item.replace(" + ", " ").replace(" * ", " some ").replace("*", ""))
            assert mentioned(text, [item])
            assert first_letters(fact.when.mentions) & beginnings(text), item
