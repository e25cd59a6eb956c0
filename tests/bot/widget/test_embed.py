"""The widget on somebody else's site: one script tag, nothing before it is opened, nothing of the site's in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from bot.embed import LOADER, WIDGET, Embed, embed, keep, kept
from tests.bot.widget.asking import SECONDS, SETTLED, ask_and_wait, box, focused, log, no_sideways_scroll, open_guide
from tests.bot.widget.conftest import Host
from tests.conftest import PROJECT, Service

STRICT = (
    "default-src 'none'; script-src 'self' {service}; style-src 'self' {service}; connect-src {service}; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
NONCE = (
    "script-src 'nonce-r4nd0m' 'strict-dynamic'; style-src 'self'; connect-src {service}; object-src 'none'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HOSTILE = """
* { all: unset !important; }
*, *::before { color: lime !important; font: 40px serif !important; letter-spacing: 1em; text-transform: uppercase }
button, p, ul, dialog, textarea, npq-guide { display: none !important }
npq-guide { position: absolute; left: -9999px; visibility: hidden; opacity: 0 }
html { font-size: 4px; direction: rtl; unicode-bidi: bidi-override }
"""
# As Prototype 1.6 and its like have them.
OLD_LIBRARY = """<script>
  Array.prototype.toJSON = function () { return "[" + this.map(String).join(", ") + "]" };
  String.prototype.toJSON = function () { return '"' + this + '"' };
  Array.from = (given) => Array.prototype.slice.call(given);
  Array.prototype.entries = function () { return this.slice() };
  Array.prototype.last = Object.prototype.extra = function () {};
  Element.prototype.remove = function () { this.parentNode && this.parentNode.removeChild(this); return this };
  Element.prototype.select = Element.prototype.update = function () {};
