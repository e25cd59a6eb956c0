"""Rules that no situation can reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidance.funding.graph import Graph
from guidance.funding.model import Funding, Table
from guidance.funding.situation import Reader


def unreachable(data: Funding, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Each rule that can never decide, with the rules that come before it wherever it holds."""
    reader = Reader(data)
    rules = [dict(reader.parts(rule.when)) for rule in table.rules]
    graph = Graph(rules, reader.unknown)
    reached = {rule for rule, answers in graph.paths(reader.unknown) if _possible(reader, answers)}
    for number in range(len(rules)):
        if number not in reached:
            yield number, _before(number, rules, graph, reader, table)


def _possible(reader: Reader, answers: Sequence[int]) -> bool:
    """Whether a person can have these answers; a question is left out only where it cannot apply."""
    masks = [
        mask if mask & domain.full else reader.unknown[domain.index]
        for mask, domain in zip(answers, reader.domains, strict=True)
    ]
    if reader.settle(masks) is not None:
        return False
    return all(settled & mask for settled, mask in zip(masks, answers, strict=True))


def _before(number: int, rules: list[dict[int, int]], graph: Graph, reader: Reader, table: Table) -> list[str]:
    held = [rules[number].get(domain.index, domain.full | domain.absent) for domain in reader.domains]
    found = {rule for rule, answers in graph.paths(held) if _possible(reader, answers)}
    return [table.rules[rule].id for rule in sorted(found)]
