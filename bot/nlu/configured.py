"""What config.yml says of our components."""

from __future__ import annotations

from typing import Any

import yaml

from bot.settings import PROJECT


def configured(component: str) -> dict[str, Any]:
    """The entry of a component in the pipeline, by the name of its class.

    Raises:
        LookupError: the pipeline has none.
    """
    pipeline = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    found = next((dict(item) for item in pipeline if item["name"].endswith(f".{component}")), None)
    if found is None:
        raise LookupError(f"config.yml has no {component} in its pipeline.")
    return found
