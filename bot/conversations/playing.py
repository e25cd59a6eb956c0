"""Play one scripted conversation and judge every reply."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from bot.conversations.checks import Fault, judge
from bot.conversations.clock import usual_day
from bot.conversations.partner import Away, Partner
from bot.conversations.played import Played, Turn
from bot.conversations.script import Conversation, Said, Step
from bot.conversations.wording import same
from guidance.schools import ImportRefused

logger = logging.getLogger(__name__)

MOST_REPLIES = 60  # a form that asks more often goes round in circles


class _Stuck(Exception):
    """The conversation cannot go on."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.actual)


async def play(conversation: Conversation, partner: Partner, *, explain: bool = False) -> Played:
    """Play it in a session of its own, on its own day. `explain` gathers details of every turn, not only of faults."""
    day = conversation.today or usual_day()
    began = time.perf_counter()
    played = Played(conversation, day, session=await partner.new_session())
    playing = _Playing(conversation, partner, played, explain)
    try:
        with partner.on(day, conversation.schools):
            await playing.all()
    except ImportRefused as refused:
        played.faults.append(Fault("schools", "files of DfE's, as docs/lists.md describes", str(refused)))
    played.seconds = time.perf_counter() - began
    return played


@dataclass
class _Playing:
    conversation: Conversation
    partner: Partner
    played: Played
    explain: bool

    @property
    def session(self) -> str:
        """The session it plays in."""
        return self.played.session

    async def all(self) -> None:
        """Every step, until it gets stuck."""
        try:
            for step in self.conversation.steps:
                await self.step(step)
        except _Stuck as stuck:
            self.note([stuck.fault])
        except Away:
            raise
        except Exception as error:
            logger.exception("A conversation could not be played.")
            self.played.faults.append(Fault("playing", "a reply", f"{type(error).__name__}: {error}"))
        await self.explain_faults()

    async def step(self, step: Step) -> None:
        """Do what the visitor does, then judge the last reply."""
        if step.said is not None:
            await self.say(step.said, step.line)
        if step.answers:
            await self.walk(step)
        self.note(judge(step.expects, self.last.reply))
        if self.last.faults:
            self.last.details = await self.partner.details(self.session)

    async def walk(self, step: Step) -> None:
        """Reply to what the bot asks for as long as the step knows a reply."""
        left = {asked: list(replies) for asked, replies in step.answers.items()}
        for number in range(MOST_REPLIES):
            asked = self.last.reply["asking"] if self.played.turns else None
            if asked not in left:
                break
            if not left[asked]:
                again = f"`{asked}` again after “{self.last.said}”"
                raise _Stuck(Fault("answers", "asks for something else, or has another reply", again, step.line))
            await self.say(left[asked].pop(0), step.line, how=f"answers {asked}")
            if number == MOST_REPLIES - 1:
                raise _Stuck(Fault("answers", "an end", f"asked {MOST_REPLIES} times", step.line))
        unused = [asked for asked, replies in step.answers.items() if left[asked] == list(replies)]
        if len(unused) == len(left):
            asked = self.last.reply["asking"] if self.played.turns else None
            raise _Stuck(
                Fault("answers", f"asks for {' or '.join(unused)}", f"asks for {asked or 'nothing'}", step.line)
            )
        for asked, replies in step.answers.items():
            if left[asked] and asked not in unused:
                taken = replies[len(replies) - len(left[asked]) - 1].text
                again = f"`{asked}` asked again after “{taken}”"
                self.note([Fault("answers", again, f"“{taken}” was taken", step.line)])

    async def say(self, said: Said, line: int, how: str = "") -> None:
        """Send one message; a button's payload where it is to be pressed."""
        text = self.payload(said.text, line) if said.press else said.text
        reply = await self.partner.say(self.session, text, self.conversation.channel)
        turn = Turn(line, said.text, how or ("presses" if said.press else "types"), reply)
        self.played.turns.append(turn)
        if self.explain:
            turn.details = await self.partner.details(self.session)

    def payload(self, title: str, line: int) -> str:
        """What the button with that title sends."""
        offered = self.last.reply["buttons"] if self.played.turns else []
        for button in offered:
            if same(button["title"], title):
                return str(button["payload"])
        titles = " | ".join(button["title"] for button in offered)
        raise _Stuck(Fault("press", title, f"offered: {titles or 'nothing'}", line))

    @property
    def last(self) -> Turn:
        """The last turn."""
        return self.played.turns[-1]

    def note(self, faults: list[Fault]) -> None:
        """Faults of the last reply, or of the conversation before there is one."""
        (self.last.faults if self.played.turns else self.played.faults).extend(faults)

    async def explain_faults(self) -> None:
        """Where it got stuck, the last turn is the one to explain."""
        if self.played.turns and self.last.faults and not self.last.details:
            self.last.details = await self.partner.details(self.session)
