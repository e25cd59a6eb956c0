"""How many situations a second the funding rules decide: `python -m bench.funding`.

The situations are random and seeded. "complete": every input given, those that do not apply as null or false,
as in a scenario table. "partial": each answer missing with one chance in three, so that `needs` has to be
worked out. "command": `npq funding --json` as a process, both kinds mixed, with its start, JSON in and JSON
out. Rates are for one core: processor time is counted, so other work on the machine changes them little.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time

from guidance.funding import Rules, load_rules
from guidance.knowledge import knowledge_folder

SEED = 2026
COUNT = 50_000
WANTED = 10_000  # a second, on one core


def complete(rules: Rules, chance: random.Random) -> dict[str, object]:
    """A situation in which everything is answered and nothing contradicts."""
    found: dict[str, object] = {name: chance.choice(item.values) for name, item in rules.inputs.items()}
    found["cohort_funded"] = None
    if found["work_setting"] != "early_years":
        found.update(early_years_kind=None, la_nursery_school=False, on_childminder_list=False)
    elif found["early_years_kind"] not in ("la_maintained_nursery", "preschool_in_school"):
        found["la_nursery_school"] = False
    if found["work_setting"] != "another_setting":
        found.update(employment_type=None, itt_provider_approved=False)
    elif found["employment_type"] != "itt_lead_mentor":
        found["itt_provider_approved"] = False
    return found


def partial(rules: Rules, chance: random.Random) -> dict[str, object]:
    """A situation with answers missing."""
    return {name: value for name, value in complete(rules, chance).items() if chance.random() > 1 / 3}


def rate(rules: Rules, situations: list[dict[str, object]]) -> float:
    """Situations a second, by the library."""
    began = time.process_time()
    for situation in situations:
        rules.decide(situation)
    return len(situations) / (time.process_time() - began)


def command_rate(situations: list[dict[str, object]]) -> float:
    """Situations a second, by the command, its start included."""
    lines = "".join(json.dumps(situation) + "\n" for situation in situations).encode()
    began = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "funding", "--json"], input=lines, capture_output=True, check=True
    )
    ended = os.times()
    assert done.stdout.count(b"\n") == len(situations)
    assert b'"error": "' not in done.stdout
    user, system = ended.children_user - began.children_user, ended.children_system - began.children_system
    return len(situations) / (user + system)


def main() -> int:
    """Print the rates; 1 when one of them is below what is wanted."""
    chance = random.Random(SEED)
    folder = knowledge_folder()
    rules = load_rules(folder)
    began = time.perf_counter()
    tables = len(rules.tables)
    print(f"{tables} tables made ready in {(time.perf_counter() - began) * 1000:.0f} ms")
    whole = [complete(rules, chance) for _ in range(COUNT)]
    some = [partial(rules, chance) for _ in range(COUNT)]
    rates = {
        "complete": rate(rules, whole),
        "partial": rate(load_rules(folder), some),
        "command": command_rate(whole[: COUNT // 2] + some[: COUNT // 2]),
    }
    for name, found in rates.items():
        print(f"{name:9} {found:9,.0f} situations a second")
    return 0 if min(rates.values()) >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
