"""The criteria made ready: group names spelt out, and which rules hold for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from guidance.recommend.model import ANYTHING, KINDS, Condition, Question, Recommend, Rule
from guidance.recommend.profile import Profile

Known = Mapping[str, tuple[str, ...]]  # kind -> ids


class Criteria:
    """Reads profiles with the rules of `recommend.yml`. `data` is the file as written."""

    def __init__(self, data: Recommend) -> None:
        self.data = data

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules in order, groups spelt out."""
        return [
            rule.copy(update={"when": spread(rule.when, self.data), "unless": spread(rule.unless, self.data)})
            for rule in self.data.rules
        ]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by id."""
        return {item.id: with_groups(item, self.data) for item in self.data.questions}

    @cached_property
    def _implied(self) -> dict[str, frozenset[str]]:
        return {aim.id: frozenset(aim.roles) for aim in self.data.aims}

    @cached_property
    def _aspiring(self) -> dict[str, str]:
        return {aim.aspiring: aim.id for aim in self.data.aims if aim.aspiring}

    @cached_property
    def _goes_with(self) -> dict[str, str]:
        return {item.id: item.role for item in self.data.experience if item.role}

    @cached_property
    def _holds(self) -> dict[str, str]:
        return {item.id: item.holds for item in self.data.experience if item.holds}

    def plain(self, profile: Profile) -> Profile:
        """The profile as the rules read it.

        A job that was only named as an aim ("want to be a head") is no job they have, a general one ("class
        teacher") says nothing beside a particular one ("maths lead"), and "head since 2020" names a job too.
        """
        wished: set[str] = set()
        if not profile.settled:
            wished.update(*(self._implied.get(aim, ()) for aim in profile.aims))
        named = [role for role in profile.roles if role not in wished]
        aims = [*profile.aims, *(self._aspiring[role] for role in named if role in self._aspiring)]
        roles = [role for role in named if role not in self._aspiring]
        if not roles:
            roles = [self._goes_with[item] for item in profile.experience if item in self._goes_with][:1]
        return replace(profile, roles=self.particular(roles), aims=tuple(dict.fromkeys(aims)))

    def particular(self, roles: Sequence[str]) -> tuple[str, ...]:
        """The roles without the general ones, unless there is no other."""
        return tuple(role for role in roles if role not in self.data.general) or tuple(roles)

    def held(self, profile: Profile) -> frozenset[str]:
        """Programmes the person has done already."""
        return frozenset(self._holds[item] for item in profile.experience if item in self._holds)

    def matching(self, profile: Profile) -> Iterator[Rule]:
        """The rules that hold for a plain profile, first one first."""
        known = _known(profile)
        return (rule for rule in self.rules if _holds(rule.when, known) and not _any(rule.unless, known))

    def unanswered(self, rule: Rule, profile: Profile) -> tuple[str, ...]:
        """The questions worth asking before this rule decides, as far as they may still be asked."""
        known = _known(profile)
        open_ones = [
            name for name in rule.ask if name not in profile.asked and not _answered(self.questions[name], known)
        ]
        return tuple(open_ones[: profile.questions_left])


def spread(condition: Condition, data: Recommend) -> Condition:
    """The condition with the names of groups replaced by what they stand for."""
    return condition.copy(
        update={
            "role": _spelt(condition.role, data.groups.role),
            "also": _spelt(condition.also, data.groups.role),
            "setting": _spelt(condition.setting, data.groups.setting),
        }
    )


def with_groups(question: Question, data: Recommend) -> Question:
    """The question with the names of groups replaced by what they stand for."""
    roles = _spelt(question.answered_by.get("role", []), data.groups.role)
    return question.copy(update={"answered_by": {**question.answered_by, "role": roles}})


def answers(question: Question, kind: str, value: str) -> bool:
    """Whether knowing this value makes the question needless."""
    wanted = question.answered_by.get(kind, [])
    return ANYTHING in wanted or value in wanted


def _spelt(names: Iterable[str], groups: Mapping[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(one for name in names for one in groups.get(name, [name])))


def _known(profile: Profile) -> Known:
    return {
        "role": profile.roles,
        "setting": profile.settings,
        "phase": profile.phases,
        "aim": profile.aims,
        "experience": profile.experience,
    }


def _answered(question: Question, known: Known) -> bool:
    return any(answers(question, kind, value) for kind in KINDS for value in known[kind])


def _holds(when: Condition, known: Known) -> bool:
    if not all(_meet(getattr(when, kind), known[kind]) for kind in KINDS):
        return False
    if not when.also:
        return True
    pairs = ((one, other) for one in known["role"] for other in known["role"] if one != other)
    return any((one in when.role or not when.role) and other in when.also for one, other in pairs)


def _any(unless: Condition, known: Known) -> bool:
    return any(set(getattr(unless, kind)) & set(known[kind]) for kind in KINDS)


def _meet(wanted: list[str], had: tuple[str, ...]) -> bool:
    return not wanted or any(value in wanted for value in had)
