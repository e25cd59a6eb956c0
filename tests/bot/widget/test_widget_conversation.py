"""A conversation goes on, complete and each message once: reload, other pages and tabs, lost network, restart."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bot.widget.asking import SECONDS, ask, ask_and_wait, box, focused, log, open_guide
from tests.conftest import Service

LONG = "how long does the npqh take"


def said(page: Page) -> list[str]:
    """What was said in order, without times and buttons."""
    found = log(page).locator("li .bubble").all_inner_texts()
    return [text.strip() for text in found]


def choose(page: Page, option: str) -> None:
    """Take one of the options."""
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name=option).click()


def test_a_new_tab_carries_the_conversation_on_and_both_see_it(opened: Callable[..., Page], service: Service) -> None:
    first = opened(service.url)
    ask_and_wait(first, LONG)
    second = opened(service.url, context=first.context)
    expect(log(second)).to_contain_text("18 months")
    assert said(second) == said(first)
    ask_and_wait(second, "and is it funded")
    first.bring_to_front()
    expect(log(first)).to_contain_text("and is it funded", timeout=SECONDS)
    assert said(first) == said(second)
    ask_and_wait(first, "when does it start")
    expect(log(second)).to_contain_text("when does it start", timeout=SECONDS)
    assert said(first) == said(second)
    assert first.context.cookies() == []


def test_nothing_outlives_the_last_tab(opened: Callable[..., Page], service: Service) -> None:
    first = opened(service.url)
    ask_and_wait(first, LONG)
    context = first.context
    first.close()
    later = opened(service.url, context=context)
    later.wait_for_timeout(600)
    assert LONG not in log(later).inner_text()
    assert later.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0


def test_a_message_on_its_way_when_the_page_is_left_is_answered_on_the_next_one_once(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(f"{service.url}/demo")
    open_guide(page)
    ask_and_wait(page, "is the npqh funded")
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route("**/api/messages", hold_first)  # to the end: taking it away lets go what is held
    ask(page, LONG)
    page.wait_for_timeout(300)
    key = held[0].request.headers["idempotency-key"]
    with page.expect_request("**/api/messages") as again:
        page.goto(f"{service.url}/demo?another")
    assert again.value.headers["idempotency-key"] == key
    launcher = page.get_by_role("button", name="Ask about NPQs, 1 new message")
    expect(launcher).to_be_visible(timeout=SECONDS)
    expect(box(page)).to_be_hidden()
    launcher.click()
    expect(log(page)).to_contain_text("18 months")
    assert log(page).get_by_text(LONG, exact=True).count() == 1
    page.get_by_role("button", name=re.compile("^Close")).click()
    expect(page.get_by_role("button", name="Ask about NPQs", exact=True)).to_be_focused()


def test_an_answer_lost_on_the_way_back_is_not_given_twice(opened: Callable[..., Page], service: Service) -> None:
    """The service has the message; the browser does not get the reply. The event stream or sending again brings it."""
    page = opened(service.url)
    ask_and_wait(page, "is the npqh funded")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/messages", lose)
    ask(page, LONG)
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    page.unroute("**/api/messages")
    ask_and_wait(page, "and its content")
    assert log(page).get_by_text(LONG, exact=True).count() == 1
    assert sum("18 months of study" in text for text in said(page)) == 1
    assert log(page).locator(".problem").count() == 0


def test_offline_a_message_is_kept_and_goes_out_by_itself_once_back(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(service.url)
    ask_and_wait(page, "is the npqh funded")
    page.context.set_offline(True)
    ask(page, LONG)
    expect(log(page).locator(".problem")).to_contain_text("internet connection", timeout=SECONDS)
    expect(log(page).get_by_role("button", name="Try again")).to_be_visible()
    page.context.set_offline(False)
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    assert log(page).get_by_text(LONG, exact=True).count() == 1
    assert log(page).locator(".problem").count() == 0


@pytest.mark.parametrize("answer", ["", "<html>Bad gateway</html>", "[]", '{"messages": []}', "{"], ids=repr)
def test_an_answer_that_makes_no_sense_is_a_problem_said_and_the_message_kept(
    opened: Callable[..., Page], service: Service, answer: str
) -> None:
    page = opened(service.url)
    page.route("**/api/messages", lambda route: route.fulfill(status=200, body=answer))
    ask(page, LONG)
    expect(log(page).locator(".problem")).to_contain_text("Sorry, there is a problem with the service", timeout=SECONDS)
    page.unroute("**/api/messages")
    log(page).get_by_role("button", name="Try again").click()
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    assert log(page).get_by_text(LONG, exact=True).count() == 1


def test_too_many_messages_say_how_long_to_wait(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url)
    body = '{"error": {"code": "too_many", "message": "Too many."}}'
    page.route("**/api/messages", lambda route: route.fulfill(status=429, body=body, headers={"Retry-After": "17"}))
    ask(page, LONG)
    expect(log(page).locator(".problem")).to_contain_text("Wait 17 seconds", timeout=SECONDS)


def test_where_streams_are_held_back_it_polls(opened: Callable[..., Page], service: Service) -> None:
    first = opened(service.url)
    ask_and_wait(first, LONG)
    second = opened("about:blank", context=first.context)

    def hold_back(route: Route) -> None:
        if "event-stream" in route.request.headers["accept"]:
            route.fulfill(status=200, content_type="text/html", body="<p>a proxy</p>")
        else:
            route.continue_()

    second.route("**/api/events*", hold_back)
    with second.expect_request("**/api/events?wait=*"):
        second.goto(service.url)
    ask_and_wait(first, "and is it funded")
    second.bring_to_front()
    expect(log(second)).to_contain_text("and is it funded", timeout=SECONDS)
    assert said(first) == said(second)


def test_a_conversation_survives_a_restart_of_the_service(
    opened: Callable[..., Page],
    start_service: Callable[..., Service],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = {"NPQ_DATABASE_URL": f"sqlite:///{tmp_path / 'npq.db'}"}
    service = start_service(**settings)
    page = opened(service.url)
    ask_and_wait(page, LONG)
    service.process.kill()
    service.process.wait()
    ask(page, "and is it funded")
    expect(log(page).locator(".problem")).to_be_visible(timeout=SECONDS)
    monkeypatch.setattr("tests.conftest.free_port", lambda: int(service.url.rsplit(":", 1)[1]))
    start_service(**settings)
    # sent again by itself when the event stream is back, or by the button
    expect(log(page)).to_contain_text("autumn 2026", timeout=4 * SECONDS)
    assert log(page).get_by_text("and is it funded", exact=True).count() == 1
    assert "NPQH" in said(page)[-1] or "headship" in said(page)[-1].lower()


def test_while_an_answer_is_on_its_way_it_shows_and_a_second_question_waits(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(service.url)
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))
    ask(page, LONG)
    waiting = page.get_by_text("Finding an answer").first
    expect(waiting).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Finding an answer")
    ask(page, "is it funded")
    expect(page.locator("#error")).to_contain_text("Wait for the answer")
    expect(box(page)).to_have_value("is it funded")
    held[0].continue_()
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    expect(waiting).to_be_hidden()
    expect(page.locator("#error")).to_be_hidden()


def test_another_tab_shows_that_an_answer_is_on_its_way_only_while_it_is(
    opened: Callable[..., Page], service: Service
) -> None:
    first = opened(service.url)
    ask_and_wait(first, LONG)
    second = opened("about:blank", context=first.context)
    stream = 'event: working\ndata: {"key": "of another tab"}\n\n'
    second.route(
        "**/api/events*", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=stream)
    )
    second.goto(service.url)
    expect(second.get_by_text("Finding an answer").first).to_be_visible(timeout=SECONDS)
    second.unroute("**/api/events*")
    ask_and_wait(first, "and is it funded")
    second.bring_to_front()
    expect(log(second)).to_contain_text("and is it funded", timeout=SECONDS)
    expect(second.get_by_text("Finding an answer").first).to_be_hidden()


def test_times_are_shown_and_readable_by_programs(page: Page) -> None:
    ask_and_wait(page, LONG)
    times = log(page).locator("time")
    assert times.count() == 2
    for each in times.all():
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each.get_attribute("datetime") or "")
        assert re.fullmatch(r"(\d+ \w+, )?\d{1,2}:\d\d[ap]m", each.inner_text())


def test_an_answer_can_be_copied_with_its_source(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url, permissions=["clipboard-read", "clipboard-write"])
    ask_and_wait(page, LONG)
    log(page).get_by_role("button", name="Copy").click()
    expect(log(page).get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "18 months" in copied
    assert "Source: " in copied
    assert "https://" in copied


def test_the_conversation_can_be_downloaded(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url)
    ask_and_wait(page, LONG)
    with page.expect_download() as download:
        choose(page, "Download this chat")
    assert re.fullmatch(r"npq-guide-chat-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)
    text = download.value.path().read_text(encoding="utf-8")
    assert text.index("an automated guide") < text.index("You (") < text.index(LONG) < text.index("18 months")
    assert "Source: " in text


def test_starting_over_ends_the_session_and_forgets(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url)
    ask_and_wait(page, LONG)
    token = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).session")
    other = opened(service.url, context=page.context)
    expect(log(other)).to_contain_text("18 months")
    page.bring_to_front()
    with page.expect_response("**/api/session") as ended:
        choose(page, "Start over")
    assert ended.value.status == 204
    expect(log(page)).not_to_contain_text("18 months")
    expect(log(page)).to_contain_text("an automated guide")
    expect(log(other)).not_to_contain_text("18 months")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    assert service.say(token, LONG).status_code == 401
    ask_and_wait(page, "when does it start")
    expect(log(page).locator(".problem")).to_have_count(0)


def test_the_conversation_can_be_deleted_after_asking_and_the_other_tab_forgets_it_too(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(service.url)
    ask_and_wait(page, LONG)
    token = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).session")
    other = opened(service.url, context=page.context)
    expect(log(other)).to_contain_text("18 months")
    page.bring_to_front()
    choose(page, "Delete this chat")
    assert focused(page) == "Delete this chat?"
    expect(page.get_by_text("An expression of interest you sent is still kept")).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    expect(log(page)).to_contain_text("18 months")
    assert focused(page) == "Options"
    choose(page, "Delete this chat")
    with page.expect_response("**/api/conversation") as deleted:
        page.get_by_role("button", name="Yes, delete it").click()
    assert deleted.value.status == 204
    expect(log(page)).to_contain_text("Your chat has been deleted")
    expect(log(page)).not_to_contain_text("18 months")
    expect(log(other)).not_to_contain_text("18 months")
    assert service.say(token, LONG).status_code == 401


def test_a_deletion_that_fails_says_so_and_deletes_nothing_here(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url)
    ask_and_wait(page, LONG)
    page.route("**/api/conversation", lambda route: route.abort())
    choose(page, "Delete this chat")
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("Your chat could not be deleted.").first).to_be_visible()
    expect(log(page)).to_contain_text("18 months")
    page.unroute("**/api/conversation")
    page.get_by_role("button", name="Yes, delete it").click()
    expect(log(page)).to_contain_text("Your chat has been deleted")


def test_an_answer_can_be_rated_and_the_rating_taken_back(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url)
    ask_and_wait(page, LONG)
    useful = log(page).get_by_role("button", name="Useful", exact=True)
    not_useful = log(page).get_by_role("button", name="Not useful", exact=True)
    expect(useful).to_have_attribute("aria-pressed", "false")
    with page.expect_response("**/rating") as rated:
        useful.click()
    assert rated.value.status == 204
    expect(useful).to_have_attribute("aria-pressed", "true")
    assert focused(page) == "Useful"
    with page.expect_response("**/rating") as rated:
        not_useful.click()
    assert (rated.value.request.post_data_json or {})["rating"] == "down"
    expect(useful).to_have_attribute("aria-pressed", "false")
    expect(not_useful).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(not_useful).to_have_attribute("aria-pressed", "true")
    with page.expect_response("**/rating") as rated:
        not_useful.click()
    assert (rated.value.request.post_data_json or {})["rating"] is None
    page.route("**/rating", lambda route: route.abort())
    useful.click()
    expect(page.get_by_role("status")).to_contain_text("could not be saved")
    expect(useful).to_have_attribute("aria-pressed", "false")


def test_personal_details_typed_unasked_are_left_out_and_the_visitor_told(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(service.url)
    ask_and_wait(page, "my email is zed@example.org, how long is the npqh")
    expect(log(page)).to_contain_text("I have not kept the email address you typed", timeout=SECONDS)


def test_messages_that_come_while_it_is_closed_are_counted_in_the_name_of_the_button(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(f"{service.url}/demo")
    open_guide(page)
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))
    ask(page, LONG)
    page.get_by_role("button", name=re.compile("^Close")).click()
    page.wait_for_timeout(200)
    held[0].continue_()
    expect(page.get_by_role("button", name="Ask about NPQs, 1 new message")).to_be_visible(timeout=SECONDS)
    page.unroute("**/api/messages")
    open_guide(page)
    expect(log(page)).to_contain_text("18 months")
    expect(page.get_by_role("button", name="Ask about NPQs", exact=True)).to_be_attached()


def test_without_storage_it_chats_all_the_same(opened: Callable[..., Page], service: Service) -> None:
    page = opened("about:blank")
    page.add_init_script(
        "for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name, "
        "{ get() { throw new DOMException('denied', 'SecurityError'); } });"
    )
    page.goto(service.url)
    ask_and_wait(page, LONG)
    ask_and_wait(page, "and is it funded")
    expect(log(page)).to_contain_text("autumn 2026")


def test_each_message_says_which_question_it_answers_also_when_it_is_sent_again(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(service.url)
    told: list[tuple[str, str | None]] = []

    def note(route: Route) -> None:
        request = route.request
        told.append((request.post_data_json["text"], request.header_value("x-npq-asking")))
        if [text for text, _ in told].count("Ann Lee") == 1 and told[-1][0] == "Ann Lee":
            route.abort()  # it never got there
        else:
            route.continue_()

    page.route("**/api/messages", note)
    ask_and_wait(page, "register my interest in NPQH")
    ask_and_wait(page, "Ann Lee")
    ask_and_wait(page, "ann@example.org")
    assert told == [
        ("register my interest in NPQH", ""),
        ("Ann Lee", "name"),
        ("Ann Lee", "name"),
        ("ann@example.org", "email"),
    ]
