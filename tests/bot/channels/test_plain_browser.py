"""The chat without JavaScript in a real browser that has it switched off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.bot.widget.conftest import browser  # noqa: F401  (the fixture)
from tests.conftest import Service

QUESTION = "how long does the npqh take"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:  # noqa: F811
    """The page, on a narrow screen."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    opened = context.new_page()
    opened.goto(service.url.replace("127.0.0.1", "localhost") + "/plain")
    yield opened
    context.close()


def test_it_chats_and_deletes(page: Page) -> None:
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    assert "18 months" in page.locator("#latest").inner_text()
    page.reload()
    assert page.locator(".said.you").count() == 1
    page.locator(".choices button").first.click()
    assert page.locator(".said.you").count() == 2
    page.get_by_role("button", name="Delete this chat").click()
    page.get_by_role("button", name="Yes, delete this chat").click()
    assert page.locator(".said.you").count() == 0
    assert "Your chat was deleted" in page.locator("main").inner_text()


def test_enter_sends_what_was_typed_for_a_detail(page: Page) -> None:
    page.get_by_role("button", name="Register your interest").click()
    page.get_by_label("Your answer").fill("NPQH")
    page.get_by_role("button", name="Send").click()
    assert "full name" in page.locator("#latest").inner_text()
    page.get_by_label("Your answer").press_sequentially("Zoë O'Brien-Smith")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "email" in page.locator("#latest").inner_text()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    page.get_by_label("Your question").fill(QUESTION + " " + "w" * 200)
    page.get_by_role("button", name="Send").click()
    widest = max(box["x"] + box["width"] for part in page.locator("main *").all() if (box := part.bounding_box()))
    assert widest <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, service: Service, scheme: str) -> None:  # noqa: F811
    # axe needs JavaScript; the page has none of its own.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(service.url.replace("127.0.0.1", "localhost") + "/plain")

    def problems() -> list[str]:
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
        return [f"{item['id']}: {[node['html'][:120] for node in item['nodes']]}" for item in found]

    assert problems() == []
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    assert problems() == []
    page.get_by_role("button", name="Send").click()
    assert page.title().startswith("Error: ")
    assert problems() == []
    page.get_by_role("button", name="Delete this chat").click()
    assert problems() == []
    context.close()
