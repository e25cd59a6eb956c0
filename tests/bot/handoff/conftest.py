"""A service that hands over to a team in a Slack of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.channels.slack.stand_in import Knocks, Slack, settings, slack
from tests.bot.handoff.people import CHANNEL
from tests.conftest import Service


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An empty database."""
    return f"sqlite:///{tmp_path / 'npq.db'}"


@pytest.fixture(scope="module")
def workspace() -> Iterator[Slack]:
    """The Slack."""
    with slack() as known:
        yield known


@pytest.fixture(scope="module")
def service(start_service: Callable[..., Service], workspace: Slack) -> Service:
    """A service whose team is always there."""
    more = {"NPQ_SLACK_HANDOFF_CHANNEL": CHANNEL, "NPQ_HANDOFF_HOURS": "always"}
    return start_service(**settings(workspace, **more))


@pytest.fixture(scope="module")
def knocks(service: Service, workspace: Slack) -> Knocks:
    """What Slack sends to it."""
    return Knocks(workspace, service.url)
