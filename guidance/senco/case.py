"""One question to the SENCO clock, and how its answer is put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from guidance.dates import school_year_of
from guidance.intakes import next_start
from guidance.knowledge import Fact, Knowledge
from guidance.knowledge.model import Status
from guidance.question import NOT_ENGLAND
from guidance.reply import Answer, Button, cite
from guidance.senco import words
from guidance.senco.rule import Rule
from guidance.senco.said import DEADLINE_TOPIC, Known, Said
from guidance.senco.words import Sentence, Sentences

ASKING = "senco_start"
CODE = "NPQSENCO"
ASK_WHEN = "When did you take up the post as SENCO? A month and year is enough."
MOST_BUTTONS, MOST_BUBBLES = 3, 2
LATE, HALF_DONE, BEFORE_2009, HELD = "senco-deadline-late", "nasenco-half-done", "nasenco-2009", "nasenco-holder"
MOVED, BEFORE_2024 = "senco-deadline-change-school", "senco-deadline-before-2024"
NEXT_START = "dates.next-start"  # composed of the intakes, not one of the facts in the files


@dataclass(frozen=True)
class Case:
    """What was said, what is known, and the rule to answer by."""

    said: Said
    rule: Rule
    known: Known
    knowledge: Knowledge
    today: date

    def reply(self, *bubbles: Sentences, ask: bool = False, status: Status = "answered") -> Answer:
        """An answer of at most two bubbles, with the facts its sentences rest on."""
        kept = [words.shortened(item, self.known.contact) for item in bubbles[:MOST_BUBBLES]]
        used = self._facts(dict.fromkeys(name for item in kept for sentence in item for name in sentence.facts))
        return Answer(
            messages=tuple(words.joined(item) for item in kept if item),
            status=status,
            topics=(DEADLINE_TOPIC,),
            programmes=(CODE,),
            facts=tuple(fact.id for fact in used),
            sources=cite(used, self.knowledge),
            buttons=self._examples() if ask else self._next_steps(),
            asking=ASKING if ask else None,
        )

    def _facts(self, names: Iterable[str]) -> list[Fact]:
        known = {**self.knowledge.facts}
        if start := next_start(self.knowledge, self.today):
            known[NEXT_START] = start
        return [known[name] for name in names if name in known]

    def _examples(self) -> tuple[Button, ...]:
        """Three ways to say when."""
        year, limit = school_year_of(self.today), words.month(self.rule.exempt_before)
        return (
            *(Button(f"September {item}", f"I became SENCO in September {item}") for item in (year, year - 1)),
            Button(f"Before {limit}", f"I have been SENCO since before {limit}"),
        )

    def _next_steps(self) -> tuple[Button, ...]:
        topics = [self.knowledge.topics[name] for name in self.knowledge.topics[DEADLINE_TOPIC].next]
        return tuple(Button(topic.title, topic.example) for topic in topics[:MOST_BUTTONS])

    def setting_fact(self) -> Fact | None:
        """What the knowledge says of the duty in a setting it does not plainly cover; None for the others."""
        for fact in self.knowledge.by_topic.get("senco_required", []):
            named = set(fact.when.setting)
            if named & set(self.known.settings) and (fact.certainty == "uncertain" or named & set(NOT_ENGLAND)):
                return fact
        return None

    def if_it_applies(self, lead: Sentences, second: Sentences, *, ask: bool = False) -> Answer:
        """The two bubbles; in a setting the rule may not cover, first that, and the date with an if."""
        other = self.setting_fact()
        if other is None:
            return self.reply(lead, second, ask=ask)
        doubt = [Sentence("If the rule applies in your setting, it counts like this."), *lead]
        return self.reply([Sentence(other.said(), 0, (other.id,))], doubt, ask=ask)
