"""An expression of interest is saved once or not at all, and nothing personal is stored in clear."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from guidance.interest import CannotSave, DetailsDiffer, Incomplete, Interests, database
from guidance.interest.keys import Unreadable
from guidance.interest.model import COLLECTING, MARKETING, Consent
from tests.conftest import PROJECT
from tests.databases import line_to
from tests.guidance.interest.people import (
    AGREED,
    CANARIES,
    DETAILS,
    KEY,
    NOTICE,
    OLD_KEY,
    WEBHOOK,
    YES,
    everything,
    rows,
    submit,
)


def test_interest_consents_audit_and_deliveries_are_saved_together(open_: Callable[..., Interests]) -> None:
    interests = open_(**WEBHOOK)
    receipt = submit(interests)
    stored = interests.store.find(receipt.reference)
    assert stored is not None
    assert stored.details == DETAILS
    assert stored.marketing_consent
    assert not receipt.again
    engine = interests.store.engine
    assert {row["purpose"]: row["wording"] for row in rows(engine, "consents")} == {
        COLLECTING: NOTICE.wording,
        MARKETING: YES.wording,
    }
    assert [row["destination"] for row in rows(engine, "outbox")] == ["webhook"]
    assert [(row["action"], row["reference"]) for row in rows(engine, "audit")] == [("captured", receipt.reference)]


def test_the_export_has_exactly_the_keys_of_the_contract(interests: Interests) -> None:
    receipt = submit(interests)
    (stored,), unreadable = interests.store.all()
    assert not unreadable
    assert stored.to_dict() == {
        "reference": receipt.reference,
        "programmes": ["NPQH", "NPQSL"],
        "name": DETAILS.name,
        "email": DETAILS.email,
        "phone": DETAILS.phone,
        "role": DETAILS.role,
        "school": DETAILS.school,
        "cohort": DETAILS.cohort,
        "marketing_consent": True,
        "created_at": receipt.created_at.isoformat(timespec="seconds"),
    }
    assert datetime.fromisoformat(stored.to_dict()["created_at"]).tzinfo == timezone.utc


def test_the_same_key_gives_the_same_reference_also_after_a_restart(open_: Callable[..., Interests]) -> None:
    first = submit(open_())
    again = submit(open_())
    assert again.reference == first.reference
    assert again.again
    assert len(rows(open_().store.engine, "interests")) == 1


def test_the_same_key_with_other_details_changes_nothing(interests: Interests) -> None:
    receipt = submit(interests)
    with pytest.raises(DetailsDiffer) as refused:
        submit(interests, name="Somebody Else")
    assert refused.value.reference == receipt.reference
    with pytest.raises(DetailsDiffer):
        interests.store.submit(DETAILS, [NOTICE], "form-1", session="talk-1", channel="web")
    stored = interests.store.find(receipt.reference)
    assert stored is not None
    assert stored.details == DETAILS


def test_fifty_threads_with_one_key_make_one_row(interests: Interests) -> None:
    with ThreadPoolExecutor(12) as pool:
        receipts = list(pool.map(lambda _: submit(interests), range(50)))
    assert len({receipt.reference for receipt in receipts}) == 1
    assert [receipt.again for receipt in receipts].count(False) == 1
    for table, number in (("interests", 1), ("consents", 2), ("audit", 1)):
        assert len(rows(interests.store.engine, table)) == number


SUBMIT = """
import sys
from datetime import datetime
from pathlib import Path
from guidance.interest import open_interests
from tests.guidance.interest.people import KEY, submit
interests = open_interests(sys.argv[1], Path("."), {"NPQ_DATA_KEY": KEY}, say=print)
for number in range(int(sys.argv[2])):
    print(submit(interests, key=f"form-{number}").reference)
