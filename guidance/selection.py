"""Which facts answer a question about a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from guidance.knowledge import Fact, Knowledge
from guidance.knowledge.narrow import Entry
from guidance.mentions import beginnings, mentioned, plain_words
from guidance.question import NOT_ENGLAND, Question

# The narrower the condition, the more it says about what was asked.
WEIGHTS = {
    "provider": 2.4,
    "period": 4.0,
    "setting": 3.0,
    "role": 3.0,
    "programme": 2.0,
    "phase": 1.0,
}
NARROWING = frozenset(WEIGHTS)
NAMED = NARROWING | {"mentions"}  # by what is in the message itself, not by being near in meaning
MENTION = 2.5
TERM = 2.0  # a word by which the topic is known ("drop out") says less about which of its facts is meant
UNSAID = 2.5  # for a fact whose own words are not said: it is near in meaning, and about something narrower
GENERAL = 0.1
OWN = 0.2  # a programme's own fact comes before one about several
EXPIRED = -1.5
FUNDING = "funding"
CLOSE = 0.66  # meaning this near to one of a fact's `asks` makes the fact a candidate
EXACT = 0.92  # this near, nothing else can have been meant
FEW_WORDS = 3  # of a message that only adds to the one before
SAME = 0.8  # this near, it is what was asked

Given = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Candidate:
    """A fact that could be said, how well it fits, and the conditions it fits by."""

    fact: Fact
    score: float
    dimensions: frozenset[str]
    similarity: float = 0.0

    @property
    def specific(self) -> bool:
        """Whether it answers more than the topic in general."""
        return self.score > 1


def candidates(question: Question, topic: str, knowledge: Knowledge) -> list[Candidate]:
    """The facts of a topic that may be said, best first."""
    found = []
    general = general_fact(question, topic, knowledge)
    given, words = _given(question), plain_words(question.said.words_for(topic))
    begun, terms = beginnings(words), knowledge.topics[topic].terms
    for entry in knowledge.narrowed.about(topic, question.programmes):
        candidate = _fit(entry, question, given, words, begun, terms, general=entry.fact is general)
        if candidate is not None:
            found.append(candidate)
    if any(item.dimensions & NARROWING for item in found):
        # Asking as a head of year, or about NPQH, reads like asking in general; the narrower fact is meant.
        found = [Candidate(item.fact, GENERAL, frozenset()) if item.fact is general else item for item in found]
    here = _named_here(question)
    of_them = max((item.score for item in found if item.dimensions & here), default=0.0)
    if of_them:
        # "Assistant SENCO" is near in meaning to what heads ask: the fact about the job or place named comes first.
        found = [_not_before(item, of_them) if item.similarity < SAME else item for item in found]
    meant = max((item.score for item in found if item.dimensions & NAMED), default=0.0)
    if meant:
        found = [_not_before(item, meant) if is_unsaid(item) or item.fact is general else item for item in found]
    own = max((item.score for item in found if is_own(item.fact)), default=0.0)
    if len(question.programmes) == 1 and own:
        # "Who are the providers for NPQLL" reads like "who are the providers": NPQLL's own fact comes first.
        found = [_not_before(item, own) for item in found]
    found = _true_of_all(found, question)
    return sorted(found, key=lambda item: -item.score)


def _true_of_all(found: list[Candidate], question: Question) -> list[Candidate]:
    """What holds of one of the NPQs named, and is said of "it", comes after what holds of all of them."""
    some = [is_of_some(item.fact, question) for item in found]
    best = max((item.score for item, of_some in zip(found, some) if not of_some), default=None)
    if best is None:
        return found
    after = best - GENERAL
    return [replace(item, score=min(item.score, after)) if of_some else item for item, of_some in zip(found, some)]


def is_of_some(fact: Fact, question: Question) -> bool:
    """Whether a fact is about some of the NPQs that the message names, not about all of them."""
    named = question.said.programmes
    return len(named) > 1 and bool(fact.when.programme) and not set(named) <= set(fact.when.programme)


def _named_here(question: Question) -> frozenset[str]:
    """Which of job, place, provider and intake this message itself names, not one before it."""
    said = question.said
    named = {"role": said.roles, "setting": said.settings, "period": said.periods, "provider": said.providers}
    return frozenset(name for name, values in named.items() if values)


def _not_before(item: Candidate, own: float) -> Candidate:
    """A fact chosen by meaning alone comes after the programme's own, unless it is exactly what was asked."""
    if item.dimensions != {"asks"} or (item.similarity >= EXACT and not is_unsaid(item)):
        return item
    return Candidate(item.fact, min(item.score, own - GENERAL), item.dimensions, item.similarity)


