"""The gate every message passes, whatever the channel: what is accepted, in what form."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 1000

# Unicode tags and zero-width characters carry text nobody sees; controls and direction overrides
# change how the rest is shown.
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Persian, Urdu and Indian scripts spell with these two; elsewhere they only hide something.
_JOINERS = re.compile("(?<![\u0600-\u06ff\u0750-\u077f\u0900-\u0dff])[\u200c\u200d]+|[\u200c\u200d](?=[\u200c\u200d])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\u00a0]+")


class Refused(Exception):
    """The message cannot be taken. `code` is for programs, the text is for people."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(reason)


def accept(text: object) -> str:
    """The message as the agent may see it.

    Rasa takes a text beginning with `/` as a command (`/restart`, `/intent{...}`), whoever typed it;
    without the slash it is plain text like any other.

    Raises:
        Refused: not text, empty, or longer than 1,000 characters.
    """
    if not isinstance(text, str):
        raise Refused("text_not_string", "`text` must be a string.")
    if len(text) > MOST_CHARACTERS:
        raise Refused("text_too_long", f"Your message must be {MOST_CHARACTERS:,} characters or fewer.")
    plain = visible(text)
    if not plain:
        raise Refused("text_empty", "Your message is empty. Type a question.")
    return plain


def visible(text: str) -> str:
    """The text a person sees: no hidden characters, no leading slashes, single blanks."""
    text = _JOINERS.sub("", _INVISIBLE.sub("", _TAGS.sub("", text)))
    text = unicodedata.normalize("NFC", _CONTROLS.sub(" ", text.replace("\r\n", "\n")))
    return _BLANKS.sub(" ", text).strip().lstrip("/\\ ").strip()
