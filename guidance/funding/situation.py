"""A situation as people and programs give it: checked, then turned into what is known of each input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from guidance.funding.model import Condition, Funding, Input, Value

DEFAULT_COHORT = "autumn_2026"
SHOWN = 60  # characters of a wrong value that are repeated in the message
UNKNOWN: tuple[int, type, dict[object, int]] = (-1, bool, {})
Parts = tuple[tuple[int, int], ...]


class Refused(ValueError):
    """The situation cannot be judged; the text names the input and its allowed values."""


@dataclass(frozen=True)
class Domain:
    """An input with its values as bits, and one bit more, `absent`: the question does not apply."""

    index: int
    input: Input

    @cached_property
    def bits(self) -> dict[Value, int]:
        """The bit of each value."""
        return {value: 1 << place for place, value in enumerate(self.input.values)}

    @cached_property
    def full(self) -> int:
        """All values: nothing is known."""
        return (1 << len(self.input.values)) - 1

    @cached_property
    def absent(self) -> int:
        """The bit for an input that does not apply; 0 where everyone has a value."""
        return 0 if self.input.always else self.full + 1

    @cached_property
    def kind(self) -> type:
        """The type of its values: `bool` or `str`."""
        return type(self.input.values[0])

    @cached_property
    def spellings(self) -> dict[object, int]:
        """The bit of each value as it may be given."""
        found: dict[object, int] = dict(self.bits.items())
        found.update((other, self.bits[value]) for other, value in self.input.also.items())
        return found

    def allowed(self, mask: int | None = None) -> str:
        """The allowed values, for messages."""
        left = [value for value, bit in self.bits.items() if mask is None or bit & mask]
        return ", ".join(shown(value) for value in left)


def shown(value: object) -> str:
    """A value as it is written in JSON, without the quotation marks of a word."""
    text = value if isinstance(value, str) else json.dumps(value, default=repr)
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."


@dataclass(frozen=True)
class Known:
    """A situation read: the table to use, and for each input the values it may still have."""

    cohort: str
    masks: list[int]


class Reader:
    """Reads situations by the inputs and contradictions of the funding file."""

    def __init__(self, data: Funding) -> None:
        self.domains = [Domain(index, item) for index, item in enumerate(data.inputs)]
        self.by_name = {domain.input.id: domain for domain in self.domains}
        self._lookup = {domain.input.id: (domain.index, domain.kind, domain.spellings) for domain in self.domains}
        self._data = data
        self._because = [item.because for item in data.contradictions]
        self._contradictions = [self.parts(item.when) for item in data.contradictions]
        self._sometimes = [(domain.index, domain.full) for domain in self.domains if not domain.input.always]
        self.unknown = [domain.full | domain.absent for domain in self.domains]
        self._funded = {table.id: table.funded for table in data.tables}

    def parts(self, condition: Condition) -> Parts:
        """A condition as (input, mask) pairs, in the order it was written."""
        found = []
        for name, values in condition.items():
            domain = self.by_name[name]
            found.append((domain.index, sum({domain.bits[value] for value in self._data.spread(values)})))
        return tuple(found)

    def read(self, situation: object) -> Known:
        """What a situation says; `null` means not known or not applicable.

        Raises:
            Refused: for an unknown input or value, or answers that contradict each other.
        """
        if not isinstance(situation, dict):
            raise Refused("A situation is a JSON object of inputs and their values, in { and }.")
        masks, faults = list(self.unknown), []
        for name, value in situation.items():
            index, kind, bits = self._lookup.get(name, UNKNOWN)
            if index < 0:
                faults.append(f"`{shown(name)}` is not a known input. Inputs: {', '.join(self.by_name)}.")
            elif value is not None:
                bit = bits.get(value) if isinstance(value, kind) else None  # 1 is not true
                if bit is None:
                    wrong = f"`{name}`: `{shown(value)}` is not an allowed value."
                    faults.append(f"{wrong} Allowed: {self.domains[index].allowed()}, or null when not known.")
                else:
                    masks[index] = bit
        if faults:
            raise Refused(" ".join(faults))
        cohort = self._defaults(situation, masks)
        broken = self.settle(masks)
        if broken is not None:
            raise Refused(self._contradiction(broken, masks, situation))
        return Known(cohort, masks)

    def _defaults(self, situation: dict[str, object], masks: list[int]) -> str:
        """Fill in the cohort, and whether it has scholarships."""
        cohort = situation.get("cohort")
        if cohort is None:
            cohort = DEFAULT_COHORT
            self._set(masks, "cohort", cohort)
        if situation.get("cohort_funded") is None:
            self._set(masks, "cohort_funded", self._funded[str(cohort)])
        return str(cohort)

    def _set(self, masks: list[int], name: str, value: Value) -> None:
        domain = self.by_name[name]
        masks[domain.index] = domain.bits[value]

    def settle(self, masks: list[int]) -> int | None:
        """Rule out what contradicts the answers, until nothing more follows.

        A contradiction with all its answers but one in place rules out the last. An input whose values are
        all ruled out does not apply to this person; one that may apply is taken to apply.

        Returns:
            The number of a contradiction with all its answers in place, or None.
        """
        again = True
        while again:
            again = False
            for number, parts in enumerate(self._contradictions):
                still_open = None
                for part in parts:
                    here = masks[part[0]]
                    if not here & part[1] or (here & ~part[1] and still_open):
                        break
                    if here & ~part[1]:
                        still_open = part
                else:
                    if still_open is None:
                        return number
                    masks[still_open[0]] &= ~still_open[1]
                    again = True
        for index, full in self._sometimes:
            if masks[index] & full:
                masks[index] &= full
        return None

    def _contradiction(self, number: int, masks: list[int], situation: dict[str, object]) -> str:
        """The message for answers that cannot all be true."""
        said = []
        for index, _ in self._contradictions[number]:
            domain = self.domains[index]
            given = situation.get(domain.input.id) is not None or domain.input.id == "cohort"
            inferred = "" if given else " (which follows from the rest)"
            said.append(f"`{domain.input.id}`: `{domain.allowed(masks[index])}`{inferred}")
        first, mask = self._contradictions[number][0]
        left = self.domains[first].allowed(self.domains[first].full & ~mask)
        allowed = f"{left}, or null" if left else "null"
        clash = f"{said[0]} contradicts {' and '.join(said[1:])}. {self._because[number]}"
        return f"{clash} Allowed here for `{self.domains[first].input.id}`: {allowed}."
