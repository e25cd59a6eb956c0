"""Slack goes away while a visitor waits or talks: they are told, nothing is lost."""

from __future__ import annotations

from bot.channels.guide import Guide
from tests.bot.channels.slack.stand_in import Slack
from tests.bot.handoff.house import house
from tests.bot.handoff.people import CHANNEL


async def test_slack_away_is_told_at_once_and_nothing_is_lost(guide: Guide, workspace: Slack, url: str) -> None:
    async with house(guide, workspace, url) as here:
        workspace.down = True
        try:
            await here.ask()
            await here.say("my question is about SENCOs")
            await here.later(seconds=11)
            told = await here.gets("I cannot reach our team")
            assert told["replied"]["buttons"][0]["title"] == "Leave my details"
            await here.say("and also about funding")
        finally:
            workspace.down = False
        assert len(await here.thread("about SENCOs")) == 1
        assert len(await here.thread("and also about funding")) == 1
        assert "asked at 10:00" in (await here.thread("Posted late"))[0]
        await here.later(seconds=1)
        assert not here.told("could not pass on")
        await here.press("handoff:claim")
        await here.gets("Ann has joined")
        workspace.down = True
        try:
            await here.say("are you there?")
            await here.later(seconds=11)
            await here.gets("could not pass on your last message yet")
        finally:
            workspace.down = False
        assert len(await here.thread("are you there?")) == 1


async def test_whoever_waits_is_told_too_when_slack_goes_away_later(guide: Guide, workspace: Slack, url: str) -> None:
    async with house(guide, workspace, url) as here:
        await here.ask()
        await here.thread("The chat so far")
        workspace.down = True
        try:
            await here.say("it is about EHCO")
            await here.later(seconds=11)
            told = await here.gets("could not pass on your last message yet")
            assert told["replied"]["person"]["state"] == "waiting"
            await here.later(seconds=11)
            await here.gets("could not pass on your last message yet")  # and no second time
        finally:
            workspace.down = False
        assert len(await here.thread("it is about EHCO")) == 1


async def test_a_channel_that_cannot_be_used_is_told_at_once(guide: Guide, workspace: Slack, url: str) -> None:
    async with house(guide, workspace, url) as here:
        workspace.member_of.discard(CHANNEL)
        try:
            await here.ask()
            await here.gets("I cannot reach our team")
        finally:
            workspace.member_of.add(CHANNEL)
        assert (await here.say("how long is NPQH?")).status == "answered"
