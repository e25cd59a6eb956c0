"""This service against stock Rasa on this machine, one after the other: `python -m bench.stock`.

Stock Rasa is installed into bench/stock/.venv (2 GB) and trained on our data with its default pipeline and policies.
`--keep` uses what was trained by an earlier run, and its training times. Results: bench/results/stock.md, .json, .svg.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import datetime, timezone
from typing import Any

from bench.stock import results
from bench.stock.measure import everything
from bench.stock.subjects import MAKE, OURS, PROJECT, STOCK, Stock, Subject, installed

FOLDER = PROJECT / "var" / "bench"
RESULTS = PROJECT / "bench" / "results"
TRAINING = "training.json"


def install() -> None:
    """Stock Rasa into its own environment, as its lock file says."""
    own = PROJECT / ".uv" / "bin" / "uv"  # what `make setup` made; a version manager's stand-in may not work here
    uv = own if own.exists() else shutil.which("uv") or own
    command = [str(uv), "sync", "--quiet", "--locked", "--project", str(STOCK.parents[1])]
    if subprocess.run(command, check=False).returncode != 0:
        raise SystemExit("Stock Rasa could not be installed; the reason stands above. It needs 3 GB and the network.")


def trained(subject: Subject, *, keep: bool, epochs: int | None) -> dict[str, Any]:
    """Train, or take what an earlier run trained; seconds and how busy the machine was."""
    told = FOLDER / f"{type(subject).__name__}-{TRAINING}"
    if keep and told.exists():
        return dict(json.loads(told.read_text(encoding="utf-8")))
    print(f"Training {subject.name} ...", flush=True)
    if isinstance(subject, Stock):
        subject.epochs = epochs
    found = {"epochs": epochs, "training_s": subject.train(), "training_load": os.getloadavg()[0], "trained_at": _now()}
    told.write_text(json.dumps(found), encoding="utf-8")
    return found


def main() -> int:
    """Measure both and write the results; 1 when a goal that does not depend on the machine is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="use the models of an earlier run")
    parser.add_argument(
        "--epochs",
        type=int,
        help="epochs of stock Rasa's DIET, if not 100, each of which takes half a minute",
    )
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    install()
    found: dict[str, dict[str, Any]] = {}
    load = [os.getloadavg()]
    for make, python in zip(MAKE, (OURS, STOCK)):
        subject = make(FOLDER)
        told: dict[str, Any] = {
            "install_mb": installed(python),
            **trained(subject, keep=options.keep, epochs=options.epochs),
        }
        print(f"Measuring {subject.name} ...", flush=True)
        found[subject.name] = {**told, **asyncio.run(everything(subject))}
        load.append(os.getloadavg())
    ours, stock = found.values()
    about = {
        "at": _now(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "load_average": [list(item) for item in load],
    }
    _write(ours, stock, about)
    print((RESULTS / "stock.md").read_text(encoding="utf-8"))
    good = ours["long"]["ratio"] <= 1.2 and ours["overlapping"]["in_order"] and ours["journey"]["taken"]
    return 0 if good else 1


def _write(ours: dict[str, Any], stock: dict[str, Any], about: dict[str, Any]) -> None:
    raw = {"about": about, "ours": ours, "stock": stock, "times_better": results.ratios(ours, stock)}
    (RESULTS / "stock.json").write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "stock.svg").write_text(results.chart(ours, stock), encoding="utf-8")
    busy = ", ".join(f"{item[0]:.1f}" for item in about["load_average"])
    epochs = f", trained for {stock['epochs']} of its 100 epochs" if stock.get("epochs") else ""
    text = f"""# NPQ Guide and stock Rasa side by side

{about["at"]}, {about["machine"]}. Load average before, between and after: {busy}. Above 1 before the start,
other work ran on the same cores: then compare the ratios, not the times.

{results.table(ours, stock)}

![Latencies](stock.svg)

Stock Rasa 3.6.21: default pipeline (DIET{epochs}) and policies (TED), trained on our questions and rules; `rasa run`
with the REST channel, conversations in memory; `rasa run actions` beside it. Its action says one fact a topic, its form
takes any text and stores nothing. NPQ Guide: `npq run`, SQLite, everything it does. Both are asked the same ten
questions by the same client, which shares the cores. Made by `make bench`; raw numbers in `stock.json`.
"""
    (RESULTS / "stock.md").write_text(text, encoding="utf-8")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="minutes")


if __name__ == "__main__":
    sys.exit(main())
