"""Text as Slack writes it and as we do: in with `&lt;`, `<mailto:...>`, `<@U123>`, out without mentions and links."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"<([^<>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def decoded(text: str, somebody: str = "") -> str:
    """What the person typed. Links and addresses are written out; `somebody` is put for mentions of people."""
    # Slack writes a typed `<` as `&lt;`, so that each `<...>` left is its own.
    plain = _REFERENCE.sub(lambda found: _written_out(found, somebody), text)
    for written, meant in _ENTITIES:
        plain = plain.replace(written, meant)
    return plain.strip()


def _written_out(found: re.Match[str], somebody: str) -> str:
    target, _, label = found[1].partition("|")
    if target.startswith(("mailto:", "tel:")):
        address = target.partition(":")[2]
        return label if label and address not in label else address
    if target.startswith(("@", "!subteam")):
        return somebody
    if target.startswith(("#", "!")):
        return label or ("" if target.startswith("#") else target[1:].partition("^")[0])
    # Of what was typed as an address only the beginning is Slack's; another label must not stand for an address.
    if label and label.rstrip("/") not in (target.rstrip("/"), target.partition("://")[2].rstrip("/")):
        return f"{label} ({target})"
    return label or target


def escaped(text: str) -> str:
    """A text in which nothing is a mention, a link or another command to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, title: str) -> str:
    """A link that is ours."""
    return f"<{escaped(url).replace('|', '%7C')}|{escaped(title).replace('|', '/')}>"


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, cut at a blank."""
    if len(text) <= most:
        return text
    return text[: most - 2].rsplit(" ", 1)[0].rstrip(" ,.;:") + " …"


def parts(text: str, most: int) -> list[str]:
    """A text in pieces of at most so many characters, cut at a line or a blank."""
    found = []
    while len(text) > most:
        cut = max(text.rfind("\n", 0, most), 0) or max(text.rfind(" ", 0, most), 0) or most
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text] if text else found
