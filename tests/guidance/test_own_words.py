"""What is quoted, signed or put under every mail is not what its sender says."""

from __future__ import annotations

import pytest

from guidance.own_words import own, without_small_print

QUOTING = {
    "how long is it?\n> From: Jude\n> NPQSL is open to all": "how long is it?",
    "On Tue, 24 Nov 2026, Tariq wrote:\n> no release\n\nwhen is the next one": "when is the next one",
    "is it ok?\n\n--Original Message--\nFrom: A\nSent: now\nTo: B\nSubject: NPQ\n\nDear B\nIt costs": "is it ok?",
    'They say "there is no funding at all for a school not on the list" but is it so?': "They say but is it so?",
    'the "old" npqh': 'the "old" npqh',
    "> nothing but a quotation": "> nothing but a quotation",
    "FYI\nhow long is it": "FYI how long is it",
}
SIGNED = {
    "how long is it?\n\nMany thanks,\nHelena Marsh\nHead of Science": "how long is it? Many thanks,",
    "Thanks\nalso how do I apply?": "Thanks also how do I apply?",
    "is it free? This email and any attachments are confidential.": "is it free?",
    "is it free?\nSent from my iPhone": "is it free?",
    "what does this email from DfE mean?": "what does this email from DfE mean?",
}


@pytest.mark.parametrize(("text", "said"), [pytest.param(*item, id=item[0][:30]) for item in QUOTING.items()])
def test_what_is_quoted_is_left_out(text: str, said: str) -> None:
    assert " ".join(own(text).split()) == said
    assert len(own(text)) == len(text)


@pytest.mark.parametrize(("text", "said"), [pytest.param(*item, id=item[0][:30]) for item in SIGNED.items()])
def test_signatures_and_small_print_are_left_out(text: str, said: str) -> None:
    assert " ".join(without_small_print(text).split()) == said
    assert len(without_small_print(text)) == len(text)
