"""Who calls: their address, whether they came by https, and the site they are on.

What a request says about its own way is believed only as far as the proxies we trust have written it.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from sanic.request import Request

from bot.channels.options import Proxies

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
UNKNOWN = "unknown"


def address(request: Request, proxies: Proxies) -> str:
    """The caller's address, as limits count it: an IPv6 household has a whole /64 for itself."""
    chain = _chain(request)
    if proxies.hops:
        return _counted(chain[-1 - proxies.hops] if len(chain) > proxies.hops else chain[0])
    found = chain.pop()
    while chain and _trusted(found, proxies):
        if chain[-1] is None:  # no address: a trusted proxy would have written one
            break
        found = chain.pop()
    return _counted(found)


def is_https(request: Request, proxies: Proxies) -> bool:
    """Whether the visitor's browser used https."""
    if request.conn_info is not None and request.conn_info.ssl:
        return True
    if not proxies.hops and not _trusted(_parsed(request.ip), proxies):
        return False
    told = ",".join(request.headers.getall("x-forwarded-proto", []))
    return told.split(",")[-1].strip().lower() == "https"


def origin(request: Request) -> str | None:
    """The site a browser says the request comes from, in small letters; None when it says nothing."""
    told = request.headers.getall("origin", [])
    return ",".join(told).strip().lower() if told else None


def is_own(request: Request) -> bool:
    """Whether the request comes from a page of this very service, or from no page at all."""
    site = request.headers.getone("sec-fetch-site", None)
    if site is not None:  # no page can set this
        return bool(site in ("same-origin", "none"))
    told = origin(request)
    if told is None:
        return True
    try:
        return urlsplit(told).netloc == str(request.headers.getone("host", "")).strip().lower()
    except ValueError:
        return False


def _chain(request: Request) -> list[Address | None]:
    """The addresses on the way to us, the nearest last."""
    told = ",".join(request.headers.getall("x-forwarded-for", []))
    way = [_parsed(word) for word in told.split(",")[-20:]] if told else []
    return [*way, _parsed(request.ip)]


@lru_cache(maxsize=256)  # a visitor's messages come from one address, and reading it takes a fiftieth of a turn
def _parsed(text: str) -> Address | None:
    plain = text.strip().strip('"')
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ipaddress.ip_address(plain)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found


def _trusted(found: Address | None, proxies: Proxies) -> bool:
    return found is not None and any(found in network for network in proxies.networks)


def _counted(found: Address | None) -> str:
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found) if found is not None else UNKNOWN
