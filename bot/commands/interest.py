"""`npq interest`: what staff and data protection do with expressions of interest."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands import CommandError
from bot.private_file import write_private
from bot.settings import read

TOMORROW = timedelta(days=1)
REQUESTS = ("data protection request", "data protection requests")

if TYPE_CHECKING:
    from guidance.interest import Interest, Interests


def options(commands: Any) -> None:
    """The subcommand's own options."""
    top = commands.add_parser("interest", help="expressions of interest: list, show, export, erase, purge ...")
    actions = top.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="all references with programmes and delivery, without personal data")
    listed.add_argument("--json", action="store_true", help="as JSON")
    show = actions.add_parser("show", help="everything about one reference, or about one email address (audited)")
    show.add_argument("which", metavar="REFERENCE_OR_EMAIL")
    show.add_argument("--json", action="store_true", help="as JSON, with the conversation: for a request for access")
    export = actions.add_parser("export", help="all details, as JSON or CSV (audited)")
    form = export.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON (the default)")
    form.add_argument("--csv", action="store_true", help="as CSV for spreadsheets")
    export.add_argument(
        "file", nargs="?", metavar="FILE", help="written so that only you can read it; else the terminal"
    )
    erase = actions.add_parser("erase", help="remove a person everywhere (audited)")
    whom = erase.add_mutually_exclusive_group(required=True)
    whom.add_argument("--email", help="everything with this address")
    whom.add_argument("--reference", help="of an expression of interest, or of a data protection request")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    withdraw = actions.add_parser(
        "withdraw", help="take back a person's consent to marketing, and tell the destinations"
    )
    who = withdraw.add_mutually_exclusive_group(required=True)
    who.add_argument("--email", help="wherever this address is stored")
    who.add_argument("--reference", help="of an expression of interest")
    purge = actions.add_parser("purge", help="delete what is older than the settings allow; the service does so daily")
    purge.add_argument("--yes", action="store_true", help="also on the day that NPQ_TODAY pretends, which is to come")
    resend = actions.add_parser("resend", help="try again to deliver what was given up")
    resend.add_argument("reference")
    requests = actions.add_parser("requests", help="data protection requests made in the chat")
    requests.add_argument("--close", metavar="REFERENCE", help="mark one as done")
    requests.add_argument("--json", action="store_true", help="as JSON")


