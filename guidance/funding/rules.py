"""All funding rules made ready for use."""

from __future__ import annotations

from functools import cached_property

from guidance.funding.changes import what_would_change
from guidance.funding.decision import Decision
from guidance.funding.model import Funding, Input
from guidance.funding.situation import Reader, Refused
from guidance.funding.table import Compiled


class Rules:
    """Decides about situations. `data` is the funding file; the tables are made ready on first use.

    Derived values: without `cohort` the situation is about autumn 2026; `cohort_funded` follows from the
    cohort unless it is given; what contradicts the answers given is ruled out (a childminder's workplace is
    no nursery school). Nothing else is assumed: an input that is missing and matters is named in `needs`. It
    matters when its value can change the outcome for some answers to the other missing ones, each of which
    may be anything that goes with what was given.
    """

    def __init__(self, data: Funding) -> None:
        self.data = data

    @cached_property
    def reader(self) -> Reader:
        """Reads situations."""
        return Reader(self.data)

    @cached_property
    def tables(self) -> dict[str, Compiled]:
        """The tables made ready, by cohort."""
        return {table.id: Compiled(table, self.data, self.reader) for table in self.data.tables}

    @cached_property
    def inputs(self) -> dict[str, Input]:
        """What can be known of a person, in the order people are asked."""
        return {item.id: item for item in self.data.inputs}

    def decide(self, situation: object) -> Decision:
        """The outcome of a situation (a dict of inputs), or what is missing, or what is wrong with it."""
        try:
            known = self.reader.read(situation)
        except Refused as refusal:
            return Decision(error=str(refusal))
        return self.tables[known.cohort].decide(known.masks)

    def what_would_change(self, situation: object) -> list[str]:
        """What would give another outcome, in plain words: "a school with targeted RISE support"."""
        return what_would_change(situation, self.decide, self.data)

    def eligible_type(self, code: str) -> bool:
        """Whether a type of DfE's schools register (GIAS), by its code, is an eligible establishment."""
        return code in self.data.establishment_types.types
