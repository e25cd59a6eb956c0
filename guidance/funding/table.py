"""One decision table made ready: situations in, decisions out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from guidance.funding.decision import Decision
from guidance.funding.graph import Graph, Node, Reach
from guidance.funding.model import Code, Funding, Rule, Table
from guidance.funding.situation import Reader

KEPT = 8192  # incomplete situations remembered a table


class Compiled:
    """A table with its rules as masks and as a decision graph."""

    def __init__(self, table: Table, data: Funding, reader: Reader) -> None:
        self.table = table
        self._data, self._reader = data, reader
        self._codes = {code.id: code for code in data.codes}
        self.rules = [dict(reader.parts(rule.when)) for rule in table.rules]
        self.graph = Graph(self.rules, reader.unknown)
        self._verdicts = [self._codes[rule.code].outcome for rule in table.rules]
        self._told = [self._tell(number) for number in range(len(table.rules))]
        self._notes = [
            (domain.index, domain.bits[value], text)
            for domain in reader.domains
            for value, text in domain.input.notes.items()
        ]
        self._partly = lru_cache(maxsize=KEPT)(self._decide_partly)

    def decide(self, masks: Sequence[int]) -> Decision:
        """The decision for what is known.

        With an input missing that cannot change the outcome, the rule named is the first that surely holds;
        DfE's service, which knows that input, may name an earlier one with the same outcome.
        """
        rule = self.graph.walk(masks)
        if isinstance(rule, Node):
            reached = self._partly(rule, tuple([masks[index] for index in rule.below]))
            if isinstance(reached, Decision):
                return reached
            rule = self._surest(masks, reached)
        for index, bit, note in self._notes:
            if masks[index] == bit:
                return self._tell(rule, note)
        return self._told[rule]

    def told(self, rule: int) -> Decision:
        """What is said when this rule (by its place) decides."""
        return self._told[rule]

    def _decide_partly(self, start: Node, answers: tuple[int, ...]) -> Decision | tuple[int, ...]:
        """With inputs missing: the decision that says which matter, or rules that all end the same."""
        masks = list(self._reader.unknown)
        for index, mask in zip(start.below, answers, strict=True):
            masks[index] = mask
        reach = Reach(start, masks, self._verdicts)
        if reach.result is None:
            names = [self._reader.domains[index].input.id for index in reach.needs]
            return Decision(needs=tuple(names), cohort=self.table.id)
        return tuple(sorted(reach.rules))

    def _surest(self, masks: Sequence[int], reached: Sequence[int]) -> int:
        """Of rules that all have the same outcome: the first that surely holds, or else the first."""
        for rule in reached:
            if all(not masks[index] & ~mask for index, mask in self.rules[rule].items()):
                return rule
        return reached[0]

    def _tell(self, number: int, note: str = "") -> Decision:
        rule = self.table.rules[number]
        code = self._codes[rule.code]
        return Decision(
            outcome=code.outcome,
            code=code.id,
            rule=rule.id,
            reason=reason(self._data, self.table, rule, code, note),
            cohort=self.table.id,
        )


def reason(data: Funding, table: Table, rule: Rule, code: Code, note: str = "") -> str:
    """What a person reads: why, the caveat that goes with the outcome, and what to know about the table.

    A note on a value (a course that has ended) stands in place of why.
    """
    outcome = data.outcomes[code.outcome]
    caveat = outcome.caveat_once if table.closed else outcome.caveat
    return " ".join(" ".join((note or rule.because or code.reason, caveat, table.note)).split())
