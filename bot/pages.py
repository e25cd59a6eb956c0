"""The pages people open and the files of the widget, with their security headers."""

from __future__ import annotations

from html import escape
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from bot.embed import LOADER, MEDIA_TYPES, WIDGET, Embed, File, embed, keep, kept
from bot.privacy_notice import privacy_notice
from bot.settings import read
from guidance.question import DEFAULT_CONTACT

# On every response of the service; a route may set its own value.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_READ = ("GET", "HEAD")
_FRESH = {"Cache-Control": "no-cache"}
# What an address with a version gives never changes, and any site may load it.
_EMBEDDED = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def add_pages(app: Sanic, contact: str, transcript_days: int) -> None:
    """Serve the chat page, the demo of a host page, the privacy notice and the widget's files."""
    made = embed()
    home = read().home
    keep(made, home)
    for path in ("/", "/demo"):
        name = path.strip("/") or "index"
        app.add_route(_page(name, made, contact), path, methods=_READ, name=name)

    @app.route("/privacy", methods=_READ, name="privacy")
    async def privacy(_request: Request) -> HTTPResponse:
        return html(privacy_notice(contact, transcript_days), headers=_FRESH)

    for name in ("page.css", "demo.js", "icon.svg"):
        asset = _asset(File(name, (WIDGET / name).read_bytes()), _FRESH)
        app.add_route(asset, f"/{name}", methods=_READ, name=name.replace(".", "_"))
    current = {(made.version, file.name): file for file in made.files}
    for (version, name), file in {**kept(home), **current}.items():
        key = f"{name.replace('.', '_').replace('-', '_')}_{version}"
        app.add_route(_asset(file, _EMBEDDED | _FOREVER), f"/widget/{version}/{name}", methods=_READ, name=key)


def snippet(made: Embed) -> dict[str, str]:
    """What a page writes to load the widget: its address, below the service's, and the hash of the loader."""
    return {"{loader}": f"widget/{made.version}/{LOADER}", "{integrity}": made.loader.integrity}


def _page(name: str, made: Embed, contact: str) -> Any:
    async def page(_request: Request) -> HTTPResponse:
        text = (WIDGET / f"{name}.html").read_text(encoding="utf-8")
        for given, value in {**snippet(made), DEFAULT_CONTACT: escape(contact)}.items():
            text = text.replace(given, value)
        return html(text, headers=_FRESH)

    return page


def _asset(file: File, headers: dict[str, str]) -> Any:
    packed = file.packed

    async def asset(request: Request) -> HTTPResponse:
        kind = f"{MEDIA_TYPES[file.suffix]}; charset=utf-8"
        if "gzip" in request.headers.get("accept-encoding", ""):
            return raw(packed, content_type=kind, headers={**headers, "Content-Encoding": "gzip"})
        return raw(file.plain, content_type=kind, headers=dict(headers))

    return asset
