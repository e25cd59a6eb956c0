"""Actions run in this process, and behave as over HTTP."""

import asyncio
import json
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.runtime.in_process import InProcessActions


def call(name: str, endpoint: InProcessActions) -> Any:
    body = {
        "next_action": name,
        "sender_id": "x",
        "tracker": {
            "sender_id": "x",
            "slots": {},
            "latest_message": {"text": "is npqh funded", "intent": {"name": "ask_funding"}, "entities": []},
            "events": [],
            "paused": False,
            "active_loop": {},
            "latest_action_name": None,
            "latest_input_channel": "web",
        },
        "domain": {},
    }
    return asyncio.run(endpoint.request(json=body))


def test_our_action_answers_without_a_server() -> None:
    result = call("action_answer", InProcessActions())
    assert result["responses"][-1]["npq"]["status"] == "answered"
    assert result["events"][0]["name"] == "conversation"


@pytest.mark.parametrize(
    ("fault", "status"),
    [(ActionExecutionRejection("action_test"), 400), (ValueError("secret detail"), 500)],
)
def test_faults_are_those_of_the_action_server(fault: Exception, status: int) -> None:
    class Faulty(Action):
        def name(self) -> str:
            return "action_test"

        async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
            raise fault

    endpoint = InProcessActions()
    endpoint.executor.register_action(Faulty())
    with pytest.raises(ClientResponseError) as caught:
        call("action_test", endpoint)
    assert caught.value.status == status
    assert "secret detail" not in json.dumps(caught.value.text)
