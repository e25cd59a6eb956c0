"""The page in a real browser: opened from the disk, without network, with the figures of what is chosen."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from bot.channels.turns import Tables, turns
from bot.report import Period, page, read_figures
from bot.report.tables import headline, tables
from guidance.interest import database
from tests.bot.report.conftest import AT, not_understood, turn
from tests.bot.report.test_report_handoffs import Office
from tests.bot.widget.payloads import MARKUP
from tests.bot.widget.test_accessibility import findings

READ = """() => Object.fromEntries([...document.querySelectorAll("table[data-table]")].map((table) =>
  [table.dataset.table, [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent))]))"""
HEADLINE = """() => [...document.querySelectorAll("[data-headline]")].map((item) => item.textContent)"""
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 375, "height": 740}},
    "smallest": {"viewport": {"width": 320, "height": 256}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.engine.Engine]:
    """Some weeks of everything."""
    made = database.connect(f"sqlite:///{tmp_path_factory.mktemp('report') / 'npq.db'}")
    Tables(made).make()
    chance, rows = random.Random(5), []
    for number in range(1500):
        more = {
            "at": AT + timedelta(minutes=23 * number), "session": f"s{number // 4}", "ms": chance.lognormvariate(4, 1),
            "channel": "slack" if number // 4 % 3 else "web", "rating": chance.choice([None, "up", "down"]),
        }  # fmt: skip
        kind = chance.random()
        if kind < 0.2:
            rows.append(not_understood(chance.choice(["can my dog come", "is there parking", "who won"]), **more))
        elif kind < 0.4:
            asked = chance.choice(["name", "email", "school", "confirm"])
            rows.append(turn("[personal details]", **more, status="form", topics=["register_interest"], asking=asked))
        elif kind < 0.5:
            rows.append(turn(**more, status="handover", topics=["appeal"]))
        else:
            rows.append(turn(**more, topics=[chance.choice(["funding", "dates", "a topic of before"])]))
    with made.begin() as connection:
        connection.execute(turns.insert(), rows)
    office = Office(made)
    for number in range(40):
        office.now = AT + timedelta(hours=9 * number)
        if number % 3:
            office.offer(f"p{number}", chance.choice(["unclaimed", "cancelled", "away"]), asked=number % 4 > 0)
        else:
            office.offer(f"p{number}", "done", after=20 + 9 * number, rating=chance.choice(["up", "down"]))
    yield made
    made.dispose()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a report from the disk; nothing may go wrong in it, and nothing may be asked of a network."""
    problems: list[str] = []
    contexts = []

    def open_page(html: str, look: str = "desktop") -> Page:
        path = tmp_path / "report.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(**LOOKS[look])
        contexts.append(context)
        found = context.new_page()
        found.on("pageerror", lambda error: problems.append(str(error)))
        found.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
        found.on("request", lambda asked: problems.append(asked.url) if not asked.url.startswith("file:") else None)
        found.goto(path.as_uri())
        return found

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


def shown(engine: sa.engine.Engine, **period: Any) -> tuple[dict[str, Any], list[str]]:
    figures = read_figures(engine, Period(**period))
    rows = {name: table.rows or [[table.empty]] for name, table in tables(figures).items()}
    return rows, [value for _id, _name, value in headline(figures)]


def test_the_script_shows_the_figures_of_the_command(opened: Callable[..., Page], filled: sa.engine.Engine) -> None:
    found = opened(page(read_figures(filled)))
    assert (found.evaluate(READ), found.evaluate(HEADLINE)) == shown(filled)
    found.select_option("#channel", "slack")
    assert (found.evaluate(READ), found.evaluate(HEADLINE)) == shown(filled, channel="slack")
    found.fill("#from", "2026-11-15")
    found.fill("#to", "2026-11-21")
    found.get_by_role("button", name="Show", exact=True).click()
    rows, values = found.evaluate(READ), found.evaluate(HEADLINE)
    # Conversations of before that day go on in it: they are counted where they began.
    wanted, told = shown(filled, channel="slack", first=date(2026, 11, 15), last=date(2026, 11, 21))
    for name in ("hours", "statuses", "topics", "programmes", "rated", "times", "handovers", "persons", "helped"):
        assert rows[name] == wanted[name]
    assert [row[:2] for row in rows["days"]] == [row[:2] for row in wanted["days"]]
    same = (0, 2, 3, 5, 6, 8, 9, 10, 11)
    assert [values[place] for place in same] == [told[place] for place in same]
    found.select_option("#channel", "web")
    wanted, told = shown(filled, channel="web", first=date(2026, 11, 15), last=date(2026, 11, 21))
    assert (found.evaluate(READ)["persons"], found.evaluate(HEADLINE)[6]) == (wanted["persons"], told[6])
    found.select_option("#channel", "slack")
    assert "Showing Sun 15 Nov 2026 to Sat 21 Nov 2026, Slack" in found.locator("#chosen").inner_text()
    found.fill("#from", "2026-11-22")
    assert "first day is after the last" in found.locator("#chosen").inner_text()
    found.get_by_role("button", name="Show all").click()
    found.wait_for_function("document.getElementById('chosen').textContent.includes('all channels')")
    assert found.evaluate(HEADLINE) == shown(filled)[1]


