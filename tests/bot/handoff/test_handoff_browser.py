"""The visitor in a real browser, the team in a Slack of our own: two people talk, from the first word to the rating."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.bot.channels.slack.stand_in import ANN, Knocks, Slack
from tests.bot.handoff.people import ASK, CHANNEL, openings, soon, text_of
from tests.bot.widget.asking import ask, ask_and_wait, box, log
from tests.bot.widget.conftest import SCREENSHOTS, browser, opened  # noqa: F401  fixtures
from tests.bot.widget.payloads import MARKUP
from tests.conftest import Service

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
pytestmark = pytest.mark.browser
Opened = Callable[..., Page]


class Two:
    """The visitor's page and the thread."""

    def __init__(self, page: Page, slack: Slack, knocks: Knocks) -> None:
        self.page, self.slack, self.knocks = page, slack, knocks
        known = len(openings(slack))
        ask_and_wait(page, ASK)
        page.get_by_role("button", name="Yes, ask a person").click()
        self.opening = soon(lambda: openings(slack)[-1] if len(openings(slack)) > known else None)

    def press(self, action: str) -> None:
        """Ann presses a button."""
        value = self.opening["metadata"]["event_payload"]["key"].split(":")[1]
        assert self.knocks.presses(action, value, ANN, self.opening).status_code == 200

    def writes(self, text: str) -> None:
        """Ann writes."""
        self.knocks.says(text, CHANNEL, ANN, self.opening["ts"])

    def thread(self, words: str) -> None:
        """The thread has some words."""
        thread = str(self.opening["ts"])
        soon(lambda: any(words in text_of(one) for one in self.slack.in_thread(CHANNEL, thread)))


@pytest.mark.parametrize("size", [(1280, 800), (320, 256)])
def test_two_people_talk(
    opened: Opened,  # noqa: F811
    service: Service,
    workspace: Slack,
    knocks: Knocks,
    size: tuple[int, int],
) -> None:
    page = opened(service.url, size)
    two = Two(page, workspace, knocks)
    bar = page.locator(".person")
    expect(bar).to_contain_text("Waiting for a person")
    assert f"*Page:* {service.url}/" in text_of(two.opening)
    two.press("handoff:claim")
    expect(bar).to_contain_text("Ann, a person, is in this chat")
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    two.writes("Hello, how can I help?")
    said = log(page).locator("li.said").last
    expect(said).to_contain_text("Hello, how can I help?")
    expect(said).to_contain_text("Ann, a person")
    expect(said.get_by_role("button", name="Useful", exact=True)).to_have_count(0)
    assert Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"] == []
    page.screenshot(path=SCREENSHOTS / f"with_a_person_{size[0]}.png")
    ask(page, "Is my place safe?")
    two.thread("Is my place safe?")
    expect(page.locator("li.problem")).to_have_count(0)
    page.reload()
    expect(bar).to_contain_text("Ann, a person, is in this chat")
    two.writes("note: checking")
    two.writes("Yes, it is.")
    expect(log(page).locator("li.said").last).to_contain_text("Yes, it is.")
    expect(log(page)).not_to_contain_text("checking")
    expect(log(page).get_by_text("Is my place safe?")).to_have_count(1)
    two.press("handoff:close")
    expect(bar).to_be_hidden()
    page.get_by_role("button", name="Yes, it helped").click()
    expect(log(page)).to_contain_text("Thank you.")
    two.thread("The visitor says it helped")
    ask_and_wait(page, "How long is NPQH?")
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()


def test_the_visitor_ends_it_with_the_keyboard(
    opened: Opened,  # noqa: F811
    service: Service,
    workspace: Slack,
    knocks: Knocks,
) -> None:
    page = opened(service.url)
    two = Two(page, workspace, knocks)
    two.press("handoff:claim")
    expect(page.locator(".person")).to_contain_text("Ann")
    end = page.locator(".person").get_by_role("button", name="Go back to the guide")
    end.focus()
    end.press("Enter")
    expect(log(page)).to_contain_text("You have ended the chat with Ann")
    expect(page.locator(".person")).to_be_hidden()
    two.thread("Ended by the visitor")


def test_nothing_a_person_writes_runs_or_becomes_markup(
    opened: Opened,  # noqa: F811
    service: Service,
    workspace: Slack,
    knocks: Knocks,
) -> None:
    page = opened(service.url)
    hits: list[str] = []
    page.expose_function("hit", lambda *_: hits.append("hit"))
    two = Two(page, workspace, knocks)
    two.press("handoff:claim")
    expect(page.locator(".person")).to_contain_text("Ann")
    for number in range(0, len(MARKUP), 10):
        raw = "\n".join(MARKUP[number : number + 10])
        two.writes(raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + f"\nend {number}")
        expect(log(page)).to_contain_text(f"end {number}")
    two.writes("<javascript:hit()|click> <https://evil.example|gov.uk> end of links")
    expect(log(page)).to_contain_text("end of links")
    said = log(page).locator("li.said .bubble")
    assert said.locator("script, img, svg, iframe, object, embed, form, input, video, style, link").count() == 0
    addresses = said.locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert all(address.startswith("mailto:") for address in addresses)
    box(page).focus()
    assert hits == []
