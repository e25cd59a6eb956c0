"""Two of Rasa's checks, done once instead of every time.

`RemoteAction._validate_action_result` validates the JSON schema itself on every action: 20 to 80 ms of
every answer. `Event.resolve_by_type` walks all event classes for every stored event, which makes a
conversation's cost grow with its length. Both give the same results here, compiled or remembered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event

_STOCK_RESOLVE = Event.resolve_by_type


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
    """As Rasa's: True when the action's result has the right form, else jsonschema's ValidationError."""
    _validator().validate(result)
    return True


@lru_cache(maxsize=256)
def _resolve(type_name: str, default: Any = None) -> Any:
    return _STOCK_RESOLVE(type_name, default)


def install() -> None:
    """Put both in place; doing it twice changes nothing."""
    RemoteAction._validate_action_result = _validate
    Event.resolve_by_type = staticmethod(_resolve)
