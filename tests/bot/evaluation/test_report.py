"""The report as a reader meets it: opened from disk in a real browser, without network."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser

from bot.evaluation import charts
from bot.evaluation.figures import Figures, Reading
from bot.evaluation.measured import Measured
from bot.evaluation.names import ALL, Miss, Score
from bot.evaluation.report import Report

HOSTILE = '<script>document.title = "run"</script> & "quotes"'


@pytest.fixture
def report() -> Report:
    readings = [
        Reading("what does it cost", "ask_cost", "ask_cost", "ask_cost", 0.9),
        Reading(HOSTILE, "ask_cost", "ask_dates", "ask_dates", 0.4),
        Reading("when", "ask_dates", "ask_dates", "ask_dates", 0.8),
        Reading("whne", "ask_dates", "nlu_fallback", "ask_cost", 0.1, "typos"),
    ]
    readings.append(Reading("whne", "ask_dates", "ask_dates", "ask_dates", 0.7))
    measured = Measured(Figures(readings), {1: (0.75, 0.74), 2: (0.76, 0.75)})
    scores = {"role": Score(9, 1, 0), ALL: Score(9, 1, 0)}
    return Report(date(2026, 11, 21), None, measured, scores, [Miss(HOSTILE, ("role:senco",), ())])


def test_it_is_one_file_that_loads_and_runs_nothing(report: Report) -> None:
    page = report.html()
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|<script|<link|\bsrc=|@import|url\(", page)
    assert "&lt;script&gt;" in page


def test_every_chart_says_what_it_shows_and_is_well_formed(report: Report) -> None:
    found = re.findall(r"<svg .*?</svg>", report.html(), re.DOTALL)
    assert len(found) == 3
    for chart in found:
        root = ElementTree.fromstring(chart)
        assert root.get("role") == "img"
        title = root.find("title")
        assert title is not None
        assert title.text
        assert title.get("id") == root.get("aria-labelledby")


def test_every_table_has_a_caption_and_column_heads(report: Report) -> None:
    tables = re.findall(r"<table>.*?</table>", report.html(), re.DOTALL)
    assert len(tables) >= 8
    assert all("<caption>" in table and '<th scope="col">' in table for table in tables)


def test_without_a_cross_validation_it_says_so() -> None:
    assert "Not cross-validated yet" in Report(date(2026, 11, 21)).html()


def test_darker_means_more_lines() -> None:
    shares = {("a", "b"): 0.1, ("a", "a"): 0.9}
    chart = ElementTree.fromstring(charts.matrix("m", "Matrix", ["a", "b"], shares))
    shades = {node[0].text: float(node.get("fill-opacity", "0")) for node in chart.iter("rect") if len(node)}
    assert shades["a read as b: 10%"] < shades["a read as a: 90%"]


def test_it_opens_from_disk(report: Report, tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "report.html"
    path.write_text(report.html(), encoding="utf-8")
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.title() == "How well NPQ Guide understands"
    assert page.locator("svg").count() == 3
    assert page.locator("svg").first.is_visible()
    page.close()
    assert asked == [path.as_uri()]
