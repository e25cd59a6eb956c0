"""Which of the schools just shown is meant, in words people use for it."""

import pytest

from guidance.schools import School, chosen

SHOWN = [
    School(
        "900004",
        "St Oswin's Catholic Primary School",
        "3",
        "Voluntary aided school",
        "Primary",
        "Chatham",
        "Kent",
        "ME4 9XX",
    ),
    School(
        "900003",
        "St Oswin's Church of England Primary School",
        "3",
        "Voluntary controlled school",
        "Primary",
        "Durham",
        "Durham",
        "DH1 9XX",
    ),
]


@pytest.mark.parametrize(
    ("text", "urn"),
    [
        ("the Durham one", "900003"),
        ("C of E", "900003"),
        ("it's the catholic school in kent", "900004"),
        ("the second one please", "900003"),
        ("1", "900004"),
        ("dh1 9xx", "900003"),
        ("St Oswin's Church of England Primary School, URN 900003", "900003"),
    ],
)
def test_words_that_tell_one_from_the_others(text: str, urn: str) -> None:
    found = chosen(text, SHOWN)
    assert found.one is not None
    assert found.one.urn == urn


@pytest.mark.parametrize(
    "text", ["st oswins", "primary", "the third", "durham and kent", "leeds", "", "none of these", "why"]
)
def test_words_that_tell_none(text: str) -> None:
    assert chosen(text, SHOWN).one is None