def test_every_figure_is_drawn_and_has_a_table(opened: Callable[..., Page], filled: sa.engine.Engine) -> None:
    found = opened(page(read_figures(filled)))
    for name in tables(read_figures(filled)):
        canvas = found.locator(f'[data-chart="{name}"]')
        assert "Chart: " in str(canvas.get_attribute("aria-label"))
        assert canvas.evaluate("(item) => Boolean(item.width && Chart.getChart(item))")
        coloured = "(item) => item.getContext('2d').getImageData(0, 0, item.width, item.height).data.some(Boolean)"
        assert canvas.evaluate(coloured)
        assert found.locator(f'[data-table="{name}"] caption').count() == 1


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    opened: Callable[..., Page], filled: sa.engine.Engine, look: str
) -> None:
    found = opened(page(read_figures(filled)), look)
    found.evaluate("for (const item of document.querySelectorAll('details')) item.open = true")
    assert found.evaluate("document.documentElement.scrollWidth <= innerWidth")
    told = findings(found)
    assert [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in told["violations"]] == []


def test_a_long_table_hides_nothing_that_follows_and_is_whole_on_paper(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    made = database.connect(f"sqlite:///{tmp_path / 'long.db'}")
    Tables(made).make()
    once, twice = "who won the cup", "is there parking"
    with made.begin() as connection:
        rows = [turn(topics=[f"topic {number}"]) for number in range(80)]
        connection.execute(turns.insert(), [*rows, *map(not_understood, (once, twice, twice))])
    figures = read_figures(made)
    made.dispose()
    found = opened(page(figures))
    region = found.locator(".scroll:has([data-table=topics])")
    assert found.locator("[data-table=topics] tbody tr").count() == 80
    assert region.evaluate("(item) => item.clientHeight < 450 && item.scrollHeight > 1500")
    region.focus()
    found.keyboard.press("End")
    for _ in range(200):  # it glides; the page's policy lets nothing be waited for in it
        if region.evaluate("(item) => item.scrollTop > 1000"):
            break
        found.wait_for_timeout(50)
    assert region.evaluate("(item) => item.scrollTop > 1000")
    found.emulate_media(media="print")
    assert region.evaluate("(item) => item.clientHeight === item.scrollHeight")
    counts = {item.split("?")[0] for item in found.locator(".questions h3").all_inner_texts()}
    assert counts == {f"{once} 1 time", f"{twice} 2 times"}


def test_text_is_only_ever_text(opened: Callable[..., Page], tmp_path: Path) -> None:
    made = database.connect(f"sqlite:///{tmp_path / 'xss.db'}")
    Tables(made).make()
    with made.begin() as connection:
        rows = [not_understood(payload) for payload in MARKUP]
        rows += [turn(topics=[payload], programmes=[payload]) for payload in MARKUP]
        rows += [turn(channel="<img src=x>"[:16], status="<b>x</b>")]
        connection.execute(turns.insert(), rows)
    figures = read_figures(made)
    made.dispose()
    found = opened(page(figures))
    assert (
        found.evaluate("document.querySelectorAll('main img, main iframe, main svg, main a, main script[src]').length")
        == 0
    )
    assert found.locator("script").count() == 3
    assert json.loads(found.locator("#figures").text_content() or "")["counts"]


def test_it_prints_its_tables_and_no_controls(opened: Callable[..., Page], filled: sa.engine.Engine) -> None:
    found = opened(page(read_figures(filled)), "dark")
    found.evaluate("dispatchEvent(new Event('beforeprint'))")
    found.emulate_media(media="print")
    assert found.locator("details:not([open])").count() == 0
    assert not found.locator("#filter").is_visible()
    assert found.evaluate("getComputedStyle(document.body).color") == "rgb(11, 12, 12)"
    brand = "getComputedStyle(document.querySelector('.top'))"
    # Also where backgrounds are printed: black on nothing.
    assert found.evaluate(f"[{brand}.color, {brand}.backgroundColor]") == ["rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"]
    found.evaluate("dispatchEvent(new Event('afterprint'))")
    assert found.locator("details[open]").count() == 0


def test_it_is_readable_without_a_script(browser: Browser, filled: sa.engine.Engine, tmp_path: Path) -> None:
    path = tmp_path / "plain.html"
    path.write_text(page(read_figures(filled)), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    found = context.new_page()
    found.goto(path.as_uri())
    assert not found.locator("#filter").is_visible()
    assert "DfE funding" in found.locator("main").inner_text()
    context.close()
