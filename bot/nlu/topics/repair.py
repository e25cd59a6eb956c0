"""Mistyped words put right before a text is classified: "how mcuh does it csot" reads like the question it is.

Names are repaired by ``language.spelling``; this is about all the other words people ask with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.nlu.encoder import session
from bot.nlu.language.spelling import SAME_WORD
from bot.nlu.topics.slips import Language, Slips
from guidance.knowledge import Knowledge

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
RECIPE = "2"  # raise it when what comes out changes, so that models are trained anew
MOST_STRANGE = 3  # words that stand nowhere, in a message of English
STRANGE_SHARE = 0.34  # or this share of its words


def _words(text: str) -> list[str]:
    return text.split()


# Short words that questions are made of, likeliest first: with so few letters only these are safe.
SMALL = _words(
    """
the how what when can does much need long with have will who why for and are you get free cost paid fund
from take help start want which where many time year week is it that this they them than then there must
should would could hour pay fee fees apply is am do does work works part full
"""
)
# Right as they are, though in no list: people leave apostrophes out, and the knowledge has near neighbours.
AS_WRITTEN = _words(
    """
thats whats wheres whos hows im ive id youre youve theyre theres isnt arent wasnt werent dont doesnt didnt cant couldnt
wont wouldnt shouldnt hasnt havent hadnt lets its childs sons daughters schools teachers thx tnx ta pls plz ppl tbh
nvm brb lol haha asap wanna gonna gotta dunno cheers fab soz cos coz bit
paternity dyslexic dyslexics dyscalculia qualifies facilitators ofsted
"""
)

# Written in full, so that "im" and "i'm" are one; not those that are words of their own without it ("were", "ill").
SHORT_FORMS = {
    word.replace("'", ""): word
    for word in _words(
        """
        that's what's where's who's how's when's there's it's i'm i've you've you're you'll they're they've
        we've isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't hasn't
        haven't hadn't let's she's he's
        """
    )
}

_live: list[Repair] = []
_learned: list[str] = []


class Repair:
    """Repairs texts with the words of one version of the knowledge."""

    def __init__(self, knowledge: Knowledge, ranks: Mapping[str, int], lines: Iterable[str] = ()) -> None:
        """``ranks``: English word -> its place by frequency. ``lines``: what else people write."""
        self.version = knowledge.version
        sentences = ([plain(word) for word in WORD.findall(text)] for text in (*_sentences(knowledge), *lines))
        language = Language(sentences, ranks)
        self._slips = Slips(language, [*SMALL, *AS_WRITTEN, *SAME_WORD])

    def __call__(self, text: str) -> str:
        """The text with its misspelt words repaired; all else as it was."""
        found = list(WORD.finditer(text))
        words = [plain(match[0]) for match in found]
        strange = sum(not self._slips.knows(word) for word in words)
        foreign = any(not word.isascii() and not self._slips.knows(word) for word in words)
        if foreign or strange > max(MOST_STRANGE, STRANGE_SHARE * len(words)):
            return text  # another language, or no language
        meant = self._slips.repaired([SAME_WORD.get(word, word) for word in words])
        if 1 < len(words) == strange and not all(map(self._slips.knows, meant)):
            return text  # "asdkjh qwe"
        pieces, at = [], 0
        for match, word, right in zip(found, words, meant):
            pieces += [text[at : match.start()], self._written(match[0], word, right)]
            at = match.end()
        return "".join([*pieces, text[at:]])

    def _written(self, typed: str, word: str, right: str) -> str:
        if right == word and right not in SHORT_FORMS:
            return typed
        return SHORT_FORMS.get(right, right)


def live(knowledge: Knowledge) -> Repair:
    """The repair for the knowledge; made anew when that has changed."""
    if not _live or _live[0].version != knowledge.version:
        _live[:] = [Repair(knowledge, session.active().ranks(), _learned)]
    return _live[0]


def learn(lines: Iterable[str]) -> None:
    """From now on take the words of these lines into account: those of the training data."""
    _learned[:] = lines
    _live.clear()


def plain(word: str) -> str:
    """A word in small letters without its apostrophe, which people leave out."""
    return word.lower().replace("'", "").replace("’", "")


def _sentences(knowledge: Knowledge) -> Iterable[str]:
    for fact in knowledge.facts.values():
        yield fact.said()
        yield from fact.asks
    for topic in knowledge.topics.values():
        yield topic.example
        yield " ".join(topic.terms)
