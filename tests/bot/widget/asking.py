"""What the tests of the widget do again and again."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

SECONDS = 30_000
SETTLED = 300  # ms after an answer until the next question may be sent


def box(page: Page) -> Locator:
    """The box to type in, whatever it asks for."""
    return page.locator("textarea")


def log(page: Page) -> Locator:
    """The conversation."""
    return page.get_by_role("log")


def ask(page: Page, text: str) -> None:
    """Type and send."""
    box(page).fill(text)
    box(page).press("Enter")


def ask_and_wait(page: Page, text: str) -> None:
    """Type, send and wait for the answer, and until the next question may be sent.

    The event stream can bring the answer a moment before the request itself is done.
    """
    said = log(page).locator("li.said")
    box(page).fill(text)
    for _ in range(SECONDS // SETTLED):  # while the request before is not done, what is typed stays in the box
        before = said.count()
        box(page).press("Enter")
        if not box(page).input_value():
            break
        page.wait_for_timeout(SETTLED)
    expect(said.nth(before)).to_be_attached(timeout=SECONDS)
    page.wait_for_timeout(SETTLED)


def open_guide(page: Page) -> None:
    """Press the button on a host page."""
    page.get_by_role("button", name="Ask about NPQs").click()
    expect(box(page)).to_be_visible(timeout=SECONDS)


def no_sideways_scroll(page: Page) -> bool:
    """Neither the page nor a part of the chat scrolls to the side."""
    return bool(
        page.evaluate(
            """() => {
              const root = document.querySelector("npq-guide")?.shadowRoot;
              const all = [document.documentElement, ...(root?.querySelectorAll(".chat, .scroller") ?? [])];
              return all.every((part) => part.scrollWidth <= part.clientWidth);
            }"""
        )
    )


def focused(page: Page) -> str:
    """Id, else text, of what has focus, also inside the widget."""
    return str(
        page.evaluate(
            """() => {
              let at = document.activeElement;
              while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
              return at?.id || at?.textContent || "";
            }"""
        )
    )
