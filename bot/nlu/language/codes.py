"""Programme codes people mistype: NPHQ, NQPSL, npqsenc."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA

NPQ = "npq"
PLURAL = "npqs"
SHORT_CODE = 5  # letters: npqlx may be npqll or npqlt, npqsenko can only be npqsenco
MISTYPED = frozenset({"nqp", "pnq", "qnp", "nppq", "npqq", "npgq", "npw"})
MISTYPED_PLURAL = frozenset({"nqps", "npsq", "pnqs", "npqss"})


class CodeReader:
    """Finds the one programme code a mangled one can only mean."""

    def __init__(self, codes: Iterable[str], ordinary: Collection[str]) -> None:
        """``codes``: as typed, lower case (``npqh``). ``ordinary``: English words, never codes."""
        self._codes = [code for code in codes if code.startswith(NPQ)]
        self._ordinary = ordinary

    def read(self, word: str) -> str | None:
        """Lower-case word -> the code as typed, "npq", or None when ordinary or ambiguous."""
        if word in MISTYPED or word in MISTYPED_PLURAL:
            return NPQ if word in MISTYPED else PLURAL
        if not self._looks_like_code(word):
            return None
        by_cost: dict[int, list[str]] = {}
        for code in self._codes:
            cost = OSA.distance(word, code, score_cutoff=2)
            if cost <= 2 and _sure(word, code, cost):
                by_cost.setdefault(cost, []).append(code)
        if not by_cost:
            return None
        nearest = by_cost[min(by_cost)]
        return nearest[0] if len(nearest) == 1 else None

    def _looks_like_code(self, word: str) -> bool:
        if not 4 <= len(word) <= 10 or not word.isalpha() or word == PLURAL:
            return False
        # All three letters of "npq", in any order, among the first four.
        return set(NPQ) <= set(word[:4]) and word not in self._ordinary


def _sure(word: str, code: str, cost: int) -> bool:
    """Whether the slips leave no doubt: letters swapped, or one letter too many, too few or (in a long code) wrong."""
    if sorted(word) == sorted(code):
        return True
    return cost == 1 and (len(word) != len(code) or len(code) > SHORT_CODE)
