"""The users of the staff page: names, roles and hashed passwords, in a file that only its owner can read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from bot.private_file import write_private
from bot.staff.roles import ROLES

SETTING = "NPQ_STAFF_USERS_FILE"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
SHORTEST, LONGEST = 12, 200  # characters of a password
_HASHER = PasswordHasher()  # Argon2id with the memory and time RFC 9106 advises


class UsersProblem(Exception):
    """The file, a name, a role or a password cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class User:
    """Somebody on the staff."""

    name: str
    roles: frozenset[str]
    password: str = field(repr=False)  # hashed

    @property
    def stamp(self) -> str:
        """Changes with the password, so that sessions begun with another one end."""
        return hashlib.sha256(self.password.encode()).hexdigest()[:16]


class Users:
    """The users in a file. It is read again when it changed: who is removed there is out at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int, int] | None = None
        self._users: dict[str, User] = {}

    def all(self) -> dict[str, User]:
        """All of them by name; none when there is no file yet.

        Raises:
            UsersProblem: the file cannot be read.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._stamp, self._users = None, {}
            return {}
        except OSError as error:
            raise UsersProblem(f"{SETTING}: cannot read {self.path} ({error.strerror}).") from error
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if stamp != self._stamp:
            if found.st_mode & 0o077:
                raise UsersProblem(f"{SETTING}: others can read {self.path}. Make it private: chmod 600 {self.path}")
            self._users, self._stamp = self._read(), stamp
        return self._users

    def _read(self) -> dict[str, User]:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))["users"]
            return {name: User(name, check_roles(item["roles"]), str(item["password"])) for name, item in told.items()}
        except OSError as error:
            raise UsersProblem(f"{SETTING}: cannot read {self.path} ({error.strerror}).") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsersProblem(
                f"{SETTING}: {self.path} is damaged. Restore it, or delete it and add users again."
            ) from error

    def find(self, name: str) -> User | None:
        """The user with a name.

        Raises:
            UsersProblem: the file cannot be read.
        """
        return self.all().get(name)

    def put(self, name: str, roles: Iterable[str], password: str | None = None) -> User:
        """Add a user, or change roles and, where given, the password.

        Raises:
            UsersProblem: a name, role or password that cannot be, or a file that cannot be written.
        """
        known = self.all()
        if not NAME.fullmatch(name):
            raise UsersProblem("A name has small letters, digits, dots and dashes, at most 40 in all, such as `ann`.")
        if password is None and name not in known:
            raise UsersProblem(f"There is no user `{name}`.")
        hashed = hash_password(password) if password is not None else known[name].password
        user = User(name, check_roles(roles), hashed)
        self._write({**known, name: user})
        return user

    def remove(self, name: str) -> None:
        """Take a user out.

        Raises:
            UsersProblem: there is no such user, or the file cannot be written.
        """
        known = dict(self.all())
        if known.pop(name, None) is None:
            raise UsersProblem(f"There is no user `{name}`.")
        self._write(known)

    def _write(self, users: dict[str, User]) -> None:
        told: dict[str, Any] = {
            user.name: {"roles": sorted(user.roles), "password": user.password} for user in users.values()
        }
        try:
            write_private(self.path, (json.dumps({"users": told}, indent=2) + "\n").encode())
        except OSError as error:
            raise UsersProblem(f"{SETTING}: cannot write {self.path} ({error.strerror}).") from error


def check_roles(roles: Iterable[str]) -> frozenset[str]:
    """Roles that are known, at least one.

    Raises:
        UsersProblem: otherwise.
    """
    found = frozenset(roles)
    if not found or found - set(ROLES):
        raise UsersProblem(f"A user needs one or more of the roles {', '.join(ROLES)}.")
    return found


def hash_password(password: str) -> str:
    """A password as it may be kept.

    Raises:
        UsersProblem: too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
        raise UsersProblem(f"A password has {SHORTEST} to {LONGEST} characters, at least 5 of them different.")
    return _HASHER.hash(password)


_DUMMY: list[str] = []


def matches(user: User | None, password: str) -> bool:
    """Whether it is the user's password. Takes as long for a name nobody has."""
    if user is None and not _DUMMY:
        _DUMMY.append(_HASHER.hash("nobody has this password"))
    try:
        return _HASHER.verify(user.password if user else _DUMMY[0], password[:LONGEST]) and user is not None
    except (Argon2Error, InvalidHashError):
        return False
