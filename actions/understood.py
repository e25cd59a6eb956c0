"""Rasa's parsed message -> `guidance`'s Understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guidance.question import Understood, is_story

ANSWERS = "answers"  # in a message's metadata: what the page was asking for when it was written
# What stands right before a job that somebody else has, or that the visitor does not have or want.
NOT_THEIRS = re.compile(
    r"\b(?:(?:my|our|their|his|her|your|new|another)(?: new| old)?"
    r"|(?:line )?manag(?:e|es|ing)|(?:mentor(?:s|ing|ed)?|coach(?:es|ing|ed)?)(?: for| of)?|support(?:s|ing)?"
    r"|work(?:s|ing)? with|link for|in charge of|(?:run|runs|running|lead|leads|leading) the"
    r"|(?:only|just|meant|was|were) for"
    r"|not|never|no longer|isn['’]?t|wasn['’]?t|aren['’]?t"
    r"|(?:do ?n['’]?t|not|never) want(?:ed|ing)?(?: to be(?:come)?)?"
    r"|never been|rather not (?:be|do)|not (?:yet )?(?:to be|being)"
    r"|forget (?:what i said about )?(?:me )?being)"
    r"(?:\s+(?:the|an?|any|been|being|all|some|two|three|both))*\s*$",
    re.IGNORECASE,
)

# "No, NPQLL not NPQH", "not LPM then": one that is ruled out. Not "why not NPQH", "NPQSL or not NPQSL".
RULED_OUT = re.compile(
    r"(?<!why )(?<!or )(?<!is it )(?<!if )\b(?:not|rather than|instead of)\s+(?:the\s+|for\s+|doing\s+)?$",
    re.IGNORECASE,
)

# "No not slt", "I'm not on SLT": nothing else is said before it.
DENIED = re.compile(
    r"\s*(?:(?:no|nope|nah|well|actually|sorry|but|and|so)\b[\s,.!]*)*(?:i['’]?m |i am )?"
    r"(?:not|never|no longer)\s+(?:(?:an?|the|on|in|part of|yet)\s+)*",
    re.IGNORECASE,
)

# "My head of department retires next summer", "our deputy said": somebody who only comes up in what is told.
SOMEBODY = re.compile(r"\b(?:my|our|the|her|his|their)(?: (?:new|old|current|former|acting|own))?\s*$", re.IGNORECASE)
# "Did a bit of mentoring for an ECT": whom somebody helps is not who they are.
HELPED = re.compile(
    r"\b(?:mentor|coach)(?:s|es|ing|ed)?(?: for| of)?(?:\s+(?:an?|the|my|our|two|some|new|our new))*\s*$", re.IGNORECASE
)
# "I run the ECT programme": what somebody leads is not who they are.
RUN = re.compile(
    r"\b(?:run|lead|manage|co-?ordinate|oversee|organise|look after|in charge of)\b.{0,12}$", re.IGNORECASE
)
OF_IT = re.compile(
    r"s?['’]?s?\s+(?:programmes?|provision|training|induction|mentoring|sessions|cohort)\b", re.IGNORECASE
)
TOLD = re.compile(
    r"(?:\s+(?:has|have|had|just|also|always|recently|who|is|was|kindly))*\s+(?:said|says?|saying|told|tells?|thinks?|thought"
    r"|mention\w*|suggest\w*|recommend\w*|reckons?|retir\w*|keeps?|asks?|asked me|wants? (?:me|us|all|every\w*)"
    r"|leaving|encourag\w*|advis\w*|forwarded|sent|insists?|nominated)\b",
    re.IGNORECASE,
)


def understood(message: Mapping[str, Any]) -> Understood:
    """Translate `tracker.latest_message` (intent, ranking, entities as Rasa writes them)."""
    entities = message.get("entities") or []
    text = message.get("text") or ""
    intent = message.get("intent") or {}
    ranking = message.get("intent_ranking") or []
    return Understood(
        text=message.get("text") or "",
        intent=intent.get("name") or "nlu_fallback",
        ranking=tuple(
            (item["name"], float(item.get("confidence") or 0.0))
            for item in ranking
            if item.get("name") != "nlu_fallback"
        ),
        topics=_values(entities, "topic"),
        parts=_parts(message.get("text") or "", entities),
        hints={
            item["value"]: float(item.get("confidence_entity") or 0.0)
            for item in sorted(
                (entity for entity in entities if entity.get("entity") == "fact"),
                key=lambda entity: float(entity.get("confidence_entity") or 0.0),
            )[::-1]
        },
        programmes=_values(_named(text, entities, ruled_out=False), "programme"),
        ruled_out=_values(_named(text, entities, ruled_out=True), "programme"),
        providers=_values(entities, "provider"),
        roles=_values(_not_of_others(text, _not_denied(text, entities)), "role"),
        settings=_values(entities, "setting"),
        phases=_values(entities, "phase"),
        aims=_values(_of_the_visitor(text, entities), "aim"),
        experience=_values(entities, "experience"),
        jobs=_values(_of_the_visitor(text, _outside_aims(entities)), "role"),
        periods=_values(entities, "period"),
        years=tuple(int(year) for year in _values(entities, "year") if str(year).isdigit()),
        premises=_values(entities, "premise"),
        crisis=bool(_values(entities, "crisis")),
        answers=(message.get("metadata") or {}).get(ANSWERS),
    )


def _outside_aims(entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entities that are not part of the words for an aim, or of "my head told me"."""
    aims = [(item.get("start") or 0, item.get("end") or 0) for item in entities if item.get("entity") == "aim"]

    def inside(item: Mapping[str, Any]) -> bool:
        return any(first <= (item.get("start") or 0) and (item.get("end") or 0) <= last for first, last in aims)

    return [item for item in entities if not inside(item)]


def _not_of_others(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entities but somebody who only comes up in what is told, where the message is more than that."""

    def of_others(item: Mapping[str, Any]) -> bool:
        before, after = text[: int(item.get("start") or 0)], text[int(item.get("end") or 0) :]
        told = SOMEBODY.search(before) and TOLD.match(after)
        return bool(told or HELPED.search(before) or (RUN.search(before) and OF_IT.match(after)))

    left = [item for item in entities if not of_others(item)]
    if is_story(text) or any(item.get("entity") == "role" for item in left):
        return left
    return list(entities)


def _named(text: str, entities: Sequence[Mapping[str, Any]], *, ruled_out: bool) -> list[Mapping[str, Any]]:
    """The entities that are, or are not, ruled out by the words before them."""
    return [item for item in entities if bool(RULED_OUT.search(text[: int(item.get("start") or 0)])) is ruled_out]


def _not_denied(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entities but those that a message begins by denying: "no not slt"."""
    return [item for item in entities if not DENIED.fullmatch(text[: int(item.get("start") or 0)])]


def _of_the_visitor(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entities that are not somebody else's ("I mentor the ECT", "our senco") and not denied ("not a head")."""
    return [item for item in entities if not NOT_THEIRS.search(text[: int(item.get("start") or 0)])]


def _parts(text: str, entities: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The words that ask for each topic, where the classifier found them."""
    parts: dict[str, str] = {}
    for item in entities:
        if item.get("entity") == "topic" and item.get("end"):
            words = text[int(item.get("start") or 0) : int(item["end"])]
            parts[str(item["value"])] = f"{parts.get(str(item['value']), '')} {words}".strip()
    return parts


def _values(entities: Iterable[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    """The distinct values of one kind of entity, in the order said."""
    found = [item for item in entities if item.get("entity") == name]
    return tuple(dict.fromkeys(str(item["value"]) for item in sorted(found, key=lambda item: item.get("start") or 0)))
