"""What the staff channel shows of a handoff: its first message with the buttons, the transcript, notes, the summary.

Words of visitors are escaped: they can neither mention anybody nor make a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.channels.slack.blocks import actions as row
from bot.channels.slack.blocks import button, context
from bot.channels.slack.outgoing import call, post
from bot.channels.slack.queue import Task
from bot.channels.slack.texts import escaped, parts, shortened
from bot.handoff.hours import UK
from bot.handoff.tables import ACTIVE, CLOSED, REQUESTED, Handoff

CLAIM, DECLINE, CLOSE, RETURN = "handoff:claim", "handoff:decline", "handoff:close", "handoff:return"
MOST_IN_POST = 2800  # characters; Slack takes 3000 in a block
MOST_TURNS = 60  # of a transcript
_STATES = {
    "done": "Closed by {name}.",
    "returned": "Handed back to the guide by {name}.",
    "declined": "Declined by {name}. The visitor was offered to leave details.",
    "unclaimed": "Nobody claimed it. The visitor was told, and offered to leave details.",
    "unreachable": "It could not be posted in time. The visitor was told, and offered to leave details.",
    "silent_visitor": "Closed: the visitor wrote nothing more.",
    "silent_person": "Closed: nobody answered the visitor, who was told and offered to leave details.",
    "cancelled": "The visitor did not want to wait any longer.",
    "visitor": "Ended by the visitor.",
    "left": "The visitor ended their chat.",
    "deleted": "The visitor deleted their chat. Their words were removed here too; remove what repeats them.",
}
DELETED = _STATES["deleted"]
HINT = (
    "Claim it to talk with the visitor: your replies in this thread then reach them under your first "
    "name. Replies that begin with `note:` and those of others stay here."
)


def opening(handoff: Handoff, channel: str) -> Task:
    """The first message, with the thread below it."""
    text = f"A visitor asks for a person: {escaped(handoff.reason)}"
    return post(f"{handoff.talk}:open", handoff.talk, channel, text, blocks=_blocks(handoff))


def update(handoff: Handoff, channel: str) -> Task:
    """The first message as it should look now."""
    text = f"A visitor asked for a person. {status(handoff)}"
    return call(
        f"{handoff.talk}:shown:{handoff.state}", handoff.talk, "chat.update", channel=channel, ts=handoff.thread,
        text=text, blocks=_blocks(handoff),
    )  # fmt: skip


def status(handoff: Handoff) -> str:
    """What became of it, for staff."""
    if handoff.state == REQUESTED:
        return "Nobody has claimed it yet."
    if handoff.state == ACTIVE:
        return f"Claimed by <@{handoff.agent}>." if handoff.agent else "Claimed."
    return _STATES.get(handoff.why or "", "Closed.").format(name=escaped(handoff.name))


def _blocks(handoff: Handoff) -> list[dict[str, Any]]:
    asked = handoff.requested_at or handoff.created_at
    about = [f"*Why:* {escaped(handoff.reason)}", f"*Asked:* {clock(asked)}"]
    if handoff.page:
        about.insert(0, f"*Page:* {escaped(handoff.page)}")
    found = [
        _section("*A visitor asks for a person*\n" + "\n".join(about)),
        _section(status(handoff)),
    ]
    buttons = {
        REQUESTED: (("Claim", CLAIM, "primary"), ("Decline", DECLINE, None), ("Close", CLOSE, None),
                    ("Return to bot", RETURN, None)),
        ACTIVE: (("Close", CLOSE, None), ("Return to bot", RETURN, None)),
    }.get(handoff.state, ())  # fmt: skip
    if buttons:
        elements = [button(action, title, handoff.id, style) for title, action, style in buttons]
        found.append({**row(elements), "block_id": f"handoff:{handoff.id}"})
    if handoff.state == REQUESTED:
        found.append(context(HINT))
    return found


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def note(handoff: Handoff, channel: str, name: str, text: str) -> Task:
    """A word to staff in the thread. `name` tells it apart: the same is posted once. `text` must be escaped."""
    return post(f"{handoff.talk}:{name}", handoff.talk, channel, text, thread_ts=handoff.thread)


def line(handoff: Handoff, channel: str, number: int, text: str) -> Task:
    """What the visitor wrote."""
    shown = f"*Visitor:* {_quoted(text)}"
    return post(f"{handoff.talk}:line:{number}", handoff.talk, channel, shown, thread_ts=handoff.thread,
                blocks=[_section(piece) for piece in parts(shown, MOST_IN_POST)])  # fmt: skip


def only_you(handoff: Handoff, channel: str, name: str, user: str, text: str) -> Task:
    """A word that one person sees in the thread."""
    return call(
        f"{handoff.talk}:{name}", handoff.talk, "chat.postEphemeral", channel=channel, user=user, text=text,
        thread_ts=handoff.thread,
    )  # fmt: skip


def removal(handoff: Handoff, channel: str, ts: str) -> Task:
    """Words of the visitor go from the thread."""
    return call(f"{handoff.talk}:gone:{ts}", handoff.talk, "chat.delete", channel=channel, ts=ts)


def reaction(handoff: Handoff, channel: str, ts: str, name: str) -> Task:
    """A sign at a person's message: passed on, or not."""
    return call(
        f"{handoff.talk}:sign:{ts}", handoff.talk, "reactions.add", channel=channel, timestamp=ts, name=name
    )  # fmt: skip


