"""axe finds nothing to say about the widget: every state, every way of looking at it. Each is kept as a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, Route, expect

from tests.bot.widget.asking import SECONDS, ask, ask_and_wait, box, log, no_sideways_scroll, open_guide
from tests.bot.widget.conftest import SCREENSHOTS
from tests.conftest import Service

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAST_CONTRAST = 4.5
# Where text is partly scrolled away or runs over several lines axe leaves contrast to be looked at: then it is worked
# out from the text's colour and the nearest background around it.
CONTRAST = """(path) => {
  let node = document;
  for (const selector of path.flat()) node = (node.shadowRoot ?? node).querySelector(selector);
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = parts(colour).map((part) => part / 255);
    const linear = [r, g, b].map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const text = luminance(getComputedStyle(node).color);
  for (let at = node; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) {
    const colour = getComputedStyle(at).backgroundColor;
    if ((parts(colour)[3] ?? 1) < 1) continue;
    const ground = luminance(colour);
    return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
  }
  return 0;
}"""
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"size": (1280, 800)},
    "320x256": {"size": (320, 256)},
    "200% text": {"size": (1280, 800)},
    "forced colours": {"size": (375, 740), "forced_colors": "active"},
    "reduced motion": {"size": (375, 740), "reduced_motion": "reduce"},
    "dark": {"size": (375, 740), "color_scheme": "dark"},
}
FORM = [
    "register my interest",
    "Jane Doe",
    "jane.doe@example.org",
    "Headteacher",
    "Skip",
    "Not sure yet",
    "Skip",
    "No",
]


def findings(page: Page) -> dict[str, Any]:
    """What axe says of the page as it is."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
    return dict(page.evaluate("(options) => axe.run(document, options)", options))


class Watching:
    """Runs axe on each state and remembers all that is wrong, so that one run shows it all."""

    def __init__(self, page: Page, look: str) -> None:
        self.page = page
        self.look = look
        self.found: dict[str, Any] = {}
        self.wrong: list[str] = []
        self.states: list[str] = []

    def triaged(self, rule: dict[str, Any], node: dict[str, Any]) -> bool:
        """Whether a thing axe could not decide was looked at and is right."""
        if rule not in self.found["incomplete"] or rule["id"] != "color-contrast":
            return False
        if self.look == "forced colours":  # the visitor's own palette replaces ours, which axe goes by
            return True
        return float(self.page.evaluate(CONTRAST, node["target"])) >= LEAST_CONTRAST

    def state(self, name: str) -> None:
        """The page is in this state now."""
        self.states.append(name)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        picture = re.sub(r"\W+", "-", f"{self.look}-{name}")
        self.page.screenshot(path=SCREENSHOTS / f"{picture}.png")
        self.found = found = findings(self.page)
        for rule in found["violations"] + found["incomplete"]:
            nodes = [node for node in rule["nodes"] if not self.triaged(rule, node)]
            if nodes:
                what = [json.dumps(node["target"]) + " " + node["failureSummary"] for node in nodes]
                self.wrong.append(f"{name}: {rule['id']}: {rule['help']}: {what[:3]}")
        if not no_sideways_scroll(self.page):
            self.wrong.append(f"{name}: scrolls sideways")


@pytest.mark.parametrize("look", LOOKS)
def test_every_state_of_the_widget(opened: Callable[..., Page], service: Service, look: str) -> None:
    page = opened("about:blank", **LOOKS[look])
    if look == "200% text":
        client = page.context.new_cdp_session(page)
        client.send("Page.enable")
        client.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(f"{service.url}/demo")
    watching = Watching(page, look)
    expect(page.get_by_role("button", name="Ask about NPQs")).to_be_visible()
    watching.state("closed")
    open_guide(page)
    watching.state("open with quick replies")
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))
    ask(page, "how long does the npqh take")
    expect(page.get_by_text("Finding an answer").first).to_be_visible()
    watching.state("typing")
    held[0].continue_()
    page.unroute("**/api/messages")
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    watching.state("answered")
    box(page).fill("x" * 1001)
    box(page).press("Enter")
    expect(page.locator("#error")).to_be_visible()
    watching.state("error")
    box(page).fill("")
    page.get_by_role("button", name="Options").click()
    watching.state("options")
    page.get_by_role("button", name="Delete this chat").click()
    watching.state("asking before deleting")
    page.get_by_role("button", name="Keep it").click()
    for text in FORM:
        ask_and_wait(page, text)
        if text == "Jane Doe":
            expect(page.get_by_label("Your email address")).to_be_visible()
            watching.state("form, asking for the email address")
    expect(log(page)).to_contain_text("Please check your answers")
    watching.state("form, check answers, in a long transcript")
    page.context.set_offline(True)
    ask(page, "Yes, send it")
    expect(log(page).get_by_role("button", name="Try again")).to_be_visible(timeout=SECONDS)
    watching.state("offline")
    assert len(watching.states) == 10
    assert not watching.wrong, "\n".join(watching.wrong)


@pytest.mark.parametrize("look", ["desktop", "320x256", "dark"])
def test_the_pages(opened: Callable[..., Page], service: Service, look: str) -> None:
    page = opened(service.url, **LOOKS[look])
    watching = Watching(page, f"page {look}")
    expect(box(page)).to_be_visible()
    watching.state("open")
    ask_and_wait(page, "how long does the npqh take")
    watching.state("answered")
    page.goto(f"{service.url}/privacy")
    watching.state("privacy notice")
    assert not watching.wrong, "\n".join(watching.wrong)
