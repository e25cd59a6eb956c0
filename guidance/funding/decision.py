"""What comes out for a situation."""

from __future__ import annotations

from dataclasses import dataclass

from guidance.funding.model import Verdict


@dataclass(frozen=True)
class Decision:
    """The outcome with the rule that gave it, or the inputs still needed, or what is wrong with the question.

    `cohort` names the table that was used; its `as_of` and `source` are in the funding file.
    """

    outcome: Verdict | None = None
    code: str | None = None
    rule: str | None = None
    reason: str | None = None
    needs: tuple[str, ...] = ()
    error: str | None = None
    cohort: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The form that `npq funding --json` prints."""
        return {
            "outcome": self.outcome,
            "code": self.code,
            "rule": self.rule,
            "reason": self.reason,
            "needs": list(self.needs),
            "error": self.error,
        }
