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
from bot.conversations.played import Played, Turn
from bot.conversations.script import RasaStory

if TYPE_CHECKING:
    from rasa.core.test import EvaluationStore
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.channels.guide import Guide

# Found by our classifier beside the entities people annotate: which facts and topics a message is near to.
OURS = ("topic", "fact")
LISTEN = "action_listen"


async def play_story(story: RasaStory, guide: Guide) -> Played:
    """Predict the story step by step."""
    played = Played(story, usual_day())
    began = time.perf_counter()
    with clock(played.today), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Rasa's, about slots we do not have
        await _predict(played, story, guide)
    played.seconds = time.perf_counter() - began
    return played


async def _predict(played: Played, story: RasaStory, guide: Guide) -> None:
    from rasa.core import test
    from rasa.shared.exceptions import RasaException

    try:
        generator = test._create_data_generator(str(story.path), guide.agent, use_conversation_test_files=True)
        trackers = [item for item in generator.generate_story_trackers() if story.name in item.sender_id.split(" > ")]
        if not trackers:
            played.faults.append(Fault("story", story.name, "Rasa finds no such story in the file", story.line))
        for tracker in trackers:
            judged, _, actions, _ = await test._predict_tracker_actions(tracker, guide.agent, False, True)
            played.turns += _turns(story, tracker, judged, actions)
    except (RasaException, ValueError) as error:
        played.faults.append(Fault("story", "a story Rasa can read", str(error), story.line))


def _turns(
    story: RasaStory, tracker: DialogueStateTracker, judged: EvaluationStore, actions: Sequence[dict[str, Any]]
) -> list[Turn]:
    """One for each message of the story, with what is predicted after it and what differs."""
    from rasa.shared.core.events import UserUttered

    said = [event for event in tracker.events if isinstance(event, UserUttered)]
    # With `or` or checkpoints a story is several, and the file's lines are not its messages any more.
    lines = story.said_at if len(story.said_at) == len(said) else (story.line,) * len(said)
    left = list(actions)
    turns = []
    for number, event in enumerate(said):
        wanted, got = judged.intent_targets[number], judged.intent_predictions[number]
        faults = [] if wanted == got else [Fault("intent", str(wanted), str(got), lines[number])]
        after = _until_it_listens(left)
        # What follows a wrong action is predicted for a conversation nobody had: only the first one tells.
        wrong = next((place for place, item in enumerate(after) if item["action"] != item["predicted"]), None)
        if wrong is not None:
            after = after[: wrong + 1]
            faults.append(Fault("action", after[-1]["action"], str(after[-1]["predicted"]), lines[number]))
        wanted_entities = [item for item in judged.entity_targets if item["text"] == event.text]
        got_entities = [item for item in judged.entity_predictions if item["text"] == event.text]
        faults += _entities(wanted_entities, got_entities, lines[number])
        predicted = [str(item["predicted"]) for item in after if item["predicted"] != LISTEN]
        turns.append(Turn(lines[number], event.text or f"/{wanted}", "types", _reply(got, predicted), faults))
    return turns


def _until_it_listens(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Takes the actions up to where the story waits for the next message."""
    taken: list[dict[str, Any]] = []
    while actions and (not taken or taken[-1]["action"] != LISTEN):
        taken.append(actions.pop(0))
    return taken


def _reply(intent: str, actions: Sequence[str]) -> dict[str, Any]:
    """What is predicted, in the form of a reply. Nothing was said, so its messages are the names of actions."""
    said = [f"intent {intent}", *actions]
    return {"messages": said, "text": "\n".join(said), "buttons": [], "sources": [], "intent": intent}


def _entities(wanted: Sequence[dict[str, Any]], got: Sequence[dict[str, Any]], line: int) -> list[Fault]:
    """Entities differ when one is missing or one too many is found; ours count only where a story names them."""
    named = {str(item["entity"]) for item in wanted}
    expected = {_entity(item) for item in wanted}
    actual = {_entity(item) for item in got if item["entity"] not in OURS or item["entity"] in named}
    if expected == actual:
        return []
    return [Fault("entities", "; ".join(sorted(expected)) or "none", "; ".join(sorted(actual)) or "none", line)]


def _entity(item: dict[str, Any]) -> str:
    return f"{item['entity']}={item['value']} in “{item['text']}”"
