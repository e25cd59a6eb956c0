"""The personal details inside a message: with labels, as a list, or in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guidance import schools
from guidance.interest import fields
from guidance.question import Understood

Given = dict[str, str]  # field -> value

# Titles of jobs in schools; what they are called in full is for the visitor to say.
JOB = re.compile(
    r"\b(?:teachers?|tutor|head|heads|headteacher|headmaster|headmistress|principal|deputy|dep|assistant|asst"
    r"|leader|lead"
    r"|leads|coordinator|co-ordinator|senco|sendco|inco|director|manager|bursar|sbm|cbm|ta|hlta|lsa|governor"
    r"|trustee|ceo|coo|cfo"
    r"|officer|mentor|practitioner|librarian|technician|administrator|receptionist|chaplain|instructor|lecturer"
    r"|specialist"
    r"|ect|nqt|slt|aht|dht|ht|hod|hoy|dsl|advis[eo]r|consultant|supervisor|worker|sbl|eyfs lead|childminder|owner)\b",
    re.IGNORECASE,
)
WORKPLACE = re.compile(
    r"\b(?:school|academy|college|primary|infants?'?|juniors?|nursery|high|grammar|trust|mat|pre-?school|federation"
    r"|pru|university)$",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"^(?:(?:and|also|oh|sorry|actually|so|well|ok|yes|hi|hello)\b[\s,]*)*(?:my|the|our)?\s*(?:full |current |work "
    r"|home |school )?"
    r"(?P<label>names?|e-?mail(?: address)?|phone(?: number)?|mobile(?: number)?|tel(?:ephone)?(?: number)?|number"
    r"|role|job(?: title)?|position|school|workplace|nursery|college|organisation|start)"
    r"(?:\s*[:=–—]\s*|\s+-\s+|\s+is\s+(?:called\s+)?|['’]s\s+)(?P<value>\S.*)$",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(
    r"(?:(?:and|my|the|at|on|by|is|work|home)\s+)*(?:e-?mail|mail|phone|mobile|tel|telephone|number"
    r"|contact)(?: address| number)?"
    r"(?:\s+(?:me|is|at|on))*[\s:=-]*",
    re.IGNORECASE,
)
FIELD_OF = (
    ("name", "name"), ("email", "email"), ("e-mail", "email"), ("phone", "phone"), ("mobile", "phone"),
    ("tel", "phone"), ("number", "phone"), ("role", "role"), ("job", "role"), ("position", "role"), ("start", "cohort"),
)  # fmt: skip
COHORT = re.compile(
    r"\b((?:the )?next (?:intake|start|cohort|year|one|autumn|spring)"
    r"|(?:autumn|spring|september|october|november|january|february|march|april)\s+20\d\d)\b",
    re.IGNORECASE,
)
LONG_NUMBER = re.compile(r"(?:\+|\b0)[\d\s()-]{8,24}\d")

_PIECES = re.compile(
    r"[\n;|•]+|,\s*|(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\bProf)\.\s+|\s[-–—]\s"
    r"|\s+(?:and|but)\s+(?=(?:my|the|i|im|i['’]m)\b)|\s+(?=my\s+(?:full |work )?(?:name|e-?mail|phone|mobile|number"
    r"|role|job|school)\b)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:(?:and|so|ok|okay|yes|hi|hello|hey|hiya|please|thanks|thank you|oh|well|also|sorry|actually)\b[\s,!.]*)+",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:my name(?:['’]?s| is)|i am called|i['’]m called|call me)\s+(.+)$", re.IGNORECASE)
_I_AM = re.compile(
    r"^(?:i['’]?m|i am|this is|it['’]s|im|we are)\s+(?:currently |also |just |only )?(.+)$", re.IGNORECASE
)
_WORKING_AS = re.compile(r"\b(?:work|working|employed|am)\s+as\s+(?:an?\s+|the\s+)?(.+)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the|our|acting)\s+", re.IGNORECASE)
_AT = re.compile(r"\s+(?:at|from|in|for)\s+(?=\S)")
_AT_SCHOOL = re.compile(
    r"\b(?:at|from)\s+((?:[^\W\da-z_][\w'’.&-]*\s+){1,6}(?:School|Academy|College|Primary|Infants?|Juniors?|Nursery"
    r"|High))\b"
)
# A wish, a denial or somebody else: no statement of one's own job.
_NO_STATEMENT = re.compile(
    r"\b(?:interested|looking|hoping|wanting|want|wants|would|like|become|becoming|being|hope|aspiring|future|not"
    r"|never|was|used|"
    r"npq\w*|ehco|register\w*|interest|details|apply\w*|contact\w*|sign\w*|unsure|sure|happy|glad|done|back|here"
    r"|new|told|asked|"
    r"need|needs|can|will|should|if|because|you|your|me)\b|\?",
    re.IGNORECASE,
)
_CLOSING = frozenset(
    [
        "kind",
        "best",
        "warm",
        "regards",
        "wishes",
        "many",
        "thanks",
        "thank",
        "you",
        "dear",
        "yours",
        "sincerely",
        "faithfully",
        "cheers",
        "hi",
        "hello",
        "sent",
        "from",
        "my",
        "iphone",
        "the",
        "a",
    ]
)
LONGEST_PIECE = 8  # words


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
    for piece in (_FILLER.sub("", part.strip()).strip(" .!:") for part in _PIECES.split(text)):
        if piece and not _labelled(piece, found) and not _stated(piece, said, found):
            bare.append(piece)
    _listed(bare, said, found)
    register = schools.current().mentioned(said.text)
    at = _AT_SCHOOL.search(said.text)
    if register.one:
        found.given.update(school=register.one.name, school_urn=register.one.urn)
    elif at:
        found.add("school", fields.clean(at[1]))
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
        return bool(_LABEL_ALONE.fullmatch(piece))
    value, word = label["value"], label["label"].lower()
    if _NEGATIVE.match(value) or "?" in piece:
        return True  # "my email is wrong" gives nothing, and is nothing else either
    name = next((name for start, name in FIELD_OF if word.startswith(start)), "school")
    kinds = {"name": fields.name, "role": fields.role, "school": fields.school}
    if name in kinds:
        value = _ARTICLE.sub("", value) if name == "role" else value
        if name == "school" and re.match(r"(?:an?|in|not|on|part)\s", value, re.IGNORECASE):
            return False
        job, where = _job_and_place(value) if name == "role" else (value, None)
        found.add("school", where)
        return found.add(name, kinds[name](job).value)
    return name == "cohort" and found.add(name, fields.clean(value)[:60])


_NEGATIVE = re.compile(
    r"(?:wrong|incorrect|not|missing|misspel\w*|spelt|spelled|a typo|changed|old|different|out of date)\b",
    re.IGNORECASE,
)


def _stated(piece: str, said: Understood, found: Found) -> bool:
    """ "I'm Ann Lee", "I'm the deputy head at Oak Academy", "my name is ann lee"."""
    called = _CALLED.search(piece)
    if called:
        return found.add("name", fields.name(called[1]).value)
    statement = _WORKING_AS.search(piece) or _I_AM.match(piece)
    if not statement:
        return False
    value = statement[1]
    person, *place = _AT.split(value, maxsplit=1)
    if _all_names(person) and not JOB.search(person) and len(person.split()) > 1:
        if place and place[0][:1].isupper():
            found.add("school", fields.school(place[0]).value)
        return found.add("name", fields.name(person).value)
    return _a_job(value, found)


def _a_job(value: str, found: Found) -> bool:
    job, where = _job_and_place(_ARTICLE.sub("", value))
    if len(job.split()) > LONGEST_PIECE or _NO_STATEMENT.search(job) or not JOB.search(job):
        return False
    found.add("school", where)
    return found.add("role", fields.role(job).value)


def _job_and_place(value: str) -> tuple[str, str | None]:
    """ "deputy head at Elm Road": the job, and the place where it has a name."""
    parts = _AT.split(value, maxsplit=1)
    if len(parts) < 2:
        return value, None
    job, place = parts[0], parts[1].strip()
    named = place[:1].isupper() or (WORKPLACE.search(place) and len(place.split()) > 1)
    named = named and not re.match(r"(?:an?|the|my|our)\s", place, re.IGNORECASE)
    return (job, fields.school(place).value) if named else (value, None)


def _listed(bare: list[str], said: Understood, found: Found) -> None:
    """Pieces of a list or a signature: "Jo Lee, jo@example.org, deputy head, Elm Road"."""
    reached = bool(found.given.keys() & {"email", "phone"})
    for piece in bare:
        words = piece.split()
        short = len(words) <= LONGEST_PIECE and not _NO_STATEMENT.search(piece)
        closing = all(word.lower().strip(",.") in _CLOSING for word in words)
        if not short or closing or any(sign.isdigit() for sign in piece):
            continue
        listed = len(bare) + len(found.given) > 1
        if listed and WORKPLACE.search(piece) and len(words) > 1 and "school" not in found.given:
            found.add("school", fields.school(piece).value)
        elif listed and JOB.search(piece) and len(words) <= LONGEST_PIECE:
            _a_job(piece, found)
        elif reached and "name" not in found.given and _may_be_name(piece, found.given.get("email", "")):
            found.add("name", fields.name(piece).value)
        else:
            found.rest.append(piece)
    if len(found.rest) == 1 and len(found.given) > 2 and "name" in found.given and _all_names(found.rest[0]):
        found.add("school", fields.school(found.rest.pop()).value)


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
