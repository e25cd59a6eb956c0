"""`npq slack check`: what is missing before the guide can be in Slack."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from typing import Any

from bot.commands import CommandError
from bot.settings import read


def options(commands: Any) -> None:
    """The subcommand's own options."""
    top = commands.add_parser("slack", help="set up Slack: check names what is missing")
    actions = top.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="token, scopes, workspace, channels; exit 1 when something is missing")
    check.add_argument("--url", help="the running service, such as https://guide.example, to try the secret with")


def run(given: argparse.Namespace) -> int:
    """Print what was found, a line each."""
    settings = read()
    if settings.slack is None:
        raise CommandError(
            "Slack is off. Set NPQ_SLACK_BOT_TOKEN, NPQ_SLACK_SIGNING_SECRET and NPQ_SLACK_TEAMS; docs/slack.md shows "
            "where to find them."
        )
    return asyncio.run(_check(settings.slack, given.url))


async def _check(slack: Any, url: str | None) -> int:
    from bot.channels.slack.checking import findings

    missing = 0
    async for found in findings(slack, os.environ, url):
        print(f"MISSING  {found.what}: {found.problem}" if found.problem else f"ok       {found.what}", flush=True)
        missing += found.problem is not None
    print(f"{missing} missing." if missing else "Everything is there.", file=sys.stderr)
    return 1 if missing else 0