def is_unsaid(item: Candidate) -> bool:
    """Whether none of the words are said that the fact is about."""
    return bool(item.fact.when.mentions) and "mentions" not in item.dimensions


def is_own(fact: Fact) -> bool:
    """Whether it is what a programme's own file says on its topic."""
    return bool(fact.when.programme) and fact.id == f"{fact.when.programme[0].lower()}.{fact.topic}"


def general_fact(question: Question, topic: str, knowledge: Knowledge) -> Fact | None:
    """The topic's answer when nothing narrower fits: its first fact without conditions that holds."""
    facts = (fact for fact in knowledge.by_topic.get(topic, []) if not fact.when)
    return next((fact for fact in facts if not _later(fact, question)), None)


def _later(fact: Fact, question: Question) -> bool:
    """Whether the fact began to hold only after the day, or the past year, that is asked about."""
    if fact.valid_from is None:
        return False
    if question.about_the_past and not fact.when.period:
        return fact.valid_from.year > max(question.said.years)
    return fact.valid_from > question.today


def _fit(
    entry: Entry,
    question: Question,
    given: Given,
    words: str,
    begun: frozenset[str],
    terms: Sequence[str],
    *,
    general: bool,
) -> Candidate | None:
    fact, _, letters = entry
    similarity = question.said.hints.get(fact.id, 0.0)
    said = bool(letters) and not letters.isdisjoint(begun) and mentioned(words, fact.when.mentions)
    if letters and not said and similarity < SAME:  # nearly all end here
        return None
    if _later(fact, question):
        return None
    fitted = _conditions(entry, given)
    if fitted is None:
        return None
    score = sum(WEIGHTS[name] for name in fitted)
    if is_own(fact):
        score += OWN
    dimensions = set(fitted)
    if said:
        own = mentioned(words, (item for item in fact.when.mentions if item not in terms))
        score += MENTION if own else TERM
        dimensions.add("mentions")
    if similarity >= CLOSE:
        score += (similarity - 0.45) * 12
        dimensions.add("asks")
        if letters and not said:
            score -= UNSAID * min(1.0, max(0.0, EXACT - similarity) / (EXACT - SAME))
    elif not (entry.wanted or letters or general):
        return None
    if general and not dimensions:
        score = GENERAL
    if fact.valid_until and fact.valid_until < question.today:
        score += EXPIRED
    return Candidate(fact, score, frozenset(dimensions), similarity)


def _given(question: Question) -> Given:
    """What the question gives for each condition a fact may have."""
    return {
        "programme": frozenset(question.programmes),
        "setting": frozenset(question.settings),
        "role": frozenset(question.roles),
        "phase": frozenset(question.said.phases),
        "provider": frozenset(question.providers),
        "period": frozenset(question.periods),
    }


def _conditions(entry: Entry, given: Given) -> list[str] | None:
    """The dimensions whose condition holds; None when one does not hold."""
    for name, wanted in entry.wanted:
        values = given[name]
        found = values & wanted
        abroad = values.intersection(NOT_ENGLAND) if name == "setting" and entry.fact.topic == FUNDING else None
        if not found or (abroad and not found & abroad):  # a special school in Wales is no special school in England
            return None
    return [name for name, _ in entry.wanted]


def said_in_full(fact: Fact, plain: str) -> bool:
    """Whether a phrase stands in the words (as `plain_words` gives them), not only one word it may be chosen by."""
    return mentioned(plain, (item for item in fact.when.mentions if len(item.replace(" + ", " ").split()) > 1))


def says_more(text: str, topics: Sequence[str], knowledge: Knowledge, most: int = FEW_WORDS) -> bool:
    """Whether a few words (at most `most`), "level 3" or "maternity", tell more of what the last answer was about."""
    if not topics or len(text.split()) > most:
        return False
    plain = plain_words(text)
    return any(mentioned(plain, fact.when.mentions) for fact in knowledge.by_topic.get(topics[0], []))
