"""How long the report of a million turns takes, in seconds and memory: `python -m bench.report [TURNS]`.

The turns are made up and seeded: a year of conversations, replies of the size of real ones, every fifth turn not
understood, half of those in wordings of their own. They go into a SQLite file that is thrown away; with
NPQ_TEST_POSTGRES_URL also into a table of a database made for it. The report runs as `npq report` does, in a process of
its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.channels.turns import Tables
from guidance.interest import database

SEED = 2026
TURNS = 1_000_000
MOST_SECONDS = 30.0
MOST_MEGABYTES = 500.0
START = datetime(2026, 1, 5, 7, tzinfo=timezone.utc)
TOPICS = ("funding", "dates", "duration", "how_to_apply", "which_npq", "cost", "eligibility", "assessment", "providers")
CODES = ("NPQH", "NPQSL", "NPQSENCO", "NPQEYL", "NPQLT", "NPQLBC", "NPQLL", "NPQLPM", "NPQLTD", "NPQEL", "EHCO")
FIELDS = ("name", "email", "role", "school", "cohort", "phone", "marketing", "confirm")
ODD = ("can my dog come", "what about swimming badges", "is there parking", "do you do apprenticeships", "who won")
WORDS = ("parking", "laptop", "badge", "lunch", "train", "hotel", "uniform", "pension", "coffee", "garden", "choir")
REPLY = {"messages": ["An answer of an ordinary length, with its facts. " * 12], "buttons": [], "sources": []}


def turns(count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of the table, without their numbers."""
    chance = random.Random(SEED)
    reply, session, form = json.dumps(REPLY), "", -1
    for number in range(count):
        if number % 5 == 0:
            session, form = f"{chance.getrandbits(192):048x}", 0 if chance.random() < 0.2 else -1
        at = START + timedelta(seconds=number * 31.5 * (1_000_000 / count) % (365 * 86400))
        channel = "slack" if chance.random() < 0.1 else "web"
        topics, codes, asking, status = [chance.choice(TOPICS)], [], None, "answered"
        said = f"{topics[0]} of {chance.choice(CODES)}"
        if form >= 0:
            topics, asking, status = ["register_interest"], FIELDS[min(form, 7)], "form"
            form += chance.randrange(3)
        elif chance.random() < 0.2:
            status, topics = chance.choice([("clarify", []), ("handover", []), ("out_of_scope", ["weather"])])
            said = chance.choice(ODD)
            if chance.random() < 0.5:
                said = f"{said} {' '.join(chance.choices(WORDS, k=3))} {number % 1000}"
        else:
            codes = [chance.choice(CODES)]
        rating = chance.choice(("up", "up", "down")) if chance.random() < 0.05 else None
        yield (
            session, channel, at.strftime("%Y-%m-%d %H:%M:%S.%f"), said, reply, status, f"ask_{chance.choice(TOPICS)}",
            0.8, json.dumps(topics), json.dumps(codes), chance.lognormvariate(3, 0.8), asking, rating,
        )  # fmt: skip


COLUMNS = "session, channel, at, said, replied, status, intent, confidence, topics, programmes, ms, asking, rating"


def fill(path: Path, count: int) -> None:
    """A database with so many turns."""
    engine = database.connect(f"sqlite:///{path}")
    Tables(engine).make()
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        marks = ", ".join("?" * 13)
        connection.executemany(f"INSERT INTO turns ({COLUMNS}) VALUES ({marks})", turns(count))


def fill_server(url: str, count: int) -> None:
    """The same on PostgreSQL."""
    engine = database.connect(url)
    Tables(engine).make()
    names = [name.strip() for name in COLUMNS.split(",")]
    query = f"INSERT INTO turns ({COLUMNS}) VALUES %s"
    from psycopg2.extras import execute_values

    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("SET LOCAL statement_timeout=0")
        with connection.connection.cursor() as cursor:
            template = "(" + ", ".join("%s::timestamp at time zone 'UTC'" if n == "at" else "%s" for n in names) + ")"
            execute_values(cursor, query, turns(count), template, page_size=2000)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout=0")
        connection.execute(sa.text("ANALYZE turns"))
    engine.dispose()


def measured(name: str, url: str, folder: Path) -> bool:
    """Run the command and print what it took; whether that is within the bounds."""
    page = folder / "report.html"
    env = {**os.environ, "NPQ_HOME": str(folder), "NPQ_DATABASE_URL": url}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot.cli", "report", str(page)], env=env, check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    megabytes = after.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    print(
        f"{name:10} {seconds:5.1f} s ({busy:.1f} s of processor time), at most {megabytes:.0f} MB; "
        f"the page has {page.stat().st_size / 1e6:.2f} MB"
    )
    return seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES


def main(count: int = TURNS) -> int:
    """Print the figures; 1 when one is above what is wanted."""
    with tempfile.TemporaryDirectory(prefix="npq-report-") as name:
        folder = Path(name)
        path = folder / "bench.db"
        fill(path, count)
        print(f"{count:,} turns, {path.stat().st_size / 1e6:,.0f} MB")
        good = measured("SQLite", f"sqlite:///{path}", folder)
        path.unlink()
        if server := os.environ.get("NPQ_TEST_POSTGRES_URL"):
            from tests import databases

            with databases.new_database(server) as url:
                fill_server(url, count)
                good &= measured("PostgreSQL", url, folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in sys.argv[1:2])))
