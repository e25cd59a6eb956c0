"""Outside England no rule for a kind of school in England is told."""

from __future__ import annotations

from test_conversation import say


def test_a_special_school_in_wales_is_told_only_that_it_is_outside() -> None:
    inside, _ = say("special school, funded?", "ask_funding", topics=("funding",), settings=("special_school",))
    assert "special schools are eligible" in inside.text
    outside, _ = say(
        "special school in wales, funded?", "ask_funding", topics=("funding",), settings=("special_school", "wales")
    )
    assert outside.text.startswith("No.")
    assert "eligible settings" not in outside.text
