"""A real browser: the system's Chromium, else Playwright's own."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.conftest import PROJECT, Service

OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SCREENSHOTS = PROJECT / "var" / "screenshots"


@pytest.fixture(scope="module")  # while it runs, nothing else can run an event loop
def browser() -> Iterator[Browser]:
    """Fails, and says what to install, where there is no browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        except Error as error:
            pytest.fail(f"No browser for the page tests. Install Debian's `chromium` or Google Chrome. ({error})")
        yield launched
        launched.close()


@pytest.fixture(params=[(1280, 800), (375, 740), (320, 256)], ids=lambda size: f"{size[0]}x{size[1]}")
def page(request: pytest.FixtureRequest, browser: Browser, service: Service) -> Iterator[Page]:
    """The chat page at desktop, phone and smallest size, with a screenshot of how it ended."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(service.url)
    yield opened
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=SCREENSHOTS / f"{request.node.name.replace('/', '_')}.png")
    context.close()
    assert not problems
