"""The settings of Slack: none of them, and the product runs without it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.channels.options import OptionError

API = "https://slack.com/api"
_SECRET = re.compile(r"[0-9a-f]{32}")
_TEAM = re.compile(r"[TE][A-Z0-9]{6,20}")
_USER = re.compile(r"[UW][A-Z0-9]{6,20}")
_LOCAL = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:/|$)")


@dataclass(frozen=True)
class SlackOptions:
    """Where and for whom the guide is in Slack."""

    token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    teams: frozenset[str]
    interest_users: frozenset[str] = frozenset()
    api: str = API


def read_options(environ: Mapping[str, str]) -> SlackOptions | None:
    """NPQ_SLACK_BOT_TOKEN, _SIGNING_SECRET, _TEAMS, _INTEREST_USERS, _API. None without a signing secret or teams:
    a token alone is for notices only (docs/interest.md).

    Raises:
        OptionError: naming the first that is missing or cannot be used.
    """
    users = environ.get("NPQ_SLACK_INTEREST_USERS") or ""
    secret, teams = environ.get("NPQ_SLACK_SIGNING_SECRET") or "", environ.get("NPQ_SLACK_TEAMS") or ""
    if not secret and not teams:
        return None
    if not _SECRET.fullmatch(secret):
        raise OptionError(
            "NPQ_SLACK_SIGNING_SECRET: is missing or no signing secret. Copy it from your Slack app's page “Basic "
            "Information”: 32 characters, 0 to 9 and a to f."
        )
    token = environ.get("NPQ_SLACK_BOT_TOKEN") or ""
    if not token.startswith("xoxb-"):
        raise OptionError(
            "NPQ_SLACK_BOT_TOKEN: is missing or no bot token. Copy the one that begins with xoxb- from your Slack "
            "app's page “OAuth & Permissions”."
        )
    return SlackOptions(
        token=token,
        signing_secret=secret,
        teams=_ids("NPQ_SLACK_TEAMS", teams, _TEAM, "T0123ABCD", needed=True),
        interest_users=_ids("NPQ_SLACK_INTEREST_USERS", users, _USER, "U0123ABCD"),
        api=_api(environ.get("NPQ_SLACK_API") or API),
    )


def _ids(name: str, text: str, form: re.Pattern[str], example: str, *, needed: bool = False) -> frozenset[str]:
    found = [word for word in re.split(r"[,\s]+", text) if word]
    wrong = next((word for word in found if not form.fullmatch(word)), None)
    if wrong is not None:
        raise OptionError(f"{name}: `{wrong}` is no id of Slack's. Write ids such as {example}, with commas between.")
    if needed and not found:
        raise OptionError(
            f"{name}: is missing. Write the id of your workspace, such as {example}: the part after "
            "app.slack.com/client/ in the address when Slack is open in a browser. Other workspaces are refused."
        )
    return frozenset(found)


def _api(text: str) -> str:
    if text.startswith("https://") or _LOCAL.match(text):
        return text.rstrip("/")
    raise OptionError(f"NPQ_SLACK_API: `{text[:60]}` does not begin with https://. Leave it out for Slack itself.")
