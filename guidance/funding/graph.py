"""A table as a decision graph: one question a node, one rule a leaf.

Inputs are numbered in the order people are asked, and what is known of each is a set of values as a bit mask.
The graph is built once a table. Which inputs still matter is found by leaving out the branches that the known
answers rule out and merging what then no longer differs: exactly the questions that remain matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Masks = Mapping[int, int]  # input -> the values it may have


@dataclass(eq=False)
class Node:
    """A question, and for each set of answers where to go on: another question or the number of a rule."""

    index: int
    edges: tuple[tuple[int, Node | int], ...]
    by_answer: dict[int, Node | int] = field(default_factory=dict)
    below: tuple[int, ...] = ()  # this and all questions that may follow


def bits(mask: int) -> Iterator[int]:
    """The single values in a mask."""
    while mask:
        low = mask & -mask
        yield low
        mask ^= low


class Graph:
    """The decision graph of a table whose rules are given as conditions, first match wins."""

    def __init__(self, rules: Sequence[Masks], domains: Sequence[int]) -> None:
        self._rules = rules
        self._domains = domains
        self._grown: dict[tuple[int, tuple[int, ...]], Node | int] = {}
        self._nodes: dict[tuple[Hashable, ...], Node] = {}
        self.root = self._grow(0, tuple(range(len(rules))))

    def _grow(self, index: int, alive: tuple[int, ...]) -> Node | int:
        """The graph over the inputs from `index` on, for the rules still possible."""
        alive = self._until_sure(index, alive)
        asked = [number for rule in alive for number in self._rules[rule] if number >= index]
        if not asked:
            return alive[0]
        here = min(asked)
        if (here, alive) not in self._grown:
            self._grown[here, alive] = self._ask(here, alive)
        return self._grown[here, alive]

    def _until_sure(self, index: int, alive: tuple[int, ...]) -> tuple[int, ...]:
        """Drop the rules after one that holds whatever the remaining answers are."""
        for position, rule in enumerate(alive):
            if all(number < index for number in self._rules[rule]):
                return alive[: position + 1]
        return alive

    def _ask(self, here: int, alive: tuple[int, ...]) -> Node | int:
        """The question about one input; what comes next when its answer makes no difference."""
        merged: dict[Node | int, int] = {}
        for answer in bits(self._domains[here]):
            left = tuple(rule for rule in alive if self._rules[rule].get(here, answer) & answer)
            child = self._grow(here + 1, left)
            merged[child] = merged.get(child, 0) | answer
        if len(merged) == 1:
            return next(iter(merged))
        key = (here, *merged.items())
        if key not in self._nodes:
            node = Node(here, tuple((mask, child) for child, mask in merged.items()))
            after = {index for _, child in node.edges if isinstance(child, Node) for index in child.below}
            node.below = (here, *sorted(after))
            node.by_answer = {answer: child for mask, child in node.edges for answer in bits(mask)}
            self._nodes[key] = node
        return self._nodes[key]

    def walk(self, known: Sequence[int]) -> Node | int:
        """The rule that decides, or the first question on the way whose answer is missing."""
        here = self.root
        while isinstance(here, Node):
            child = here.by_answer.get(known[here.index])
            if child is None:
                return here
            here = child
        return here

    def paths(self, known: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Each way through the graph that the known answers leave open: its rule, and the answers taken."""
        stack: list[tuple[Node | int, tuple[int, ...]]] = [(self.root, tuple(known))]
        while stack:
            here, answers = stack.pop()
            if not isinstance(here, Node):
                yield here, answers
                continue
            for mask, child in here.edges:
                if both := mask & answers[here.index]:
                    after = (*answers[: here.index], both, *answers[here.index + 1 :])
                    stack.append((child, after))


class Reach:
    """What a situation can still lead to: the rules, the result if there is but one, the inputs that matter.

    Args:
        root: where to start: the first question whose answer is missing.
        known: the values each input may have.
        results: the result of each rule; rules with the same result count as one.
    """

    def __init__(self, root: Node, known: Sequence[int], results: Sequence[str]) -> None:
        self._known, self._results = known, results
        self._seen: dict[int, int | str] = {}
        self._numbers: dict[tuple[int, frozenset[tuple[int | str, int]]], int] = {}
        self.rules: set[int] = set()
        top = self._reduce(root)
        self.result = top if isinstance(top, str) else None
        self.needs = sorted({index for index, _ in self._remaining(top)})

    def _reduce(self, here: Node | int) -> int | str:
        """A result, or the number of a question that remains; equal functions get equal numbers."""
        if not isinstance(here, Node):
            self.rules.add(here)
            return self._results[here]
        if id(here) not in self._seen:
            parts: dict[int | str, int] = {}
            for mask, child in here.edges:
                if both := mask & self._known[here.index]:
                    below = self._reduce(child)
                    parts[below] = parts.get(below, 0) | both
            self._seen[id(here)] = self._number(here.index, parts)
        return self._seen[id(here)]

    def _number(self, index: int, parts: dict[int | str, int]) -> int | str:
        if len(parts) == 1:
            return next(iter(parts))
        return self._numbers.setdefault((index, frozenset(parts.items())), len(self._numbers))

    def _remaining(self, top: int | str) -> list[tuple[int, frozenset[tuple[int | str, int]]]]:
        """The questions that can still be met on the way from the top."""
        questions = list(self._numbers)
        met: set[int | str] = set()
        stack = [top]
        while stack:
            one = stack.pop()
            if isinstance(one, int) and one not in met:
                met.add(one)
                stack += [below for below, _ in questions[one][1]]
        return [questions[one] for one in met if isinstance(one, int)]
