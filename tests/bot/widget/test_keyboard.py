"""What axe cannot see: reading out, focus, keys, reflow, motion, errors, and the whole journey by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.bot.widget.asking import SECONDS, ask, ask_and_wait, box, focused, log, no_sideways_scroll, open_guide
from tests.bot.widget.conftest import SIZES
from tests.conftest import Service

LONG = "how long does the npqh take"
COVERED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (left >= right || top >= bottom) return "out of the window: " + at.outerHTML.slice(0, 120);
  const inset = 2;
  const points = [[(left + right) / 2, (top + bottom) / 2], [left + inset, top + inset], [right - inset, top + inset],
    [left + inset, bottom - inset], [right - inset, bottom - inset]];
  const hit = ([x, y]) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot?.elementFromPoint(x, y)) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (inner === found) break;
      found = inner;
    }
    return found && (at.contains(found) || found.contains(at));
  };
  return points.some(hit) ? null : at.outerHTML.slice(0, 120);
}"""


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Go on with the keyboard until what has this id or text has focus."""
    for _ in range(80):
        if focused(page).strip() == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be reached by keyboard; focus is on {focused(page)!r}")


def stops(page: Page, most: int) -> list[str]:
    """What has focus, one press of Tab after the other."""
    found = []
    for _ in range(most):
        found.append(focused(page).strip())
        page.keyboard.press("Tab")
    return found


def test_the_log_is_there_before_the_first_message_and_each_one_is_added_once(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(f"{service.url}/demo")
    open_guide(page)
    page.evaluate(
        """() => {
          const root = document.querySelector("npq-guide").shadowRoot;
          window.log = root.querySelector("[role=log]");
          window.added = [];
          new MutationObserver((changes) => {
            for (const change of changes) for (const node of change.addedNodes)
              if (node.tagName === "LI" && !node.closest(".choices, .sources")) added.push(node.className);
          }).observe(window.log, { childList: true, subtree: true });
        }"""
    )
    assert log(page).get_attribute("aria-label") == "Chat messages"
    ask_and_wait(page, LONG)
    ask_and_wait(page, "and is it funded")
    page.wait_for_timeout(1000)  # the event stream tells of the same turns
    assert page.evaluate("added") == ["asked", "said", "asked", "said"]
    assert page.evaluate("log === document.querySelector('npq-guide').shadowRoot.querySelector('[role=log]')")
    loud = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]"
    nested = f"log.querySelectorAll('{loud}').length"
    assert page.evaluate(nested) == 0
    assert page.evaluate("log.parentElement.closest('[aria-live], [role=status], [role=alert], [role=log]')") is None


READ_OUT = """() => {
  const root = document.querySelector("npq-guide").shadowRoot;
  const live = (part) => part.closest("[aria-live], [role=log], [role=status], [role=alert]");
  window.readOut = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      const region = live(change.target);
      if (!region || region.ariaLive === "off" || node.parentElement?.closest("[aria-hidden=true]")) continue;
      readOut.push([region.getAttribute("role"), node.textContent.replace(/\\s+/g, " ").slice(0, 30)]);
    }
  }).observe(root, { childList: true, subtree: true });
}"""


def test_what_was_read_out_is_not_read_out_again_when_it_changes(
    opened: Callable[..., Page], service: Service, browser: Browser
) -> None:
    """Quick replies that become text, "Copy" that becomes "Copied": news to the page, not to the visitor."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = opened(service.url, context=context)
    expect(box(page)).to_be_visible()
    page.evaluate(READ_OUT)
    ask_and_wait(page, LONG)
    ask_and_wait(page, "and is it funded")
    page.get_by_role("button", name="Copy").last.click()
    page.wait_for_timeout(3500)
    said = [(role, words) for role, words in page.evaluate("readOut") if words != "Finding an answer"]
    assert [words[:9] for _, words in said] == ["You said:", "NPQ Guide", "You said:", "NPQ Guide", "Copied"]
    assert [role for role, _ in said] == ["log"] * 4 + ["status"]


def test_an_earlier_conversation_is_not_read_out_as_new(
    opened: Callable[..., Page], service: Service, browser: Browser
) -> None:
    """A new tab hears of it from its neighbour a moment after the log is there. What comes then is read out."""
    first = opened(service.url)
    ask_and_wait(first, LONG)
    page = opened("about:blank", context=first.context)
    page.add_init_script(
        f"addEventListener('DOMContentLoaded', () => customElements.whenDefined('npq-guide').then(() => "
        f"requestAnimationFrame(function look() {{ const root = document.querySelector('npq-guide').shadowRoot; "
        f"root.querySelector('[role=log]') ? ({READ_OUT})() : setTimeout(look) }})))"
    )
    page.goto(service.url)
    expect(log(page)).to_contain_text("18 months")
    page.wait_for_timeout(1500)
    assert page.evaluate("readOut") == []
    ask_and_wait(page, "and is it funded")
    assert [words[:9] for role, words in page.evaluate("readOut") if role == "log"] == ["You said:", "NPQ Guide"]


