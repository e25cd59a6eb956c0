"""A chat becomes a scripted conversation: what was typed or pressed, and what matters of each reply."""

from __future__ import annotations

import os
import re
import tempfile
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.conversations.checks import Reply
from bot.conversations.reading import read_file
from bot.conversations.script import USUAL_DAY
from bot.conversations.wording import contains

MOST_NAME = 60  # characters
MOST_PARTS = 2
FEWEST_WORDS, MOST_WORDS = 4, 7
MOST_BUTTONS = 4
BY_CHANCE = re.compile(r"\b[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")  # references are new each time
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
FIGURE = re.compile(
    r"£\d[\d,.]*\d(?: ?[–-] ?£\d[\d,.]*\d)?"
    rf"|\b(?:\d{{1,2}} )?(?:{MONTH}) \d{{4}}\b"
    r"|\b\d[\d,]*(?: ?(?:[–-]|to|or) ?\d+)?(?:%| (?:months?|weeks?|hours?|days?|years?|words))"
)


class CannotRecord(Exception):
    """The file cannot take a conversation; the text says why and what to do."""


@dataclass
class Recording:
    """One chat on its way into a file. `stored` tells what the database holds of it, as `stored:` is written."""

    path: Path
    name: str = ""
    today: date = USUAL_DAY
    stored: Callable[[], Mapping[str, Any] | None] = lambda: None
    steps: list[dict[str, Any]] = field(default_factory=list)
    _held: Mapping[str, Any] | None = None

    def check(self) -> None:
        """Look at the file before anything is typed.

        Raises:
            CannotRecord: it cannot take a further conversation.
        """
        names = _names(self.path)
        if self.name in names:
            raise CannotRecord(f"{self.path} already has a conversation `{self.name}`. Choose another name.")
        if "::" in self.name:
            raise CannotRecord(f"the name `{self.name}` must not contain `::`.")
        if names:
            _list(self.path, self.path.read_text(encoding="utf-8"))

    def turn(self, said: str, reply: Reply, *, pressed: bool = False) -> None:
        """One message and its reply."""
        step: dict[str, Any] = {"press" if pressed else "user": said}
        if reply["status"] != "error":
            step.update(expected(reply))
            held = self.stored()
            if held != self._held:
                step["stored"], self._held = held or "nothing", held
        self.steps.append(step)

    def save(self) -> str:
        """Add the conversation to the end of the file's list; returns its name.

        Raises:
            CannotRecord: the file changed meanwhile and cannot take it; the text has the conversation.
        """
        day = {"today": self.today.isoformat()} if self.today != USUAL_DAY else {}
        conversation = {"name": self.name or _title(self.steps[0]), **day, "steps": self.steps}
        try:
            conversation["name"] = _free(str(conversation["name"]), _names(self.path))
            text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
            _write(self.path, _added(self.path, text, conversation))
        except (CannotRecord, OSError) as error:
            raise CannotRecord(f"{error}\nThis is what was recorded:\n\n{_item(conversation)}") from error
        return str(conversation["name"])


def expected(reply: Reply) -> dict[str, Any]:
    """What a test should hold a reply to: status, what is asked, programmes, a telling part, buttons."""
    found: dict[str, Any] = {"status": reply["status"], "asking": reply["asking"] or "nothing"}
    if reply["programmes"]:
        found["programmes"] = _one_or_more(reply["programmes"])
    parts = telling(reply["messages"])
    if parts:
        found["bot contains"] = _one_or_more(parts)
    if reply["buttons"]:
        found["buttons"] = _one_or_more([str(button["title"]) for button in reply["buttons"][:MOST_BUTTONS]])
    return found


def _one_or_more(texts: Sequence[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else list(texts)


def telling(messages: Sequence[str]) -> list[str]:
    """Short parts of a reply that say what it is about: its figures and dates, else its first words."""
    text = "\n\n".join(messages)
    figures = [part for part in dict.fromkeys(FIGURE.findall(text)) if contains(text, part)]
    if figures:
        return figures[:MOST_PARTS]
    return [part for part in (_first_words(message) for message in messages) if part][:1]


def _first_words(message: str) -> str:
    """The first sentence, or two where it is short, without anything that is different each time."""
    said = ""
    for sentence in re.split(r"(?<=[.?!])\s+|\n+", message.strip()):
        said = f"{said} {sentence}".strip() if not BY_CHANCE.search(sentence) else said
        if len(said.split()) >= FEWEST_WORDS or BY_CHANCE.search(sentence):
            break
    return " ".join(said.split()[:MOST_WORDS]).rstrip(" ,;:—–-")


def _title(step: Mapping[str, Any]) -> str:
    """The first message as a name."""
    said = " ".join(str(step.get("user") or step.get("press")).split()).replace("::", ":")
    name = said if len(said) <= MOST_NAME else said[:MOST_NAME].rsplit(" ", 1)[0] + " ..."
    return name[:1].upper() + name[1:]


def _free(name: str, taken: Sequence[str]) -> str:
    """The name, numbered where it is taken."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _names(path: Path) -> list[str]:
    """The names in a file; a broken file is refused."""
    if not path.exists():
        return []
    if path.is_dir():
        raise CannotRecord(f"{path} is a folder. Name a file in it, such as {path / 'recorded.yml'}.")
    tests, problems = read_file(path, str(path))
    if problems:
        raise CannotRecord(f"{path} has mistakes, so nothing is added to it:\n{problems[0]}")
    return [name for test in tests for name in (test.name, test.written_name)]


def _added(path: Path, text: str, conversation: Mapping[str, Any]) -> str:
    """The file's text with one more conversation; what is there stays as it is, to the letter."""
    if not text.strip():
        return text + "conversations:\n" + _item(conversation, 2)
    listed, last = _list(path, text)
    lines = (text if text.endswith("\n") else text + "\n").splitlines(keepends=True)
    place = len(lines) if last else listed.end_mark.line
    before, after = "".join(lines[:place]).rstrip(), lines[place:]
    return "".join([before, "\n\n", _item(conversation, listed.start_mark.column), "\n" if after else "", *after])


def _list(path: Path, text: str) -> tuple[yaml.SequenceNode, bool]:
    """The list of conversations in a file, and whether nothing stands after it."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == "conversations" and isinstance(value, yaml.SequenceNode) and not value.flow_style:
            return value, value is pairs[-1][1]
    raise CannotRecord(f"{path} has no list `conversations:` to which one could be added. Choose another file.")


class _Dumper(yaml.SafeDumper):
    """Lists of conversations and steps stand two further in, as in the project's files; lists of words in brackets."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _in_brackets(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    words = all(not isinstance(item, dict) for item in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=words)


_Dumper.add_representer(list, _in_brackets)


def _item(conversation: Mapping[str, Any], indent: int = 2) -> str:
    """The conversation as one item of a list."""
    text = yaml.dump([dict(conversation)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)
    return textwrap.indent(text, " " * indent)


def _write(path: Path, text: str) -> None:
    """Replace the file in one go, once the new text proves readable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".yml.new")
    new = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        if path.exists():
            new.chmod(path.stat().st_mode & 0o777)
        else:
            new.chmod(0o644)
        _tests, problems = read_file(new, str(path))
        if problems:
            raise CannotRecord(f"the conversation cannot be written to {path}: {problems[0]}")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
