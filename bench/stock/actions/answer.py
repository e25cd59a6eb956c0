"""The actions of the stock project, for `rasa run actions`."""

import json
from pathlib import Path

from rasa_sdk import Action
from rasa_sdk.events import AllSlotsReset

ANSWERS = json.loads((Path(__file__).resolve().parents[1] / "answers.json").read_text())


class Answer(Action):
    """One fact of the topic asked."""

    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        dispatcher.utter_message(text=ANSWERS.get(intent, "Could you put that another way?"))
        return []


class KeepInterest(Action):
    """The end of the form. Nothing is stored: stock Rasa has no place for it."""

    def name(self):
        return "action_keep_interest"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Thank you. Your interest is noted.")
        return [AllSlotsReset()]
