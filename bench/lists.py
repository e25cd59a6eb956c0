"""How long a full extract of the schools register takes, in seconds, milliseconds and memory: `python -m bench.lists`.

The extract is made up and seeded: 50,000 schools, a quarter closed, in 140 columns, in Windows-1252 like DfE's.
Names repeat as real ones do: hundreds of St Mary's, and towns in names. The import and the lookups run in processes of
their own, so that each one's memory is its own. Lookups count processor time, as other work on the machine changes
that little.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from guidance.schools.gias import COLUMNS

SEED = 2026
SCHOOLS = 50_000
WIDTH = 140
MOST_SECONDS = 20.0
MOST_MILLISECONDS = 5.0
SAINTS = """
Mary's John's Peter's Paul's Joseph's James' Michael's Andrew's Thomas' Anne's Luke's Mark's Matthew's Stephen's
George's Patrick's Nicholas' Margaret's Edward's Bede's Cuthbert's Oswald's Alban's Hilda's
"""
FIRST = """
Ash Beech Birch Black Bram Brook Burn Clay Cold Dun Elm Fair Farn Green Hart Hazel Heath High Holm Kings Lang Long Lynd
Maple Marsh Mill Moor North Oak Old Queens Red Rose Sand Silver South Stan Stone Thorn Wal West White Wood
"""
LAST = """
bank borough bridge brook bury combe dale don field ford gate ham hill hurst lea ley mead mere side stead ton well wick
wood worth
"""
ENDS = (
    ("Primary School", 1, "Community school", "Primary"),
    ("Infant School", 1, "Community school", "Primary"),
    ("Junior School", 5, "Foundation school", "Primary"),
    ("Church of England Primary School", 3, "Voluntary controlled school", "Primary"),
    ("CofE Primary Academy", 34, "Academy converter", "Primary"),
    ("Catholic Primary School", 2, "Voluntary aided school", "Primary"),
    ("Nursery School", 15, "Local authority nursery school", "Nursery"),
    ("Academy", 28, "Academy sponsor led", "Secondary"),
    ("High School", 34, "Academy converter", "Secondary"),
    ("School", 11, "Other independent school", "Not applicable"),
    ("Sixth Form College", 18, "Further education", "16 plus"),
    ("Special School", 7, "Community special school", "Not applicable"),
)
ASKED = (
    "Ashbury Primary School",
    "st marys primary in hackney",
    "St Mary's C of E primary",
    "stonefeild academy",
    "Long Oakham Junior, Leeds",
    "100500",
    "LS4 7QB",
    "I'm at Greenbank Primary School and want NPQH, is it funded?",
    "my school is st johns catholic primary in leeds",
    "I lead literacy at a secondary school in Leeds and I have never had funding before, can I do the NPQLL in spring?",
    "our school is small",
)
LOOK_UP = """
import json, resource, sys, time
from pathlib import Path
from guidance.schools import current
register = current(Path(sys.argv[1]))
def memory():
    return int(Path('/proc/self/statm').read_text().split()[1]) * resource.getpagesize() / 1e6
register.find('warm up'), register.mentioned('warm up school')
began, times = memory(), {}
for way in ('find', 'mentioned'):
    for text in json.loads(sys.argv[2]):
        taken = []
        for _ in range(20):
            start = time.process_time()
            found = getattr(register, way)(text)
            taken.append((time.process_time() - start) * 1000)
        times[way + ': ' + text] = [sorted(taken)[10], found.total, found.schools[0].name if found.schools else '-']
print(json.dumps({'times': times, 'memory': memory() - began}))
"""


def rows() -> list[dict[str, str]]:
    """The schools, in the columns that are read."""
    chance = random.Random(SEED)
    saints, firsts = SAINTS.split(), FIRST.split()
    places = [first + last for first in firsts for last in LAST.split()]
    towns = [*chance.sample(places, 600), "Leeds", "Hackney", "Hull"]
    found = []
    for number in range(SCHOOLS):
        end, code, kind, phase = chance.choice(ENDS)
        place = chance.choice(places)
        name = chance.choice((f"St {chance.choice(saints)}", place, place, f"{chance.choice(firsts)} {place}"))
        town, closed = chance.choice(towns), number % 4 == 0
        found.append(
            {
                "URN": str(100_000 + number),
                "EstablishmentName": f"{'The ' if chance.random() < 0.1 else ''}{name} {end}",
                "TypeOfEstablishment (code)": f"{code:02}",
                "TypeOfEstablishment (name)": kind,
                "EstablishmentStatus (name)": "Closed" if closed else "Open",
                "PhaseOfEducation (name)": phase,
                "LA (name)": chance.choice(towns[-150:]),
                "Postcode": f"LS{number % 29 + 1} {number % 9 + 1}{chance.choice('ABDEFG')}{chance.choice('HJLNPQ')}",
                "UKPRN": str(10_000_000 + number),
                "CloseDate": "31-08-2019" if closed else "",
                "Town": town,
                "LA (code)": "380",
            }
        )
    return found


def write(path: Path) -> None:
    """The extract as DfE writes it, with columns that nobody reads."""
    names = [*COLUMNS, *(f"Further column {number}" for number in range(WIDTH - len(COLUMNS)))]
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, names, restval="Not applicable")
        writer.writeheader()
        for row in rows():
            writer.writerow({**row, "Locality": "", "Address3": "Caf\u00e9 Yard", "County (name)": ""})


def main() -> int:
    """Print the measurements; 1 when one is over what is allowed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extract.csv"
        write(path)
        began, before = time.perf_counter(), os.times()
        command = [sys.executable, "-m", "bot.cli", "lists", "import", str(path)]
        subprocess.run(command, env={**os.environ, "NPQ_HOME": folder}, check=True)
        seconds, after = time.perf_counter() - began, os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        size = (Path(folder) / "schools.db").stat().st_size / 1e6
        print(
            f"{path.stat().st_size / 1e6:.0f} MB imported in {seconds:.1f} s ({used:.1f} s of one core), {size:.0f} MB"
        )
        done = subprocess.run(
            [sys.executable, "-c", LOOK_UP, folder, json.dumps(ASKED)], capture_output=True, text=True, check=True
        )
    told = json.loads(done.stdout)
    for text, (taken, total, name) in told["times"].items():
        print(f"{taken:6.2f} ms  {text[:70]:70} {total:3} {name}")
    slowest = max(taken for taken, _, _ in told["times"].values())
    print(f"slowest {slowest:.2f} ms; memory grown by {told['memory']:.1f} MB")
    return 0 if seconds < MOST_SECONDS and slowest < MOST_MILLISECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
