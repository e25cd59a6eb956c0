"""The pages people open and the files of the widget, with their security headers."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, file, html

from bot.privacy_notice import privacy_notice
from guidance.question import DEFAULT_CONTACT

WIDGET = Path(__file__).resolve().parent / "widget"
# Named here, not guessed from the machine's registry: with `nosniff` a wrong type is not run.
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# On every response of the service; a route may set its own value.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_READ = ("GET", "HEAD")
_FRESH = {"Cache-Control": "no-cache"}


def add_pages(app: Sanic, contact: str, transcript_days: int) -> None:
    """Serve the chat page, the privacy notice and the widget's files."""

    @app.route("/", methods=_READ, name="page")
    async def page(_request: Request) -> HTTPResponse:
        text = (WIDGET / "index.html").read_text(encoding="utf-8")
        return html(text.replace(DEFAULT_CONTACT, escape(contact)), headers=_FRESH)

    @app.route("/privacy", methods=_READ, name="privacy")
    async def privacy(_request: Request) -> HTTPResponse:
        return html(privacy_notice(contact, transcript_days), headers=_FRESH)

    for path in sorted(WIDGET.iterdir()):
        if path.suffix in MEDIA_TYPES:
            name = path.name.replace(".", "_")
            app.add_route(_asset(path), f"/{path.name}", methods=_READ, name=name)


def _asset(path: Path) -> Any:
    async def asset(_request: Request) -> HTTPResponse:
        return await file(path, mime_type=MEDIA_TYPES[path.suffix], headers=dict(_FRESH))

    return asset
