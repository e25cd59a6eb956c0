"""Reading settings from the environment: what they have in common."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

Environ = Mapping[str, str]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PRODUCTION = "production"


class OptionError(Exception):
    """A setting cannot be used; the text says which, why and what to write, never a secret."""


def is_production(environ: Environ) -> bool:
    """Whether `NPQ_ENV` says that real visitors are served."""
    mode = environ.get("NPQ_ENV") or "development"
    if mode not in ("development", PRODUCTION):
        raise OptionError("NPQ_ENV: is neither `production` nor `development`. Write one of them.")
    return mode == PRODUCTION


def whole_number(environ: Environ, name: str, default: int, least: int, most: int) -> int:
    """A setting that is a whole number in a range."""
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise OptionError(f"{name}: is not a whole number from {least} to {most}. Write one, such as {default}.")
    return int(text)


def secure_url(environ: Environ, name: str) -> str | None:
    """An address that personal data or secrets may be sent to: https, or this machine itself."""
    text = environ.get(name)
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    if not host:
        raise OptionError(f"{name}: is not an address. Write one such as https://crm.example.org/interests.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise OptionError(f"{name}: must begin with https://, so that nobody can read on the way.")
    if parts.username or parts.password:
        raise OptionError(f"{name}: must not contain a user name or password; the request is signed instead.")
    return text


def secret(environ: Environ, name: str, why: str) -> str:
    """A secret long enough to be one."""
    text = environ.get(name) or ""
    if len(text) < 24 or len(set(text)) < 10:
        raise OptionError(
            f"{name}: is missing or too short; {why}. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return text
