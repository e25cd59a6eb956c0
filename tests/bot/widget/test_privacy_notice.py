"""The privacy notice: filled in, linked from the chat, readable at phone width."""

import httpx
from playwright.sync_api import Page

from tests.conftest import Service


def test_the_notice_says_who_collects_and_for_how_long(service: Service) -> None:
    text = httpx.get(f"{service.url}/privacy").text
    assert "kept for 90 days" in text
    assert "12 months" in text
    assert "{" not in text


def test_the_chat_links_to_the_notice(page: Page, service: Service) -> None:
    page.get_by_role("link", name="privacy notice").click()
    page.wait_for_url(f"{service.url}/privacy")
    assert page.get_by_role("heading", level=1).inner_text() == "Privacy notice"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
