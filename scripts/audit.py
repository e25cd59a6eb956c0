"""`make audit`: known weaknesses of what is installed, against the written exceptions in audit.yml.

Exit status: 0 when every finding has an exception that has not run out; 1 when one has none; 2 when it could not be
found out, because the advisory database or the package index was not reached. Never 0 by silence: pip-audit counts a
package that the index does not know as skipped and ends well.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
EXCEPTIONS = ROOT / "audit.yml"
PIP_AUDIT = "pip-audit==2.10.1"  # an environment of its own: Rasa's `packaging` is too old for it
CLEAN, FOUND, UNKNOWN = 0, 1, 2
LOCAL = ("tensorflow",)  # our stand-in, which no index has


@dataclass(frozen=True)
class Exceptions:
    """Findings we live with, by package and id, until a day."""

    until: dict[tuple[str, str], date]

    @classmethod
    def read(cls, path: Path) -> Exceptions:
        """Read the file.

        Raises:
            SystemExit: an entry lacks something; the text says which and what.
        """
        found = {}
        for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or [], 1):
            missing = [name for name in ("package", "id", "reason", "found", "until") if not entry.get(name)]
            if missing:
                raise SystemExit(f"{path.name}, entry {number}: {missing[0]} is missing. Every exception needs it.")
            found[entry["package"], entry["id"]] = entry["until"]
        return cls(found)


def judge(report: dict[str, Any], exceptions: Exceptions, today: date) -> tuple[int, list[str]]:
    """The exit status and what to say for pip-audit's JSON report."""
    said, status = [], CLEAN
    audited = [item for item in report.get("dependencies", []) if item["name"] not in LOCAL]
    skipped = [item["name"] for item in audited if "skip_reason" in item]
    used = set()
    for item in audited:
        for weakness in item.get("vulns", []):
            names = [weakness["id"], *weakness.get("aliases", [])]
            known = next(((item["name"], name) for name in names if (item["name"], name) in exceptions.until), None)
            used.add(known)
            where = f"{item['name']} {item['version']}: {', '.join(names)}"
            mended = ", ".join(weakness.get("fix_versions") or []) or "no version"
            if known is None:
                status = FOUND
                said.append(f"{where}. Mended in {mended}. Update it, or write an exception into {EXCEPTIONS.name}.")
            elif exceptions.until[known] < today:
                status = FOUND
                said.append(f"{where}. Its exception ran out on {exceptions.until[known]}. Look at it again.")
    if skipped or not audited:
        told = f"{len(skipped)} of {len(audited)} packages could not be looked up ({', '.join(skipped[:5])} ...)"
        said.append(f"{told}: the index or the advisory database does not answer for them. Nothing is known of these.")
        status = status or UNKNOWN
    said += [f"The exception for {name} {which} is not needed any more." for name, which in exceptions.until
             if (name, which) not in used and not skipped]  # fmt: skip
    return status, said


def main() -> int:
    """Audit what the lock file installs for the service."""
    exceptions = Exceptions.read(EXCEPTIONS)
    uv = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    export = [uv, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--no-annotate"]
    told = subprocess.run(export, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wanted = "".join(f"{line}\n" for line in told.splitlines() if line and not line.startswith(("./", "#", " ")))
    with tempfile.TemporaryDirectory() as folder:
        requirements, report = Path(folder) / "requirements.txt", Path(folder) / "report.json"
        requirements.write_text(wanted, encoding="utf-8")
        command = [uv, "tool", "run", PIP_AUDIT, "-r", str(requirements), "--no-deps", "--disable-pip",
                   "--format", "json", "--output", str(report), "--progress-spinner", "off"]  # fmt: skip
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
        try:
            found = json.loads(report.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            print(f"Cannot tell: pip-audit did not reach the advisory database ({last[:200]}).", file=sys.stderr)
            return UNKNOWN
    status, said = judge(found, exceptions, date.today())
    print("\n".join(said), file=sys.stderr)
    print({CLEAN: "No finding without an exception.", FOUND: "Findings.", UNKNOWN: "Cannot tell."}[status])
    return status


if __name__ == "__main__":
    sys.exit(main())
