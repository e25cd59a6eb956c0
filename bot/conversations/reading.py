"""A file of conversations -> `Conversation`s, or all that is wrong with it: line, field, what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.conversations import values
from bot.conversations.asking import fields
from bot.conversations.checks import Check, checks
from bot.conversations.repeating import KEY as REPEAT
from bot.conversations.repeating import Record, repeated
from bot.conversations.script import CHANNELS, Conversation, Expectation, RasaStory, Said, Step, Test
from guidance.knowledge import Knowledge
from guidance.knowledge.problems import Problem, closest
from guidance.knowledge.yaml_lines import Document, Keys, read

IN_BOTH = ("today", "channel", "schools")  # at the top of a file for all its conversations, or in one
OF_A_FILE = ("conversations", *IN_BOTH)
OF_A_CONVERSATION = ("name", "about", *IN_BOTH, REPEAT, "steps")
SAID = {"user", "intent"}  # in Rasa's stories
DOING = ("user", "press", "answers")
UNKNOWN = "`{}` is not known here."
INDENTED = {
    "a step": "begin it in the column of the word `user`.",
    "a conversation": "begin it in the column of the word `name`.",
    "the file": "begin the line with it, without spaces.",
}
T = TypeVar("T")


def read_file(path: Path, name: str, knowledge: Knowledge | None = None) -> tuple[list[Test], list[Problem]]:
    """The conversations of one file, or the stories of one of Rasa's test files, and every problem found."""
    document, problems = read(path, name)
    if problems:
        return [], problems
    # Every value as it is written: YAML would make true of `yes` and a number of a telephone number.
    document = replace(document, data=yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader))
    if isinstance(document.data, dict) and "stories" in document.data:
        return _stories(path, document)
    reader = _Reader(path, document, checks(knowledge), fields(knowledge) if knowledge else None)
    found = reader.file()
    return list(found), sorted(set(reader.problems))


def _stories(path: Path, document: Document) -> tuple[list[Test], list[Problem]]:
    found: list[Test] = []
    stories = document.data["stories"]
    for index, story in enumerate(stories if isinstance(stories, list) else []):
        if not isinstance(story, dict) or not story.get("story") or "steps" not in story:
            advice = "A file with `stories:` is in Rasa's own format; ours begins with `conversations:`."
            return [], [document.problem(("stories", index), "needs `story` and `steps`.", advice)]
        steps = story["steps"] if isinstance(story["steps"], list) else []
        messages = [place for place, step in enumerate(steps) if isinstance(step, dict) and SAID & step.keys()]
        said_at = tuple(document.line(("stories", index, "steps", place)) for place in messages)
        line, name = document.line(("stories", index)), story["story"]
        found.append(RasaStory(path, document.name, line, name, name, said_at))
    return found, [] if found else [document.problem(("stories",), "has no story.")]


