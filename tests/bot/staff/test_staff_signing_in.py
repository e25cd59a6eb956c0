"""Signing in and out: passwords, tries, cookies, forms of other sites, sessions that end."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.staff import sessions
from bot.staff.sessions import StaffSessions, staff_sessions
from bot.staff.users import Users, UsersProblem, matches
from guidance.interest import database
from tests.bot.staff.conftest import COOKIE, PASSWORD, Office, Person, open_office
from tests.conftest import Service
from tests.guidance.interest.conftest import database_url  # noqa: F401


@pytest.fixture
def own(start_service: Callable[..., Service], tmp_path: Path) -> Office:
    """An office for a test that changes it."""
    return open_office(start_service, tmp_path, f"sqlite:///{tmp_path / 'npq.db'}")


def test_signing_in_and_out(office: Office) -> None:
    person = Person(office)
    first = person.get("/staff/sign-in")
    before = person.token
    assert first.status_code == 200
    answer = person.post("/staff/sign-in", {"name": " VIC ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")
    parts = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"path=/", "secure", "httponly", "samesite=strict"} == parts
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert person.token != before
    assert len(person.token) >= 43
    page = person.get("/staff/report")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    token = person.token
    answer = person.post("/staff/sign-out", {})
    assert answer.headers["location"] == "/staff/sign-in?note=out"
    assert "You are signed out" in person.get(answer.headers["location"]).text
    person.token = token  # a browser, or a thief, that kept it
    assert person.get("/staff/report").status_code == 303
    assert {"who": "staff vic", "reference": None, "detail": None} in office.audited("staff_signed_in")
    assert office.audited("staff_signed_out")


def test_a_wrong_password_and_an_unknown_name_look_the_same(own: Office) -> None:
    person, texts = Person(own), []
    for name in ("vic", "nobody"):
        answer = person.sign_in(name, "wrong horse battery")
        assert answer.status_code == 401
        assert person.get("/staff/report").status_code == 303
        texts.append(re.sub(r'(value|form_token" value)="[^"]*"', "", answer.text))
    assert texts[0] == texts[1]
    assert "<title>Error: Sign in" in texts[0]
    assert 'href="#name"' in texts[0]
    assert "The name or the password is wrong" in texts[0]
    assert [row["who"] for row in own.audited("staff_refused")] == ["staff vic", "staff unknown"]
    assert "wrong horse" not in own.service.log.read_text()


def test_tries_are_limited(own: Office) -> None:
    person = Person(own)
    codes = [person.sign_in("vic", f"wrong horse {number}").status_code for number in range(5)]
    assert codes == [401] * 5
    answer = person.sign_in("vic")  # even with the right one
    assert answer.status_code == 429
    assert re.search(r"Wait 1[45] minutes", answer.text)
    assert person.sign_in("hana").status_code == 303


def test_forms_of_other_sites_are_refused(office: Office, enter: Callable[[str], Person]) -> None:
    ada = enter("ada")
    ada.get("/staff/users")
    fields = {"name": "vic", "do": "remove"}
    for headers in (
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": office.service.url, "Sec-Fetch-Site": "same-site"},
    ):
        ada.get("/staff/users")
        assert ada.post("/staff/users", fields, **headers).status_code == 403
    vic = enter("vic")
    vic.get("/staff/report")
    stolen = re.search(r'name="form_token" value="([^"]+)"', vic.text)
    assert stolen
    for token in ("", "x", stolen[1]):
        assert ada.post("/staff/users", {**fields, "form_token": token}).status_code == 403
    fresh = Person(office)
    answer = fresh.post("/staff/sign-in", {"name": "vic", "password": PASSWORD})  # without having opened the form
    assert answer.status_code == 403
    assert "vic" in Users(office.users).all()


def test_who_is_removed_or_gets_another_password_is_out_at_once(own: Office) -> None:
    vic, hana, ada = (Person(own) for _ in range(3))
    for person, name in ((vic, "vic"), (hana, "hana"), (ada, "ada")):
        assert person.sign_in(name).status_code == 303
    assert own.npq("password", "hana", typed="another horse battery\n").returncode == 0
    assert hana.get("/staff/report").status_code == 303
    ada.get("/staff/users")
    assert ada.post("/staff/users", {"name": "vic", "do": "remove"}).status_code == 303
    assert vic.get("/staff/report").status_code == 303
    assert vic.sign_in("vic").status_code == 401
    assert {"who": "staff ada", "reference": None, "detail": "staff vic"} in own.audited("staff_removed")
    ada.get("/staff/users")
    assert ada.post("/staff/users", {"name": "hana", "do": "roles", "viewer": "yes"}).status_code == 303
    assert Users(own.users).all()["hana"].roles == {"viewer"}
    ada.get("/staff/users")
    answer = ada.post("/staff/users", {"name": "hana", "do": "roles"})
    assert answer.status_code == 422
    assert "needs one or more of the roles" in answer.text
    assert "cannot change yourself" in ada.post("/staff/users", {"name": "ada", "do": "remove"}).text
    assert stat.S_IMODE(own.users.stat().st_mode) == 0o600
    own.users.chmod(0o644)
    own.users.write_text(own.users.read_text() + " ")
    assert ada.get("/staff/users").status_code == 503  # nobody is let in by a file others can read


def test_sessions_end(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    engine, users = database.connect(database_url), Users(tmp_path / "staff.json")
    user = users.put("ann", ["viewer"], PASSWORD)
    found = StaffSessions(engine, users)
    token, start = found.begin(user), sessions._now()

    def at(after: timedelta) -> bool:
        monkeypatch.setattr(sessions, "_now", lambda: start + after)
        return found.user(token) is not None

    assert at(timedelta(minutes=29))
    assert at(timedelta(minutes=58))
    assert not at(timedelta(minutes=89))
    for minutes in range(0, 480, 20):
        with engine.begin() as connection:
            connection.execute(staff_sessions.update().values(seen_at=start + timedelta(minutes=minutes)))
        assert at(timedelta(minutes=minutes + 5))
    with engine.begin() as connection:
        connection.execute(staff_sessions.update().values(seen_at=start + timedelta(hours=8)))
    assert not at(timedelta(hours=8, minutes=1))
    with engine.connect() as connection:
        assert token not in str(connection.execute(sa.select(staff_sessions)).all())
    engine.dispose()


def test_the_table_is_what_the_migrations_make(database_url: str) -> None:  # noqa: F811
    engine = database.connect(database_url)
    database.migrate(engine, tables=sessions.STAFF)
    columns = {
        column["name"]: (str(column["type"]), column["nullable"])
        for column in sa.inspect(engine).get_columns("staff_sessions")
    }
    made = sa.MetaData()
    other = sa.Table("compared", made, *(column._copy() for column in staff_sessions.columns))
    made.create_all(engine)
    wanted = {
        column["name"]: (str(column["type"]), column["nullable"])
        for column in sa.inspect(engine).get_columns(other.name)
    }
    assert columns == wanted
    engine.dispose()


def test_the_command_says_what_is_wrong(own: Office) -> None:
    for arguments, typed, words in (
        (["add", "Ann Lee", "--role", "viewer"], PASSWORD, "A name has small letters"),
        (["add", "ann", "--role", "viewer"], "short", "A password has 12 to 200 characters"),
        (["add", "ann", "--role", "viewer"], "aaaaaaaaaaaaaaaa", "at least 5 of them different"),
        (["remove", "nobody"], "", "There is no user `nobody`."),
        (["password", "nobody"], PASSWORD, "there is no user `nobody`."),
    ):
        done = own.npq(*arguments, typed=typed)
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    own.users.write_text("{broken", encoding="utf-8")
    assert "is damaged" in own.npq("list").stderr
    own.settings.pop("NPQ_STAFF_USERS_FILE")
    assert "NPQ_STAFF_USERS_FILE is not set" in own.npq("list").stderr


def test_passwords_are_hashed_and_the_file_is_private(tmp_path: Path) -> None:
    users = Users(tmp_path / "staff.json")
    user = users.put("ann", ["viewer"], PASSWORD)
    stored = json.loads(users.path.read_text())["users"]["ann"]
    assert stored["password"].startswith("$argon2id$")
    assert PASSWORD not in users.path.read_text()
    assert PASSWORD not in repr(user)
    assert matches(user, PASSWORD)
    assert not matches(user, PASSWORD + "x")
    assert not matches(None, "nobody has this password")
    users.path.chmod(0o640)
    with pytest.raises(UsersProblem, match="chmod 600"):
        Users(users.path).all()


def test_a_broken_file_of_users_stops_the_start_with_a_sentence(tmp_path: Path, own: Office) -> None:
    import subprocess

    from tests.conftest import NPQ, free_port

    path = tmp_path / "broken.json"
    path.write_text("[]", encoding="utf-8")
    path.chmod(0o600)
    env = {**own.settings, "NPQ_STAFF_USERS_FILE": str(path), "NPQ_PORT": str(free_port())}
    env["NPQ_DATABASE_URL"] = f"sqlite:///{tmp_path / 'other.db'}"  # that of the running one would be refused first
    done = subprocess.run([str(NPQ), "run"], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert f"NPQ_STAFF_USERS_FILE: {path} is damaged." in done.stderr
    assert "Traceback" not in done.stderr
