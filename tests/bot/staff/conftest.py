"""A service with a staff page, its users, and people at browsers."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from guidance.interest import Interests, database, open_interests
from tests.bot.widget.conftest import browser  # noqa: F401
from tests.conftest import NPQ, Service
from tests.guidance.interest.conftest import postgres  # noqa: F401
from tests.guidance.interest.people import KEY

COOKIE = "__Host-npq-staff"
PASSWORD = "correct horse battery"
USERS = {"vic": ["viewer"], "hana": ["handler"], "ada": ["admin"]}


@dataclass
class Office:
    """The service, its database and its file of users."""

    service: Service
    interests: Interests
    users: Path
    settings: dict[str, str]

    @property
    def engine(self) -> sa.engine.Engine:
        """The service's database."""
        return self.interests.store.engine

    def npq(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Runs `npq staff`."""
        command = [str(NPQ), "staff", *arguments]
        return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60, env=self.settings)

    def audited(self, action: str) -> list[dict[str, Any]]:
        """The entries of the audit about an action."""
        with self.engine.connect() as connection:
            query = sa.text("SELECT who, reference, detail FROM audit WHERE action = :action ORDER BY id")
            return [dict(row) for row in connection.execute(query, {"action": action}).mappings()]


class Person:
    """Somebody at a browser without JavaScript."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.http = httpx.Client(base_url=office.service.url, follow_redirects=False, timeout=60)
        self.token = ""
        self.text = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self._keep(self.http.get(path, headers={**self._cookie(), **headers}))

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """Send a form of the page that is open."""
        found = re.search(r'name="form_token" value="([^"]+)"', self.text)
        own = {"Origin": self.office.service.url, "Sec-Fetch-Site": "same-origin", **self._cookie(), **headers}
        data = {"form_token": found[1] if found else "", **fields}
        return self._keep(self.http.post(path, data=data, headers=own))

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Open the form and send it."""
        self.get("/staff/sign-in")
        return self.post("/staff/sign-in", {"name": name, "password": password})

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.token}"} if self.token else {"Cookie": ""}

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        for given in answer.headers.get_list("set-cookie"):
            self.token = given.partition("=")[2].partition(";")[0].strip('"')
        self.http.cookies.clear()
        self.text = answer.text
        return answer


def open_office(start_service: Callable[..., Service], folder: Path, url: str, **more: str) -> Office:
    """Start a service with a staff page and the users of the tests."""
    import os

    users = folder / "staff.json"
    settings = {"NPQ_DATABASE_URL": url, "NPQ_DATA_KEY": KEY, "NPQ_STAFF_USERS_FILE": str(users), **more}
    made = Office(None, None, users, {**os.environ, **settings})  # type: ignore[arg-type]
    for name, roles in USERS.items():
        wanted = [word for role in roles for word in ("--role", role)]
        done = made.npq("add", name, *wanted, typed=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
    made.service = start_service(**settings)
    made.interests = open_interests(url, folder, {"NPQ_DATA_KEY": KEY}, say=lambda _text: None)
    database.migrate(made.engine)
    return made


@pytest.fixture(scope="session")
def office(start_service: Callable[..., Service], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One for all tests that leave its users alone."""
    folder = tmp_path_factory.mktemp("office")
    return open_office(start_service, folder, f"sqlite:///{folder / 'npq.db'}")


@pytest.fixture(scope="session")
def enter(office: Office) -> Callable[[str], Person]:
    """Somebody who is signed in; each name once, or again after half an hour, as tries to sign in are limited."""
    known: dict[str, Person] = {}

    def signed_in(name: str) -> Person:
        person = known.setdefault(name, Person(office))
        if not person.token or person.get("/staff/report").status_code == 303:
            answer = person.sign_in(name)
            assert answer.status_code == 303, answer.text
        return person

    return signed_in
