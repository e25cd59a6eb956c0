"""What can be wrong with the recommendation file beyond the shape of its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from guidance.knowledge.checks import day_fault
from guidance.knowledge.model import Knowledge
from guidance.knowledge.problems import Problem, closest
from guidance.recommend.criteria import answers, spread, with_groups
from guidance.recommend.model import ANYTHING, KINDS, Condition, Recommend, Rule

if TYPE_CHECKING:
    from guidance.knowledge.load import Entry

MOST_REASON_WORDS = 36  # `why` and `prevails` stand in one bubble with the programme and two jobs
MOST_OTHER_WORDS = 30
MOST_QUESTION_WORDS = 25
Path = tuple[Any, ...]
Fault = tuple[Path, str, str]  # where, what is wrong, what to write


def check(entry: Entry, knowledge: Knowledge) -> list[Problem]:
    """Every problem of a recommendation file whose records are in shape."""
    data: Recommend = entry.record
    faults = [*_duplicates(data), *_names(data, knowledge), *_sources(data, knowledge), *_words(data)]
    if not faults:  # what follows needs every name to stand for something
        faults = [*_questions(data), *_unreachable(data)]
    return [entry.problem(*fault) for fault in faults]


def _duplicates(data: Recommend) -> Iterator[Fault]:
    for kind in ("questions", "aims", "experience", "rules"):
        seen: set[str] = set()
        for number, record in enumerate(getattr(data, kind)):
            if record.id in seen:
                yield (kind, number, "id"), f"`{record.id}` is already used.", "Choose another."
            seen.add(record.id)


def _ids(data: Recommend, knowledge: Knowledge) -> dict[str, list[str]]:
    """What may be named, by kind; groups are allowed where conditions stand."""
    return {
        "role": list(knowledge.roles),
        "setting": list(knowledge.settings),
        "phase": list(knowledge.phases),
        "aim": [aim.id for aim in data.aims],
        "experience": [item.id for item in data.experience],
        "programme": list(knowledge.programmes),
        "question": [question.id for question in data.questions],
    }


def _names(data: Recommend, knowledge: Knowledge) -> Iterator[Fault]:
    """Roles, settings, aims, programmes and questions that stand for nothing."""
    ids = _ids(data, knowledge)
    for kind, groups in (("role", data.groups.role), ("setting", data.groups.setting)):
        for name, members in groups.items():
            yield from _unknown(("groups", kind, name), members, ids[kind], kind)
    for name in data.spoken:
        yield from _unknown(("spoken", name), [name], ids["role"], "role", listed=False)
    yield from _unknown(("general",), data.general, ids["role"], "role")
    for name in data.otherwise:
        yield from _unknown(("otherwise", name), [name], ids["programme"], "programme", listed=False)
    for number, aim in enumerate(data.aims):
        yield from _unknown(("aims", number, "roles"), aim.roles, ids["role"], "role")
        yield from _unknown(("aims", number, "aspiring"), _some(aim.aspiring), ids["role"], "role", listed=False)
    for number, item in enumerate(data.experience):
        path: Path = ("experience", number, "holds")
        yield from _unknown(path, _some(item.holds), ids["programme"], "programme", listed=False)
        yield from _unknown(("experience", number, "role"), _some(item.role), ids["role"], "role", listed=False)
    grouped = {**ids, "role": [*ids["role"], *data.groups.role], "setting": [*ids["setting"], *data.groups.setting]}
    for number, question in enumerate(data.questions):
        for kind, values in question.answered_by.items():
            path = ("questions", number, "answered_by", kind)
            yield from _kind(path, kind)
            yield from _unknown(path, values, [*grouped.get(kind, values), ANYTHING], kind)
        for place, option in enumerate(question.options):
            for kind, value in option.means.items():
                path = ("questions", number, "options", place, "means", kind)
                yield from _kind(path, kind)
                yield from _unknown(path, [value], ids.get(kind, [value]), kind, listed=False)
    for number, rule in enumerate(data.rules):
        yield from _rule_names(rule, ("rules", number), grouped, knowledge)


def _rule_names(rule: Rule, path: Path, ids: dict[str, list[str]], knowledge: Knowledge) -> Iterator[Fault]:
    for part, condition in (("when", rule.when), ("unless", rule.unless)):
        for kind in KINDS:
            yield from _unknown((*path, part, kind), getattr(condition, kind), ids[kind], kind)
        yield from _unknown((*path, part, "also"), condition.also, ids["role"], "role")
    yield from _unknown((*path, "ask"), rule.ask, ids["question"], "question")
    yield from _unknown((*path, "why_not"), rule.why_not, ids["programme"], "programme", listed=False)
    for field in ("first", "alternative"):
        code = getattr(rule, field)
        yield from _unknown((*path, field), _some(code), ids["programme"], "programme", listed=False)
        if code in knowledge.programmes and knowledge.programmes[code].status != "current":
            current = [item.code for item in knowledge.current_programmes()]
            yield (*path, field), f"`{code}` cannot be taken now.", closest(code.removeprefix("LEGACY-"), current)
    if rule.alternative and not rule.why_alternative:
        yield (*path, "why_alternative"), "is missing.", f"Say when {rule.alternative} would be better."
    if rule.alternative and rule.alternative == rule.first:
        yield (*path, "alternative"), "is the first choice again.", "Name another or leave it out."


def _some(value: str | None) -> list[str]:
    return [value] if value else []


def _kind(path: Path, kind: str) -> Iterator[Fault]:
    if kind not in KINDS:
        yield path, f"there is no kind `{kind}`.", closest(kind, KINDS)


def _unknown(
    path: Path, names: Iterable[str], known: Iterable[str], kind: str, *, listed: bool = True
) -> Iterator[Fault]:
    known = list(known)
    for index, name in enumerate(names):
        if name not in known:
            yield (*path, index) if listed else path, f"there is no {kind} `{name}`.", closest(name, known)


def _sources(data: Recommend, knowledge: Knowledge) -> Iterator[Fault]:
    records: list[tuple[Path, Any]] = [(("rules", number), rule) for number, rule in enumerate(data.rules)]
    records += [(("otherwise", code), fit) for code, fit in data.otherwise.items()]
    for path, record in records:
        yield from _unknown((*path, "source"), record.source, knowledge.sources, "source")
        if fault := day_fault(record.as_of):
            yield (*path, "as_of"), *fault


def _words(data: Recommend) -> Iterator[Fault]:
    for number, rule in enumerate(data.rules):
        path: Path = ("rules", number)
        yield from _long((*path, "why"), f"{rule.why} {rule.prevails}", MOST_REASON_WORDS)
        yield from _long((*path, "why_alternative"), rule.why_alternative)
        yield from _long((*path, "decides"), rule.decides)
        for code, text in rule.why_not.items():
            yield from _long((*path, "why_not", code), text)
    for code, fit in data.otherwise.items():
        yield from _long(("otherwise", code, "text"), fit.text)
    for number, question in enumerate(data.questions):
        yield from _long(("questions", number, "ask"), question.ask, MOST_QUESTION_WORDS)


def _long(path: Path, text: str, most: int = MOST_OTHER_WORDS) -> Iterator[Fault]:
    words = len(text.split())
    if words > most:
        yield path, f"has {words} words.", f"Say it in {most}."


def _questions(data: Recommend) -> Iterator[Fault]:
    """Buttons that would leave their own question open."""
    for number, question in enumerate(data.questions):
        for place, option in enumerate(question.options):
            if not any(answers(with_groups(question, data), *meant) for meant in option.means.items()):
                path = ("questions", number, "options", place, "means")
                yield path, "does not answer its own question.", "Add it to `answered_by` or change it."


def _unreachable(data: Recommend) -> Iterator[Fault]:
    """Rules that never decide, because one above them holds wherever they do."""
    if data.rules[-1].when or data.rules[-1].unless:
        yield ("rules", len(data.rules) - 1, "when"), "the last rule must catch all.", "Write `when: {}`."
    before: list[tuple[str, Condition]] = []
    for number, rule in enumerate(data.rules):
        when = spread(rule.when, data)
        above = next((name for name, wider in before if _covers(wider, when)), None)
        if above:
            message = f"rule `{rule.id}` can never be reached: wherever it holds, so does `{above}` above it."
            yield ("rules", number), message, "Move it up, change it or remove it."
        if not rule.unless:
            before.append((rule.id, when))


def _covers(wider: Condition, narrower: Condition) -> bool:
    """Whether the wider condition holds wherever the narrower one does, going by one kind at a time."""
    if wider.also and not (narrower.also and set(narrower.also) <= set(wider.also)):
        return False
    wanted = ((getattr(wider, kind), getattr(narrower, kind)) for kind in KINDS)
    return all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in wanted)
