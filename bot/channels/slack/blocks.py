"""A reply as Block Kit, within Slack's limits: text, buttons or a menu, sources, and for staff what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.channels.reply import Reply
from bot.channels.slack.places import TALK
from bot.channels.slack.texts import escaped, link, parts, shortened

Block = dict[str, Any]
MOST_SECTION = 2900  # characters; Slack takes 3,000
MOST_BLOCKS = 45  # of 50
MOST_TITLE, MOST_VALUE = 75, 2000  # characters of a button
MOST_BUTTONS = 5  # then they are a menu
MOST_OPTIONS = 100
MOST_CONTEXT = 1900
MOST_SOURCE = 150  # characters of its title
SAY, EMAIL, PUBLISH = "say", "wording", "publish"  # what buttons do


def section(text: str) -> Block:
    """A paragraph; `text` is Slack's mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def context(text: str, *, typed: bool = False) -> Block:
    """Small print; `text` is Slack's mrkdwn. `typed`: by somebody, so that Slack must make no mention of an `@here`."""
    told: Block = {"type": "mrkdwn", "text": text[:MOST_CONTEXT]}
    return {"type": "context", "elements": [{**told, "verbatim": True} if typed else told]}


def button(action_id: str, title: str, value: str, style: str | None = None) -> Block:
    """A button with a plain title."""
    made: Block = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": shortened(title, MOST_TITLE)},
        "value": value[:MOST_VALUE],
    }
    return {**made, "style": style} if style else made


def actions(buttons: Sequence[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def plain(reply: Reply) -> str:
    """The reply as one text, where blocks cannot be shown."""
    return escaped(shortened(reply.text, MOST_SECTION))


def answer(reply: Reply, *, said: str = "", more: Sequence[Block] = (), buttons: bool = True) -> list[Block]:
    """A reply in blocks.

    Args:
        reply: what the guide said.
        said: what it answers, to be repeated where nobody sees it otherwise.
        more: further buttons, after those of the reply.
        buttons: whether the reply's own are shown.
    """
    found = [context(f"_{escaped(shortened(said, MOST_TITLE * 2))}_", typed=True)] if said else []
    for message in reply.messages:
        found += [section(part) for part in parts(escaped(message), MOST_SECTION)]
    last: list[Block] = []
    if reply.sources:
        last.append(context("Source: " + _fitting([_source(item) for item in reply.sources])))
    if reply.facts and reply.status == "answered":
        sure = f" · understood as {reply.intent}, {reply.confidence:.0%}" if reply.intent and reply.confidence else ""
        last.append(context(escaped(f"Rests on: {', '.join(reply.facts)}{sure}")))
    last += _choices(reply) if buttons else []
    if more:
        last.append(actions(more))
    return [*found[: MOST_BLOCKS - len(last)], *last]


def _fitting(items: Sequence[str]) -> str:
    """As many of them as fit: half a link would show as such."""
    told = ""
    for item in items:
        longer = f"{told} · {item}" if told else item
        if len(longer) > MOST_CONTEXT - 20:
            return f"{told} …"
        told = longer
    return told


def _choices(reply: Reply) -> list[Block]:
    if not reply.buttons:
        return []
    if len(reply.buttons) <= MOST_BUTTONS:
        made = [button(f"{SAY}:{place}", item["title"], item["payload"]) for place, item in enumerate(reply.buttons)]
        return [_of_talk(reply, made)]
    options = [
        {
            "text": {"type": "plain_text", "text": shortened(item["title"], MOST_TITLE)},
            "value": item["payload"][:150],  # of an option; a payload is a short sentence
        }
        for item in reply.buttons[:MOST_OPTIONS]
    ]
    menu = {
        "type": "static_select",
        "action_id": f"{SAY}:menu",
        "placeholder": {"type": "plain_text", "text": "Choose one"},
        "options": options,
    }
    return [_of_talk(reply, [menu])]


def _of_talk(reply: Reply, made: Sequence[Block]) -> Block:
    """The row names the conversation: below what one person sees nothing else tells it."""
    return {**actions(made), "block_id": f"{TALK}{reply.session}"} if reply.session else actions(made)


def _source(item: dict[str, Any]) -> str:
    day = date.fromisoformat(item["as_of"])
    name = shortened(item["title"], MOST_SOURCE)
    title = link(item["url"], name) if item.get("url") else escaped(name)
    return f"{title} ({day.day} {day:%B %Y})"


def email_wording(messages: Sequence[str], sources: Sequence[dict[str, Any]]) -> str:
    """A suggested answer by email, as plain text."""
    lines = ["Thank you for your question about National Professional Qualifications.", "", *_joined(messages)]
    if sources:
        named = "; ".join(
            f"{item['title']}{', ' + item['url'] if item.get('url') else ''} (as of {_day(item['as_of'])})"
            for item in sources
        )
        lines += [f"Source: {named}", ""]
    return "\n".join([*lines, "Please reply to this email if you have any other questions."])


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def _joined(messages: Sequence[str]) -> list[str]:
    return [line for message in messages for line in (message, "")]
