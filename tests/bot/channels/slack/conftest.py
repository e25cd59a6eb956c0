"""A service in a Slack of our own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.bot.channels.slack.stand_in import Knocks, Slack, settings, slack
from tests.conftest import Service

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], seconds: float = 20) -> Found:
    """What is there soon."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


@pytest.fixture(scope="module")
def workspace() -> Iterator[Slack]:
    """The Slack."""
    with slack() as known:
        yield known


@pytest.fixture(scope="module")
def slack_service(start_service: Callable[..., Service], workspace: Slack) -> Service:
    """A service that is in it."""
    return start_service(**settings(workspace))


@pytest.fixture(scope="module")
def knocks(slack_service: Service, workspace: Slack) -> Knocks:
    """What Slack sends to the service."""
    return Knocks(workspace, slack_service.url)
