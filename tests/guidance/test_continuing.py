"""Messages that only add to what was spoken of."""

from datetime import date

import pytest

from guidance import knowledge
from guidance.continuing import adds_to, going_on
from guidance.enquiry import enquire
from guidance.question import Context, Understood


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("what about the funding", True),
        ("ok and if i just leave", True),
        ("how long for", True),
        ("is it funded", False),
        ("and my school is in leeds, is it on the list of schools that get funding", False),
    ],
)
def test_what_adds_to_the_message_before(text: str, adds: bool) -> None:
    assert adds_to(Understood(text, "ask_funding")) is adds


def test_a_named_npq_begins_something_new() -> None:
    assert not adds_to(Understood("so is npqsl funded", "ask_funding", programmes=("NPQSL",)))


def after(context: Context, text: str, intent: str, sureness: float) -> tuple[tuple[str, ...], Context]:
    said = Understood(text, intent, ranking=((intent, sureness),), topics=(intent.removeprefix("ask_"),))
    reply, context = enquire(said, context, knowledge.current(), date(2026, 11, 21))
    return reply.facts, context


def test_funding_after_deferring_is_about_deferring_and_stays_so() -> None:
    deferring = Context(topics=("deferral",), said=("deferral-general",))
    facts, context = after(deferring, "what about the funding", "ask_funding", 0.8)
    assert facts == ("deferral-funding",)
    assert context.topics == ("deferral",)


def test_a_guess_about_few_words_is_on_the_last_topic() -> None:
    on_certificates = Context(topics=("certificate",), said=("certificate-general",))
    said = Understood("can it be posted", "source_check", ranking=(("source_check", 0.2),))
    assert going_on(said, on_certificates, knowledge.current()).intent == "ask_certificate"
    assert going_on(said, Context(), knowledge.current()) == said
