"""One size, measured in this process: `python -m bench.growth.turns MODEL`, with the service's settings."""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import sys
import time
from pathlib import Path

from bot.runtime import lean_imports, threads

ROUNDS = 5
QUESTIONS = (
    "Is NPQH funded?",
    "How long does NPQSL take?",
    "When does the SENCO NPQ start?",
    "Who can take NPQEYL?",
    "How do I apply for NPQLT?",
    "What does NPQLTD cost?",
    "How is NPQLBC assessed?",
    "Which providers run NPQLL?",
    "Can I defer my NPQ?",
    "and how long does it take?",
    "which npqs are there",
    "compare npqh and npqsl",
    "do you sell swimming badges",
    "what is the diference between npqtld and npqlt",
)


def main(model: Path) -> None:
    """Print the figures as JSON."""
    threads.only_one()
    lean_imports.install(serving=True)
    from bot.runtime.quiet import hush

    hush()
    from bot.channels.guide import Guide
    from bot.channels.turns import TurnLog
    from bot.nlu.encoder import session as encoder
    from bot.runtime.agent import load_agent
    from bot.runtime.readings import read_anew
    from bot.settings import read
    from guidance import interest

    settings = read()
    interest.use(settings.open_interests(lambda text: None))
    agent = load_agent(model, settings.database_url)
    read_anew(agent.processor)  # what grows is looked through while a message is read
    guide = Guide(agent, TurnLog(agent.tracker_store.engine), settings.contact)

    async def turn(visitor: str, text: str) -> float:
        began = time.process_time()
        await guide.reply(visitor, text, "web")
        return (time.process_time() - began) * 1000

    async def everything() -> list[float]:
        for text in QUESTIONS:
            await turn("first", text)
        rounds = []
        for number in range(ROUNDS):
            encoder.active().forget()
            rounds.append([await turn(f"visitor {number}", text) for text in QUESTIONS])
        return [min(times) for times in zip(*rounds)]

    asyncio.run(turn("ready", "hello"))
    ready, times = time.process_time(), asyncio.run(everything())
    memory = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    found = {
        "mean_ms": statistics.mean(times),
        "median_ms": statistics.median(times),
        "most_ms": max(times),
        "ready_s": ready,
        "memory_mb": int(memory[1]) / 1024 if memory else 0.0,
        "each_ms": dict(zip(QUESTIONS, times)),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