"""


def test_processes_that_start_at_once_on_an_empty_database_make_one_row_a_key(
    database_url: str, open_: Callable[..., Interests]
) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SUBMIT, database_url, "20"], stdout=subprocess.PIPE, text=True, cwd=PROJECT
        )
        for _ in range(4)
    ]
    printed = [process.communicate()[0].split() for process in started]
    assert all(process.returncode == 0 for process in started)
    assert len({tuple(references) for references in printed}) == 1
    assert {row["reference"] for row in rows(open_().store.engine, "interests")} == set(printed[0])
    assert len(set(printed[0])) == 20


def test_processes_that_open_a_new_file_at_the_same_moment_do_not_refuse_one_another(tmp_path: Path) -> None:
    def open_first(url: str, together: threading.Barrier) -> None:
        engine = database.connect(url)
        together.wait()
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"

    for number in range(40):  # about one in six was refused
        url, together = f"sqlite:///{tmp_path / str(number)}.db", threading.Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            for opened in [pool.submit(open_first, url, together) for _ in range(6)]:
                opened.result()


def test_no_personal_field_is_stored_in_clear(interests: Interests) -> None:
    submit(interests)
    stored = everything(interests.store.engine)
    assert "NPQH" in stored
    assert [canary for canary in CANARIES if canary.casefold() in stored.casefold()] == []


def test_no_personal_field_is_in_the_files_of_sqlite(tmp_path: Path, open_on: Callable[..., Interests]) -> None:
    interests = open_on(f"sqlite:///{tmp_path / 'files.db'}")
    submit(interests)
    files = sorted(tmp_path.glob("files.db*"))
    assert {path.suffix for path in files} >= {".db", ".db-wal"}
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    found = b"".join(path.read_bytes() for path in files).lower()
    assert b"npqh" in found
    for canary in CANARIES:
        assert canary.lower().encode() not in found
        assert canary.lower().encode("utf-16-le") not in found


def test_a_changed_or_moved_value_is_noticed(interests: Interests) -> None:
    one, other = submit(interests), submit(interests, key="form-2", name="Amina Khan")
    engine = interests.store.engine
    names = {row["reference"]: row["name"] for row in rows(engine, "interests")}
    swap = sa.text("UPDATE interests SET name = :name WHERE reference = :reference")
    for moved in (names[other.reference], names[one.reference][:-6] + "AAAAA=", "nonsense"):
        with engine.begin() as connection:
            connection.execute(swap, {"name": moved, "reference": one.reference})
        with pytest.raises(Unreadable):
            interests.store.find(one.reference)
    readable, unreadable = interests.store.all()
    assert [interest.reference for interest in readable] == [other.reference]
    assert unreadable == [one.reference]
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE interests SET role = email WHERE reference = :r"), {"r": other.reference})
    with pytest.raises(Unreadable):
        interests.store.find(other.reference)


def test_a_new_key_encrypts_and_the_old_one_still_reads(open_: Callable[..., Interests]) -> None:
    before = submit(open_(NPQ_DATA_KEY=OLD_KEY))
    both = open_(NPQ_DATA_KEY=f"{KEY},{OLD_KEY}")
    after = submit(both, key="form-2")
    assert submit(both).reference == before.reference
    assert sorted(both.store.references_of("zoe.quillfeather@CANARY.example")) == sorted(
        [before.reference, after.reference]
    )
    only_new = open_(NPQ_DATA_KEY=KEY)
    assert only_new.store.find(after.reference) is not None
    with pytest.raises(Unreadable):
        only_new.store.find(before.reference)


@pytest.mark.parametrize(
    "wrong",
    [
        {"programmes": ()}, {"programmes": ("<script>",)}, {"name": ""}, {"name": "x" * 101}, {"name": "a\nb"},
        {"email": None, "phone": None}, {"email": "x" * 255}, {"school": "x" * 201}, {"cohort": "x" * 61},
    ],
)  # fmt: skip
def test_what_may_not_be_saved_is_refused_without_repeating_it(
    tmp_path: Path, open_on: Callable[..., Interests], wrong: dict[str, object]
) -> None:
    interests = open_on(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(Incomplete) as refused:
        submit(interests, **wrong)
    assert next(iter(wrong)) in str(refused.value)
    assert "xxx" not in str(refused.value)
    assert rows(interests.store.engine, "interests") == []


@pytest.mark.parametrize("agreed", [[], [YES], [NOTICE, YES, YES], [NOTICE, NOTICE]])
def test_nothing_is_saved_without_one_notice(
    tmp_path: Path, open_on: Callable[..., Interests], agreed: list[Consent]
) -> None:
    interests = open_on(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(Incomplete):
        interests.store.submit(DETAILS, agreed, "key", session="s", channel="web")


def test_a_stopped_postgresql_is_one_error_and_recovers_without_restart(
    postgres_url: str, open_on: Callable[..., Interests], caplog: pytest.LogCaptureFixture
) -> None:
    line, through = line_to(postgres_url)
    line.cut()
    interests = open_on(through)  # starts without its database, too
    cannot_save(interests, caplog)
    assert interests.health()["database"] == "down"
    line.mend()
    first = submit(interests)
    line.cut()
    cannot_save(interests, caplog, key="form-2")
    line.mend()
    assert submit(interests).reference == first.reference
    assert not submit(interests, key="form-2").again
    assert interests.health()["ok"]


def test_a_locked_sqlite_is_one_error_and_recovers_without_restart(
    tmp_path: Path, open_on: Callable[..., Interests], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)
    path = tmp_path / "locked.db"
    interests = open_on(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    cannot_save(interests, caplog)
    other.execute("ROLLBACK")
    assert not submit(interests).again


def cannot_save(interests: Interests, caplog: pytest.LogCaptureFixture, key: str = "form-1") -> None:
    """It says so, and neither the error nor the log has personal data."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CannotSave) as refused:
        submit(interests, key=key)
    told = "".join(traceback.format_exception(None, refused.value, refused.value.__traceback__)) + caplog.text
    assert [canary for canary in CANARIES if canary in told] == []