def transcript(handoff: Handoff, channel: str, turns: Sequence[dict[str, Any]]) -> list[Task]:
    """What was said before, as stored, in as many messages as it takes."""
    shown = turns[-MOST_TURNS:]
    said = [] if len(shown) == len(turns) else [f"_{len(turns) - len(shown)} earlier messages are left out._"]
    for turn in shown:
        if turn["said"]:
            said.append(f"*Visitor:* {_quoted(turn['said'])}")
        said += [f"*{escaped(turn['replied'].get('from') or 'Guide')}:* {_quoted(shortened(text, 1500))}"
                 for text in turn["replied"]["messages"]]  # fmt: skip
    pieces = parts("*The chat so far*\n" + "\n".join(said), MOST_IN_POST)
    return [
        post(f"{handoff.talk}:transcript:{number}", handoff.talk, channel, "The chat so far",
             thread_ts=handoff.thread, blocks=[_section(piece)])
        for number, piece in enumerate(pieces)
    ]  # fmt: skip


def _quoted(text: str) -> str:
    """Further lines are marked, so that nobody can write one that looks like somebody else's."""
    return escaped(text).replace("\n", "\n>")


def summary(handoff: Handoff) -> str:
    """How it went, for the thread."""
    if handoff.state != CLOSED:
        return status(handoff)
    told = [status(handoff)]
    if handoff.claimed_at and handoff.closed_at:
        told.append(
            f"{escaped(handoff.name)} talked with the visitor for {_minutes(handoff.closed_at - handoff.claimed_at)}: "
            f"{_count(handoff.visitor_lines)} from the visitor, {_count(handoff.agent_lines)} from "
            f"{escaped(handoff.name)}."
        )
    elif handoff.visitor_lines:
        told.append(f"The visitor wrote {_count(handoff.visitor_lines)} while waiting.")
    told.append("The guide answers the visitor again." if handoff.why not in ("left", "deleted") else "")
    return "\n".join(text for text in told if text)


def clock(moment: datetime) -> str:
    """A time of the day in the UK."""
    return f"{moment.astimezone(UK):%H:%M}"


def _minutes(time: timedelta) -> str:
    seconds = max(0, int(time.total_seconds()))
    if seconds < 60:
        return f"{seconds} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minute" + ("s" if minutes != 1 else "")


def _count(number: int) -> str:
    return f"{number} message" + ("s" if number != 1 else "")
