"""The widget as it is served: comments left out, compressed, with the hashes that hold its parts together.

A host page names the loader by version and hash. The loader carries the hash of the chat, so that nothing runs on a
host page that this loader was not served with. The version is a hash of them all: what an address
gives never changes. Every version once served is kept in `NPQ_HOME/widget`, for host pages that still name it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rcssmin import cssmin
from rjsmin import jsmin

from guidance import knowledge

logger = logging.getLogger(__name__)

WIDGET = Path(__file__).resolve().parent / "widget"
LOADER = "npq-guide.js"
# Named here, not guessed from the machine's registry: with `nosniff` a wrong type is not run.
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_IMPORT = re.compile(r'^import (?:[^"]* from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)
_VERSION = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class File:
    """One file, plain and compressed."""

    name: str
    plain: bytes

    @property
    def suffix(self) -> str:
        """Which kind of file."""
        return Path(self.name).suffix

    @property
    def packed(self) -> bytes:
        """As gzip; the same for the same content."""
        return gzip.compress(self.plain, 9, mtime=0)

    @property
    def integrity(self) -> str:
        """As `integrity` attributes take it."""
        return "sha384-" + b64encode(hashlib.sha384(self.plain).digest()).decode()


@dataclass(frozen=True)
class Embed:
    """One version of the widget: the loader and what it loads."""

    files: tuple[File, ...]

    @property
    def loader(self) -> File:
        """What a host page names."""
        return self.files[-1]

    @property
    def version(self) -> str:
        """A hash of the whole; the loader holds the hash of the rest."""
        return hashlib.sha256(self.loader.plain).hexdigest()[:12]


def embed(sites: list[str] | None = None) -> Embed:
    """The widget of this release, for sources on these sites (as the knowledge has them, when not given)."""
    allowed = source_sites() if sites is None else sites
    style = _css(WIDGET / "chat" / "chat.css")
    chat = File("chat.js", _js(_joined(WIDGET / "chat" / "panel.js"), SITES=allowed, STYLE=style))
    text = (WIDGET / LOADER).read_text(encoding="utf-8")
    hashes = {"INTEGRITY": chat.integrity, "STYLE": _css(WIDGET / "launcher.css")}
    return Embed((chat, File(LOADER, _js(text, **hashes))))


def source_sites() -> list[str]:
    """The sites that sources may lead to: those the knowledge names, with a leading dot, and all of government's."""
    public = (source.url or "" for source in knowledge.current().sources.values() if source.public)
    hosts = {"." + urlsplit(url).netloc for url in public if url.startswith("https://")}
    return sorted({".gov.uk" if host.endswith(".gov.uk") else host for host in hosts})


def keep(made: Embed, home: Path) -> None:
    """Write this version to the others served so far; without room for it the widget works, until the next release."""
    folder = home / "widget" / made.version
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in made.files:
            (folder / file.name).write_bytes(file.plain)
    except OSError as error:
        logger.warning("This version of the widget could not be kept in %s (%s).", folder, error.strerror)


def kept(home: Path) -> dict[tuple[str, str], File]:
    """The files of every version served so far, by version and name."""
    found = {}
    for path in sorted((home / "widget").glob("*/*")):
        if _VERSION.fullmatch(path.parent.name) and path.suffix in MEDIA_TYPES:
            found[path.parent.name, path.name] = File(path.name, path.read_bytes())
    return found


def _joined(path: Path) -> str:
    """A module and all it imports as one module: one file to load, and one hash.

    Raises:
        ValueError: two modules use one name, which one module cannot.
    """
    texts = [each.read_text(encoding="utf-8") for each in _in_order(path, set())]
    names = Counter(name for text in texts for name in _NAME.findall(text))
    if twice := [name for name, times in names.items() if times > 1]:
        raise ValueError(f"{path.parent}: more than one module names something `{twice[0]}`. Rename one of them.")
    joined = "\n".join(_IMPORT.sub("", text) for text in texts)
    only = path.stem.title()
    return re.sub(r"^export ", "", joined, flags=re.MULTILINE) + f"export {{ {only} }};\n"


def _in_order(path: Path, seen: set[Path]) -> Iterator[Path]:
    """The modules, each after those it imports."""
    if path in seen:
        return
    seen.add(path)
    for name in _IMPORT.findall(path.read_text(encoding="utf-8")):
        yield from _in_order(path.with_name(name), seen)
    yield path


def _js(text: str, **made: object) -> bytes:
    """Without comments and blanks, and with the constants that are filled in when served."""
    for name, value in made.items():
        filled = json.dumps(value, separators=(",", ":"))
        parts = re.split(rf"(?m)^( *const {name} = ).*;$", text)
        if len(parts) != 3:
            raise ValueError(f"The widget has no constant `{name}` to fill in.")
        text = f"{parts[0]}{parts[1]}{filled};{parts[2]}"
    for number, name in enumerate(_long_names(text)):
        text = re.sub(rf"\b{name}\b", f"${number}", text)  # 3 % of the whole
    return re.sub(r"\bconst (?=[\w${\[])", "let ", str(jsmin(text)).replace(";}", "}")).encode()


def _long_names(text: str) -> list[str]:
    """Names that can be shortened: of constants, and of functions unless something else may have the same name."""
    names = dict.fromkeys(_NAME.findall(text))
    other = r"\.{0}\b|[\"'{{,] *{0} *[\"':}}]|^ +(?:async )?{0}\(.*\{{$"  # a property, a text, a method
    camel = (name for name in names if re.fullmatch(r"[a-z]+[A-Z]\w*", name))
    alone = {name for name in camel if not re.search(other.format(name), text, re.MULTILINE)}
    return [name for name in names if name.isupper() or name in alone]


def _css(path: Path) -> str:
    return str(cssmin(path.read_text(encoding="utf-8")))
