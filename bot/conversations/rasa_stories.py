"""Rasa's own test stories (`stories:` with `user`, `intent`, `action`), judged as `rasa test core --e2e` does.

They say which intent, entities and actions are predicted; no action runs and no text is seen. Rasa's command would
need TensorFlow for its NLU part; the prediction of stories does not.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.conversations.checks import Fault
from bot.conversations.clock import clock, usual_day
from bot.conversations.played import Played
from bot.conversations.script import RasaStory

if TYPE_CHECKING:
    from bot.channels.guide import Guide

# Found by our classifier beside the entities people annotate: which facts and topics a message is near to.
OURS = ("topic", "fact")


async def play_story(story: RasaStory, guide: Guide) -> Played:
    """Predict the story step by step."""
    played = Played(story, usual_day())
    began = time.perf_counter()
    with clock(played.today), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Rasa's, about slots we do not have
        played.faults = await _faults(story, guide)
    played.seconds = time.perf_counter() - began
    return played


async def _faults(story: RasaStory, guide: Guide) -> list[Fault]:
    from rasa.core import test
    from rasa.shared.exceptions import RasaException

    try:
        generator = test._create_data_generator(str(story.path), guide.agent, use_conversation_test_files=True)
        trackers = [item for item in generator.generate_story_trackers() if story.name in item.sender_id.split(" > ")]
        if not trackers:
            return [Fault("story", story.name, "Rasa finds no such story in the file", story.line)]
        found: list[Fault] = []
        for tracker in trackers:
            judged, _, _, _ = await test._predict_tracker_actions(tracker, guide.agent, False, True)
            found += _differ("intent", judged.intent_targets, judged.intent_predictions)
            found += _differ("action", judged.action_targets, judged.action_predictions)
            found += _entities(judged.entity_targets, judged.entity_predictions)
        return found
    except (RasaException, ValueError) as error:
        return [Fault("story", "a story Rasa can read", str(error), story.line)]


def _differ(kind: str, wanted: Sequence[str], got: Sequence[str]) -> list[Fault]:
    return [Fault(kind, str(one), str(other)) for one, other in zip(wanted, got) if one != other]


def _entities(wanted: Sequence[dict[str, Any]], got: Sequence[dict[str, Any]]) -> list[Fault]:
    """Entities differ when one is missing or one too many is found; ours count only where a story names them."""
    named = {str(item["entity"]) for item in wanted}
    expected = {_entity(item) for item in wanted}
    actual = {_entity(item) for item in got if item["entity"] not in OURS or item["entity"] in named}
    if expected == actual:
        return []
    return [Fault("entities", "; ".join(sorted(expected)) or "none", "; ".join(sorted(actual)) or "none")]


def _entity(item: dict[str, Any]) -> str:
    return f"{item['entity']}={item['value']} in “{item['text']}”"
