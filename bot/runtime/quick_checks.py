"""Some of Rasa's checks, done once or in a plain way instead of every time in full.

`RemoteAction._validate_action_result` validates the JSON schema itself on every action: 20 to 80 ms of
every answer. The schema is compiled here, and asked only about events that a glance does not show to be good: a turn's
usual one, a slot that is set, takes 0.5 ms otherwise, because its value is any JSON and its type one of twenty.
`Event.resolve_by_type` walks all event classes for every stored event, which makes a conversation's cost grow with
its length. For every message `Domain.is_empty` makes an empty domain to compare with.

All give the same results here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event

_STOCK_RESOLVE = Event.resolve_by_type


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
    """As Rasa's: True when the action's result has the right form, else jsonschema's ValidationError."""
    if not _plainly_good(result):
        _validator().validate(result)
    return True


def _plainly_good(result: Any) -> bool:
    """Whether a result is replies and slots that are set, each of the form that the schema asks for."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events"), result.get("responses")
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(item, dict) for item in responses)
        and all(_sets_a_slot(item) for item in events)
    )


def _sets_a_slot(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.keys() <= {"event", "name", "value", "timestamp"}
        and event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        and event.get("timestamp") is None
    )


@lru_cache(maxsize=256)
def _resolve(type_name: str, default: Any = None) -> Any:
    return _STOCK_RESOLVE(type_name, default)


@lru_cache(maxsize=1)
def _nothing() -> dict[str, Any]:
    found: dict[str, Any] = Domain.empty().as_dict()
    return found


def _is_empty(domain: Domain) -> bool:
    """As Rasa's: whether nothing is in it."""
    return bool(domain.as_dict() == _nothing())


def install() -> None:
    """Put all in place; doing it twice changes nothing."""
    RemoteAction._validate_action_result = _validate
    Event.resolve_by_type = staticmethod(_resolve)
    Domain.is_empty = _is_empty
