"""The chat page in a real browser: ask, read, quick replies, keyboard, faults, reload."""

import re

from playwright.sync_api import Page, Route, expect

from tests.bot.widget.asking import SECONDS, ask, ask_and_wait, focused, log, no_sideways_scroll


def test_a_question_is_answered_with_its_source(page: Page) -> None:
    ask(page, "how long does the npqh take")
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    expect(log(page)).to_contain_text("Source")
    link = log(page).get_by_role("link").first
    expect(link).to_be_attached()
    assert (link.get_attribute("href") or "").startswith("https://")
    assert "noopener" in (link.get_attribute("rel") or "")
    expect(page.get_by_label("Your question")).to_have_value("")
    assert no_sideways_scroll(page)


def test_the_page_says_what_it_is_and_keeps_nothing_before_the_first_message(page: Page) -> None:
    expect(log(page)).to_be_attached()
    expect(log(page)).to_contain_text("automated guide, not a person")
    expect(log(page)).to_contain_text("NPQ")
    assert page.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0
    assert page.context.cookies() == []
    assert no_sideways_scroll(page)


def test_a_quick_reply_sends_its_question_and_stays_as_text(page: Page) -> None:
    ask_and_wait(page, "is the npqh funded")
    choices = log(page).locator(".choice")
    title = choices.last.inner_text()
    choices.last.click()
    expect(log(page).locator("li.said").nth(2)).to_be_attached(timeout=SECONDS)
    expect(log(page).locator("li.said").nth(1)).to_contain_text(title)
    assert log(page).locator("li.said").nth(1).locator(".choice").count() == 0


def test_it_works_by_keyboard_alone(page: Page) -> None:
    for _ in range(30):
        if focused(page) == "question":
            break
        page.keyboard.press("Tab")
    assert focused(page) == "question"
    page.keyboard.type("how long does the npqh take")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    assert focused(page) == "question"


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
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    assert log(page).get_by_text("how long does the npqh take", exact=True).count() == 1


def test_a_reload_keeps_the_conversation(page: Page) -> None:
    ask(page, "how long does the npqh take")
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    page.reload()
    expect(log(page)).to_contain_text("18 months")
    ask(page, "and is it funded")
    expect(log(page)).to_contain_text("autumn 2026", timeout=SECONDS)
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Start over").click()
    expect(log(page)).not_to_contain_text("18 months")


def test_a_message_too_long_is_refused_and_kept(page: Page) -> None:
    ask(page, "x" * 1001)
    expect(page.locator("#error")).to_contain_text("1,000")
    expect(page.get_by_label("Your question")).to_have_value("x" * 1001)
