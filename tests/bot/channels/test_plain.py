"""The chat without JavaScript: it answers, registers an interest to the end, and takes nothing from other sites."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Service

COOKIE = "__Host-npq"
QUESTION = "how long does the npqh take"


class Browser:
    """A browser without JavaScript: cookies, forms, redirects."""

    def __init__(self, service: Service) -> None:
        # httpx keeps Secure cookies from http; browsers do so for localhost only.
        self.http = httpx.Client(base_url=service.url, follow_redirects=False, timeout=60)
        self.text = self.http.get("/plain").text
        self.token = ""
        self.answer: httpx.Response

    def send(self, **fields: str) -> httpx.Response:
        """Press a button of a form of the page shown, and follow the redirect."""
        keys = re.findall(r'name="key" value="([^"]+)"', self.text)
        return self.submit({"key": keys[-1], **fields})

    def submit(self, fields: dict[str, str], **headers: str) -> httpx.Response:
        cookies = {"Cookie": f"{COOKIE}={self.token}"} if self.token else {}
        own = {"Origin": str(self.http.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin", **cookies, **headers}
        self.answer = self.http.post("/plain", data=fields, headers=own)
        for given in self.answer.headers.get_list("set-cookie"):
            self.token = given.partition("=")[2].partition(";")[0].strip('"')
        if self.answer.status_code == 303:
            cookies = {"Cookie": f"{COOKIE}={self.token}"} if self.token else {}
            self.text = self.http.get("/" + self.answer.headers["location"], headers=cookies).text
        else:
            self.text = self.answer.text
        return self.answer

    def say(self, text: str) -> str:
        """Send a message; the last thing the guide said."""
        assert self.send(text=text, do="say").status_code == 303, self.text
        return self.latest()

    def latest(self) -> str:
        """The last thing the guide said."""
        return html.unescape(re.sub(r"<[^>]+>", "", self.text.split('id="latest"')[1].split("</div>")[0]))

    def choices(self) -> list[str]:
        """What the buttons would say."""
        return [html.unescape(found) for found in re.findall(r'name="choice" value="([^"]*)"', self.text)]


@pytest.fixture
def browser(service: Service) -> Iterator[Browser]:
    """A new visitor."""
    opened = Browser(service)
    opened.http.cookies.clear()
    yield opened
    opened.http.close()


def test_a_question_is_answered_with_source_and_choices(browser: Browser) -> None:
    assert "set-cookie" not in browser.http.get("/plain").headers
    answer = browser.send(text=QUESTION, do="say")
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert browser.token not in location
    assert len(browser.token) == 32
    assert "18 months" in browser.latest()
    assert 'rel="noopener noreferrer"' in browser.text
    assert browser.say("and is it funded")
    assert browser.text.count('class="said you"') == 2
    chosen = browser.choices()[0]
    assert browser.send(choice=chosen).status_code == 303
    assert browser.text.count('class="said you"') == 3


def test_the_cookie_is_for_this_page_alone(browser: Browser) -> None:
    browser.say(QUESTION)
    answer = browser.http.post("/plain", data={"text": QUESTION, "do": "say", "key": "x"}, headers={"Cookie": ""})
    cookie = answer.headers["set-cookie"]
    name, *rest = [part.strip() for part in cookie.split(";")]
    assert name.startswith(f"{COOKIE}=")
    assert {part.lower() for part in rest} == {"path=/", "secure", "httponly", "samesite=strict"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_a_reload_and_a_double_click_say_nothing_twice(browser: Browser) -> None:
    fields = {"key": "one-form", "text": QUESTION, "do": "say"}
    for _ in range(3):
        browser.submit(fields)
    assert browser.text.count('class="said you"') == 1
    browser.submit({**fields, "text": "and is it funded"})  # back, changed, sent again
    assert browser.text.count('class="said you"') == 2


def test_interest_is_registered_to_the_end(browser: Browser) -> None:
    browser.say("I want to register my interest in NPQH")
    for text in ("Zoë O'Brien-Smith", "zoe@example.org", "deputy headteacher", "Peregrine Hall School", "Autumn 2027"):
        browser.say(text)
    browser.say("Skip")
    said = browser.say("No")
    assert "check your answers" in said
    assert "Zoë O'Brien-Smith" in said
    assert "zoe@example.org" in said
    assert "[personal details]" not in said
    reply = browser.send(choice="Yes, send it")
    assert reply.status_code == 303
    assert re.search(r"NPQ-\w{4}-\w{4}", browser.latest())
    assert "zoe@example.org" not in browser.text.split('id="latest"')[0].split("check your answers")[0]


def test_answers_can_be_checked_after_a_restart_too(start_service: Callable[..., Service], tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'npq.db'}"
    service = start_service(NPQ_DATABASE_URL=database)
    before = Browser(service)
    before.say("I want to register my interest in NPQH")
    for text in ("Zoë O'Brien-Smith", "zoe@example.org", "Skip", "Skip", "Skip", "Skip", "No"):
        before.say(text)
    service.process.kill()
    service.process.wait()
    after = Browser(start_service(NPQ_DATABASE_URL=database))
    after.token = before.token
    after.text = after.http.get("/plain", headers={"Cookie": f"{COOKIE}={after.token}"}).text
    assert "zoe@example.org" not in after.text
    assert "choose “Change something”, then write “nothing”" in html.unescape(after.text)
    after.send(choice="Change something")
    assert "Email: zoe@example.org" in after.say("nothing")


@pytest.mark.parametrize(("asked", "purpose"), [("name", "name"), ("email", "email")])
def test_browsers_may_fill_in_what_is_asked_for(browser: Browser, asked: str, purpose: str) -> None:
    browser.say("I want to register my interest in NPQH")
    if asked == "email":
        browser.say("Zoë O'Brien-Smith")
    assert f'autocomplete="{purpose}"' in browser.text


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [("", 422, "Your message is empty"), ("x" * 1001, 422, "1,000 characters or fewer"), ("é" * 1400, 413, "too long")],
    ids=["nothing", "too many characters", "too many bytes"],
)
def test_an_error_is_shown_with_what_was_typed(browser: Browser, text: str, status: int, words: str) -> None:
    answer = browser.send(text=text, do="say")
    assert answer.status_code == status
    assert "<title>Error: " in browser.text
    assert words in browser.text
    assert 'href="#write"' in browser.text
    assert 'aria-invalid="true"' in browser.text
    assert text in html.unescape(browser.text)


def test_starting_over_and_deleting(browser: Browser) -> None:
    browser.say(QUESTION)
    first = browser.token
    browser.send(do="over")
    assert browser.token == ""
    assert "You started over" in browser.text
    assert "18 months" not in browser.text
    browser.token = first  # a browser that kept it
    browser.text = browser.http.get("/plain", headers={"Cookie": f"{COOKIE}={first}"}).text
    assert "18 months" not in browser.text
    assert "earlier chat had ended" not in browser.text
    browser.say(QUESTION)
    assert browser.token != first
    assert "earlier chat had ended" in browser.text
    assert "Delete this chat?" in browser.send(do="delete").text
    assert "18 months" in browser.text
    browser.send(do="delete_for_good")
    assert "Your chat was deleted" in browser.text
    assert "18 months" not in browser.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    browser.say(QUESTION)
    for fields in ({"text": "is npqh funded", "do": "say"}, {"do": "delete_for_good"}, {"do": "over"}):
        answer = browser.submit(dict(fields), **headers)
        assert answer.status_code == 403
        assert "18 months" not in answer.text
    assert "18 months" in browser.http.get("/plain", headers={"Cookie": f"{COOKIE}={browser.token}"}).text


def test_text_is_only_ever_text(browser: Browser) -> None:
    nasty = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{7*7}}</textarea>"""
    browser.say(nasty + " how long does the npqh take")
    browser.send(text=nasty + "x" * 1000, do="say")
    for text in (browser.text, browser.http.get("/plain?note=<script>alert(1)</script>").text):
        assert "<script" not in text
        assert "<img src=x" not in text
        assert "onerror=alert(1)>" not in text.replace("onerror=alert(1)&gt;", "")
    assert "{{7*7}}" in browser.text
    assert browser.text.count("</textarea>") == 1