def run(given: argparse.Namespace) -> int:
    """Do one action; every fault is one sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from guidance.interest.keys import Unreadable
    from guidance.interest.reference import NotAReference

    interests = read().open_interests(lambda text: print(text, file=sys.stderr))
    action: Callable[[Interests, argparse.Namespace], int] = ACTIONS[given.action]
    try:
        return action(interests, given)
    except NotAReference as error:
        raise CommandError(str(error)) from error
    except Unreadable as error:
        raise CommandError(f"the details cannot be decrypted: {error}") from error
    except SQLAlchemyError as error:
        raise CommandError(
            f"the database cannot be used now ({type(error).__name__}). Check that it runs, and NPQ_DATABASE_URL."
        ) from error


def _list(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import outbox

    found, unreadable = interests.store.all()
    with interests.store.engine.connect() as connection:
        states = outbox.states(connection)
    if given.json:
        rows = [_public(interest, states.get(interest.reference, {})) for interest in found]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    for interest in [] if given.json else found:
        told = ", ".join(_delivery(*item) for item in states.get(interest.reference, {}).items()) or "no destination"
        codes = " ".join(interest.details.programmes)
        print(f"{interest.reference}  {interest.created_at:%Y-%m-%d %H:%M}  {interest.channel:5}  {codes:20}  {told}")
    dead = [name for name, told in states.items() if any(item["state"] == "dead" for item in told.values())]
    _note(f"{_counted(len(found) + len(unreadable))}.")
    if dead:
        _note(f"Not delivered after hours of trying: {', '.join(dead)}. When the fault is mended: npq interest resend")
    if asked := interests.store.requests.all():
        _note(f"{_counted(len(asked), *REQUESTS)} to answer: npq interest requests")
    return _cannot_read(unreadable)


def _public(interest: Interest, states: dict[str, Any]) -> dict[str, Any]:
    told = {name: {**state, "since": state["since"].isoformat(timespec="seconds")} for name, state in states.items()}
    row = interest.to_dict()
    kept = {name: row[name] for name in ("reference", "programmes", "cohort", "marketing_consent", "created_at")}
    return {**kept, "channel": interest.channel, "deliveries": told}


def _delivery(name: str, state: dict[str, Any]) -> str:
    told = f"{name} {state['state']}"
    return f"{told} ({state['attempts']} tries: {state['problem']})" if state["problem"] else told


def _show(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import access, audit, reference

    store = interests.store
    wanted = store.references_of(given.which) if "@" in given.which else [reference.read(given.which)]
    records = [record for one in wanted if (record := access.record(store, one))]
    if not records and wanted:
        records = access.of_request(store, wanted[0])
    store.record("shown", audit.operator(), wanted[0] if len(wanted) == 1 else None, detail=f"found {len(records)}")
    if not records and not given.json:
        raise CommandError("nothing is held under that.")
    if given.json:
        print(json.dumps(records, ensure_ascii=False, indent=2))
        return 0
    for record in records:
        print(access.as_text(record))
    return 0


def _export(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import audit, export

    as_csv = given.csv or (not given.json and str(given.file or "").endswith(".csv"))
    found, unreadable = interests.store.all()
    text = export.to_csv(found) if as_csv else export.to_json(found)
    detail = f"{'csv' if as_csv else 'json'}, {len(found)} rows"
    interests.store.record("exported", audit.operator(), detail=detail)  # first: no export without its audit
    if given.file:
        # Excel reads UTF-8 only with a byte order mark; programs reading the terminal's output expect none.
        data = text.encode("utf-8-sig" if as_csv else "utf-8")
        try:
            write_private(Path(given.file), data)
        except OSError as error:
            raise CommandError(f"cannot write {given.file}: {error.strerror}.") from error
        _note(f"Wrote {_counted(len(found))} to {given.file}. Delete the file when it is no longer needed.")
    else:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    return _cannot_read(unreadable)


def _erase(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import audit, reference

    whom = {"reference": reference.read(given.reference)} if given.email is None else {"email": _address(given.email)}
    found, talks = interests.retention.concerned(**whom)
    if not found and not talks:
        print("Nothing is held under that.")
        return 0
    people, chats = _counted(len(found)), _counted(len(talks), "conversation", "conversations")
    what = f"{people} ({', '.join(found) or 'none'}) and {chats}"
    if not given.yes:
        if not sys.stdin.isatty():
            raise CommandError(f"would remove {what} for good. Add --yes to do so.")
        if input(f"Remove {what} for good? Type yes: ").strip().lower() != "yes":
            print("Nothing was removed.")
            return 1
    erased = interests.retention.erase(audit.operator(), **whom)
    print("Removed: " + ", ".join(f"{name} {number}" for name, number in erased.rows.items()) + ".")
    for one, destination in erased.delivered:
        print(f"{one} was sent to {destination} before: have it erased there too.")
    return 0


def _withdraw(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import audit, reference

    store = interests.store
    wanted = [reference.read(given.reference)] if given.email is None else store.references_of(_address(given.email))
    withdrawn = store.withdraw_marketing(wanted, audit.operator())
    print(f"Consent to marketing withdrawn: {', '.join(withdrawn) or 'there was none'}.")
    return 0


def _purge(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import audit
    from guidance.interest.store import utc_now

    if interests.store.now() > utc_now() + TOMORROW and not given.yes:  # left over from a try, it would delete all
        raise CommandError("NPQ_TODAY is a day to come: what is not due yet would go. Unset it, or add --yes.")
    removed = interests.retention.purge(audit.operator())
    print("Removed: " + ", ".join(f"{name} {number}" for name, number in removed.items()) + ".")
    return 0


def _resend(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import audit, outbox, reference
    from guidance.interest.store import utc_now

    wanted = reference.read(given.reference)
    number = outbox.resend(interests.store.engine, wanted, utc_now())
    if not number:
        raise CommandError(f"no delivery of {wanted} was given up; `npq interest list` shows which were.")
    interests.store.record("resent", audit.operator(), wanted, detail=f"{number} deliveries")
    print(f"{number} deliveries of {wanted} will be tried again by the running service.")
    return 0


def _requests(interests: Interests, given: argparse.Namespace) -> int:
    from guidance.interest import audit, reference

    if given.close:
        wanted = reference.read(given.close)
        if not interests.store.requests.close(wanted, audit.operator()):
            raise CommandError(f"there is no open request {wanted}.")
        print(f"{wanted} is done.")
        return 0
    rows = [
        {
            "reference": row["reference"],
            "kind": row["kind"],
            "created_at": row["created_at"].isoformat(timespec="seconds"),
            "names": (row["about"] or "").split(),
        }
        for row in interests.store.requests.all()
    ]
    if given.json:
        print(json.dumps(rows, indent=2))
        return 0
    for row in rows:
        print("  ".join([row["reference"], row["created_at"], row["kind"], *row["names"]]))
    _note(f"{_counted(len(rows), *REQUESTS)} to answer, each within one month.")
    return 0


def _address(email: str) -> str:
    if "@" not in email:
        raise CommandError("--email: that is not an email address.")
    return email


def _counted(number: int, one: str = "expression of interest", many: str = "expressions of interest") -> str:
    """ "1 expression of interest", "2 conversations"."""
    return f"{number} {one if number == 1 else many}"


def _cannot_read(unreadable: list[str]) -> int:
    if unreadable:
        _note(f"Cannot be decrypted (is the old key in NPQ_DATA_KEY?): {', '.join(unreadable)}")
    return 1 if unreadable else 0


def _note(text: str) -> None:
    print(text, file=sys.stderr)


ACTIONS: dict[str, Callable[[Any, argparse.Namespace], int]] = {
    "list": _list, "show": _show, "export": _export, "erase": _erase, "purge": _purge, "resend": _resend,
    "withdraw": _withdraw,
    "requests": _requests,
}  # fmt: skip
