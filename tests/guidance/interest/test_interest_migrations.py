"""Tables are made and changed at start, once, whoever comes first; other tables are left alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from guidance.interest import database
from guidance.interest.tables import metadata
from tests.conftest import PROJECT

OURS = {"interests", "consents", "outbox", "audit", "rights_requests"}


def tables(engine: sa.engine.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_the_migrations_make_the_tables_the_code_uses(database_url: str) -> None:
    engine = database.connect(database_url)
    database.migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": database.VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_newest_version_is_known_without_alembic() -> None:
    assert ScriptDirectory(str(database.MIGRATIONS)).get_current_head() == database.newest()
    program = "import guidance.interest, sys; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=False).returncode == 0


def test_up_twice_down_and_up_again_leaves_other_tables(database_url: str) -> None:
    engine = database.connect(database_url)
    with database.writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE turns (id INTEGER)")
        connection.exec_driver_sql("INSERT INTO turns VALUES (1)")
    database.migrate(engine)
    database.migrate(engine)
    assert tables(engine) >= OURS
    database.migrate(engine, "base")
    assert not tables(engine) & OURS
    database.migrate(engine)
    assert tables(engine) >= OURS
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM turns").scalar() == 1
    engine.dispose()


def test_a_newer_version_of_the_tables_is_left_as_it_is(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    engine = database.connect(database_url)
    database.migrate(engine)
    with database.writing(engine) as connection:
        connection.exec_driver_sql(f"UPDATE {database.VERSION_TABLE} SET version_num = '9999'")
    database.migrate(engine)
    assert "newer than this program" in caplog.text
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT version_num FROM {database.VERSION_TABLE}").scalar() == "9999"
    engine.dispose()


MIGRATE = """
import sys
from guidance.interest import database
engine = database.connect(sys.argv[1])
sys.stdin.readline()
database.migrate(engine)
"""


def test_four_processes_may_migrate_at_once(database_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, database_url]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
        for _ in range(4)
    ]
    told = [process.communicate("go\n")[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, told
    engine = database.connect(database_url)
    assert tables(engine) >= OURS
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing(database_url: str) -> None:
    engine = database.connect(database_url)
    with database.writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE rights_requests (id INTEGER)")  # in the way of the last step
    with pytest.raises(sa.exc.DBAPIError):
        database.migrate(engine)
    assert not tables(engine) & (OURS - {"rights_requests"})
    engine.dispose()
