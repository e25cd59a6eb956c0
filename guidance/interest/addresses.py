"""Email addresses: found in what people type, checked, and compared with those they probably meant."""

from __future__ import annotations

import html
import re

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

LIKE_THIS = "Please write it like name@example.com."
PROVIDERS = (
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.com", "live.co.uk", "msn.com",
    "yahoo.com", "yahoo.co.uk", "icloud.com", "me.com", "aol.com", "btinternet.com", "sky.com", "talktalk.net",
    "virginmedia.com", "ntlworld.com", "protonmail.com", "education.gov.uk",
)  # fmt: skip
# Real, though they look like a slip of the ones above.
REAL = frozenset({
    "mail.com", "email.com", "ymail.com", "gmx.com", "gmx.net", "gmx.co.uk", "mac.com", "proton.me", "live.ie",
    "sky.org", "outlook.co.uk", "yahoo.ie", "yahoo.fr", "yahoo.de", "hotmail.fr", "hotmail.de", "hotmail.it",
    "outlook.fr", "outlook.de",
})  # fmt: skip
# Endings nobody has, with what is meant.
ENDINGS = {
    ".con": ".com", ".cmo": ".com", ".ocm": ".com", ".comm": ".com", ".vom": ".com", ".xom": ".com", ".coom": ".com",
    ".cpm": ".com", ".clm": ".com", ".couk": ".co.uk", ".co.u": ".co.uk", ".co.k": ".co.uk", ".co.ukk": ".co.uk",
    ".co.uj": ".co.uk", ".c.uk": ".co.uk", ".cou.k": ".co.uk", ".schuk": ".sch.uk", ".sch.u": ".sch.uk",
    ".shc.uk": ".sch.uk", ".sch.ukk": ".sch.uk", ".acuk": ".ac.uk", ".ac.u": ".ac.uk", ".govuk": ".gov.uk",
    ".gov.u": ".gov.uk", ".orguk": ".org.uk", ".org.u": ".org.uk", ".ogr": ".org", ".ogr.uk": ".org.uk", ".nte": ".net",
}  # fmt: skip
OTHERWISE = {"gmail.co.uk": "gmail.com", "gmail.co": "gmail.com", "icloud.co.uk": "icloud.com", "gmail.uk": "gmail.com"}

_SLACK = re.compile(r"<mailto:([^|>\s]{1,400})(?:\|[^>]{0,400})?>", re.IGNORECASE)
_AROUND = re.compile(r"[ \t]*@[ \t]*")
_APART = re.compile(r"[\s<>()\[\]{},;:\"“”|]+")
_SPOKEN = re.compile(r"(\S{1,64}) (?:at|\(at\)|\[at\]) ((?:[a-z0-9-]{1,63} dot ){1,5}[a-z]{2,24})\b", re.IGNORECASE)


class NoAddress(ValueError):
    """No address can be taken; the text says why and what to write."""


def find_address(text: str) -> str:
    """The one email address in a text.

    Raises:
        NoAddress: none, several, or one that cannot be right.
    """
    plain = _SLACK.sub(r" \1 ", html.unescape(text)).replace("＠", "@")
    words = {word for word in _words(plain) if "@" in word} or set(_words(_AROUND.sub("@", plain)))
    tried = sorted(word for word in words if "@" in word) or _spoken(plain)
    if not tried:
        raise NoAddress(f"I could not find an email address in that. {LIKE_THIS}")
    good, problem = {}, ""
    for word in tried:
        try:
            found = validate_email(word, check_deliverability=False, test_environment=True, strict=True)
            good[found.normalized.casefold()] = found.normalized
        except EmailNotValidError as error:
            problem = str(error)
    if len(good) > 1:
        raise NoAddress("I found more than one email address. Please write only the one we should use.")
    if not good:
        raise NoAddress(f"That email address does not look right. {problem} {LIKE_THIS}")
    return next(iter(good.values()))


def _words(text: str) -> list[str]:
    """What stands between blanks and brackets, without quotes around it and without what ends a sentence."""
    return [word.lstrip("'‘’`*.=").rstrip("'‘’`*.!?…") for word in _APART.split(text) if word not in ("@", "")]


def _spoken(text: str) -> list[str]:
    """ "name at school dot org", as people dictate it."""
    found = _SPOKEN.search(text)
    return [f"{found.group(1)}@{found.group(2).replace(' dot ', '.').replace(' DOT ', '.')}"] if found else []


def likely_meant(address: str) -> str | None:
    """The address somebody probably meant, when the domain looks like a slip of the keys."""
    local, _, domain = address.rpartition("@")
    domain = domain.casefold()
    if domain in PROVIDERS or domain in REAL:
        return None
    ended = next((domain[: -len(end)] + right for end, right in ENDINGS.items() if domain.endswith(end)), domain)
    meant = OTHERWISE.get(ended) or _nearest(ended)
    return f"{local}@{meant}" if meant != domain else None


def _nearest(domain: str) -> str:
    """The well-known provider that is one slip away (two for long names), else the domain itself."""
    if domain in PROVIDERS or domain in REAL:
        return domain
    best, least = domain, 3
    for provider in PROVIDERS:
        slips = 2 if len(provider) >= 9 else 1 if len(provider) >= 7 else 0
        away = OSA.distance(domain, provider, score_cutoff=slips)
        if away <= slips and away < least:
            best, least = provider, away
    return best