def test_a_connection_that_breaks_at_the_commit_is_found_out(
    postgres_url: str, open_on: Callable[..., Interests]
) -> None:
    line, through = line_to(postgres_url)
    interests = open_on(through)

    @sa.event.listens_for(interests.store.engine, "commit")
    def break_it(_connection: sa.engine.Connection) -> None:
        line.cut()

    with pytest.raises(CannotSave) as refused:
        submit(interests)
    assert refused.value.maybe_saved
    sa.event.remove(interests.store.engine, "commit", break_it)
    line.mend()
    receipt = submit(interests)
    assert [row["reference"] for row in rows(interests.store.engine, "interests")] == [receipt.reference]


def test_a_restarted_postgresql_is_not_noticed(postgres_url: str, open_on: Callable[..., Interests]) -> None:
    line, through = line_to(postgres_url)
    interests = open_on(through)
    first = submit(interests)
    line.cut()
    line.mend()
    assert submit(interests).reference == first.reference


def test_faults_of_the_database_do_not_repeat_values(tmp_path: Path, open_on: Callable[..., Interests]) -> None:
    interests = open_on(f"sqlite:///{tmp_path / 'a.db'}")
    wrong = sa.text("SELECT * FROM nowhere WHERE name = :name")
    with pytest.raises(sa.exc.DBAPIError) as refused, interests.store.engine.connect() as connection:
        connection.execute(wrong, {"name": "Quillfeather"})
    assert "Quillfeather" not in str(refused.value)


def test_a_row_the_database_refuses_is_told_and_logged_without_values(
    interests: Interests, caplog: pytest.LogCaptureFixture
) -> None:
    with interests.store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX in_the_way ON interests (channel)")
    submit(interests)
    cannot_save(interests, caplog, key="form-2")
    assert "the database refuses the row" in caplog.text
    assert len(rows(interests.store.engine, "interests")) == 1


def test_a_rights_request_is_recorded_once(open_: Callable[..., Interests]) -> None:
    interests = open_(**WEBHOOK)
    store = interests.store
    with ThreadPoolExecutor(6) as pool:
        given = set(pool.map(lambda _: store.requests.open("erase", "talk-1"), range(12)))
    assert len(given) == 1
    other = store.requests.open("access", "talk-1")
    assert [row["kind"] for row in store.requests.all()] == ["erase", "access"]
    assert interests.health()["rights_requests_open"] == 2
    assert len(rows(store.engine, "outbox")) == 2
    assert store.requests.close(other, "tester")
    assert not store.requests.close(other, "tester")
    assert [row["reference"] for row in store.requests.all()] == list(given)
    with pytest.raises(ValueError, match="kind must be one of"):
        store.requests.open("everything", "talk-1")


def test_the_audit_can_only_be_added_to(interests: Interests) -> None:
    submit(interests)
    for change in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="can only be added to"),
            interests.store.engine.begin() as connection,
        ):
            connection.exec_driver_sql(change)
    assert len(rows(interests.store.engine, "audit")) == 1


def test_details_stay_out_of_repr(interests: Interests) -> None:
    receipt = submit(interests)
    shown = repr(interests.store.find(receipt.reference)) + repr(DETAILS) + repr(AGREED)
    assert [canary for canary in CANARIES if canary in shown] == []
