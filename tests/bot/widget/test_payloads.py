"""Nothing anybody writes runs: texts of visitors and the guide, sources, buttons, replayed events, stored entries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bot.widget.asking import SECONDS, SETTLED, ask, ask_and_wait, log
from tests.bot.widget.payloads import ADDRESSES, MARKUP
from tests.conftest import Service

WATCH = """
window.hits = [];
window.hit = () => window.hits.push("hit");
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => window.hits.push(name);
document.addEventListener("securitypolicyviolation", (event) => window.hits.push(event.violatedDirective));
"""
ALLOWED = {"A", "BUTTON", "DIV", "LI", "P", "SPAN", "TIME", "UL"}
SOURCE = {"title": "A title", "url": "https://www.gov.uk/", "as_of": "2026-08-21"}


@pytest.fixture
def watched(opened: Callable[..., Page], service: Service) -> Page:
    """The chat page, with every sign of a script that ran written down."""
    page = opened("about:blank")
    page.add_init_script(WATCH)
    page.goto(service.url)
    return page


def reply(**parts: object) -> dict[str, object]:
    """A reply or turn as the service gives it."""
    given = {"messages": ["Words."], "buttons": [], "sources": [], "status": "answered", "asking": None, "id": 1}
    return {**given, "at": "2026-11-21T22:00:00Z", "key": "", "said": None, "rating": None, "from": "guide", **parts}


def nothing_ran(page: Page) -> None:
    """No script ran, no policy was broken, nothing was asked of anyone else, only harmless elements were made."""
    page.mouse.move(300, 300)
    page.mouse.move(640, 400)
    page.wait_for_timeout(300)
    assert page.evaluate("window.hits") == []
    names = page.evaluate(
        """() => {
          const log = document.querySelector("npq-guide").shadowRoot.querySelector("[role=log]");
          const all = [...log.querySelectorAll("*")];
          const attributes = all.flatMap((part) => [...part.attributes]).map(({ name }) => name);
          const handlers = attributes.filter((name) => /^on|style|srcdoc/.test(name));
          return [...new Set(all.map((part) => part.tagName)), ...handlers];
        }"""
    )
    assert set(names) <= ALLOWED


def links(page: Page) -> list[str]:
    """Where links in the conversation lead."""
    found = log(page).locator("a").evaluate_all("(all) => all.map((link) => link.href)")
    return [str(address) for address in found]


def test_there_are_enough() -> None:
    assert len(set(MARKUP)) + len(set(ADDRESSES)) > 150


def test_what_visitors_type(watched: Page) -> None:
    watched.route("**/api/messages", lambda route: route.fulfill(json=reply(messages=["Yes."])))
    for payload in MARKUP:
        ask_and_wait(watched, payload)
    shown = log(watched).locator(".asked .bubble p").all_text_contents()
    assert [text.replace("\n", " ") for text in shown] == [" ".join(text.split("\n")) for text in MARKUP]
    assert links(watched) == []
    nothing_ran(watched)


def test_what_visitors_type_to_the_real_service(watched: Page) -> None:
    for payload in MARKUP[10:22]:
        ask_and_wait(watched, payload)
    nothing_ran(watched)


def test_what_the_guide_says_offers_and_cites(watched: Page) -> None:
    answer = reply(
        messages=MARKUP,
        buttons=[{"title": text, "payload": text} for text in MARKUP],
        sources=[{"title": text, "url": text, "as_of": text} for text in MARKUP],
        status=MARKUP[0],
        asking="constructor",
    )
    watched.route("**/api/messages", lambda route: route.fulfill(json=answer))
    ask_and_wait(watched, "hello")
    assert all(urlsplit(address).scheme == "mailto" for address in links(watched))
    assert all(re.fullmatch(r"mailto:[\w.+@-]+", address) for address in links(watched))
    log(watched).locator(".choice").nth(12).click()
    expect(log(watched).locator("li.said").nth(2)).to_be_attached(timeout=SECONDS)
    nothing_ran(watched)


def test_where_sources_lead(watched: Page) -> None:
    good = [
        "https://www.gov.uk/x",
        "https://register-national-professional-qualifications.education.gov.uk/",
        "/privacy",
    ]
    sources = [{**SOURCE, "url": address} for address in [*ADDRESSES, *good]]
    watched.route("**/api/messages", lambda route: route.fulfill(json=reply(sources=sources)))
    ask_and_wait(watched, "hello")
    expect(log(watched).locator(".sources li")).to_have_count(len(sources))
    base = watched.url.rstrip("/")
    assert links(watched) == [good[0], good[1], f"{base}/privacy"]
    for link in log(watched).locator("a").all():
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"
    nothing_ran(watched)


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [None, 1, {}, [], {"text": "<img src=x onerror=hit()>"}]},
        {"sources": [None, 1, "x", {"url": {}, "title": []}]},
        {"buttons": [None, {}, {"title": {"x": 1}, "payload": None}]},
        {"at": "<img>", "from": "<img src=x onerror=hit()>", "rating": "<b>", "asking": {"x": 1}},
        {"__proto__": {"polluted": True}, "constructor": {"prototype": {"polluted": True}}},
    ],
    ids=["messages", "sources", "buttons", "the rest", "prototype"],
)
def test_replies_of_the_wrong_shape(watched: Page, body: dict[str, object]) -> None:
    watched.route("**/api/messages", lambda route: route.fulfill(body=json.dumps({**reply(), **body})))
    ask(watched, "hello")
    expect(log(watched).locator("li.said, li.problem").nth(1)).to_be_attached()
    watched.wait_for_timeout(SETTLED)
    watched.unroute("**/api/messages")
    ask_and_wait(watched, "how long does the npqh take")
    assert watched.evaluate("({}).polluted") is None
    nothing_ran(watched)


def test_replayed_events_and_names_of_people(watched: Page, service: Service) -> None:
    turns = [
        reply(id=1_000_000 + place, key=f"k{place}", said=text, messages=[text], **{"from": text})
        for place, text in enumerate(MARKUP)
    ]
    stream = "".join(f"id: {turn['id']}\nevent: turn\ndata: {json.dumps(turn)}\n\n" for turn in turns)
    noise = "event: turn\ndata: {\n\nevent: <script>\ndata: []\n\ndata: null\n\nevent: turn\ndata: null\n\n"

    def replay(route: Route) -> None:
        route.fulfill(status=200, content_type="text/event-stream", body=noise + stream)

    watched.route("**/api/events*", replay)
    ask_and_wait(watched, "how long does the npqh take")
    expect(log(watched).locator("li.asked")).to_have_count(1 + len(MARKUP), timeout=SECONDS)
    nothing_ran(watched)


def test_entries_as_kept_by_the_tab(watched: Page) -> None:
    """A script of the host page, or an older version, may have written anything there."""
    ask_and_wait(watched, "how long does the npqh take")
    watched.route("**/api/**", lambda route: route.abort())
    entries = [
        entry
        for text in MARKUP
        for entry in (
            {"who": "visitor", "id": text, "shown": text, "sent": text, "at": text, "state": "answered"},
            {"who": "guide", "messages": [text], "sources": [], "buttons": [], "at": text, "from": text},
            {"who": "note", "text": text},
        )
    ]
    watched.evaluate(
        """(entries) => {
          const key = Object.keys(sessionStorage)[0];
          sessionStorage[key] = JSON.stringify({ session: "x", last: 0, entries });
        }""",
        entries,
    )
    watched.reload()
    expect(log(watched).locator("li.note")).to_have_count(len(MARKUP))
    nothing_ran(watched)
    for broken in ("{", "[]", "null", '{"session": 1}', '{"session": "x", "last": 0, "entries": [{"who": "guide"}]}'):
        watched.evaluate("(text) => { sessionStorage[Object.keys(sessionStorage)[0]] = text; }", broken)
        watched.reload()
        expect(log(watched)).to_contain_text("an automated guide")


def test_messages_of_other_windows_and_pages_are_not_taken(watched: Page) -> None:
    """The widget listens to no `postMessage`; on its channel only what has the right form counts."""
    ask_and_wait(watched, "how long does the npqh take")
    before = log(watched).inner_text()
    watched.evaluate(
        """() => {
          const channel = new BroadcastChannel(Object.keys(sessionStorage)[0]);
          const evil = { session: "evil", last: 0, entries: [{ who: "note", text: "evil" }] };
          const junk = [null, 1, "gone", {}, { type: "gone" }, { type: "gone", session: {} },
            { type: "gone", session: "x" }, { type: "give", all: evil }, { type: "give" }];
          for (const each of junk) {
            channel.postMessage(each);
            window.postMessage(each, "*");
          }
        }"""
    )
    watched.wait_for_timeout(300)
    assert log(watched).inner_text() == before
    nothing_ran(watched)
