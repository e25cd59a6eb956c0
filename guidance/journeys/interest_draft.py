"""The draft of the interest form: kept encrypted, with what it holds noted as private."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from guidance import schools
from guidance.interest import CannotSave, current, fields
from guidance.interest.drafts import Drafts
from guidance.journeys.model import Setting
from guidance.question import Context

Draft = dict[str, Any]
SESSION = timedelta(minutes=60)  # of a conversation, as domain.yml has it: after that it may be another person
PERSONAL = ("name", "email", "phone", "role", "school", "school_urn", "school_typed")


def stored() -> Drafts:
    """The drafts of the service.

    Raises:
        CannotSave: no store is open.
    """
    return Drafts(current().store)


def left_behind(context: Context, here: Setting) -> Draft | None:
    """The draft of a conversation, which may have been forgotten with the turn that a crash cut off.

    What outlived the conversation is nobody's: someone else may sit at the computer.

    Raises:
        CannotSave: the database cannot be read.
    """
    return stored().load(here.session) if context.details else stored().load(here.session, SESSION)


def keep(draft: Draft, here: Setting) -> None:
    """Save the draft, and remember that this message held personal details.

    What was left out and is given after all is given; a choice of schools is over once there is an answer to it.
    """
    for name in [key for key in draft if key.startswith("skipped_") and draft.get(key.removeprefix("skipped_"))]:
        del draft[name]
    if draft.get("school") or draft.get("skipped_school"):
        for name in ("schools", "school_typed"):
            draft.pop(name, None)
    here.privacy.values.update(personal(draft))
    here.privacy.message = True
    stored().save(here.session, draft)


def sent(session: str, reference: str) -> None:
    """Only the reference stays, so that sending again says it again. A draft that stays by mishap is purged later."""
    try:
        stored().save(session, {"sent": reference})
    except CannotSave:
        return


def reference_of(draft: Draft) -> str | None:
    """The reference under which a draft was sent, also when the visitor could not be told any more.

    Raises:
        CannotSave: the database cannot be read.
    """
    if "sent" in draft:
        return str(draft["sent"])
    return current().store.sent_under(draft["key"]) if "key" in draft else None


def personal(draft: Draft) -> Sequence[str]:
    """The personal values of a draft, as stored and as shown."""
    maybe = list(draft.get("email_maybe") or [])
    maybe += [found.name for urn in draft.get("schools") or [] if (found := schools.current().school(urn))]
    if draft.get("phone"):
        maybe.append(fields.shown_phone(str(draft["phone"])))
    return [str(draft[name]) for name in PERSONAL if draft.get(name)] + [str(item) for item in maybe]


def now() -> str:
    """The time, to be kept with what was shown."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