</script>"""


@pytest.fixture(scope="session")
def made() -> Embed:
    """The widget of this release."""
    return embed()


def tag(service: Service, made: Embed, more: str = "") -> str:
    """The script tag as the guide for integrators has it."""
    return (
        f'<script src="{service.url}/widget/{made.version}/{LOADER}" integrity="{made.loader.integrity}" '
        f'crossorigin="anonymous" async {more}></script>'
    )


def site(script: str, style: str = "") -> str:
    """A host page."""
    return (
        f"<!doctype html><html lang=en><title>Host</title>{script}<style>{style}</style>"
        "<body><h1>Host</h1><p id=words>Words of the site</p><input id=field><button id=own>Own</button></body></html>"
    )


def test_it_is_small(made: Embed) -> None:
    assert len(made.loader.packed) < 3_000
    assert sum(len(file.packed) for file in made.files) <= 15 * 1024


def test_it_is_served_small_to_any_site_and_never_changes(service: Service, made: Embed) -> None:
    sizes = []
    for file in made.files:
        with httpx.stream("GET", f"{service.url}/widget/{made.version}/{file.name}") as response:
            sizes.append(len(b"".join(response.iter_raw())))
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["access-control-allow-origin"] == "*"
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"].startswith("text/javascript")
    assert sum(sizes) <= 15 * 1024
    plain = httpx.get(f"{service.url}/widget/{made.version}/{LOADER}", headers={"Accept-Encoding": "identity"})
    assert plain.content == made.loader.plain


def test_pages_name_the_loader_by_version_and_hash(service: Service, made: Embed) -> None:
    for path in ("/", "/demo"):
        text = httpx.get(service.url + path).text
        assert f'src="widget/{made.version}/{LOADER}" integrity="{made.loader.integrity}"' in text
        assert "{" not in text


def test_the_loader_holds_the_hash_of_the_rest_and_the_version_follows_from_it(made: Embed) -> None:
    chat = made.files[0]
    assert chat.integrity.encode() in made.loader.plain
    other = embed([".elsewhere.example"])
    assert other.files[0].integrity != chat.integrity
    assert other.version != made.version
    assert embed().version == made.version


def test_versions_served_before_are_kept(tmp_path: Path, made: Embed) -> None:
    older = embed([".elsewhere.example"])
    keep(older, tmp_path)
    keep(made, tmp_path)
    (tmp_path / "widget" / "notes").mkdir()
    (tmp_path / "widget" / "notes" / "secret.js").write_text("not a version")
    found = kept(tmp_path)
    assert {version for version, _ in found} == {older.version, made.version}
    assert found[older.version, LOADER].integrity == older.loader.integrity


def test_before_it_is_opened_a_page_has_loaded_the_loader_only(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    address = host.page("/quiet", site(tag(service, made)))
    page = opened("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator("#field").focus()
    launcher = page.get_by_role("button", name="Ask about NPQs")
    expect(launcher).to_be_visible()
    page.mouse.move(600, 500)
    launcher.hover()
    page.wait_for_timeout(1500)
    assert [url for url in asked if url.startswith(service.url)] == [f"{service.url}/widget/{made.version}/{LOADER}"]
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(sessionStorage).length + Object.keys(localStorage).length") == 0
    assert focused(page) == "field"
    assert launcher.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize(
    ("policy", "size", "more"),
    [(STRICT, (1280, 800), ""), (STRICT, (375, 740), ""), (NONCE, (1280, 800), 'nonce="r4nd0m"')],
    ids=["sites", "sites on a phone", "nonce"],
)
def test_it_works_under_a_strict_policy_without_one_violation(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed,
    policy: str, size: tuple[int, int], more: str,
) -> None:  # fmt: skip
    html = site(tag(service, made, more)).replace("<style></style>", "")
    address = host.page("/strict", html, Content_Security_Policy=policy.format(service=service.url))
    page = opened("about:blank", size)
    page.add_init_script(
        "window.violations = []; document.addEventListener('securitypolicyviolation', "
        "(event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI))"
    )
    page.goto(address)
    open_guide(page)
    ask_and_wait(page, "how long does the npqh take")
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Options").click()
        page.get_by_role("button", name="Download this chat").click()
    assert "18 months" in download.value.path().read_text()
    assert page.evaluate("window.violations") == []
    assert page.context.cookies() == []


def looks(page: Page) -> dict[str, object]:
    """Where the widget's parts are and how they are styled."""
    found = page.evaluate(
        """() => {
          const root = document.querySelector("npq-guide").shadowRoot;
          const parts = [".launcher", "dialog", "textarea", ".send", ".bubble", ".choice", "h2"];
          return Object.fromEntries(parts.map((name) => {
            const part = root.querySelector(name);
            const { x, y, width, height } = part.getBoundingClientRect();
            const { color, font, display, letterSpacing, textTransform, backgroundColor } = getComputedStyle(part);
            return [name, [x, y, width, height, color, font, display, letterSpacing, textTransform, backgroundColor]];
          }));
        }"""
    )
    return dict(found)


