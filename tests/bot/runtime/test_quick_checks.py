"""What is checked once gives the same results as when Rasa checks it every time."""

import jsonschema
import pytest
from rasa.core.actions import action
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet

from bot.runtime import quick_checks

GOOD = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "hello"}]}
BAD = [
    {"events": [{"no": "event"}], "responses": []},
    {"events": [], "responses": ["not an object"]},
    {"events": "none", "responses": []},
    {"events": [{"event": "slot", "name": "a"}], "responses": []},
    {"events": [{"event": "slot", "name": 1, "value": 1}], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": "now"}], "responses": []},
    {"events": [{"event": "no_such_event"}], "responses": []},
    "nothing",
]
ODD = [
    {},
    {"events": [{"event": "slot", "name": "a", "value": 1, "metadata": None, "timestamp": 1.5}]},
    {"events": [{"event": "restart"}, {"event": "slot", "name": "a", "value": 1}], "responses": []},
]


@pytest.fixture(autouse=True)
def installed() -> None:
    quick_checks.install()


def test_the_schema_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = action.RemoteAction("action_answer", None)
    assert remote._validate_action_result(GOOD)
    calls: list[object] = []
    monkeypatch.setattr(jsonschema.Draft202012Validator, "check_schema", lambda *a, **k: calls.append(a))
    monkeypatch.setattr(jsonschema, "validate", lambda *a, **k: calls.append(a))
    assert remote._validate_action_result(GOOD)
    assert not calls


def test_a_slot_that_is_set_is_plainly_good(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(jsonschema.Draft202012Validator, "iter_errors", lambda *a, **k: calls.append(a) or [])
    assert action.RemoteAction("action_answer", None)._validate_action_result(GOOD)
    assert not calls


@pytest.mark.parametrize("result", ODD)
def test_other_good_results_pass(result: dict[str, object]) -> None:
    assert action.RemoteAction("action_answer", None)._validate_action_result(result)


@pytest.mark.parametrize("result", BAD)
def test_a_wrong_result_is_refused_as_before(result: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        action.RemoteAction("action_answer", None)._validate_action_result(result)


def test_event_classes_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import rasa.shared.utils.common as common

    assert Event.resolve_by_type("slot") is SlotSet
    calls: list[object] = []
    monkeypatch.setattr(common, "all_subclasses", lambda cls: calls.append(cls) or [])
    assert Event.resolve_by_type("slot") is SlotSet
    assert not calls


def test_an_unknown_event_is_still_an_error() -> None:
    with pytest.raises(ValueError, match="no_such_event"):
        Event.resolve_by_type("no_such_event")


def test_an_empty_domain_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Domain.empty().is_empty()
    full = Domain.from_dict({"intents": ["greet"]})
    calls: list[object] = []
    monkeypatch.setattr(Domain, "from_dict", lambda *a, **k: calls.append(a))
    assert not full.is_empty()
    assert not calls
