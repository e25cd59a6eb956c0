"""The chat page in a real browser: ask, read, quick replies, keyboard, faults, reload."""

import re

from playwright.sync_api import Page, Route, expect

SECONDS = 30_000


def ask(page: Page, text: str) -> None:
    page.get_by_label("Your question").fill(text)
    page.get_by_label("Your question").press("Enter")


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_question_is_answered_with_its_source(page: Page) -> None:
    ask(page, "how long does the npqh take")
    log = page.get_by_role("log")
    expect(log).to_contain_text("18 months", timeout=SECONDS)
    expect(log).to_contain_text("Source")
    link = log.get_by_role("link").first
    assert (link.get_attribute("href") or "").startswith("https://")
    assert "noopener" in (link.get_attribute("rel") or "")
    expect(page.get_by_label("Your question")).to_have_value("")
    assert no_sideways_scroll(page)


def test_the_page_says_what_it_is_and_keeps_nothing_before_the_first_message(page: Page) -> None:
    log = page.get_by_role("log")
    expect(log).to_be_attached()
    expect(page.locator("main")).to_contain_text(re.compile("automated", re.IGNORECASE))
    expect(log).to_contain_text("NPQ")
    assert page.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0
    assert page.context.cookies() == []
    assert no_sideways_scroll(page)


def test_a_quick_reply_sends_its_question(page: Page) -> None:
    ask(page, "is the npqh funded")
    log = page.get_by_role("log")
    expect(log).to_contain_text("autumn 2026", timeout=SECONDS)
    before = log.get_by_role("listitem").count()
    log.get_by_role("button").last.click()
    expect(log.get_by_role("listitem").nth(before + 1)).to_be_attached(timeout=SECONDS)


def test_it_works_by_keyboard_alone(page: Page) -> None:
    for _ in range(30):
        if page.evaluate("document.activeElement?.id") == "question":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement?.id") == "question"
    page.keyboard.type("how long does the npqh take")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("18 months", timeout=SECONDS)
    assert page.evaluate("document.activeElement?.id") == "question"


def test_a_failure_is_said_and_the_message_can_be_sent_again(page: Page) -> None:
    failing = {"on": True}

    def handle(route: Route) -> None:
        if failing["on"]:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/messages", handle)
    ask(page, "how long does the npqh take")
    again = page.get_by_role("button", name=re.compile("try again", re.IGNORECASE))
    expect(again).to_be_visible(timeout=SECONDS)
    failing["on"] = False
    again.click()
    log = page.get_by_role("log")
    expect(log).to_contain_text("18 months", timeout=SECONDS)
    assert log.get_by_text("how long does the npqh take", exact=True).count() == 1


def test_a_reload_keeps_the_conversation(page: Page) -> None:
    ask(page, "how long does the npqh take")
    expect(page.get_by_role("log")).to_contain_text("18 months", timeout=SECONDS)
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("18 months")
    ask(page, "and is it funded")
    expect(page.get_by_role("log")).to_contain_text("autumn 2026", timeout=SECONDS)
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("log")).not_to_contain_text("18 months")


def test_a_message_too_long_is_refused_and_kept(page: Page) -> None:
    ask(page, "x" * 1001)
    expect(page.locator("#question-error")).to_contain_text("1,000")
    expect(page.get_by_label("Your question")).to_have_value("x" * 1001)
