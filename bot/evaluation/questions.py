"""Judge the guide on labelled questions (id, text, topic, accept, must, must_not)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.channels.gate import Refused
from bot.channels.guide import Guide
from bot.channels.reply import Reply
from bot.channels.sessions import new_conversation
from bot.commands import CommandError
from guidance.knowledge.yaml_lines import read


class Label(BaseModel):
    """A question with what an expert would accept as its answer."""

    id: str
    text: str
    topic: str = ""
    accept: list[str]
    must: list[str] = []
    must_not: list[str] = []

    class Config:
        extra = "forbid"


@dataclass(frozen=True)
class Verdict:
    """How one question went; `faults` is empty when it was right."""

    label: Label
    reply: Reply
    faults: tuple[str, ...]
    forbidden: bool


@dataclass(frozen=True)
class Answers:
    """The outcome over a file of questions."""

    verdicts: Sequence[Verdict] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many were right."""
        return sum(not verdict.faults for verdict in self.verdicts)

    @property
    def forbidden(self) -> int:
        """How many said something that must not be said."""
        return sum(verdict.forbidden for verdict in self.verdicts)

    @property
    def wrong_answers(self) -> int:
        """How many were answered with confidence and wrongly."""
        return sum(bool(verdict.faults) and verdict.reply.status == "answered" for verdict in self.verdicts)

    def summary(self) -> str:
        """The figures as lines of text."""
        total = len(self.verdicts) or 1
        statuses = Counter(verdict.reply.status for verdict in self.verdicts)
        return "\n".join(
            [
                f"questions        {len(self.verdicts)}",
                f"accepted         {self.accepted} ({100 * self.accepted / total:.1f} %)",
                f"must_not hits    {self.forbidden}",
                f"wrong answers    {self.wrong_answers} ({100 * self.wrong_answers / total:.1f} %)",
                f"statuses         {', '.join(f'{name} {count}' for name, count in statuses.most_common())}",
            ]
        )


def labels(path: Path) -> list[Label]:
    """The labelled questions of a YAML file.

    Raises:
        CommandError: when the file is missing or a question has the wrong form.
    """
    if not path.is_file():
        raise CommandError(f"there is no file {path}.")
    document, problems = read(path, path.name)
    if problems or not isinstance(document.data, list):
        raise CommandError(str(problems[0]) if problems else f"{path.name}: must hold a list of questions.")
    found = []
    for index, item in enumerate(document.data):
        try:
            found.append(Label(**{**item, "id": str(item.get("id", index + 1))}))
        except (ValidationError, TypeError, AttributeError) as error:
            line = document.line((index,))
            raise CommandError(f"{path.name}:{line}: {' '.join(str(error).split())}") from error
    return found


async def evaluate(guide: Guide, questions: Sequence[Label]) -> Answers:
    """Ask every question in a conversation of its own, and judge the replies."""
    verdicts = []
    for label in questions:
        try:
            reply = await guide.reply(new_conversation(), label.text, "evaluate")
        except Refused as refusal:
            reply = Reply("", "error", str(refusal), [str(refusal)])
        verdicts.append(judge(label, reply))
    return Answers(verdicts)


def judge(label: Label, reply: Reply) -> Verdict:
    """Right when the status is accepted, nothing forbidden is said and, if answered, every must matches."""
    faults = []
    if reply.status not in label.accept:
        faults.append(f"status {reply.status}, accepted: {', '.join(label.accept)}")
    if reply.status == "answered":
        faults += [f"does not say /{item}/" for item in label.must if not _found(item, reply.text)]
    forbidden = [f"says /{item}/" for item in label.must_not if _found(item, reply.text)]
    return Verdict(label, reply, tuple(faults + forbidden), bool(forbidden))


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
