"""What is known of a person who asks which NPQ suits them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guidance.question import Understood

MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Profile:
    """Ids in the order they were said. `programmes`: those they are thinking of; `asked`: questions put to them.

    `settled`: `roles` are jobs they have, none that was only named as an aim. Plain values, to be stored as a slot.
    """

    roles: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    aims: tuple[str, ...] = ()
    experience: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    settled: bool = False

    @property
    def questions_left(self) -> int:
        """How many more questions may be asked."""
        return max(0, MOST_QUESTIONS - len(self.asked))

    def hear(self, said: Understood) -> Profile:
        """The profile with what a further message says; nothing known before is lost."""
        jobs = said.roles if said.jobs is None else said.jobs
        return Profile(
            roles=_joined(self.roles, jobs),
            settings=_joined(self.settings, said.settings),
            phases=_joined(self.phases, said.phases),
            aims=_joined(self.aims, said.aims),
            experience=_joined(self.experience, said.experience),
            programmes=_joined(self.programmes, said.programmes),
            asked=self.asked,
            settled=said.jobs is not None and (self.settled or not self.roles),
        )

    def after_asking(self, question: str) -> Profile:
        """The profile once a question was put, whatever is answered to it."""
        return replace(self, asked=_joined(self.asked, (question,)))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; the inverse of `from_dict`."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Profile:
        """Rebuild from `to_dict`; unknown keys (of another version) are dropped."""
        known = {key: value for key, value in (data or {}).items() if key in cls.__dataclass_fields__}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in known.items()
        }
        return cls(**values)


def _joined(before: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))
