"""What the visitor is told around a chat with a person."""

from __future__ import annotations

import re

from bot.handoff.tables import Handoff

YES, NO = "Yes, ask a person", "No thanks"
BACK = "Go back to the guide"
HELPED, NOT_HELPED = "Yes, it helped", "No, it did not help"

OFFER = (
    "I can ask a person from our team to join this chat. They would see the chat so far, and what you "
    "type from then on, "
    "in Slack, which our team uses. Do not type anything you do not want to share with them. Shall I ask?"
)
AWAY = "Nobody from our team is here now. They are here {hours}, UK time. You can leave your details instead."
REQUESTED = (
    "I have asked our team. If somebody is free, they will join this chat within a few minutes. Keep "
    "this page open. What you type now goes to them."
)
PASSED_ON = "I have passed that on. Nobody has joined yet; I will tell you when somebody does, or if nobody can."
JOINED = "{name} has joined this chat. {name} is a person, not the automated guide."
REFUSED = "All right, I have not asked anybody. What would you like to know?"
CANCELLED = "All right, you are back with me, the automated guide. I have told our team. What would you like to know?"
LEFT_PERSON = "You have ended the chat with {name} and are back with me, the automated guide."
NOBODY = (
    "Sorry, nobody from our team is free now. You can leave your details so that a provider can contact "
    "you, or write to {contact}. You are back with me, the automated guide, and can go on asking."
)
SLACK_AWAY = (
    "Sorry, I cannot reach our team at the moment. I go on trying and nothing you wrote is lost. You can "
    "wait, or leave your details so that a provider can contact you."
)
NOT_PASSED_ON = (
    "Sorry, I could not pass on your last message yet. I go on trying. If it is urgent, leave your details or write to "
    "{contact}."
)
LOST = "Sorry, your last message could not be passed on. Please write it again, or write to {contact}."
UNREACHABLE = (
    "Sorry, I cannot reach our team. You can leave your details so that a provider can contact you, or "
    "write to {contact}. You are back with me, the automated guide."
)
CLOSED_BY = "{name} has ended this chat. You are back with me, the automated guide."
RETURNED = (
    "{name} has handed you back to me, the automated guide. I know what this chat was about. What would you like to "
    "know?"
)
SILENT_VISITOR = (
    "The chat with {name} has ended, because nothing was written for {minutes} minutes. You are back with me, the "
    "automated guide."
)
SILENT_PERSON = (
    "Sorry, {name} has not answered for {minutes} minutes, so I have ended the chat with them. You can "
    "leave your details "
    "so that a provider can contact you, or write to {contact}. You are back with me, the automated guide."
)
RATE = "Did the chat with {name} help?"
THANKS = "Thank you. Ask me anything else you would like to know about NPQs."
CANNOT = (
    "Sorry, your message could not be passed on: there is a problem with this service. Please send it "
    "again in a minute, or write to {contact}."
)

_PLAIN_YES = re.compile(
    r"(?:yes|yeah|yep|yes please|please|please do|ok|okay|sure|go ahead|yes ask|do it|yes i would|yes go ahead|y)"
    r"(?: thanks| thank you| please)?"
)
_PLAIN_NO = re.compile(r"(?:no|nope|no thanks|no thank you|not now|no i would not|dont|do not|n)")
_CANCEL = re.compile(
    r"(?:please )?(?:go |take me |get )?back to (?:the |npq )?(?:guide|bot|chatbot)|cancel|stop waiting|never ?mind|"
    r"forget it|dont bother|do not bother|i(?:ll| will) not wait|stop"
)


def is_yes(text: str, *, strict: bool) -> bool:
    """Whether it is a clear yes to the offer; only the button's words where a mere "yes" may mean something else."""
    return _bare(text) == _bare(YES) or (not strict and bool(_PLAIN_YES.fullmatch(_bare(text))))


def is_no(text: str, *, strict: bool) -> bool:
    """The same for no."""
    return _bare(text) == _bare(NO) or (not strict and bool(_PLAIN_NO.fullmatch(_bare(text))))


def is_cancel(text: str) -> bool:
    """Whether the visitor will not wait any more."""
    return bool(_CANCEL.fullmatch(_bare(text)))


def is_back(text: str) -> bool:
    """Whether the visitor ends the chat with the person. Only the button's words: others may be meant "
    "for the person."""
    return _bare(text) == _bare(BACK)


def same(text: str, other: str) -> bool:
    """Whether two texts differ by no more than case and punctuation."""
    return _bare(text) == _bare(other)


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def waiting(_handoff: Handoff | None = None) -> dict[str, str | None]:
    """What pages show: a person was asked."""
    return {"state": "waiting", "name": None}


def here(handoff: Handoff) -> dict[str, str | None]:
    """What pages show: a person is in the chat."""
    return {"state": "here", "name": handoff.name}
