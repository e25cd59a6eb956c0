"""Stale premises: corrected with the day they changed, before or instead of the answer."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.knowledge import Fact, Knowledge, Premise
from guidance.mentions import mentions
from guidance.question import Context, Question, Understood
from guidance.reply import Answer, Button
from guidance.selection import candidates

PAST_TENSE = re.compile(r"\b(was|were|did|used to|back then|at the time|had to)\b", re.IGNORECASE)
MOST_CORRECTIONS = 2
OLDER = re.compile(r"\b(old(er)?|legacy|previous|former|original|20(1\d|20))\b", re.IGNORECASE)
TODAYS = re.compile(r"\b(todays|today's|new(er)?|now|current|present|latest|reformed|2021)\b", re.IGNORECASE)
A_QUESTION = re.compile(r"(and |but |so )?(how|what|when|where|who|why|is|are|do|does|did|can)\b", re.IGNORECASE)
SHORT_REPLY = 6


def corrections(question: Question, knowledge: Knowledge) -> tuple[list[Fact], list[str]]:
    """The corrections to say first, and the topics still to be answered after them."""
    facts: list[Fact] = []
    topics = list(question.topics)
    for name in question.said.premises:
        premise = knowledge.premises[name]
        if not _holds(premise, question) or len(facts) == MOST_CORRECTIONS:
            continue
        related = [topic for topic in topics if topic in premise.topics]
        if premise.topics and not related:
            continue  # it would not bear on what was asked
        if any(_speaks_of_it(premise, question, topic, knowledge) for topic in related):
            continue  # the topic's own fact says it better
        facts.append(_fact(premise))
        if premise.replaces:
            topics = [topic for topic in topics if topic not in premise.topics]
    return facts, topics


def _holds(premise: Premise, question: Question) -> bool:
    if premise.valid_from and premise.valid_from > question.today:
        return False
    return not (premise.not_with_past and question.about_the_past)


def _speaks_of_it(premise: Premise, question: Question, topic: str, knowledge: Knowledge) -> bool:
    """Whether the fact to be said on the topic names the stale idea itself, and so corrects it."""
    found = candidates(question, topic, knowledge)
    return bool(found) and mentions(found[0].fact.text, premise.phrases)


def _fact(premise: Premise) -> Fact:
    return Fact(
        id=f"premise.{premise.id}",
        topic=premise.topics[0] if premise.topics else "",
        text=premise.text,
        source=premise.source,
        as_of=premise.as_of,
        certainty="certain",
    )


def namesake_question(question: Question, knowledge: Knowledge) -> Answer | None:
    """Ask which of two programmes with one name is meant, where the words do not tell."""
    if not PAST_TENSE.search(question.said.text) or question.said.years or question.periods:
        return None
    each = [topic for topic in question.topics if knowledge.topics[topic].programme == "each"]
    if any(knowledge.programmes[code].status != "current" for code in question.said.programmes):
        return None  # "I did NPQML, can I have NPQSL": the past is of that one
    for code in question.said.programmes:
        programme = knowledge.programmes[code]
        other = knowledge.programmes.get(programme.namesake or "")
        if not each or other is None or programme.status != "current" or each[0] not in other.facts:
            continue
        title = knowledge.topics[each[0]].title
        return Answer(
            messages=(
                f"There are two programmes called {code}: the older one (2017 to 2022) and today's "
                "(since November 2021). Which do you mean?",
            ),
            status="clarify",
            topics=question.topics,
            programmes=question.programmes,
            buttons=(
                Button(f"The older {code}", f"{title}: the older {code} from 2017"),
                Button(f"Today's {code}", f"{title}: today's {code}"),
            ),
            asking="programme",
        )
    return None


def chosen_namesake(said: Understood, context: Context, knowledge: Knowledge) -> Understood | None:
    """The question asked before, about the namesake the visitor now chooses; None where nothing is chosen."""
    asked = [knowledge.topics[name] for name in context.topics if knowledge.topics[name].programme == "each"]
    if context.asking != "programme" or not asked or not context.programmes:
        return None
    programme = knowledge.programmes[context.programmes[0]]
    text = said.text.replace("’", "'")
    pressed = text.startswith(f"{asked[0].title}: ")
    if programme.namesake is None or not (pressed or _short_reply(text)):
        return None
    older = bool(OLDER.search(text))
    if not older and not TODAYS.search(text):
        return None
    codes = sorted(
        (programme.code, programme.namesake), key=lambda code: knowledge.programmes[code].status == "current"
    )
    return replace(
        said,
        text=asked[0].title,
        intent=asked[0].intent,
        topics=context.topics,
        parts={},
        hints={},
        programmes=(codes[0] if older else codes[1],),
        years=(),
        periods=(),
    )


def _short_reply(text: str) -> bool:
    return len(text.split()) <= SHORT_REPLY and not A_QUESTION.match(text)
