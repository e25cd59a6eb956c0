"""Custom actions run in this process instead of behind an HTTP hop.

The stock action server costs a TCP connection a call and a second process of 126 MB. Rasa only ever
calls `request` on its action endpoint, so an endpoint which executes the action itself is enough.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

logger = logging.getLogger(__name__)

ACTION_SECONDS = 10


class InProcessActions(EndpointConfig):
    """An action endpoint that needs no server."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="in-process")
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(self, method: str = "post", **kwargs: Any) -> Any:
        """Run the action named in the JSON body, as the action server would.

        Raises:
            ClientResponseError: as over HTTP, when the action rejects its execution or is too slow.
        """
        try:
            return await asyncio.wait_for(self.executor.run(kwargs["json"]), ACTION_SECONDS)
        except ActionExecutionRejection as rejection:
            body = {"error": rejection.message, "action_name": rejection.action_name}
            raise ClientResponseError(400, "rejected", json.dumps(body)) from rejection
        except asyncio.TimeoutError as error:
            raise ClientResponseError(504, "timeout", json.dumps({"error": "the action took too long"})) from error
        except Exception as error:
            logger.exception("The action %s failed.", kwargs["json"].get("next_action"))
            raise ClientResponseError(500, "failed", json.dumps({"error": "the action failed"})) from error
