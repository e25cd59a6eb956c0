"""`npq staff`: who may sign in to the staff page."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands import CommandError

if TYPE_CHECKING:
    from bot.staff.users import Users

ROLES = ("viewer", "handler", "admin")  # as in bot/staff/roles.py; named here so that the other commands start fast


def options(commands: Any) -> None:
    """The subcommand's own options."""
    top = commands.add_parser("staff", help="who may sign in to the staff page: add, list, password, remove")
    actions = top.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="names and roles")
    add = actions.add_parser("add", help="add somebody, or give other roles and a new password; asks for the password")
    add.add_argument("name", metavar="NAME", help="small letters, digits, dots and dashes")
    add.add_argument(
        "--role", action="append", required=True, choices=ROLES, help="viewer, handler or admin; may be given again"
    )
    password = actions.add_parser("password", help="set a new password; ends the person's sessions")
    password.add_argument("name", metavar="NAME")
    remove = actions.add_parser("remove", help="take somebody out; ends the person's sessions")
    remove.add_argument("name", metavar="NAME")


def run(given: argparse.Namespace) -> int:
    """Do one action; every fault is one sentence."""
    from bot.staff.users import SETTING, Users, UsersProblem

    named = os.environ.get(SETTING)
    if not named:
        raise CommandError(
            f"{SETTING} is not set, so there is no staff page. Set it to a file outside the project's code, such as "
            "/etc/npq/staff.json, for this command and for the service."
        )
    try:
        return _do(given, Users(Path(named).expanduser()))
    except UsersProblem as problem:
        raise CommandError(str(problem)) from problem


def _do(given: argparse.Namespace, users: Users) -> int:
    known = users.all()
    if given.action == "list":
        for user in sorted(known.values(), key=lambda user: user.name):
            print(f"{user.name:20} {' '.join(sorted(user.roles))}")
        print(f"{len(known)} users in {users.path}.", file=sys.stderr)
    elif given.action == "add":
        users.put(given.name, given.role, _password())
        print(f"{given.name} can sign in at /staff as {', '.join(sorted(set(given.role)))}.")
    elif given.action == "password":
        if given.name not in known:
            raise CommandError(f"there is no user `{given.name}`.")
        users.put(given.name, known[given.name].roles, _password())
        print(f"{given.name} has a new password.")
    else:
        users.remove(given.name)
        print(f"{given.name} is removed.")
    return 0


def _password() -> str:
    """Asked for twice on a terminal; else the first line of the standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise CommandError("the two passwords differ. Nothing was changed.")
    return first
