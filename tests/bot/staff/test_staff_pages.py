"""What staff see: masked conversations, interests with their audit, the report live; and text is only ever text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bot.channels.turns import turns
from tests.bot.report.conftest import AT, turn
from tests.bot.staff.conftest import PASSWORD, Office, Person
from tests.bot.widget.payloads import ADDRESSES, MARKUP
from tests.bot.widget.test_accessibility import findings
from tests.guidance.interest.people import submit

PAGES = ("report", "conversations", "interests", "users", "conversation?id=talk-0", "sign-in")
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 375, "height": 740}, "color_scheme": "dark"},
    "smallest": {"viewport": {"width": 320, "height": 256}},
}


def put(office: Office, rows: list[dict[str, Any]]) -> None:
    with office.engine.begin() as connection:
        connection.execute(turns.insert(), rows)


@pytest.fixture(scope="module")
def filled(office: Office) -> dict[str, str]:
    """Conversations and expressions of interest full of what would run if it were not text."""
    nasty = [*MARKUP, *ADDRESSES]
    put(
        office,
        [
            turn(
                said=text or "?", session=f"talk-{number}", at=AT + timedelta(minutes=number), topics=[text or "?"],
                replied={"messages": [text, f"{{{{7*7}}}}{text}"], "buttons": [], "sources": []},
                status=text[:16] or "error", channel=text[:16] or "web", programmes=[text or "?"], rating="up",
            )
            for number, text in enumerate(nasty)
        ],
    )  # fmt: skip
    put(office, [turn(said="I am zelda@example.org, 07700 900123", session="details", at=AT)])
    found = {}
    for number, text in enumerate(text for text in MARKUP if text.isprintable()):
        receipt = submit(
            office.interests, f"nasty-{number}", f"talk-{number}", name=text[:100], role=text[:100], school=text[:200],
            cohort=text[:60],
        )  # fmt: skip
        found[receipt.reference] = text
    return found


def test_a_conversation_is_shown_masked_and_audited(
    office: Office, enter: Callable[[str], Person], filled: dict[str, str]
) -> None:
    hana = enter("hana")
    page = hana.get("/staff/conversation?id=details").text
    assert "I am [personal details], [personal details]" in page
    assert "zelda" not in page
    assert "900123" not in page
    assert {"who": "staff hana", "reference": None, "detail": "details"} in office.audited("staff_conversation")
    assert hana.get("/staff/conversation?id=nobody").status_code == 404
    assert hana.get("/staff/conversation?id=%27%20OR%201=1").status_code == 404


def test_all_conversations_are_listed_page_by_page(enter: Callable[[str], Person], filled: dict[str, str]) -> None:
    hana, seen, path = enter("hana"), [], "/staff/conversations"
    while path:
        text = hana.get(path).text
        seen += [part.split('"')[0] for part in text.split('href="/staff/conversation?id=')[1:]]
        older = text.split('href="/staff/conversations?before=')[1:]
        path = f"/staff/conversations?before={older[0].split(chr(34))[0]}" if older else ""
    assert len(seen) == len(set(seen)) == len(MARKUP) + len(ADDRESSES) + 1
    assert seen[0] == "details"


def test_an_interest_is_listed_without_and_opened_with_its_details(
    office: Office, enter: Callable[[str], Person], filled: dict[str, str]
) -> None:
    receipt = submit(office.interests, "one", "details", name="Zoë O'Brien-Smith", email="zoe@example.org")
    hana = enter("hana")
    listed = hana.get("/staff/interests").text
    assert receipt.reference in listed
    assert "Zoë" not in listed
    assert "zoe@" not in listed
    assert not [row for row in office.audited("shown") if row["reference"] == receipt.reference]
    opened = html.unescape(hana.get(f"/staff/interest?reference={receipt.reference.lower()}").text)
    assert "Zoë O'Brien-Smith" in opened
    assert "zoe@example.org" in opened
    assert not re.findall(r"<dd>[^<]*\dT\d\d:|<li>[^<]*\dT\d\d:", opened)  # times are written for people
    shown = [row for row in office.audited("shown") if row["reference"] == receipt.reference]
    assert shown == [{"who": "staff hana", "reference": receipt.reference, "detail": "staff page"}]
    for wrong in ("", "NPQ-0000-0000", "NPQ-4X7K-9DMR", "%3Cscript%3E"):
        assert hana.get(f"/staff/interest?reference={wrong}").status_code == 404


def test_nothing_is_shown_when_it_cannot_be_audited(office: Office, enter: Callable[[str], Person]) -> None:
    import sqlalchemy as sa

    receipt = submit(office.interests, "not audited", "details", name="Quentin Unseen")
    hana = enter("hana")
    with office.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE audit RENAME TO audit_away"))
    try:
        answer = hana.get(f"/staff/interest?reference={receipt.reference}")
    finally:
        with office.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE audit_away RENAME TO audit"))
    assert answer.status_code == 503
    assert "Unseen" not in answer.text
    assert "audit" not in answer.text


def test_the_report_is_live_and_says_what_is_wrong_with_a_choice(
    office: Office, enter: Callable[[str], Person], filled: dict[str, str]
) -> None:
    vic = enter("vic")
    assert 'data-headline="turns">' in vic.get("/staff/report?from=2026-11-01&channel=web").text
    wrong = vic.get("/staff/report?from=yesterday")
    assert wrong.status_code == 422
    assert "<title>Error: Report" in wrong.text
    assert "That is not a date" in wrong.text
    assert "Nothing is stored yet" in vic.get("/staff/report?to=2001-01-01").text
    put(office, [turn(session="lively", at=AT, channel="slack", said="one more")])
    assert '<dd data-headline="turns">1</dd>' in vic.get("/staff/report?channel=slack").text


def test_no_page_has_a_script_or_style_of_its_own(enter: Callable[[str], Person], filled: dict[str, str]) -> None:
    for who, names in (
        ("hana", ("report", "conversations", "interests", "conversation?id=talk-0")),
        ("ada", ("users",)),
    ):
        for name in names:
            answer = enter(who).get(f"/staff/{name}")
            assert answer.status_code == 200
            assert "'unsafe" not in answer.headers["content-security-policy"]
            assert "<style" not in answer.text
            assert " style=" not in html.unescape(answer.text).replace("<", "\n<").split("</head>")[0]
            assert answer.text.count("<h1") == 1
            for script in answer.text.split("<script")[1:]:
                assert script.startswith((' src="/staff/assets/', ' type="application/json"'))


@pytest.fixture
def page(browser: Browser, office: Office, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser that is told of everything that runs or is stopped; fails when there was any such thing."""
    problems: list[str] = []
    context = browser.new_context(**LOOKS[getattr(request, "param", "desktop")])
    context.add_init_script(
        "window.hit = () => console.error('ran');"
        "for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => console.error('ran');"
    )
    found = context.new_page()
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    found.on("dialog", lambda dialog: problems.append(dialog.message))
    found.goto(f"{office.service.url.replace('127.0.0.1', 'localhost')}/staff/")
    yield found
    context.close()
    assert not problems


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Report", exact=True).wait_for()


