"""The spaCy pipeline: an English tokenizer, our spelling, and the knowledge's phrases.

Blank English needs no downloaded model: what we look for is known beforehand, so nothing has to be guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

from bot.nlu.language import component, safety
from bot.nlu.language.codes import CodeReader
from bot.nlu.language.phrases import PROGRAMME, Phrase, phrases, typed_code
from bot.nlu.language.safety import CrisisWords
from bot.nlu.language.spelling import Speller
from guidance.knowledge import Knowledge

# Marks that join words without changing what they say: npq-sl, sl/h, senco's.
JOINERS = frozenset({"-", "–", "—", "/", "'", "’", "‘", '"', "“", "”", "(", ")", "*", "_"})
MORE_INFIXES = (r"(?<=[A-Za-z])[&+](?=[A-Za-z])", r"(?<=[A-Za-z])[?!;](?=[A-Za-z])")
# spaCy keeps every word it has ever seen. A fresh pipeline (0.3 s) after this many keeps memory flat.
MOST_STRINGS = 200_000

# The words of a phrase in lower case, each with what a contraction's part says ("n't": "not") or None.
Typed = Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class Hit:
    """A phrase found: words ``first`` to ``last`` (exclusive) of ``Reading.words``."""

    phrase: Phrase
    first: int
    last: int


@dataclass(frozen=True)
class Reading:
    """A message as read: its spaCy doc, its words (spelling repaired, joiners dropped) and all hits.

    ``places[i]`` is the token that word ``i`` came from; ``crisis`` the characters of crisis words, if any;
    ``readable`` whether at least one word is English or known to the knowledge.
    """

    doc: Doc
    words: tuple[str, ...]
    places: tuple[int, ...]
    hits: tuple[Hit, ...]
    crisis: tuple[int, int] | None
    readable: bool

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Words ``first`` to ``last`` (exclusive) -> characters of the message (end exclusive)."""
        start, end = self.doc[self.places[first]], self.doc[self.places[last - 1]]
        return start.idx, end.idx + len(end.text)


class Guide:
    """Reads messages with one version of the knowledge."""

    def __init__(self, knowledge: Knowledge, ordinary: Collection[str]) -> None:
        """``ordinary``: English words which are never taken for a misspelling."""
        self.version = knowledge.version
        self._phrases = phrases(knowledge)
        nlp = english()
        known: set[str] = set()
        typed = [_typed(nlp.make_doc(phrase.text), known) for phrase in self._phrases]
        self._real = known.union(ordinary)
        self._repair = _repair(knowledge, self._phrases, known, ordinary)
        self._crisis = CrisisWords(knowledge, self._repair)
        self._set(nlp, typed)

    def read(self, text: str) -> Reading:
        """Tokenize, repair and match a message of any length; empty text gives an empty reading."""
        if len(self._nlp.vocab.strings) > self._limit:
            nlp = english()
            self._set(nlp, [_typed(nlp.make_doc(phrase.text), set()) for phrase in self._phrases])
        doc: Doc = self._nlp(text)
        kept = [token for token in doc if not token.is_space and token.text not in JOINERS]
        words = tuple(token.norm_ for token in kept)
        places = tuple(token.i for token in kept)
        readable = any(len(word) > 1 and word in self._real for word in words)
        return Reading(doc, words, places, self._hits(words), self._crisis.find(text), readable)

    def _set(self, nlp: Language, typed: Sequence[Typed]) -> None:
        self._matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
        repair = lru_cache(maxsize=None)(self._repair)  # phrases repeat the same words
        for number, words_typed in enumerate(typed):
            words = [said or repair(lower) for lower, said in words_typed]
            if words:
                self._matcher.add(str(number), [Doc(nlp.vocab, words=words)])
        spelling = nlp.add_pipe(component.NAME)
        assert isinstance(spelling, component.Spelling)
        spelling.repair = self._repair
        self._nlp = nlp
        self._limit = len(nlp.vocab.strings) + MOST_STRINGS

    def _hits(self, words: tuple[str, ...]) -> tuple[Hit, ...]:
        if not words:
            return ()
        view = Doc(self._nlp.vocab, words=list(words))
        strings = self._nlp.vocab.strings
        return tuple(Hit(self._phrases[int(strings[key])], first, last) for key, first, last in self._matcher(view))


def _typed(doc: Doc, known: set[str]) -> Typed:
    """A phrase's words, adding them to ``known``: thousands of spaCy docs held at once would take 25 MB."""
    known.update(token.lower_ for token in doc)
    kept = [token for token in doc if not token.is_space and token.text not in JOINERS]
    return [(token.lower_, component.contracted(token)) for token in kept]


def english() -> Language:
    """spaCy's English tokenizer, which also parts "sl&h" and "funded?and"."""
    nlp = spacy.blank("en")
    infixes = [*(nlp.Defaults.infixes or ()), *MORE_INFIXES]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


def _repair(
    knowledge: Knowledge, known: Sequence[Phrase], words: set[str], ordinary: Collection[str]
) -> Callable[[str], str]:
    """The function from a word as typed to the word meant."""
    speller = Speller(words | safety.words(knowledge), ordinary)
    reader = CodeReader({typed_code(code) for code in knowledge.programmes}, ordinary)
    exact = {phrase.text for phrase in known if phrase.kind == PROGRAMME}

    def repair(word: str) -> str:
        if word in exact:  # a spelling the knowledge lists already says what it means
            return word
        return reader.read(word) or speller.correct(word)

    return repair
