"""A real browser, the service that allows one host site, and that site."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from tests.conftest import PROJECT, Service

OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREENSHOTS = PROJECT / "var" / "screenshots"
expect.set_options(timeout=30_000)  # what is expected is expected of a busy machine too
SIZES = [(1280, 800), (375, 740), (320, 256)]


@pytest.fixture(scope="module")  # while it runs, nothing else can run an event loop
def browser() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own, else Debian's; fails, and says what to install, without any."""
    with sync_playwright() as playwright:
        launched = _launch(playwright)
        yield launched
        launched.close()


def _launch(playwright: Playwright) -> Browser:
    tried = []
    for find in (_system, lambda: None, _debian):
        try:
            return playwright.chromium.launch(executable_path=find(), args=OPTIONS)
        except (Error, LookupError) as error:
            tried.append(str(error).strip().splitlines()[0])
    pytest.fail(
        "No browser for the tests of the widget. Install Debian's `chromium`, or Google Chrome, or run "
        f"`.venv/bin/playwright install chromium`. Tried: {'; '.join(tried)}"
    )


def _system() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise LookupError("no Chromium on the system")
    return found


def _debian() -> str:
    """Debian's package, where we may install one."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise LookupError("Debian's package may not be installed here")
    command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        raise LookupError(f"Debian's package could not be installed: {done.stderr.strip()[-200:]}")
    return _system()


@dataclass
class Host:
    """Somebody else's site: pages by path, each with its headers."""

    url: str
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def page(self, path: str, html: str, **headers: str) -> str:
        """Put up a page and give its address."""
        self.pages[path] = (html, {name.replace("_", "-"): value for name, value in headers.items()})
        return self.url + path


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """A site on an origin of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            html, headers = site.pages.get(self.path, ("", {}))
            self.send_response(200 if html else 404)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Host(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()


@pytest.fixture(scope="session")
def service(start_service: Callable[..., Service], host: Host) -> Service:
    """One service for all tests of the widget that do not change it; the host site may use it."""
    return start_service(NPQ_ORIGINS=host.url)


@pytest.fixture
def opened(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages at a size (a new visitor each, unless given a context) and holds them to: no error in any script."""
    pages: list[Page] = []
    problems: list[str] = []

    def open_page(url: str, size: tuple[int, int] = SIZES[0], **options: object) -> Page:
        context = options.pop("context", None) or browser.new_context(
            viewport={"width": size[0], "height": size[1]}, **options
        )
        page = context.new_page()  # type: ignore[attr-defined]
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(url)
        pages.append(page)
        return page

    yield open_page
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    if pages and not pages[-1].is_closed():
        pages[-1].screenshot(path=SCREENSHOTS / f"{request.node.name.replace('/', '_')[:120]}.png")
    for context in {page.context for page in pages}:
        context.close()
    assert not problems


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def page(request: pytest.FixtureRequest, opened: Callable[..., Page], service: Service) -> Page:
    """The chat page at desktop, phone and smallest size."""
    return opened(service.url, request.param)