def test_stored_payloads_run_nowhere(page: Page, office: Office, filled: dict[str, str]) -> None:
    sign_in(page, "hana")
    root = page.url.rpartition("/report")[0]
    for path in ("report", "conversations", "interests"):
        page.goto(f"{root}/{path}")
        assert page.locator("main img, main svg, main iframe, main object, main embed, main math").count() == 0
    for number in range(len(MARKUP) + len(ADDRESSES)):
        page.goto(f"{root}/conversation?id=talk-{number}")
        assert page.locator("main img, main svg, main iframe, main object, main embed, main math").count() == 0
        assert {link.get_attribute("href") for link in page.locator("main a").all()} == {"/staff/conversations"}
    for reference, text in filled.items():
        page.goto(f"{root}/interest?reference={reference}")
        assert text[:60].split()[0] in page.locator("main").inner_text()
        assert page.locator("main img, main svg, main iframe, main object, main embed, main math").count() == 0
    page.wait_for_timeout(500)


@pytest.mark.parametrize("page", LOOKS, indirect=True)
def test_axe_finds_nothing_on_any_page(page: Page, office: Office, enter: Any, filled: dict[str, str]) -> None:
    wrong = []
    for who, names in (("hana", PAGES[:3] + PAGES[4:5]), ("ada", PAGES[3:4])):
        enter(who)
        page.context.clear_cookies()
        page.goto(f"{office.service.url.replace('127.0.0.1', 'localhost')}/staff/sign-in")
        wrong += looked_at(page, "sign-in")
        token = {"name": "__Host-npq-staff", "value": enter(who).token, "secure": True, "httpOnly": True, "path": "/"}
        page.context.add_cookies([{**token, "domain": "localhost", "sameSite": "Strict"}])  # type: ignore[list-item]
        for name in names:
            page.goto(f"{page.url.rpartition('/staff/')[0]}/staff/{name}")
            assert "Sign in" not in page.title()
            wrong += looked_at(page, name)
    assert wrong == []


def looked_at(page: Page, name: str) -> list[str]:
    told = [
        f"{name}: {rule['id']}: {[node['target'] for node in rule['nodes']][:3]}"
        for rule in findings(page)["violations"]
    ]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        told.append(f"{name}: scrolls sideways")
    return told
