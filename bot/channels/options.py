"""How open the web channel is: which sites may use it, who stands before it, how much it takes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?")
MOST = 1_000_000
MOST_HOPS = 10

# A minute. A whole school behind one address, a hundred people who write four messages each, is not kept out.
LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "session": 15,  # messages of one session
        "address": 600,  # messages from one address
        "service": 3000,  # messages in all
        "sessions": 120,  # new sessions from one address
        "calls": 3000,  # requests of any kind from one address
    }
)


class OptionError(ValueError):
    """A setting cannot be used; the text says which, why and what to write."""


@dataclass(frozen=True)
class Proxies:
    """Who is trusted to say for whom they ask: so many hops before us, or those in the networks."""

    hops: int = 0
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True)
class WebOptions:
    """The settings of the web channel."""

    origins: frozenset[str] = frozenset()
    proxies: Proxies = Proxies()
    limits: Mapping[str, int] = field(default_factory=lambda: LIMITS)
    redis_url: str | None = field(default=None, repr=False)


def read_options(environ: Mapping[str, str]) -> WebOptions:
    """NPQ_ORIGINS, NPQ_PROXIES, NPQ_LIMITS and NPQ_REDIS_URL.

    Raises:
        OptionError: naming the first that cannot be used.
    """
    return WebOptions(
        origins=_origins(environ.get("NPQ_ORIGINS") or ""),
        proxies=_proxies(environ.get("NPQ_PROXIES") or ""),
        limits=_limits(environ.get("NPQ_LIMITS") or ""),
        redis_url=_redis_url(environ.get("NPQ_REDIS_URL") or ""),
    )


def _origins(text: str) -> frozenset[str]:
    found = _words(text)
    for origin in found:
        if not _ORIGIN.fullmatch(origin.lower()):
            raise OptionError(
                f"NPQ_ORIGINS: `{origin}` is not the origin of a site. Write each site whole, without a path and "
                "without `*`, with commas between them, such as https://www.provider.example,https://provider.example."
            )
    return frozenset(origin.lower() for origin in found)


def _proxies(text: str) -> Proxies:
    if text.strip().isdigit() and int(text) <= MOST_HOPS:
        return Proxies(hops=int(text))
    try:
        return Proxies(networks=tuple(ipaddress.ip_network(word) for word in _words(text)))
    except ValueError as error:
        raise OptionError(
            f"NPQ_PROXIES: `{text}` is neither a number of proxies from 0 to {MOST_HOPS} nor their addresses. Write "
            "the number of proxies between the internet and this service, such as 1, or their addresses, such as "
            "10.0.0.0/8,192.0.2.7."
        ) from error


def _limits(text: str) -> Mapping[str, int]:
    found = dict(LIMITS)
    for word in _words(text):
        name, _, number = word.partition("=")
        if name not in LIMITS or not number.isdigit() or not 1 <= int(number) <= MOST:
            raise OptionError(
                f"NPQ_LIMITS: `{word}` is not a limit. Write names and numbers a minute from 1 to {MOST}, such as "
                + " ".join(f"{name}={most}" for name, most in LIMITS.items())
                + "; what is left out keeps its default."
            )
        found[name] = int(number)
    return MappingProxyType(found)


def _redis_url(text: str) -> str | None:
    if text and not re.match(r"(rediss?|unix)://\S", text):
        raise OptionError("NPQ_REDIS_URL: is not an address of Redis. Write one such as redis://127.0.0.1:6379/0.")
    return text or None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", text) if word]
