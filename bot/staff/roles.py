"""Who may do what. Whatever is not in this table, nobody may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

VIEWER, HANDLER, ADMIN = "viewer", "handler", "admin"
ROLES = {
    VIEWER: "sees the report",
    HANDLER: "sees the report, conversations and expressions of interest",
    ADMIN: "sees the report and manages the users",
}
ANYONE: frozenset[str] | None = None  # also without signing in
SIGNED_IN = frozenset(ROLES)


@dataclass(frozen=True)
class Route:
    """A page or form of staff: its address below /staff, its method, and the roles of which one is needed."""

    method: str
    path: str
    roles: frozenset[str] | None


# By the name of the route, which is that of its handler.
ROUTES: dict[str, Route] = {
    "asset": Route("GET", "/assets/<name:str>", ANYONE),
    "sign_in_form": Route("GET", "/sign-in", ANYONE),
    "sign_in": Route("POST", "/sign-in", ANYONE),
    "sign_out": Route("POST", "/sign-out", SIGNED_IN),
    "home": Route("GET", "/", SIGNED_IN),
    "report": Route("GET", "/report", SIGNED_IN),
    "conversations": Route("GET", "/conversations", frozenset({HANDLER})),
    "conversation": Route("GET", "/conversation", frozenset({HANDLER})),
    "interests": Route("GET", "/interests", frozenset({HANDLER})),
    "interest": Route("GET", "/interest", frozenset({HANDLER})),
    "users": Route("GET", "/users", frozenset({ADMIN})),
    "change_user": Route("POST", "/users", frozenset({ADMIN})),
}


def may(roles: Iterable[str], route: Route) -> bool:
    """Whether somebody with these roles may use a route."""
    return route.roles is None or bool(route.roles & set(roles))
