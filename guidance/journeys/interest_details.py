"""The personal details inside a message: with labels, as a list, or in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guidance import schools
from guidance.interest import fields
from guidance.journeys.interest_looks import (
    A_TIME,
    AND_A_JOB,
    AND_MORE,
    ARTICLE,
    AT,
    AT_NAMED,
    AT_SCHOOL,
    CALLED,
    CLOSING,
    COHORT,
    FIELD_OF,
    FILLER,
    FOR_SOMEONE,
    I_AM,
    JOB,
    LABEL,
    LABEL_ALONE,
    LONG_NUMBER,
    LONGEST_PIECE,
    LOOSE,
    NAME_ENDS,
    NEGATIVE,
    NO_STATEMENT,
    PIECES,
    REGISTER_SOMEONE,
    WORKING_AS,
    WORKPLACE,
)
from guidance.question import Understood

Given = dict[str, str]  # field -> value


@dataclass
class Found:
    """What a message gives: values by field, and the pieces that are none of them."""

    given: Given = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    def add(self, name: str, value: str | None) -> bool:
        """Keep the first value of a field."""
        if value:
            self.given.setdefault(name, value)
        return bool(value)


def details_in(said: Understood) -> Given:
    """Every detail a message surely gives, whatever was asked."""
    return found_in(said).given


def found_in(said: Understood) -> Found:
    """The same, with what is left over."""
    found, text = Found(), said.text.replace("\u00a0", " ")
    text = _contact_taken(text, found)
    bare = []
    pieces = [FILLER.sub("", part.strip()).strip(" .!:") for part in PIECES.split(text)]
    if sum(bool(LOOSE.match(piece)) for piece in pieces) > 1:  # "school Elm Road, role SENCO, name Jo Lee"
        pieces = [LOOSE.sub(r"\g<label>: \g<value>", piece) for piece in pieces]
    someone = REGISTER_SOMEONE.search(text) or FOR_SOMEONE.search(text)
    if someone and not JOB.search(someone[1]):
        found.add("name", fields.name(someone[1]).value)
    for piece in pieces:
        if piece and not _labelled(piece, found) and not _stated(piece, said, found):
            bare.append(piece)
    _listed(bare, said, found)
    register = schools.current().mentioned(said.text)
    at = AT_SCHOOL.search(said.text)
    if register.one:
        found.given.update(school=register.one.name, school_urn=register.one.urn)
    elif at:
        found.add("school", fields.school(at[1]).value)
    start = COHORT.search(said.text)
    if start:
        found.add("cohort", fields.clean(start[1])[:60])
    return found


def _contact_taken(text: str, found: Found) -> str:
    """The text without the address and the number in it."""
    if "@" in text:
        email = fields.email(text)
        if email.value and not email.suggestion:
            found.add("email", email.value)
        text = re.sub(r"\S*@\S*", " , ", text)
    number = LONG_NUMBER.search(text)
    if number and len(LONG_NUMBER.findall(text)) == 1:
        found.add("phone", fields.phone(number[0]).value)
        text = text.replace(number[0], ",")
    return text


def _labelled(piece: str, found: Found) -> bool:
    """ "Name: Jo Lee", "my job is head of year"."""
    label = LABEL.match(piece)
    if not label:
        return bool(LABEL_ALONE.fullmatch(piece))
    value, word = AND_MORE.sub("", label["value"]), label["label"].lower()
    if NEGATIVE.match(value) or "?" in piece:
        return True  # "my email is wrong" gives nothing, and is nothing else either
    name = next((name for start, name in FIELD_OF if word.startswith(start)), "school")
    kinds = {"name": fields.name, "role": fields.role, "school": fields.school}
    if name in kinds:
        value = ARTICLE.sub("", value) if name == "role" else value
        if name == "school" and re.match(r"(?:an?|in|not|on|part)\s", value, re.IGNORECASE):
            return False
        job, where = _job_and_place(value) if name == "role" else (value, None)
        found.add("school", where)
        return found.add(name, kinds[name](job).value)
    return name == "cohort" and found.add(name, fields.clean(value)[:60])


def _stated(piece: str, said: Understood, found: Found) -> bool:
    """ "I'm Ann Lee", "I'm the deputy head at Oak Academy", "my name is ann lee"."""
    called = CALLED.search(piece)
    if called:
        return found.add("name", fields.name(NAME_ENDS.sub("", called[1])).value)
    statement = WORKING_AS.search(piece) or I_AM.match(piece)
    if not statement:
        return False
    value = AND_MORE.sub("", statement[1])
    if AT_NAMED.match(value):
        return found.add("school", fields.school(value[3:]).value)
    person, *place = AT.split(value, maxsplit=1)
    if _all_names(person) and not JOB.search(person) and len(person.split()) > 1:
        if place and place[0][:1].isupper():
            found.add("school", fields.school(place[0]).value)
        return found.add("name", fields.name(person).value)
    both = AND_A_JOB.match(value)
    if both and JOB.search(both[2]) and not JOB.search(both[1]) and not NO_STATEMENT.search(both[1]):
        found.add("name", fields.name(both[1]).value)
        value = both[2]
    return _a_job(value, found)


def _a_job(value: str, found: Found) -> bool:
    job, where = _job_and_place(ARTICLE.sub("", value))
    if len(job.split()) > LONGEST_PIECE or NO_STATEMENT.search(job) or not JOB.search(job):
        return False
    found.add("school", where)
    return found.add("role", fields.role(AND_MORE.sub("", job)).value)


def _job_and_place(value: str) -> tuple[str, str | None]:
    """ "deputy head at Elm Road": the job, and the place where it has a name."""
    parts = AT.split(value, maxsplit=1)
    if len(parts) < 2:
        return value, None
    job, place = parts[0], parts[1].strip()
    named = place[:1].isupper() or (WORKPLACE.search(place) and len(place.split()) > 1)
    named = named and not re.match(rf"(?:an?|the|my|our)\s|{A_TIME}", place, re.IGNORECASE)
    return (job, fields.school(place).value) if named else (value, None)


def _listed(bare: list[str], said: Understood, found: Found) -> None:
    """Pieces of a list or a signature: "Jo Lee, jo@example.org, deputy head, Elm Road"."""
    reached = bool(found.given.keys() & {"email", "phone"})
    if reached and len(bare) > 1 and "name" not in found.given and _signed(bare):
        found.add("name", fields.name(bare.pop(0)).value)
    for piece in bare:
        words = piece.split()
        short = len(words) <= LONGEST_PIECE and not NO_STATEMENT.search(piece)
        closing = all(word.lower().strip(",.") in CLOSING for word in words)
        if not short or closing or any(sign.isdigit() for sign in piece):
            continue
        listed = len(bare) + len(found.given) > 1
        if (
            listed
            and WORKPLACE.search(piece)
            and len(words) > 1
            and words[0].lower() not in ("i", "my")
            and "school" not in found.given
        ):
            found.add("school", fields.school(piece).value)
        elif listed and JOB.search(piece) and len(words) <= LONGEST_PIECE:
            _a_job(piece, found)
        elif reached and "name" not in found.given and _may_be_name(piece, found.given.get("email", "")):
            found.add("name", fields.name(piece).value)
        else:
            found.rest.append(piece)
    if len(found.rest) == 1 and len(found.given) > 2 and "name" in found.given and _all_names(found.rest[0]):
        found.add("school", fields.school(found.rest.pop()).value)


def _signed(bare: list[str]) -> bool:
    """Whether the first piece is a person and a later one a job: Dean Head, then Head of Maths."""
    first, *others = bare
    return _all_names(first) and 1 < len(first.split()) < 4 and any(JOB.search(other) for other in others)


def _all_names(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= 4 and all(
        word[:1].isupper() or word in ("de", "van", "der", "von", "al", "bin", "la") for word in words
    )


def _may_be_name(piece: str, email: str) -> bool:
    """Two or more words with capitals; in small letters only where the address has one of them."""
    words = piece.split()
    if not 2 <= len(words) <= 4 or not all(re.sub(r"[-'’.]", "", word).isalpha() for word in words):
        return False
    local = email.partition("@")[0].casefold()
    return _all_names(piece) or any(len(word) > 2 and word.casefold() in local for word in words)
