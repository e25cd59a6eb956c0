"""What a visitor and the team do in the tests of handing over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from tests.bot.channels.pages import Page
from tests.bot.channels.slack.stand_in import ANN, Knocks, Slack
from tests.conftest import Service

CHANNEL = "C0STAFF01"
ASK = "Can I speak to a person?"
YES, NO, BACK = "Yes, ask a person", "No thanks", "Go back to the guide"
Found = TypeVar("Found")


def soon(look: Callable[[], Found | None], seconds: float = 90) -> Found:
    """What is there soon. After a kill, what the killed process had in hand comes when its lease is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


def titles(reply: dict[str, Any]) -> list[str]:
    """The buttons of a reply."""
    return [one["title"] for one in reply["buttons"]]


def openings(slack: Slack) -> list[dict[str, Any]]:
    """The first messages of threads."""
    return [one for one in slack.posts if one["channel"] == CHANNEL and not one.get("thread_ts")]


def text_of(message: dict[str, Any]) -> str:
    """All text of a message in Slack."""
    found = [message.get("text") or ""]
    for block in message.get("blocks", ()):
        found.append(block.get("text", {}).get("text", ""))
        found += [str(one.get("text", "")) for one in block.get("elements", ())]
    return "\n".join(found)


def actions(message: dict[str, Any]) -> list[str]:
    """The buttons of a message in Slack."""
    return [one["action_id"] for block in message.get("blocks", ()) if block["type"] == "actions"
            for one in block["elements"]]  # fmt: skip


class Talk:
    """A visitor who asked for a person, and the thread about it."""

    def __init__(
        self,
        service: Service,
        slack: Slack,
        knocks: Knocks,
        before: tuple[str, ...] = (),
        page: Page | None = None,
    ) -> None:
        self.page, self.slack, self.knocks = page or Page(service), slack, knocks
        for text in before:
            self.page.say(text)
        known = len(openings(slack))
        self.page.say(ASK, f"ask{known}")
        assert self.page.say(YES, f"yes{known}")["person"] == {"state": "waiting", "name": None}
        self.opening = soon(lambda: openings(slack)[-1] if len(openings(slack)) > known else None)
        self.thread = str(self.opening["ts"])
        blocks = [one for one in self.opening["blocks"] if one["type"] == "actions"]
        self.number = str(blocks[0]["elements"][0]["value"])

    def press(self, action: str, user: str = ANN) -> None:
        """Somebody presses a button of the first message."""
        assert self.knocks.presses(action, self.number, user, self.opening).status_code == 200

    def claimed(self, user: str = ANN) -> Talk:
        """Somebody claims it, and the visitor knows."""
        self.press("handoff:claim", user)
        self.gets("has joined this chat")
        return self

    def writes(self, text: str, user: str = ANN, **more: Any) -> str:
        """Somebody of the team writes in the thread; returns the time of the message."""
        return self.knocks.says(text, CHANNEL, user, self.thread, **more)

    def in_thread(self) -> list[str]:
        """What the service wrote there."""
        return [text_of(one) for one in self.slack.in_thread(CHANNEL, self.thread)]

    def gets(self, words: str) -> dict[str, Any]:
        """The visitor's turn with some words, when it is there."""
        return soon(lambda: next((one for one in self.page.events() if words in " ".join(one["messages"])), None))

    def sees(self, words: str) -> str:
        """The thread's message with some words, when it is there."""
        return soon(lambda: next((text for text in self.in_thread() if words in text), None))

    def signed(self, ts: str, name: str) -> None:
        """A message of the team has a sign."""
        soon(lambda: (CHANNEL, ts, name) in self.slack.reactions)