def test_words_for_screen_readers_make_no_page_to_scroll(opened: Callable[..., Page], service: Service) -> None:
    for path in ("/", "/demo"):
        page = opened(service.url + path)
        if path == "/demo":
            open_guide(page)
        for question in (LONG, "is the npqh funded", "when does it start", "who are the providers"):
            ask_and_wait(page, question)
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert page.locator("npq-guide .chat").evaluate("(part) => part.scrollHeight <= part.clientHeight")


def test_every_message_says_who_said_it(page: Page) -> None:
    ask_and_wait(page, LONG)
    for item in log(page).locator("li.said").all():
        assert (item.text_content() or "").startswith("NPQ Guide said: ")
    assert (log(page).locator("li.asked").text_content() or "").startswith("You said: ")


def test_what_is_going_on_is_said_without_moving_focus(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url)
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))
    ask(page, LONG)
    expect(page.get_by_role("status")).to_have_text("Finding an answer")
    assert focused(page) == "question"
    held[0].fulfill(status=500, body="{}")
    expect(log(page).locator(".problem")).to_contain_text("Problem: ")
    assert focused(page) == "question"


def test_opening_puts_focus_in_and_closing_puts_it_back(opened: Callable[..., Page], service: Service) -> None:
    page = opened(f"{service.url}/demo")
    launcher = page.get_by_role("button", name="Ask about NPQs")
    for leave in ("Escape", "Close"):
        tab_to(page, "Ask about NPQs")
        page.keyboard.press("Enter" if leave == "Escape" else "Space")
        expect(box(page)).to_be_focused()
        expect(launcher).to_have_attribute("aria-expanded", "true")
        if leave == "Close":
            tab_to(page, "Close chat", "Shift+Tab")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Escape")
        expect(launcher).to_be_focused()
        expect(launcher).to_have_attribute("aria-expanded", "false")


