"""What an answer costs as knowledge and conversations grow: `python -m bench.growth [--quick]`.

Each size is measured in a process of its own, as processor time of whole turns on SQLite, each question the least of
some rounds: other work on the machine changes that little. Results go to bench/results/growth.md and growth.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bench.growth import conversations, programmes
from bot.settings import read
from bot.training import model_path, train_apart

RESULTS = Path(__file__).resolve().parents[1] / "results"
PROGRAMMES = (10, 100, 1000, 10_000)
CONVERSATIONS = (1000, 100_000, 1_000_000)
MOST = 2.0  # times the smallest
Row = dict[str, Any]


def main() -> int:
    """Measure, write the results; 1 when the largest knowledge costs more than twice the smallest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave the largest sizes out; writes nothing")
    quick = parser.parse_args().quick
    settings = read()
    train_apart(settings)
    model = model_path(settings)
    found: dict[str, list[Row]] = {"programmes": [], "conversations": []}
    with tempfile.TemporaryDirectory(prefix="npq-growth-") as name:
        folder = Path(name)
        for count in PROGRAMMES[: 3 if quick else 4]:
            knowledge = programmes.write(folder / f"knowledge-{count}", count)
            size = len(list((knowledge / "programmes").glob("*.yml")))  # never fewer than there really are
            found["programmes"].append({"size": size, **_measured(folder, model, knowledge=knowledge)})
            print(found["programmes"][-1], flush=True)
        for count in CONVERSATIONS[: 2 if quick else 3]:
            database = folder / f"{count}.db"
            found["conversations"].append({"size": count, **_measured(folder, model, database, fill=count)})
            print(found["conversations"][-1], flush=True)
            database.unlink()
    told = _table(found)
    print(told)
    if not quick:
        about = {
            "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "load_average": os.getloadavg(),
        }
        (RESULTS / "growth.json").write_text(json.dumps({**about, **found}, indent=2) + "\n", encoding="utf-8")
        (RESULTS / "growth.md").write_text(f"# As knowledge and conversations grow\n\n{told}\n", encoding="utf-8")
    rows = found["programmes"]
    return int(rows[-1]["mean_ms"] > MOST * rows[0]["mean_ms"])


def _measured(
    folder: Path, model: Path, database: Path | None = None, *, knowledge: Path | None = None, fill: int = 0
) -> Row:
    """The figures of one size, from a process of its own."""
    database = database or folder / f"{(knowledge or folder).name}.db"
    if fill:
        conversations.fill(database, fill)
    env = {
        **os.environ,
        "NPQ_HOME": str(folder / "home"),
        "NPQ_DATABASE_URL": f"sqlite:///{database}",
        "NPQ_TODAY": "2026-11-21",
        **({"NPQ_KNOWLEDGE": str(knowledge)} if knowledge else {}),
    }
    command = [sys.executable, "-m", "bench.growth.turns", str(model)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr[-3000:])
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def _table(found: dict[str, list[Row]]) -> str:
    lines = [
        "Processor time of a turn in the service's process, on SQLite; each question the least of some rounds, no "
        "vector remembered from the round before.",
    ]
    for what, rows in found.items():
        lines += [
            "",
            f"| {what} | mean | median | largest | times the smallest | ready after | memory |",
            "|---|---|---|---|---|---|---|",
        ]
        for row in rows:
            ratio = row["mean_ms"] / rows[0]["mean_ms"]
            lines.append(
                f"| {row['size']:,} | {row['mean_ms']:.1f} ms | {row['median_ms']:.1f} ms | {row['most_ms']:.1f} ms "
                f"| {ratio:.2f} | {row['ready_s']:.1f} s of processor time | {row['memory_mb']:.0f} MB |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
