"""Deny by default: every route is in the table of roles, and the table is what happens over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sanic import Sanic
from sanic.response import text

from bot.staff.roles import ANYONE, ROUTES, Route, may
from tests.bot.staff.conftest import USERS, Office, Person
from tests.conftest import Service

ADDRESSES = {"asset": "/assets/staff.css", "interest": "/interest?reference=NPQ-2222-2222", "home": "/"}
REFUSED = (401, 403)


def address(name: str, route: Route) -> str:
    return "/staff" + ADDRESSES.get(name, route.path)


@pytest.fixture
def app(guide: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sanic:
    """The app as the service builds it, with a staff page."""
    from bot.app import build

    Sanic.test_mode = True
    monkeypatch.setenv("NPQ_STAFF_USERS_FILE", str(tmp_path / "staff.json"))
    return build(guide, name=f"staff-{id(tmp_path)}")  # type: ignore[arg-type]


def test_every_route_of_staff_is_in_the_table(app: Sanic) -> None:
    found = {
        (route.name.rpartition(".")[2], method)
        for route in app.router.routes
        for method in route.methods
        if route.path.startswith("staff") and method != "HEAD"
    }
    assert found == {(name, route.method) for name, route in ROUTES.items()}


def test_a_route_that_is_not_in_the_table_is_refused(
    monkeypatch: pytest.MonkeyPatch, guide: object, tmp_path: Path
) -> None:
    from bot.app import build
    from bot.staff import routes

    users = tmp_path / "staff.json"
    monkeypatch.setenv("NPQ_STAFF_USERS_FILE", str(users))
    made: list[object] = []
    blueprint = routes.Blueprint

    def remembered(*given: object, **named: object) -> object:
        made.append(blueprint(*given, **named))

        async def forgotten(_request: object) -> object:
            return text("secret")

        made[0].add_route(forgotten, "/forgotten", name="forgotten")  # type: ignore[attr-defined]
        return made[0]

    monkeypatch.setattr(routes, "Blueprint", remembered)
    app = build(guide, name=f"forgotten-{id(tmp_path)}")  # type: ignore[arg-type]

    async def ask() -> httpx.Response:
        import socket

        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            server = await app.create_server(sock=sock, return_asyncio_server=True)
            await server.startup()
            await server.start_serving()
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"http://127.0.0.1:{sock.getsockname()[1]}/staff/forgotten")
            await server.close()
            return answer

    answer = asyncio.run(ask())
    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_gets_in_without_signing_in(office: Office, name: str) -> None:
    route, person = ROUTES[name], Person(office)
    person.get("/staff/sign-in")
    path = address(name, route)
    answer = person.get(path) if route.method == "GET" else person.post(path, {"name": "ada", "do": "remove"})
    if route.roles is ANYONE:
        assert answer.status_code in (200, 401)
    elif route.method == "GET":
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
        assert answer.text == ""
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize("who", USERS)
@pytest.mark.parametrize("name", [name for name in ROUTES if name not in ("sign_in", "sign_out")])
def test_a_role_opens_what_the_table_says(enter: Callable[[str], Person], who: str, name: str) -> None:
    route, person = ROUTES[name], enter(who)
    person.get("/staff/report")
    path = address(name, route)
    answer = person.get(path) if route.method == "GET" else person.post(path, {"name": "nobody", "do": "remove"})
    if may(USERS[who], route):
        assert answer.status_code not in REFUSED
    else:
        assert answer.status_code == 403
        assert "Your role does not allow this page" in answer.text
    if route.method == "GET" and route.roles is not ANYONE:
        links = {menu: f'href="/staff/{menu}"' in person.get("/staff/report").text for menu in ("users", "interests")}
        assert links == {menu: may(USERS[who], ROUTES[menu]) for menu in links}


def test_head_is_no_way_around(office: Office, enter: Callable[[str], Person]) -> None:
    assert httpx.head(office.service.url + "/staff/interests").status_code == 303
    person = enter("vic")
    headers = {"Cookie": f"__Host-npq-staff={person.token}"}
    assert httpx.head(office.service.url + "/staff/interests", headers=headers).status_code == 403


def test_there_is_no_staff_page_unless_it_is_set_up(service: Service) -> None:
    for path in ("/staff", "/staff/", "/staff/sign-in", "/staff/report", "/staff/assets/staff.css"):
        assert httpx.get(service.url + path).status_code == 404
