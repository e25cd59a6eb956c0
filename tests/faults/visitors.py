"""Visitors who leave their details over the web channel, as the page does it: they wait, try again, double-click."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

REFERENCE = re.compile(r"NPQ-\w{4}-\w{4}")
LETTERS = "bcdfghklmnprstvw"
PROGRAMMES = ("NPQH", "NPQSL", "NPQEYL", "NPQLT", "NPQLL", "NPQEL")
FIRST = ("Zoë", "D'Arcy", "Ngọc", "Anne-Marie", "Siobhán")
ROLES = ("deputy headteacher", "head of year", "class teacher")
STARTS = ("Autumn 2027", "Later than that", "Not sure yet")
LABELS = {
    "NPQ": "programme", "Name": "name", "Email": "email", "Role": "role", "School or workplace": "school",
    "Start": "cohort", "Phone": "phone", "News about other courses": "marketing",
}  # fmt: skip
ASKED = {*LABELS.values(), "confirm", "change"}
WORDS = {"programme": "NPQ", "cohort": "start", "marketing": "news"}
MOST_TURNS = 80
DROPPED, DOUBLED, LATE = 0.06, 0.06, 0.03
PATIENCE = 45.0


class Lost(Exception):
    """The session is unknown to the service: the page begins a new one."""


@dataclass
class Traffic:
    """What all visitors saw together."""

    url: str
    replies: int = 0
    tries: int = 0
    problems: int = 0
    late: set[asyncio.Task[Any]] = field(default_factory=set)


@dataclass
class Visitor:
    """One visitor. All choices come from the seed: what they type, and what becomes of their nth message."""

    number: int
    seed: int
    traffic: Traffic
    pressed: bool = False
    shown: set[str] = field(default_factory=set)
    deleted: bool = False
    messages: int = 0
    wrong: str = ""
    tokens: list[str] = field(default_factory=list)
    transcript: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}/{self.number}")
        pick, name = self.chance.choice, _letters(self.number)
        self.wants = self.chance.choices(("send", "cancel", "leave"), (85, 9, 6))[0]
        self.stops_at = pick(("email", "role", "school", "phone", "confirm"))
        self.keyed = self.chance.random() < 0.8
        email = f"v{self.number}@canary{self.number}.example"
        self.phone = f"07700 900{self.number % 1000:03d}" if self.chance.random() < 0.5 else None
        self.meant: dict[str, str] = {
            "programme": pick(PROGRAMMES),
            "name": f"{pick(FIRST)} Quillfeather-{name}",
            "email": email,
            "role": pick(ROLES),
            "school": f"Peregrine {name} Primary School",
            "cohort": pick(STARTS),
            "phone": self.phone or "left out",
            "marketing": "yes" if self.keyed and self.chance.random() < 0.4 else "no",
        }
        self.first_email = f"old{self.number}@canary{self.number}.example" if self.chance.random() < 0.2 else email
        self.talks = self.chance.random() < 0.25
        self.asks_at = pick(("name", "email", "cohort", "confirm", "", "", "", ""))
        self._sent: list[tuple[str, str]] = []

    def expected(self, reference: str) -> dict[str, Any]:
        """Their row, as `npq interest export --json` has it, without the time."""
        meant = {name: value if value != "left out" else None for name, value in self.meant.items()}
        return {
            "reference": reference,
            "programmes": [meant["programme"]],
            **{name: meant[name] for name in ("name", "email", "role", "school", "cohort")},
            "phone": "+44" + self.phone.replace(" ", "")[1:] if self.phone else None,
            "marketing_consent": meant["marketing"] == "yes",
        }

    async def visit(self, client: httpx.AsyncClient) -> None:
        """Come, and stay until told a reference, or that all is deleted, or leave without a word."""
        await asyncio.sleep(self.chance.uniform(0, 1.5))
        while True:
            try:
                self.tokens.append(await self._session(client))
                self._sent.clear()
                await self._register(client)
                return
            except Lost:
                continue

    async def _register(self, client: httpx.AsyncClient) -> None:
        reply = await self._say(client, self._opening())
        for _ in range(MOST_TURNS):
            asked = reply["asking"]
            if self.shown:
                return
            if asked in (self.stops_at, "confirm") and self.wants != "send":
                if self.wants == "cancel":
                    reply = await self._say(client, "cancel")
                    self.deleted = "deleted what you told me" in reply["text"]
                return
            if asked not in ASKED:
                reply = await self._say(client, "I want to register my interest in " + self.meant["programme"])
            else:
                reply = await self._say(client, self._answer(asked, reply))
        raise AssertionError(f"visitor {self.number} goes round in circles: {self.transcript[-30:]}")

    def _opening(self) -> str:
        text = "I want to register my interest in " + self.meant["programme"]
        if self.talks:
            text += f", my name is {self.meant['name']} and my email is {self.first_email}"
        return text

    def _answer(self, asked: str, reply: dict[str, Any]) -> str:
        if asked == self.asks_at:
            self.asks_at = ""
            return "how long is it?"
        if asked == "confirm":
            return self._checked(reply["messages"])
        if asked == "change":
            return f"Change the {WORDS.get(self.wrong, self.wrong or 'name')}"
        if asked == "email":
            return self.first_email
        if asked == "marketing":
            return {"yes": "Yes", "no": "No"}[self.meant["marketing"]]
        if asked == "phone":
            return self.phone or "Skip"
        if asked == "name" and self.chance.random() < 0.3:
            return f"My name is {self.meant['name']}"
        return self.meant[asked]

    def _checked(self, messages: list[str]) -> str:
        """Read the answers shown; correct the first that is wrong, else send."""
        lines = dict(line.split(": ", 1) for text in messages for line in text.splitlines() if ": " in line)
        shown = {field: lines[label] for label, field in LABELS.items() if label in lines}
        if not shown:
            return "Change something"
        wrong = [field for field, value in self.meant.items() if shown.get(field) != value]
        self.first_email = self.meant["email"]
        if not wrong:
            self.pressed = True
            return "Yes, send it"
        field, seen = wrong[0], self.wrong
        self.wrong = field
        if seen == field:  # saying so did not help: the buttons do
            return "Change something"
        word, value = WORDS.get(field, field), self.meant[field]
        if field == "marketing" or value == "left out":
            return f"change the {word}"
        return f"the {word} is wrong, it's {value}" if field == "email" else f"the {word} should be {value}"

    async def _session(self, client: httpx.AsyncClient) -> str:
        while True:
            try:
                answer = await client.post(f"{self.traffic.url}/api/sessions", timeout=PATIENCE)
                if answer.status_code == 201:
                    return str(answer.json()["session"])
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.5)

    async def _say(self, client: httpx.AsyncClient, text: str) -> dict[str, Any]:
        """Send one message until it is answered, as the page's "Try again" does: the same text under the same key."""
        self.messages += 1
        chance = random.Random(f"{self.seed}/{self.number}/{self.messages}")
        key = f"{chance.getrandbits(64):x}" if self.keyed else ""
        may_double = self.keyed or text == "Yes, send it"
        for attempt in itertools.count(1):
            drops, doubles = chance.random() < DROPPED, chance.random() < DOUBLED and may_double
            wait, pause = chance.uniform(0.01, 0.6) if drops else PATIENCE, chance.uniform(0.1, 0.5)
            if self.keyed and self._sent and chance.random() < LATE:  # a copy that took the long way round
                self._late(client, *chance.choice(self._sent))
            sends = [self._post(client, text, key, wait) for _ in range(1 + doubles)]
            found = [reply for reply in await asyncio.gather(*sends) if reply]
            if found and found[-1]["status"] != "error":
                self._sent.append((text, key))
                self.transcript.append((text, found[-1]["text"]))
                if "try again in a little while" in found[-1]["text"]:  # so they do not ask as fast as it answers
                    await asyncio.sleep(0.3)
                return found[-1]
            await asyncio.sleep(pause * min(attempt, 8))
        raise AssertionError

    async def _post(self, client: httpx.AsyncClient, text: str, key: str, wait: float) -> dict[str, Any] | None:
        headers = {"X-NPQ-Session": self.tokens[-1], **({"Idempotency-Key": key} if key else {})}
        self.traffic.tries += 1
        try:
            answer = await client.post(
                f"{self.traffic.url}/api/messages", json={"text": text}, headers=headers, timeout=wait
            )
        except httpx.TransportError:
            self.traffic.problems += 1
            return None
        self.traffic.replies += 1
        if answer.status_code == 401:
            raise Lost
        reply: dict[str, Any] = answer.json()
        if "error" in reply:  # a proxy's: the process that should answer has died
            assert answer.status_code == 503, reply
            self.traffic.problems += 1
            return None
        assert answer.status_code in (200, 503), reply
        assert (answer.status_code == 503) == (reply["status"] == "error"), reply
        references = set(REFERENCE.findall(reply["text"]))
        assert not (references and reply["status"] == "error"), reply
        self.shown |= references
        self.traffic.problems += reply["status"] == "error"
        return reply

    def _late(self, client: httpx.AsyncClient, text: str, key: str) -> None:
        async def again() -> None:
            await asyncio.sleep(0.3)
            with suppress(Lost):
                await self._post(client, text, key, PATIENCE)

        task = asyncio.get_running_loop().create_task(again())
        self.traffic.late.add(task)


def _letters(number: int) -> str:
    """A number as a word that is a name of nothing: 0 -> Bab, 17 -> Cac ..."""
    word = ""
    for _ in range(3):
        number, place = divmod(number, len(LETTERS))
        word = LETTERS[place] + "aeo"[len(word) % 3] + word
    return word.capitalize()
