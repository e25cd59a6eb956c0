"""What the gate takes, and in what form."""

import pytest

from bot.channels.gate import MOST_CHARACTERS, Refused, accept


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("is npqh funded", "is npqh funded"),
        ("  is\t npqh\u00a0 funded  ", "is npqh funded"),
        ("/restart", "restart"),
        ("//\\/ /restart", "restart"),
        ('/ask_cost{"programme": "NPQH"}', 'ask_cost{"programme": "NPQH"}'),
        ("\u200b/restart", "restart"),
        ("is n\u200bpqh fun\u200dded", "is npqh funded"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),  # spelling
        ("\u0645\u200c\u200d\u200c\u06cc", "\u0645\u06cc"),
        ("hi\U000e0041\U000e0042", "hi"),
        ("left \u202eright", "left right"),
        ("a\x00b\x1bc", "a b c"),
        ("one\r\ntwo", "one\ntwo"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_a_message_is_what_a_person_sees(typed: str, seen: str) -> None:
    assert accept(typed) == seen


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200d\ufeff", "/", "///", "\x00"])
def test_nothing_visible_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        accept(text)
    assert refused.value.code == "text_empty"


@pytest.mark.parametrize("text", [None, 1, True, ["is npqh funded"], {"text": "x"}])
def test_what_is_not_text_is_refused(text: object) -> None:
    with pytest.raises(Refused) as refused:
        accept(text)
    assert refused.value.code == "text_not_string"


def test_the_limit_is_exact() -> None:
    assert len(accept("x" * MOST_CHARACTERS)) == MOST_CHARACTERS
    with pytest.raises(Refused, match="1,000 characters or fewer"):
        accept("x" * (MOST_CHARACTERS + 1))
