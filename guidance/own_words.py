"""Which words of a message are the sender's own: not a mail they answer, a page they copied, or small print.

What is left out is replaced by blanks, so that every place in the text stays the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONG_QUOTE = 8  # words between quotation marks from which on they are copied, not a name or a saying
FEWEST_OWN = 2  # words; with fewer nothing is asked beside what is quoted
SHORT_LINE = 7  # words of a line of a signature
SIGNATURE = 8  # lines

_ANSWERED = re.compile(
    r"^[ \t]*>.*$|^[ \t]*On [^\n]{6,120}\bwrote:[ \t]*$|^[ \t]*-{2,}\s*(?:Original|Forwarded) message\s*-{2,}[ \t]*$"
    r"|^[ \t]*Begin forwarded message:[ \t]*$|^[ \t]*(?:From|Sent|To|Cc|Subject|Date|Reply-To): ?[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
# A mail's heading of several lines: all that follows is the mail.
_HEADING = re.compile(r"^[ \t]*From: [^\n]*\n(?:[ \t]*(?:Sent|To|Cc|Subject|Date): ?[^\n]*\n){2,}", re.MULTILINE)
_QUOTED = re.compile(r"“[^”]{30,}”|\"[^\"]{30,}\"|«[^»]{30,}»")
_SMALL_PRINT = re.compile(
    r"(?:this|the information (?:contained )?in this|the contents of this) (?:e-?mail|message|communication)\b"
    r"[^\n]*?\b(?:attach\w*|confidential\w*|privileged|intended|recipient)\b[^\n]*"
    r"|if you (?:are not the intended recipient|have received this (?:e-?mail|message) in error)[^\n]*"
    r"|please consider the environment before[^\n]*"
    r"|caution: this (?:e-?mail|message) [^\n]*"
    r"|^[ \t]*(?:sent from my (?:i?phone|ipad|android|samsung|mobile|galaxy)|get outlook for)[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)? ?(?:regards|wishes)|yours(?: (?:faithfully|sincerely"
    r"|truly))?|many thanks|thank you|thanks(?: (?:in advance|again|so much))?|cheers|all the best|best|ta)"
    r"(?: x+)?[ \t,.!]*$\n",
    re.IGNORECASE | re.MULTILINE,
)
_MAY_ASK = re.compile(
    r"[?]|^\W*(?:how|what|when|where|which|who|why|is|are|do|does|can|could|will|also|and|ps)\b", re.I
)


@lru_cache(maxsize=64)
def own_words(text: str) -> str:
    """The text without signature, small print and what is quoted."""
    return own(without_small_print(text))


def without_small_print(text: str) -> str:
    """The text without signature and what mail programs put under every mail."""
    text = _SMALL_PRINT.sub(_blank, text)
    for match in _SIGN_OFF.finditer(text):
        lines = [line for line in text[match.end() :].splitlines() if line.strip()]
        signed = all(len(line.split()) <= SHORT_LINE and not _MAY_ASK.search(line) for line in lines)
        if lines and len(lines) <= SIGNATURE and signed and text[: match.start()].strip():
            return text[: match.end()] + _blanks(text[match.end() :])
    return text


def own(text: str) -> str:
    """The text without what is quoted in it; all of it where nothing else is said."""
    found = _QUOTED.sub(lambda match: _blank(match) if len(match[0].split()) >= LONG_QUOTE else match[0], text)
    heading = _HEADING.search(found)
    if heading and len(found[: heading.start()].split()) >= FEWEST_OWN:
        found = found[: heading.start()] + _blanks(found[heading.start() :])
    found = _ANSWERED.sub(_blank, found)
    return found if len(re.findall(r"\w+", found)) >= FEWEST_OWN else text


def _blank(match: re.Match[str]) -> str:
    return _blanks(match[0])


def _blanks(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