def test_a_hostile_style_sheet_changes_nothing_in_it(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    seen = []
    for name, style in (("/calm", ""), ("/hostile", HOSTILE)):
        page = opened(host.page(name, site(tag(service, made), style)))
        open_guide(page)
        box(page).blur()
        seen.append(looks(page))
    assert seen[0] == seen[1]


def test_a_printed_page_is_the_sites_own(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    page = opened(host.page("/print", site(tag(service, made))))
    open_guide(page)
    page.emulate_media(media="print")
    expect(box(page)).to_be_hidden()
    expect(page.locator("npq-guide .launcher")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(box(page)).to_be_visible()


def test_in_a_page_from_right_to_left_words_stay_in_order(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    page = opened(host.page("/rtl", site(tag(service, made)).replace("<html", "<html dir=rtl")))
    open_guide(page)
    expect(log(page)).to_have_css("direction", "ltr")
    options = page.get_by_role("button", name="Options").bounding_box() or {}
    assert options["x"] > (page.get_by_role("heading", name="NPQ Guide").bounding_box() or {})["x"]


def test_an_old_library_that_changes_the_language_loses_no_conversation(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    page = opened(host.page("/old", site(OLD_LIBRARY + tag(service, made))))
    open_guide(page)
    ask_and_wait(page, "how long does the npqh take")
    page.reload()
    open_guide(page)
    expect(log(page)).to_contain_text("18 months")
    ask_and_wait(page, "and is it funded")
    expect(log(page).locator("li.asked")).to_have_count(2)


@pytest.mark.parametrize("swap", ["document.body.innerHTML", "new body", "own element"])
def test_a_site_that_changes_pages_by_script_keeps_the_conversation_and_one_line_open(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed, swap: str
) -> None:
    own = swap == "own element"
    page = opened("about:blank")
    following: set[object] = set()
    page.on("request", lambda request: request.url.endswith("/api/events") and following.add(request))
    page.on("requestfailed", lambda request: following.discard(request))
    page.on("requestfinished", lambda request: following.discard(request))
    words = "<npq-guide></npq-guide>" if own else "<p>Next</p>"
    page.goto(host.page("/swap", site(tag(service, made)).replace("<h1", f"{words if own else ''}<h1")))
    open_guide(page)
    ask_and_wait(page, "how long does the npqh take")
    for _ in range(7):
        if swap.startswith("document"):
            page.evaluate("(words) => { document.body.innerHTML = words }", words)
        else:
            page.evaluate(
                """(words) => {
                  const next = document.createElement("body");
                  next.innerHTML = words;
                  document.body.replaceWith(next);
                }""",
                words,
            )
        page.wait_for_timeout(200)
    if own:
        open_guide(page)
    expect(log(page)).to_contain_text("18 months")
    ask_and_wait(page, "and is it funded")
    expect(log(page).locator("li.asked")).to_have_count(2)
    assert len(following) == 1


def test_it_changes_nothing_on_the_page(opened: Callable[..., Page], host: Host, service: Service, made: Embed) -> None:
    def state(page: Page) -> object:
        return page.evaluate(
            """() => [...document.querySelectorAll("body, h1, p, input, #own")].map((part) =>
              [part.tagName, JSON.stringify(part.getBoundingClientRect()), [...part.attributes].length,
                [...getComputedStyle(part)].map((name) => getComputedStyle(part)[name]).join()])"""
        )

    without = opened(host.page("/without", site("")))
    globals_before = without.evaluate("Object.keys(window).length")
    page = opened(host.page("/with", site(tag(service, made))))
    open_guide(page)
    box(page).blur()
    assert state(page) == state(without)
    assert page.evaluate("Object.keys(window).length") == globals_before
    page.locator("#field").fill("the page goes on working")
    page.locator("#own").click()


def test_a_page_may_open_close_send_and_hear_without_hearing_what_was_said(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    page = opened(host.page("/api", site(tag(service, made) + tag(service, made))))
    page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["open", "close", "message"])
            document.addEventListener(`npq-guide:${name}`, (event) => heard.push([name, JSON.stringify(event.detail)]));
        }"""
    )
    page.evaluate("customElements.whenDefined('npq-guide')")
    assert page.locator("npq-guide").count() == 1
    page.evaluate("document.querySelector('npq-guide').send('my name is Zebedee, how long is the npqh')")
    expect(log(page)).to_contain_text("18 months", timeout=SECONDS)
    page.wait_for_timeout(SETTLED)
    box(page).fill("half a question")
    page.evaluate("document.querySelector('npq-guide').send('and is it funded')")
    expect(log(page).locator("li.said")).to_have_count(3)
    expect(box(page)).to_have_value("half a question")
    page.evaluate("document.querySelector('npq-guide').close()")
    expect(box(page)).to_be_hidden()
    page.evaluate("document.querySelector('npq-guide').open()")
    expect(box(page)).to_be_visible()
    heard = page.evaluate("heard")
    assert [name for name, _ in heard] == ["open", *["message"] * 4, "close", "open"]
    assert "Zebedee" not in str(heard)
    assert "18 months" not in str(heard)


def test_the_guide_for_integrators_names_every_custom_property_and_attribute() -> None:
    css = "".join(path.read_text(encoding="utf-8") for path in WIDGET.glob("**/*.css"))
    loader = (WIDGET / LOADER).read_text(encoding="utf-8")
    text = (PROJECT / "docs" / "embedding.md").read_text(encoding="utf-8")
    assert set(re.findall(r"--npq-[\w-]+", css)) == set(re.findall(r"--npq-[\w-]+", text))
    taken = re.search(r"const \{(.*)\} = script.dataset", loader)
    assert taken is not None
    names = {part.split("=")[0].strip() for part in taken[1].split(",")}
    assert names == set(re.findall(r"^\| `data-(\w+)", text, re.MULTILINE))


def test_settings_of_the_tag_and_custom_properties_theme_it(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    more = f'data-label="Ask the hub" data-side="left" data-theme="light" data-host="{service.url}"'
    style = ":root { --npq-brand: rgb(120, 20, 20) }"
    page = opened(host.page("/themed", site(tag(service, made, more), style)), color_scheme="dark")
    launcher = page.get_by_role("button", name="Ask the hub")
    expect(launcher).to_have_css("background-color", "rgb(120, 20, 20)")
    assert (launcher.bounding_box() or {})["x"] < 100
    launcher.click()
    expect(box(page)).to_have_css("background-color", "rgb(255, 255, 255)")
    assert (page.locator("npq-guide dialog").bounding_box() or {})["x"] < 100


def test_when_it_cannot_be_loaded_it_says_so_and_can_be_tried_again(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    page = opened(host.page("/lost", site(tag(service, made))))
    page.route("**/chat.js", lambda route: route.abort())
    page.get_by_role("button", name="Ask about NPQs").click()
    problem = page.get_by_role("status")
    expect(problem).to_contain_text("could not be loaded")
    expect(problem.get_by_role("link", name="use the plain version")).to_have_attribute("href", f"{service.url}/plain")
    page.unroute("**/chat.js")
    open_guide(page)
    expect(problem.filter(has_text="could not")).to_have_count(0)


def test_a_file_that_was_changed_on_the_way_does_not_run(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    def change(route: Route) -> None:
        got = route.fetch()
        headers = {
            name: value for name, value in got.headers.items() if name not in ("content-encoding", "content-length")
        }
        route.fulfill(status=200, headers=headers, body="window.changed = true;\n" + got.text())

    page = opened(host.page("/changed", site(tag(service, made))))
    page.route("**/chat.js", change)
    page.get_by_role("button", name="Ask about NPQs").click()
    expect(page.get_by_role("status")).to_contain_text("could not be loaded")
    assert page.evaluate("window.changed") is None


def test_another_site_may_not_use_the_service(
    opened: Callable[..., Page], host: Host, service: Service, made: Embed
) -> None:
    """The host's own second name is another origin, which the service was not told of."""
    page = opened(host.page("/stranger", site(tag(service, made))).replace("127.0.0.1", "localhost"))
    open_guide(page)
    box(page).fill("how long does the npqh take")
    box(page).press("Enter")
    expect(log(page).get_by_role("button", name="Try again")).to_be_visible(timeout=SECONDS)
    assert "18 months" not in log(page).inner_text()


@pytest.mark.parametrize("size", [(1280, 800), (375, 740), (320, 256)], ids=str)
def test_the_demo_page_shows_it_all(opened: Callable[..., Page], service: Service, size: tuple[int, int]) -> None:
    page = opened(f"{service.url}/demo", size)
    page.get_by_role("button", name="Ask about funding").click()
    expect(log(page)).to_contain_text("Are NPQs funded?", timeout=SECONDS)
    expect(log(page).locator("li.said").nth(1)).to_be_attached(timeout=SECONDS)
    assert no_sideways_scroll(page)
    page.get_by_role("button", name=re.compile("^Close")).click()
    expect(page.locator("output")).to_have_text("npq-guide:close")


def test_without_javascript_pages_lead_to_the_plain_version(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url, java_script_enabled=False)
    link = page.get_by_role("link", name="use the plain version").first
    expect(link).to_be_visible()
    assert httpx.get(f"{service.url}/{link.get_attribute('href')}").status_code == 200
