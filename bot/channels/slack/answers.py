"""The guide's answers in Slack: to messages, presses of its buttons, `/npq` and the message shortcut."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

from bot.channels.gate import Refused
from bot.channels.guide import Guide
from bot.channels.reply import Reply
from bot.channels.slack import blocks, outgoing
from bot.channels.slack.places import Place
from bot.channels.slack.queue import Claimed, Queue, Task
from bot.channels.slack.texts import decoded, escaped, parts, shortened

SLACK = "slack"
PATIENCE = 3  # attempts before an apology is sent
PERSONAL = ("name", "email", "phone", "role", "school", "which_school", "cohort", "marketing", "confirm", "change")
NOT_HERE = (
    "Personal details do not belong in a channel where others read along. Send me a direct message to register "
    "somebody's interest."
)
GREETING = "Ask me about National Professional Qualifications, such as “how long is NPQH” or “is NPQSENCO funded”."
ONLY_TEXT = "I can read text only, no files. Please type your question."
GONE = "I cannot find that answer any more. Please ask again."


class NoAnswer(Exception):
    """The guide could not answer this time."""


class Answers:
    """Asks the guide, and says in Slack what it says."""

    def __init__(self, guide: Guide, queue: Queue) -> None:
        self.guide = guide
        self.queue = queue

    async def message(self, task: Claimed) -> Sequence[Task]:
        """A direct message, a mention, or a further message in a thread by whoever asked the guide first."""
        body, place = task.body, Place.of_message(task.body)
        if body["mention"] and not place.direct:
            await asyncio.to_thread(self.queue.remember_thread, place.key, body["user"])
        elif not place.direct:
            asker = await asyncio.to_thread(self.queue.asker, place.key)
            if asker != body["user"] or body["text"].startswith("<@"):
                return ()
        text = decoded(body["text"])
        if not text:
            words = ONLY_TEXT if body["files"] else GREETING
            return [self._post(task, place, [blocks.section(escaped(words))], words)]
        try:
            reply = await self._reply(task, place, text)
        except Refused as refusal:
            return [self._post(task, place, [blocks.section(escaped(str(refusal)))], str(refusal))]
        return [self._post(task, place, blocks.answer(reply, more=_wording(reply)), blocks.plain(reply))]

    async def pressed(self, task: Claimed) -> Sequence[Task]:
        """A button or menu of ours: what it says is asked."""
        body, place = task.body, Place.of_press(task.body)
        if body["action_id"].partition(":")[0] == blocks.EMAIL:
            return await self._email(task)
        if body["action_id"].partition(":")[0] == blocks.PUBLISH:
            return await self._publish(task)
        if not body["action_id"].startswith(blocks.SAY + ":") or not body["value"]:
            return ()
        reply = await self._reply(task, place, body["value"])
        if body["ephemeral"]:
            return [self._only_you(task, reply, body["value"])]
        shown = blocks.answer(reply, said=body["value"], more=_wording(reply))
        return [self._post(task, place, shown, blocks.plain(reply))]

    async def command(self, task: Claimed) -> Sequence[Task]:
        """`/npq ...`: only the asker sees the answer, and may post it."""
        body = task.body
        place = Place(body["team"], body["channel"], only_for=body["user"])
        return [await self._privately(task, place, decoded(body["text"]))]

    async def shortcut(self, task: Claimed) -> Sequence[Task]:
        """ "Answer this with NPQ Guide" on somebody's message: as `/npq` with its text, beside no earlier question."""
        body = task.body
        text = decoded(body["text"])
        if not text:
            return [outgoing.answer(task, "answer", "That message has no text.")]
        place = Place(body["team"], body["channel"], thread=f"shortcut {task.key}", only_for=body["user"])
        return [await self._privately(task, place, text)]

    async def _privately(self, task: Claimed, place: Place, text: str) -> Task:
        try:
            reply = await self._reply(task, place, text)
        except Refused as refusal:
            return outgoing.answer(task, "answer", escaped(str(refusal)))
        return self._only_you(task, reply, text)

    async def _reply(self, task: Claimed, place: Place, text: str) -> Reply:
        session, key = place.session(), hashlib.sha256(task.key.encode()).hexdigest()[:40]
        reply = await self.guide.reply(session, text, SLACK, key)
        if reply.status == "error" and task.attempts < PATIENCE:
            raise NoAnswer
        if reply.status == "form" and reply.asking in PERSONAL and not place.direct:
            await self.guide.reply(session, "cancel", SLACK, key + "-cancel")
            return Reply(session, "clarify", NOT_HERE, [NOT_HERE])
        return reply

    def _post(self, task: Claimed, place: Place, shown: list[blocks.Block], text: str) -> Task:
        more = {"thread_ts": place.thread, "blocks": shown}
        return outgoing.post(f"answer:{task.key}", place.talk, place.channel, text, **more)

    def _only_you(self, task: Claimed, reply: Reply, said: str) -> Task:
        shared = [blocks.button(blocks.PUBLISH, "Post to channel", _name(reply))] if _shareable(reply) else []
        shown = blocks.answer(reply, said=said, more=[*shared, *_wording(reply)])
        return outgoing.answer(task, "answer", blocks.plain(reply), blocks=shown, **_in_thread(task))

    async def _publish(self, task: Claimed) -> Sequence[Task]:
        turn = await asyncio.to_thread(self._turn, task.body["value"])
        if turn is None:
            return [outgoing.answer(task, "publish", GONE)]
        asked = escaped(shortened(turn["said"], blocks.MOST_TITLE * 4))
        reply = Reply("", turn["status"], "", turn["replied"]["messages"], sources=turn["replied"]["sources"])
        shown = [blocks.context(f"<@{task.body['user']}> asked: _{asked}_", typed=True), *blocks.answer(reply)]
        text = escaped(shortened("\n\n".join(reply.messages), blocks.MOST_SECTION))
        return [outgoing.answer(task, "publish", text, shared=True, blocks=shown, **_in_thread(task))]

    async def _email(self, task: Claimed) -> Sequence[Task]:
        turn = await asyncio.to_thread(self._turn, task.body["value"])
        if turn is None:
            return [outgoing.answer(task, "wording", GONE)]
        words = blocks.email_wording(turn["replied"]["messages"], turn["replied"]["sources"])
        shown = parts(escaped(words).replace("```", "'''"), blocks.MOST_SECTION)
        lead = "To paste into an email. Check it fits the person's question first."
        shown_blocks = [blocks.section(lead), *(blocks.section(f"```{part}```") for part in shown)]
        return [outgoing.answer(task, "wording", lead, blocks=shown_blocks, **_in_thread(task))]

    def _turn(self, name: str) -> dict[str, Any] | None:
        """A turn by session and number, as our buttons name it."""
        session, _, number = name.partition("|")
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        found = self.guide.turns.of(session, int(number) - 1)
        return found[0] if found and found[0]["id"] == int(number) else None


def _in_thread(task: Claimed) -> dict[str, Any]:
    """An answer at a response address goes to the channel's end unless it names the thread."""
    thread = task.body.get("thread_ts")
    return {"thread_ts": thread} if thread else {}


def _name(reply: Reply) -> str:
    return f"{reply.session}|{reply.turn}"


def _shareable(reply: Reply) -> bool:
    return reply.turn is not None and reply.status in ("answered", "out_of_scope", "handover")


def _wording(reply: Reply) -> list[blocks.Block]:
    """Staff answer by email as well: the answer in words to paste."""
    if reply.turn is None or reply.status != "answered":
        return []
    return [blocks.button(blocks.EMAIL, "Wording for an email", _name(reply))]
