"""The settings of handing a chat over to a person: without a channel there is no such thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.options import OptionError
from bot.handoff.hours import Hours, read_hours

HOURS = "Mon-Fri 08:30-17:00"
MOST_MINUTES = 240
_CHANNEL = re.compile(r"[CG][A-Z0-9]{6,20}")


@dataclass(frozen=True)
class HandoffOptions:
    """Where the team is asked, when, and how long for."""

    channel: str
    hours: Hours
    remind: timedelta = timedelta(minutes=3)
    give_up: timedelta = timedelta(minutes=8)
    idle: timedelta = timedelta(minutes=15)


def read_options(environ: Mapping[str, str]) -> HandoffOptions | None:
    """NPQ_SLACK_HANDOFF_CHANNEL, NPQ_HANDOFF_HOURS, _REMIND_MINUTES, _GIVE_UP_MINUTES and _IDLE_MINUTES.

    None without the channel.

    Raises:
        OptionError: naming the first that cannot be used.
    """
    channel = (environ.get("NPQ_SLACK_HANDOFF_CHANNEL") or "").strip()
    if not channel:
        return None
    if not _CHANNEL.fullmatch(channel):
        raise OptionError(
            f"NPQ_SLACK_HANDOFF_CHANNEL: `{channel[:40]}` is no id of a channel. Open the channel's details in "
            "Slack and copy the id at the end, such as C0123ABCD; its name does not do."
        )
    remind = _minutes(environ, "NPQ_HANDOFF_REMIND_MINUTES", 3)
    give_up = _minutes(environ, "NPQ_HANDOFF_GIVE_UP_MINUTES", 8)
    if give_up <= remind:
        raise OptionError(
            "NPQ_HANDOFF_GIVE_UP_MINUTES: must be more than NPQ_HANDOFF_REMIND_MINUTES. Write such as 3 and 8."
        )
    idle = _minutes(environ, "NPQ_HANDOFF_IDLE_MINUTES", 15)
    return HandoffOptions(channel, _hours(environ.get("NPQ_HANDOFF_HOURS") or HOURS), remind, give_up, idle)


def _hours(text: str) -> Hours:
    try:
        return read_hours(text)
    except ValueError as error:
        raise OptionError(
            f"NPQ_HANDOFF_HOURS: `{error}` cannot be read. Write days and times of the UK such as `{HOURS}`, several "
            "with commas between, or `always`."
        ) from error


def _minutes(environ: Mapping[str, str], name: str, default: int) -> timedelta:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= MOST_MINUTES:
        raise OptionError(
            f"{name}: `{text[:20]}` is not a number of minutes from 1 to {MOST_MINUTES}. Write one, such as {default}."
        )
    return timedelta(minutes=int(text))
