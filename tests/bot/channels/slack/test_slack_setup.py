"""Setting Slack up: the settings, `npq slack check`, the manifest and the guide agree with what the service needs."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import yaml

from bot.channels.slack.checking import SCOPES
from bot.channels.slack.options import OptionError, read_options
from tests.bot.channels.slack.stand_in import EVENTS_WANT, SECRET, TEAM, TOKEN, WANTS, Slack, settings, slack
from tests.conftest import NPQ, Service

DOCS = Path(__file__).resolve().parents[4] / "docs"
CODE = (DOCS.parent / "bot" / "channels" / "slack", DOCS.parent / "bot" / "handoff", DOCS.parent / "guidance")
GOOD = {"NPQ_SLACK_BOT_TOKEN": TOKEN, "NPQ_SLACK_SIGNING_SECRET": SECRET, "NPQ_SLACK_TEAMS": TEAM}


def check(url: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """`npq slack check` with these settings."""
    command = [str(NPQ), "slack", "check", *(["--url", url] if url else [])]
    return subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"NPQ_SLACK_SIGNING_SECRET": ""}, "NPQ_SLACK_SIGNING_SECRET"),
        ({"NPQ_SLACK_SIGNING_SECRET": "short"}, "NPQ_SLACK_SIGNING_SECRET"),
        ({"NPQ_SLACK_TEAMS": ""}, "NPQ_SLACK_TEAMS"),
        ({"NPQ_SLACK_TEAMS": "provider"}, "NPQ_SLACK_TEAMS"),
        ({"NPQ_SLACK_BOT_TOKEN": "xoxp-1"}, "NPQ_SLACK_BOT_TOKEN"),
        ({"NPQ_SLACK_INTEREST_USERS": "ann"}, "NPQ_SLACK_INTEREST_USERS"),
        ({"NPQ_SLACK_API": "http://slack.example/api"}, "NPQ_SLACK_API"),
    ],
)
def test_each_setting_is_checked_and_secrets_are_not_shown(change: dict[str, str], named: str) -> None:
    with pytest.raises(OptionError) as refused:
        read_options({**GOOD, **change})
    assert str(refused.value).startswith(named)
    assert SECRET not in str(refused.value)
    assert TOKEN not in repr(read_options(GOOD))
    assert SECRET not in repr(read_options(GOOD))


def test_without_settings_there_is_no_slack(service: Service) -> None:
    assert read_options({}) is None
    assert read_options({"NPQ_SLACK_BOT_TOKEN": TOKEN}) is None  # for notices only
    assert httpx.post(f"{service.url}/slack/events", json={}).status_code == 404
    told = check()
    assert told.returncode == 1
    assert "Slack is off" in told.stderr


@pytest.mark.parametrize("name", ["NPQ_SLACK_SIGNING_SECRET", "NPQ_SLACK_TEAMS", "NPQ_SLACK_BOT_TOKEN"])
def test_the_service_does_not_start_with_one_of_them_blank(name: str) -> None:
    given = {**os.environ, **GOOD, name: ""}
    told = subprocess.run([str(NPQ), "run"], env=given, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode != 0
    assert f"{name}: is missing" in told.stderr
    assert "Traceback" not in told.stderr


def test_check_says_that_everything_is_there(start_service: Callable[..., Service]) -> None:
    with slack() as known:
        given = settings(known, NPQ_SLACK_INTEREST_CHANNEL="C0INTEREST", NPQ_SLACK_INTEREST_USERS="U0ANN0001")
        service = start_service(**given)
        told = check(service.url, **given)
        assert told.returncode == 0, told.stdout
        assert "#npq-interest" in told.stdout
        assert "signing secret" in told.stdout
        other = check(service.url, **{**given, "NPQ_SLACK_SIGNING_SECRET": "f" * 32})
        assert other.returncode == 1
        assert "MISSING  signing secret" in other.stdout


def _no_scope(known: Slack, given: dict[str, str]) -> str:
    known.scopes = known.scopes.replace(",reactions:write", "")
    return "scope reactions:write"


def _not_a_member(known: Slack, given: dict[str, str]) -> str:
    known.member_of.clear()
    return "/invite @NPQ Guide"


def _no_channel(known: Slack, given: dict[str, str]) -> str:
    given["NPQ_SLACK_INTEREST_CHANNEL"] = "C0NOWHERE"
    return "channel_not_found"


def _not_a_member_of_the_teams_channel(known: Slack, given: dict[str, str]) -> str:
    given["NPQ_SLACK_HANDOFF_CHANNEL"] = "C0STAFF01"
    known.member_of.discard("C0STAFF01")
    return "NPQ_SLACK_HANDOFF_CHANNEL: the bot is not in #npq-staff"


def _bad_token(known: Slack, given: dict[str, str]) -> str:
    given["NPQ_SLACK_BOT_TOKEN"] = "xoxb-revoked"
    return "invalid_auth"


def _other_team(known: Slack, given: dict[str, str]) -> str:
    given["NPQ_SLACK_TEAMS"] = "T0OTHER1"
    return "not in NPQ_SLACK_TEAMS"


def _nobody(known: Slack, given: dict[str, str]) -> str:
    given["NPQ_SLACK_INTEREST_USERS"] = ""
    return "nobody can open"


def _no_service(known: Slack, given: dict[str, str]) -> str:
    return "cannot be reached"


@pytest.mark.parametrize(
    "spoil",
    [
        _no_scope, _not_a_member, _not_a_member_of_the_teams_channel, _no_channel, _bad_token, _other_team, _nobody,
        _no_service,
    ],
)  # fmt: skip
def test_check_names_what_is_missing(spoil: Callable[[Slack, dict[str, str]], str]) -> None:
    with slack() as known:
        given = settings(known, NPQ_SLACK_INTEREST_CHANNEL="C0INTEREST", NPQ_SLACK_INTEREST_USERS="U0ANN0001")
        words = spoil(known, given)
        told = check("http://127.0.0.1:9", **given)
        assert told.returncode == 1
        assert any(words in line for line in told.stdout.splitlines() if line.startswith("MISSING")), told.stdout
        assert "Traceback" not in told.stderr


def test_the_manifest_asks_for_just_what_is_needed_and_points_to_our_routes() -> None:
    manifest = yaml.safe_load((DOCS / "slack-app-manifest.yml").read_text(encoding="utf-8"))
    code = "".join(path.read_text(encoding="utf-8") for folder in CODE for path in folder.rglob("*.py"))
    methods = set(re.findall(r"\b(?:auth|chat|conversations|reactions|users|views)\.[a-z]\w+(?=[\"'`])", code))
    assert methods == set(WANTS)
    needed = {scope for method in methods for scope in WANTS[method].values()}
    needed |= {scope for scope in EVENTS_WANT.values() if scope} | {"commands"}
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert sorted(scopes) == sorted(needed) == sorted(SCOPES)
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS_WANT)
    reading = (CODE[0] / "reading.py").read_text(encoding="utf-8")
    assert all(f'"{event.partition(".")[0]}"' in reading for event in EVENTS_WANT)
    addresses = {
        manifest["features"]["slash_commands"][0]["url"],
        manifest["settings"]["event_subscriptions"]["request_url"],
        manifest["settings"]["interactivity"]["request_url"],
    }
    assert {address.removeprefix("https://guide.example") for address in addresses} == {
        "/slack/commands", "/slack/events", "/slack/interactions"
    }  # fmt: skip
    assert manifest["features"]["shortcuts"][0]["callback_id"] == "answer_message"


def test_the_guide_names_every_setting() -> None:
    told = (DOCS / "slack.md").read_text(encoding="utf-8") + (DOCS / "interest.md").read_text(encoding="utf-8")
    code = "".join(
        path.read_text(encoding="utf-8") for path in (DOCS.parent / "bot" / "channels" / "slack").glob("*.py")
    )
    assert {name for name in re.findall(r"NPQ_SLACK_[A-Z_]*[A-Z]", code) if name not in told} <= {
        "NPQ_SLACK_HANDOFF_CHANNEL"
    }