def test_with_a_finger_focus_goes_to_the_heading_so_that_no_keyboard_covers_the_words(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(f"{service.url}/demo", (375, 740), has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Ask about NPQs").tap()
    expect(page.get_by_role("heading", name="NPQ Guide")).to_be_focused()
    expect(page.get_by_text("Enter sends.")).to_be_hidden()


def test_beside_the_page_focus_goes_through_the_panel_in_reading_order_and_out_again(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(f"{service.url}/demo")
    open_guide(page)
    ask_and_wait(page, LONG)
    page.get_by_role("button", name="Ask about NPQs").focus()
    choices = [text.strip() for text in log(page).locator(".choice").all_text_contents()]
    found = stops(page, 30)
    start = found.index("Options")
    order = ["Options", "Close chat", *choices, "question", "Send"]
    assert [stop for stop in found[start:] if stop in order][: len(order)] == order
    assert len(set(found)) < len(found), "focus does not come round: it never leaves the panel"
    tab_to(page, "open")
    expect(box(page)).to_be_visible()
    tab_to(page, "Send", "Shift+Tab")


def test_filling_the_screen_focus_stays_in_and_escape_leads_out(opened: Callable[..., Page], service: Service) -> None:
    page = opened(f"{service.url}/demo", (375, 740))
    open_guide(page)
    assert page.evaluate("document.querySelector('npq-guide').shadowRoot.querySelector('dialog').matches(':modal')")
    for key in ("Tab", "Shift+Tab"):
        for _ in range(25):
            page.keyboard.press(key)
            assert focused(page).strip() not in {"open", "fund", "Ask about NPQs"}
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask about NPQs")).to_be_focused()


def test_turning_the_phone_keeps_the_conversation_and_focus(opened: Callable[..., Page], service: Service) -> None:
    page = opened(f"{service.url}/demo")
    open_guide(page)
    box(page).fill("half a question")
    modal = "document.querySelector('npq-guide').shadowRoot.querySelector('dialog').matches(':modal')"
    for size in ((375, 740), (740, 375), (1280, 800)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(200)
        assert page.evaluate(modal) == (size[0] < 1000)
        expect(box(page)).to_be_focused()
        expect(box(page)).to_have_value("half a question")


@pytest.mark.parametrize("path", ["/", "/demo"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_with_focus_is_covered(
    opened: Callable[..., Page], service: Service, path: str, size: tuple[int, int]
) -> None:
    page = opened(service.url + path, size)
    if path == "/demo":
        open_guide(page)
    ask_and_wait(page, LONG)
    ask_and_wait(page, "is the npqh funded")
    page.get_by_role("button", name="Options").click()
    covered = []
    for key in ("Tab", "Shift+Tab"):
        for _ in range(30):
            page.keyboard.press(key)
            covered.append(page.evaluate(COVERED))
    assert [stop for stop in covered if stop] == []


def test_what_has_focus_behind_the_panel_can_be_uncovered_with_escape(
    opened: Callable[..., Page], service: Service
) -> None:
    page = opened(f"{service.url}/demo")
    open_guide(page)
    page.get_by_role("button", name="Ask the guide").focus()
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    assert focused(page) == "open"


def test_the_conversation_scrolls_with_the_keyboard(opened: Callable[..., Page], service: Service) -> None:
    page = opened(f"{service.url}/demo")
    open_guide(page)
    for question in (LONG, "is the npqh funded", "when does it start"):
        ask_and_wait(page, question)
    scroller = page.get_by_role("region", name="Conversation")
    scroller.focus()
    before = scroller.evaluate("(part) => part.scrollTop")
    page.keyboard.press("Home")
    page.wait_for_timeout(500)
    assert scroller.evaluate("(part) => part.scrollTop") < before


def test_no_letter_is_a_shortcut(page: Page) -> None:
    page.get_by_role("region", name="Conversation").focus()
    before = page.locator("npq-guide").evaluate("(guide) => guide.shadowRoot.textContent")
    page.keyboard.type("abcdefghijklmnopqrstuvwxyz?/.")
    assert page.locator("npq-guide").evaluate("(guide) => guide.shadowRoot.textContent") == before
    assert focused(page) != "question"


def test_shift_and_enter_starts_a_line(page: Page) -> None:
    box(page).press_sequentially("one")
    box(page).press("Shift+Enter")
    box(page).press_sequentially("two")
    expect(box(page)).to_have_value("one\ntwo")
    assert log(page).locator(".asked").count() == 0


@pytest.mark.parametrize(
    ("length", "count"),
    [
        (799, ""),
        (800, "200 characters remaining"),
        (999, "1 character remaining"),
        (1000, "0 characters remaining"),
        (1001, "1 character too many"),
    ],
)
def test_characters_are_counted_from_four_fifths_and_nothing_is_cut(
    opened: Callable[..., Page], service: Service, length: int, count: str
) -> None:
    page = opened(service.url)
    text = "😀" * 3 + "x" * (length - 3)
    box(page).fill(text)
    expect(box(page)).to_have_value(text)
    if count:
        expect(page.locator("#count")).to_contain_text(count)
        expect(page.get_by_role("status")).to_contain_text(count, timeout=5000)
    else:
        expect(page.locator("#count")).to_be_hidden()


def test_an_error_names_the_field_the_limit_and_is_tied_to_the_box(page: Page) -> None:
    box(page).fill("x" * 1001)
    box(page).press("Enter")
    error = page.locator("#error")
    expect(error).to_have_text("Error: Your question must be 1,000 characters or fewer")
    expect(page.get_by_role("status")).to_contain_text("Error: Your question must be")
    expect(box(page)).to_have_attribute("aria-invalid", "true")
    assert "error" in (box(page).get_attribute("aria-describedby") or "").split()
    expect(box(page)).to_have_value("x" * 1001)
    assert focused(page) == "question"
    box(page).press("Backspace")
    expect(error).to_be_hidden()
    expect(box(page)).to_have_attribute("aria-invalid", "false")
    box(page).fill("   ")
    box(page).press("Enter")
    expect(error).to_have_text("Error: Enter your question")


def test_an_error_names_the_detail_that_is_asked_for(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url)
    for text in ("register my interest", "NPQSL", "Jane Doe"):
        ask_and_wait(page, text)
    box(page).press("Enter")
    expect(page.locator("#error")).to_have_text("Error: Enter your email address")
    box(page).fill("x" * 1001)
    box(page).press("Enter")
    expect(page.locator("#error")).to_have_text("Error: Your email address must be 1,000 characters or fewer")
    expect(page.get_by_label("Your email address")).to_have_attribute("aria-invalid", "true")


def test_the_dots_stop_and_do_not_move_for_those_who_asked_for_less_motion(
    opened: Callable[..., Page], service: Service
) -> None:
    for motion in ("no-preference", "reduce"):
        page = opened(service.url, reduced_motion=motion)
        page.route("**/api/messages", lambda _route: None)  # held until the page is closed
        ask(page, LONG)
        expect(page.get_by_text("Finding an answer").first).to_be_visible()
        lasting: list[Any] = page.evaluate(
            """() => [...document.querySelector("npq-guide").shadowRoot.querySelectorAll(".dots span")]
              .flatMap((dot) => dot.getAnimations()).map((each) => each.effect.getComputedTiming().endTime)"""
        )
        assert lasting == [] if motion == "reduce" else all(0 < end <= 5000 for end in lasting)
        assert bool(lasting) == (motion != "reduce")


@pytest.mark.parametrize("path", ["/", "/demo"])
def test_it_opens_nothing_and_moves_no_focus_by_itself(
    opened: Callable[..., Page], service: Service, path: str
) -> None:
    page = opened(service.url + path)
    page.wait_for_timeout(1500)
    assert page.evaluate("document.activeElement === document.body")
    page.mouse.move(1200, 760)
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement === document.body")
    if path == "/demo":
        expect(page.get_by_role("button", name="Ask about NPQs")).to_have_attribute("aria-expanded", "false")


def test_text_spacing_cuts_nothing_off(opened: Callable[..., Page], service: Service) -> None:
    page = opened(service.url, (320, 640))
    ask_and_wait(page, LONG)
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; "
            + "word-spacing: .16em !important } p { margin-bottom: 2em !important }");
          const root = document.querySelector("npq-guide").shadowRoot;
          root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
        }"""
    )
    assert no_sideways_scroll(page)
    clipped = page.evaluate(
        """() => [...document.querySelector("npq-guide").shadowRoot.querySelectorAll("button, .bubble, p, li, h2")]
          .filter((part) => part.className !== "unseen" && part.scrollWidth > part.clientWidth + 1 && part.clientWidth)
          .map((part) => part.outerHTML.slice(0, 80))"""
    )
    assert clipped == []


def test_targets_are_large_enough_for_a_finger(opened: Callable[..., Page], service: Service) -> None:
    page = opened(f"{service.url}/demo", (375, 740))
    open_guide(page)
    ask_and_wait(page, LONG)
    page.get_by_role("button", name="Options").click()
    for button in page.locator("npq-guide button:visible").all():
        size = button.bounding_box() or {}
        least = 24 if "small" in (button.get_attribute("class") or "") else 44
        assert min(size["width"], size["height"]) >= least, button.inner_text()


JOURNEY = [
    ("register my interest", None, None),
    ("Senior leadership", "Your full name", ("name", "text")),
    ("Zoë O'Neill-Ødegård", "Your email address", ("email", "email")),
    ("zoe@school.example.org", "Your job", ("organization-title", "text")),
    ("Deputy head", "Your school or workplace", ("organization", "text")),
    ("Anytown Primary School", None, None),
    ("Not sure yet", "Your phone number", ("tel", "tel")),
    ("Skip", None, None),
]
CHECKING = [
    ("No", "Please check your answers"),
    ("Change something", "What shall I change?"),
    ("Role", "job"),
    (None, "Please check your answers"),
    ("Yes, send it", "reference"),
]


def test_interest_is_registered_by_keyboard_alone_on_the_smallest_screen(
    opened: Callable[..., Page], service: Service
) -> None:
    """From the host page to the reference, no mouse: typing, quick replies, one correction, and nothing asked twice."""
    page = opened(f"{service.url}/demo", (320, 256))
    tab_to(page, "Ask about NPQs")
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    said = log(page).locator("li.said")
    for text, label, kind in JOURNEY:
        before = said.count()
        tab_to(page, "question")
        page.keyboard.type(text)
        assert page.evaluate(COVERED) is None
        page.keyboard.press("Enter")
        expect(said.nth(before)).to_be_attached(timeout=SECONDS)
        assert focused(page) == "question"
        assert no_sideways_scroll(page)
        if label and kind:
            field = page.get_by_label(label, exact=True)
            expect(field).to_have_attribute("autocomplete", kind[0])
            expect(field).to_have_attribute("inputmode", kind[1])
    for choice, expected in CHECKING:
        before = said.count()
        if choice:
            tab_to(page, choice, "Shift+Tab")
            assert page.evaluate(COVERED) is None
            page.keyboard.press("Enter" if len(choice) % 2 else "Space")
        else:
            tab_to(page, "question")
            page.keyboard.type("Assistant head")
            page.keyboard.press("Enter")
        expect(said.nth(before)).to_contain_text(re.compile(expected, re.IGNORECASE), timeout=SECONDS)
    answers = said.filter(has_text="Please check your answers").last
    for part in ("NPQSL", "Zoë O'Neill-Ødegård", "zoe@school.example.org", "Assistant head", "Anytown Primary School"):
        expect(answers).to_contain_text(part)
    questions = " ".join(said.all_text_contents())
    assert questions.count("What is your email address?") == 1
    assert questions.count("What is your full name?") == 1
    expect(page.get_by_label("Your question")).to_be_attached()
