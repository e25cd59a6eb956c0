"""The staff's side, in Slack: who claims, what reaches the visitor, closing and handing back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.channels.slack.outgoing import answer, call
from bot.channels.slack.queue import OUTGOING, Claimed, Task
from bot.channels.slack.texts import escaped
from bot.handoff import blocks, said, words
from bot.handoff.desk import Desk, person
from bot.handoff.names import first_name
from bot.handoff.tables import ACTIVE, CLOSED, REQUESTED, Handoff, handoffs

KEYS = "handoff:"  # begin the keys of what goes to Slack, and the action ids of buttons
DELIVERED, NOT_DELIVERED = "white_check_mark", "x"
MOST_CHARACTERS = 3900  # of a message; Slack's events are cut at 4000
# A slip would reach the visitor, so whatever stands before the word or is put for the colon does not matter.
_ASIDE = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|:(?!note)[\w+'-]+:", re.IGNORECASE)  # mentions, entities, emoji
_NOTE = re.compile(r"[\W_]*(?:internal |private )?notes?[\s*_~`]*[:：;\-–—]", re.IGNORECASE)
_TO_COLLEAGUE = re.compile(r"[\s*_~`>]*<[@!][^<>]*>")

UNCLAIMED = "This has not reached the visitor: nobody has claimed the chat yet. Press *Claim*, then write again."
OVER = "This has not reached the visitor: the chat with them is over."
EMPTY = "This has not reached the visitor: only text can be passed on, no files and no emoji of your own."
EDITED = "The visitor still sees what you wrote first. To put it right, write a new message."
NO_FILES = "The text has reached the visitor; the file has not. Only text can be passed on."
TOO_LONG = "This has not reached the visitor: it is too long. Send it in messages of up to 3,900 characters."
TO_COLLEAGUE = (
    "This has not reached the visitor, because it begins with a mention of a colleague. Write it again without the "
    "mention if it is for the visitor."
)
NOTE_WITHIN = (
    "This has not reached the visitor, because a line in it begins with `note:`. Send what is for the visitor alone."
)
NOT_YOURS = (
    "Only what {name} writes here reaches the visitor, who has claimed this chat. Your messages stay in the team."
)
TAKEN = "{name} was faster: the chat is claimed."
NOT_CLAIMED_BY_YOU = "{name} has this chat. Only they can close it or hand it back."
YOURS = "You have claimed this chat already. Close it or hand it back with the buttons above."
GONE = "This chat is over already."


def is_note(text: str) -> bool:
    """Whether a message, as Slack writes it, is a word to the team."""
    return bool(_NOTE.match(_ASIDE.sub(" ", text)))


class StaffSide:
    """What comes from the staff channel."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def owns(self, channel: str, thread_ts: str | None) -> bool:
        """Whether a thread is one of ours."""
        desk = self._desk
        if channel != desk.channel or not thread_ts:
            return False
        return await desk.run(lambda: desk.store.by_thread(thread_ts)) is not None

    async def heard(self, task: Claimed) -> Sequence[Task]:
        """Somebody wrote in a thread."""
        desk, body = self._desk, task.body
        handoff = await desk.run(lambda: desk.store.by_thread(str(body["thread_ts"])))
        if handoff is None or is_note(body["text"]):
            return ()
        if handoff.state == REQUESTED:
            return self._not_delivered(handoff, body, UNCLAIMED)
        if body["user"] != handoff.agent:
            if handoff.state != ACTIVE:
                return ()
            told = NOT_YOURS.format(name=escaped(handoff.name))
            return [blocks.only_you(handoff, desk.channel, f"not_yours:{body['user']}", body["user"], told)]
        text = said.plain(body["text"])
        if handoff.state == CLOSED:
            known = await desk.run(lambda: desk.store.known(handoff, _name(body)))
            return self._delivered(handoff, body) if known else self._not_delivered(handoff, body, OVER)
        if _TO_COLLEAGUE.match(body["text"]):
            return self._not_delivered(handoff, body, TO_COLLEAGUE)
        if any(is_note(one) for one in body["text"].splitlines()):
            return self._not_delivered(handoff, body, NOTE_WITHIN)
        if not text:
            return self._not_delivered(handoff, body, EMPTY)
        if len(body["text"]) > MOST_CHARACTERS:
            return self._not_delivered(handoff, body, TOO_LONG)
        return await self._deliver(handoff, body, text)

    async def edited(self, task: Claimed) -> Sequence[Task]:
        """Somebody changed or deleted what they wrote in a thread."""
        desk, body = self._desk, task.body
        handoff = await desk.run(lambda: desk.store.by_thread(str(body["thread_ts"])))
        if handoff is None or not await desk.run(lambda: desk.store.known(handoff, _name(body))):
            return ()
        return [blocks.only_you(handoff, desk.channel, f"edited:{task.key}"[:80], body["user"], EDITED)]

    async def _deliver(self, handoff: Handoff, body: dict[str, Any], text: str) -> Sequence[Task]:
        desk = self._desk

        def store() -> bool | None:
            """True when it is new, False when it was delivered before, None when the chat is over."""
            with desk.store.change() as change:
                counted = {"agent_at": change.now, "agent_lines": handoffs.c.agent_lines + 1}
                found = change.move(handoff, (ACTIVE,), handoffs.c.agent == body["user"], **counted)
                if found is None:
                    return None
                if change.line(handoff, _name(body), None, posted=True) is None:
                    change.move(handoff, (ACTIVE,), agent_lines=handoffs.c.agent_lines - 1)
                    return False
                reply = {"messages": [text], "from": handoff.name, "person": words.here(handoff)}
                change.turn(found, reply)
                return True

        new = await desk.run(store)
        if new is None:
            return self._not_delivered(handoff, body, OVER)
        if new:
            desk.tell(handoff)
            await desk.memory.person_said(handoff.conversation, text, handoff.name)
        return self._delivered(handoff, body)

    def _delivered(self, handoff: Handoff, body: dict[str, Any]) -> Sequence[Task]:
        sign = blocks.reaction(handoff, self._desk.channel, body["ts"], DELIVERED)
        if not body["files"]:
            return [sign]
        return [sign, self._aside(handoff, body, NO_FILES)]

    def _not_delivered(self, handoff: Handoff, body: dict[str, Any], why: str) -> Sequence[Task]:
        sign = blocks.reaction(handoff, self._desk.channel, body["ts"], NOT_DELIVERED)
        return [sign, self._aside(handoff, body, why)]

    def _aside(self, handoff: Handoff, body: dict[str, Any], text: str) -> Task:
        return blocks.only_you(handoff, self._desk.channel, f"aside:{body['ts']}", body["user"], text)

    async def pressed(self, task: Claimed) -> Sequence[Task]:
        """Somebody pressed a button of ours. The first press wins."""
        desk, body = self._desk, task.body
        if body["channel"] != desk.channel:
            return ()
        handoff = await desk.run(lambda: desk.store.by_id(body["value"]))
        if handoff is None:
            return self._answer(task, GONE)
        if handoff.thread is None and body.get("message_ts"):  # pressed before the posting was noted
            await desk.thread_is_there(handoff, str(body["message_ts"]))
            handoff = await desk.run(lambda: desk.store.by_id(body["value"])) or handoff
        name = await first_name(desk.slack.api, body["user"])
        if body["action_id"] == blocks.CLAIM:
            return await self._claim(task, handoff, name)
        why = {blocks.DECLINE: "declined", blocks.CLOSE: "done", blocks.RETURN: "returned"}.get(body["action_id"])
        return await self._end(task, handoff, name, why) if why else ()

    async def _claim(self, task: Claimed, handoff: Handoff, name: str) -> Sequence[Task]:
        desk, user = self._desk, task.body["user"]

        def store() -> Handoff | None:
            with desk.store.change() as change:
                values = {"state": ACTIVE, "agent": user, "agent_name": name, "claimed_at": change.now, "late_at": None}
                found = change.move(handoff, (REQUESTED,), **values)
                if found is None:
                    return None
                change.turn(found, desk.say(found, words.JOINED, person=words.here(found)))
                change.send(
                    blocks.update(found, desk.channel),
                    blocks.note(found, desk.channel, "claimed", _joined(found)),
                )
                return found

        now = await self._stored(handoff, store)
        if now is None:
            return ()
        if now.state == ACTIVE:
            return () if now.agent == user else self._answer(task, TAKEN.format(name=escaped(now.name)))
        return self._answer(task, GONE)

    async def _end(self, task: Claimed, handoff: Handoff, name: str, why: str) -> Sequence[Task]:
        """Decline, close or hand back: what nobody has claimed anybody may, what somebody has only they."""
        desk, user = self._desk, task.body["user"]

        def store() -> Handoff | None:
            with desk.store.change() as change:
                if handoff.state == ACTIVE and handoff.agent == user and why != "declined":
                    return desk.close(change, handoff, (ACTIVE,), why)
                if handoff.state == REQUESTED:  # nobody talked with the visitor: for them, nobody is free
                    return desk.close(change, handoff, (REQUESTED,), "declined", agent_name=name)
                return None

        now = await self._stored(handoff, store)
        if now is None:
            return ()
        if now.state == ACTIVE:
            if now.agent == user:  # an old button, such as on a phone that has not looked again
                return self._answer(task, YOURS)
            told = TAKEN if why == "declined" else NOT_CLAIMED_BY_YOU
            return self._answer(task, told.format(name=escaped(now.name)))
        return self._answer(task, GONE)

    async def _stored(self, handoff: Handoff, store: Callable[[], Handoff | None]) -> Handoff | None:
        """Change it; None when that is done, the handoff as it is now when somebody was faster."""
        desk = self._desk
        found = await desk.run(store)
        if found is None:
            return await desk.run(lambda: desk.store.by_id(handoff.id)) or handoff
        desk.tell(found)
        return None

    def _answer(self, task: Claimed, text: str) -> Sequence[Task]:
        return [answer(task, "handoff:answer", text)] if task.body.get("response_url") else ()

    async def sent(self, task: Claimed, result: str | None, problem: str | None) -> None:
        """What became of a message of ours to Slack."""
        desk = self._desk
        _handoff, number, kind, *rest = [*task.key.split(":"), ""]
        handoff = await desk.run(lambda: desk.store.by_id(number))
        if handoff is None or handoff.why == "deleted":
            # It was on its way to Slack while the visitor deleted it. A request without anything behind it goes too.
            if result and (kind in ("line", "transcript") or (handoff is None and kind == "open")):
                gone = call(f"{KEYS}{number}:gone:{result}", task.talk, "chat.delete", channel=desk.channel, ts=result)
                await desk.slack.put(OUTGOING, gone)
            if handoff is None or kind != "open":
                return
        if kind == "open" and result:
            await desk.thread_is_there(handoff, result)
        elif kind == "open" and problem:
            await self.unreachable(handoff)
        elif kind == "line" and rest[0].isdigit():
            await self.line_is_there(handoff, int(rest[0]), lost=problem is not None)

    async def unreachable(self, handoff: Handoff) -> None:
        """The team cannot be asked: the visitor need not wait."""
        desk = self._desk

        def store() -> Handoff | None:
            with desk.store.change() as change:
                return desk.close(change, handoff, (REQUESTED,), "unreachable")

        if await desk.run(store) is not None:
            desk.tell(handoff)

    async def line_is_there(self, handoff: Handoff, number: int, *, lost: bool = False) -> None:
        """What the visitor wrote is in the thread, or never will be."""
        desk = self._desk

        def store() -> None:
            with desk.store.change() as change:
                change.posted(number)
                found = change.move(handoff, (REQUESTED, ACTIVE), late_at=None)
                if lost and found is not None:
                    change.turn(found, desk.say(found, words.LOST, person=person(found)))

        await desk.run(store)
        if lost:
            desk.slack.wake(OUTGOING)
            desk.tell(handoff)


def _name(body: dict[str, Any]) -> str:
    return f"s:{body['ts']}"


def _joined(handoff: Handoff) -> str:
    return (
        f"<@{handoff.agent}> has claimed this chat. The visitor sees the name {escaped(handoff.name)}. What "
        f"they write in "
        "this thread reaches the visitor and gets a check mark; begin with `note:` for a word to the team."
    )