def test_a_browser_without_cookies_is_told(browser: Browser) -> None:
    browser.http.post("/plain", data={"text": QUESTION, "do": "say"})
    text = browser.http.get("/plain?note=sent", headers={"Cookie": ""}).text
    assert "did not keep the cookie" in text


def test_the_limit_is_shown_on_the_page(start_service: Callable[..., Service]) -> None:
    browser = Browser(start_service(NPQ_LIMITS="session=2"))
    for _ in range(2):
        browser.say("thank you")
    answer = browser.send(text="thank you very much", do="say")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert "Please wait" in browser.text
    assert "thank you very much" in browser.text.split("<textarea")[1]


def test_the_page_has_one_heading_labels_and_no_script_or_style(browser: Browser) -> None:
    browser.say(QUESTION)
    assert browser.text.count("<h1") == 1
    assert '<label for="write">' in browser.text
    assert "<script" not in browser.text
    assert "<style" not in browser.text
    assert " style=" not in browser.text
    for name in re.findall(r'<link rel="stylesheet" href="([^"]+)"', browser.text):
        assert browser.http.get("/" + name).status_code == 200


@pytest.mark.parametrize("length", [9_000, 17_000, 100_000])
def test_a_form_that_is_far_too_large_gets_the_page_too(service: Service, length: int) -> None:
    answer = Browser(service).submit({"text": "x" * length, "do": "say"})
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "Your message is too long" in answer.text
    assert 'name="text"' in answer.text
