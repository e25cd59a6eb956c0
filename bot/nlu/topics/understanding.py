"""What a message means as a whole, from what its clauses mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

CRISIS = "crisis"
# Whoever says one of these must be heard, whatever else the message holds; the first wins.
PERSON = "person"
URGENT = (CRISIS, "data_rights", "complaint", PERSON)
ASK = "ask_"
OUT = "oos_"
STATEMENT_WEIGHT = 0.25  # of a sentence that asks nothing, against one that asks
UNHEARD = 0.05  # of the whole message: what a clause alone seems to say
ALONE = 0.75  # and needs for it
SURER = 0.8  # of a question beside a subject that is not ours
TALK_WEIGHT = 0.1  # of "hi", "thanks" beside anything else
NOTHING_ELSE = 0.65  # of one intent: "if I fail the assessment" asks nothing about assessment
TOLD_ALSO = 0.3  # of the whole, for what is only told and not asked to be answered
WHOLE_COUNTS = 0.5  # of the whole, for what no question in it asks by itself to come first


@dataclass(frozen=True)
class Limits:
    """Confidence limits, chosen by cross-validation (the figures stand in ``config.yml``)."""

    further: float
    statement: float
    listed: float
    urgent: float
    together: float  # of each question where a message is nothing but questions
    term: float


@dataclass(frozen=True)
class Part:
    """A clause as classified: one probability an intent, and the intents whose sure words stand in it.

    ``tells``: a statement in which somebody tells something.
    """

    start: int
    end: int
    asks: bool
    scores: Floats
    terms: frozenset[str] = frozenset()
    listed: bool = False
    tells: bool = False


@dataclass(frozen=True)
class Found:
    """An intent in a clause (characters ``start`` to ``end``)."""

    intent: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True)
class Understanding:
    """``ranking``: all (intent, confidence), best first. ``found``: the intents asked, in order of saying."""

    ranking: list[tuple[str, float]]
    found: list[Found]

    @property
    def intent(self) -> str:
        """The likeliest intent."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """Its probability."""
        return self.ranking[0][1]


def understand(
    intents: Sequence[str], whole: Part, parts: Sequence[Part], limits: Limits, *, crisis: bool = False
) -> Understanding:
    """Weigh the whole message and its clauses (none for a simple message).

    ``crisis``: words were found that surely signal a crisis.
    """
    names = list(intents)
    clauses = [part for part in parts if not part.listed]
    scores = _weighed(names, whole, clauses)
    ranking = sorted(zip(names, map(float, scores)), key=lambda item: -item[1])
    found = _asked(names, whole, parts, limits)
    asked = _main(names, ranking, whole, clauses, found)
    main = _urgent(names, whole, clauses, limits, crisis=crisis) or asked
    if main.intent in URGENT and asked.intent.startswith(ASK) and asked.confidence >= limits.further:
        found = [*(item for item in found if item.intent != asked.intent), asked]  # kept, should the alarm be false
    ranking = [(main.intent, main.confidence), *(item for item in ranking if item[0] != main.intent)]
    others = [item for item in found if item.intent != main.intent]
    return Understanding(ranking, sorted([main, *others], key=lambda item: item.start))


def refused(meant: Understanding) -> Understanding:
    """The same message taken for the likeliest subject which is not ours."""
    best = next((item for item in meant.ranking if item[0].startswith(OUT)), None)
    if best is None:
        return meant
    # It is surely one of them, so their shares count together.
    sure = sum(share for intent, share in meant.ranking if intent.startswith(OUT))
    first = (best[0], max(sure, meant.confidence))
    said = meant.found[0]
    return Understanding(
        [first, *(item for item in meant.ranking if item[0] != best[0])],
        [Found(best[0], first[1], said.start, said.end)],
    )


def _weighed(names: Sequence[str], whole: Part, clauses: Sequence[Part]) -> Floats:
    """The whole's scores mixed with its clauses': questions count fully, statements and small talk little."""
    if len(clauses) < 2:
        return whole.scores
    rows = np.stack([part.scores for part in clauses])
    weights = np.array([1.0 if part.asks else STATEMENT_WEIGHT for part in clauses], dtype=np.float32)
    talk = np.array([not name.startswith((ASK, OUT)) and name not in URGENT for name in names])
    weights *= np.where(rows[:, talk].sum(axis=1) > 0.5, TALK_WEIGHT, 1.0)
    mixed: Floats = 0.5 * whole.scores + 0.5 * (weights @ rows) / weights.sum()
    return mixed


def _asked(names: Sequence[str], whole: Part, parts: Sequence[Part], limits: Limits) -> list[Found]:
    """What the clauses surely ask, each intent once."""
    asking = any(part.asks for part in parts)
    only_asking = asking and all(part.asks for part in parts)
    found: dict[str, Found] = {}
    for part in parts or [whole]:
        # Where something is asked, the statements around it are background, not questions.
        if asking and not part.asks:
            continue
        limit = limits.together if only_asking and len(parts) > 1 else limits.further
        for intent, confidence in _certain(names, part, replace(limits, further=limit), None if only_asking else whole):
            if intent.startswith(OUT) and confidence < limits.further:
                continue
            if part.tells and len(parts) > 2 and whole.scores[names.index(intent)] < TOLD_ALSO:
                continue
            known = found.get(intent)
            if known is None or confidence > known.confidence:
                found[intent] = Found(intent, confidence, part.start, part.end)
    return list(found.values())


def _certain(names: Sequence[str], part: Part, limits: Limits, whole: Part | None) -> list[tuple[str, float]]:
    """What a clause surely asks. ``whole``: the message, where it must bear that out."""
    limit = limits.listed if part.listed else limits.further if part.asks else limits.statement
    best = int(part.scores.argmax())
    if whole is not None and _about_something(names, whole) and whole.scores[best] < UNHEARD:
        limit = max(limit, ALONE)  # "..., is that a bar?": by itself it may be read as anything
    certain = {names[best]: float(part.scores[best])} if part.scores[best] >= limit else {}
    for intent in part.terms if part.scores[best] < NOTHING_ELSE else ():
        score = float(part.scores[names.index(intent)]) if intent in names else 0.0
        if score >= limits.term:
            certain.setdefault(intent, score)
    return [(intent, score) for intent, score in certain.items() if intent.startswith((ASK, OUT))]


def _about_something(names: Sequence[str], whole: Part) -> bool:
    return names[int(whole.scores.argmax())].startswith((ASK, OUT))


def _urgent(
    names: Sequence[str], whole: Part, clauses: Sequence[Part], limits: Limits, *, crisis: bool
) -> Found | None:
    if crisis:
        return Found(CRISIS, 1.0, whole.start, whole.end)
    for intent in URGENT:
        at = names.index(intent) if intent in names else -1
        # "I was asked ...", "my head told me to contact ..." are near to asking for a person.
        limit = limits.further if intent == PERSON else limits.urgent
        for part in [*clauses, whole] if at >= 0 else []:
            # Likeliest of all, or likely enough where it shares the clause with something else.
            if part.scores[at] >= limit and int(part.scores.argmax()) == at:
                return Found(intent, float(part.scores[at]), part.start, part.end)
    return None


def _main(
    names: Sequence[str],
    ranking: Sequence[tuple[str, float]],
    whole: Part,
    clauses: Sequence[Part],
    found: Sequence[Found],
) -> Found:
    """The message's intent: the likeliest, but a sure question before small talk around it."""
    intent, confidence = ranking[0]
    asked = [item for item in found if item.intent.startswith(ASK)]
    if asked and clauses and (not intent.startswith(ASK) or _only_background(names.index(intent), whole, clauses)):
        surest = max(asked, key=lambda item: item.confidence)
        # "PPA time, how much should I get?": what is not ours is no small talk; its last words alone are a question.
        refused = intent.startswith(OUT) and whole.scores[names.index(intent)] >= WHOLE_COUNTS
        if not refused or surest.confidence >= SURER:
            return surest
    if not clauses:
        return Found(intent, confidence, whole.start, whole.end)
    said = max(clauses, key=lambda part: float(part.scores[names.index(intent)]))
    return Found(intent, confidence, said.start, said.end)


def _only_background(intent: int, whole: Part, clauses: Sequence[Part]) -> bool:
    """Whether no question asks it, and the message is not surely about it as a whole."""
    return whole.scores[intent] < WHOLE_COUNTS and not any(
        part.asks and int(part.scores.argmax()) == intent for part in clauses
    )