@dataclass
class _Reader:
    """Reads one document and collects its problems."""

    path: Path
    document: Document
    checks: Mapping[str, Check]
    fields: Collection[str] | None  # what the guide can ask for; None when it is not known
    problems: list[Problem] = field(default_factory=list)

    def problem(self, at: Keys, message: str, suggestion: str = "") -> None:
        """Note a problem."""
        self.problems.append(self.document.problem(at, message, suggestion))

    def file(self) -> list[Conversation]:
        """All conversations."""
        data = self.document.data
        if not isinstance(data, dict):
            self.problem((), "must begin with `conversations:` and a list below it.")
            return []
        self.keys(data, (), OF_A_FILE)
        items = data.get("conversations")
        if not isinstance(items, list) or not items:
            self.problem(("conversations",), "must be a list of conversations.", "Each begins with `- name: ...`.")
            return []
        found: list[Conversation] = []
        for index, item in enumerate(items):
            for conversation in self.conversations(item, ("conversations", index)):
                first = next((other for other in found if other.name == conversation.name), None)
                if first:
                    message = f"the name `{conversation.name}` stands twice in this file."
                    advice = f"Give it another: line {first.line} has it too."
                    self.problem(("conversations", index, "name"), message, advice)
                found.append(conversation)
        return found

    def conversations(self, item: Any, at: Keys) -> Iterable[Conversation]:
        """The conversation at `at`, once for each record of `repeat with`."""
        if not isinstance(item, dict):
            self.problem(at, "must be a conversation.", "It begins with `- name: ...`.")
            return
        self.keys(item, at, OF_A_CONVERSATION)
        written = self.value(item, "name", at, values.text, "")
        for key in ("name", "steps"):
            if key not in item:
                self.problem(at, f"has no `{key}`.", f"Add `{key}:`.")
        if "::" in written:
            self.problem((*at, "name"), "must not contain `::`.")
        for record, filled in repeated(item, at, self.document, self.problems):
            yield self.conversation(filled, at, self.name(filled.get("name"), written, record), written)

    def name(self, filled: Any, written: str, record: Record) -> str:
        """The name of one repetition: different for each record."""
        if not isinstance(filled, str) or filled != written or not record:
            return filled if isinstance(filled, str) else written
        return f"{filled} [{', '.join(record.values())}]"

    def conversation(self, item: dict[str, Any], at: Keys, name: str, written: str) -> Conversation:
        """One conversation, filled in."""
        steps = item.get("steps")
        if "steps" in item and (not isinstance(steps, list) or not steps):
            self.problem((*at, "steps"), "must be a list of steps.", "Each begins with `- user: ...`.")
        above = {key: self.document.data[key] for key in IN_BOTH if key in self.document.data}
        places: dict[str, Keys] = {key: at if key in item else () for key in IN_BOTH}
        item = {**above, **item}
        listed = steps if isinstance(steps, list) else []
        return Conversation(
            path=self.path,
            file=self.document.name,
            line=self.document.line(at),
            name=name,
            written_name=written,
            today=self.value(item, "today", places["today"], values.day, None),
            channel=self.value(item, "channel", places["channel"], _channel, CHANNELS[0]),
            schools=self.value(item, "schools", places["schools"], self.files, ()),
            steps=tuple(self.step(step, (*at, "steps", index)) for index, step in enumerate(listed)),
        )

    def files(self, value: Any) -> tuple[Path, ...]:
        """Files named beside this one; `nothing` for none."""
        found = tuple((self.path.parent / name).resolve() for name in values.texts_or_nothing(value))
        for path in found:
            if not path.is_file():
                beside = [item.name for item in self.path.parent.glob("*.csv")]
                message = f"there is no file `{path.name}` in {path.parent.name}/."
                raise values.Unusable(message, closest(path.name, beside) or "Name a file beside this one.")
        return found

    def step(self, item: Any, at: Keys) -> Step:
        """One step: what the visitor does, and what is expected."""
        line = self.document.line(at)
        if not isinstance(item, dict):
            self.problem(at, "must be a step.", "It begins with `- user: ...`.")
            return Step(line)
        self.keys(item, at, (*DOING, *self.checks))
        if not any(key in item for key in DOING):
            self.problem(at, "says nothing the visitor does.", "Begin it with `user:`, `press:` or `answers:`.")
        if "user" in item and "press" in item:
            self.problem(at, "has both `user` and `press`.", "Make two steps of it.")
        said = None
        if "user" in item:
            typed = self.value(item, "user", at, values.text, None)
            said = Said(typed) if typed is not None else None
        elif "press" in item:
            title = self.value(item, "press", at, values.text, None)
            said = Said(title, press=True) if title is not None else None
        expects = (
            Expectation(key, self.value(item, key, at, self.checks[key].read, None), self.document.line((*at, key)))
            for key in item
            if key in self.checks
        )
        return Step(line, said, self.answers(item, at), tuple(expects))

    def answers(self, item: dict[str, Any], at: Keys) -> dict[str, tuple[Said, ...]]:
        """The replies by what the bot asks for."""
        if "answers" not in item:
            return {}
        answers = item["answers"]
        if not isinstance(answers, dict) or not answers:
            self.problem((*at, "answers"), "must name what the bot asks for.", "Such as `email: ann@example.com`.")
            return {}
        here = (*at, "answers")
        if self.fields is not None:
            self.keys(answers, here, self.fields, "the guide never asks for `{}`.")
        return {asked: self.value(answers, asked, here, _replies, ()) for asked in answers}

    def value(self, item: Mapping[str, Any], key: str, at: Keys, reading: Callable[[Any], T], otherwise: T) -> T:
        """The value of a key, or the second best when it is missing or cannot be used."""
        if key not in item:
            return otherwise
        try:
            return reading(item[key])
        except values.Unusable as unusable:
            self.problem((*at, key), unusable.message, unusable.suggestion)
            return otherwise

    def keys(self, item: Mapping[str, Any], at: Keys, allowed: Collection[str], says: str = UNKNOWN) -> None:
        """Every key must be known."""
        for key in item:
            if key not in allowed:
                self.problem((*at, key), says.format(key), self.elsewhere(key, allowed) or closest(key, allowed))

    def elsewhere(self, key: str, allowed: Collection[str]) -> str:
        """Where a key of another place belongs: it stands too far to the left or right, the usual slip."""
        places = {"a step": (*DOING, *self.checks), "a conversation": OF_A_CONVERSATION, "the file": OF_A_FILE}
        found = [place for place, keys in places.items() if key in keys and not set(keys) <= set(allowed)]
        return f"It belongs to {found[0]}: {INDENTED[found[0]]}" if found else ""


def _channel(value: Any) -> str:
    return values.known(values.text(value), CHANNELS)


def _replies(value: Any) -> tuple[Said, ...]:
    """One reply or several in turn, each typed or a button pressed."""
    return tuple(_reply(item) for item in (value if isinstance(value, list) and value else [value]))


def _reply(value: Any) -> Said:
    if isinstance(value, dict) and list(value) == ["press"]:
        return Said(values.text(value["press"]), press=True)
    return Said(values.text(value))
