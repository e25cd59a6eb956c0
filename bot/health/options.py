"""Who may read /metrics: NPQ_METRICS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.options import OptionError

FEWEST = 16  # characters of a token: what can be guessed is no secret


@dataclass(frozen=True)
class MetricsOptions:
    """`on`: whether there are metrics at all. `token`: what a caller must show; None: only callers on this machine."""

    on: bool = True
    token: str | None = None


def read_options(environ: Mapping[str, str]) -> MetricsOptions:
    """NPQ_METRICS: `off`, a token, or nothing for callers on this machine only.

    Raises:
        OptionError: a token too short to be a secret, or one that cannot travel in a header.
    """
    text = (environ.get("NPQ_METRICS") or "").strip()
    if text.lower() in ("", "local"):
        return MetricsOptions()
    if text.lower() == "off":
        return MetricsOptions(on=False)
    if len(text) < FEWEST or not text.isascii() or not text.isprintable() or " " in text:
        raise OptionError(
            f"NPQ_METRICS: is neither `off` nor a token. Write a token of {FEWEST} or more letters, digits and signs "
            "without blanks, such as `openssl rand -hex 24` prints; `off` for no metrics; nothing for callers on this "
            "machine only."
        )
    return MetricsOptions(token=text)
