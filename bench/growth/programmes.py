"""Knowledge with many programmes: the real one, and made-up programmes beside it up to the number wanted."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from guidance.knowledge.live import knowledge_folder

FACTS = {
    "about": ("{code} is the NPQ in {name}, made up to measure with.", "a made-up NPQ"),
    "duration": ("{months} months of study for {code}, then about 3 more before the result.", "{months} months"),
    "cost": ("About £{price} for {code} when you pay yourself, excluding VAT.", "about £{price}"),
    "assessment": ("One written case study of about {words} words at the end of {code}.", "case study"),
}
FIELDS = """
archery ballads compost drumming engraving falconry gardening heraldry ironwork juggling knitting lacework masonry
needlework orchards pottery quilting rowing sculpture thatching upholstery viticulture weaving xylophones yachting
"""


def write(folder: Path, count: int) -> Path:
    """A knowledge folder with so many programmes, or as many as there really are when that is more."""
    shutil.copytree(knowledge_folder(), folder)
    real = len(list((folder / "programmes").glob("*.yml")))
    like = yaml.safe_load((folder / "programmes" / "NPQLBC.yml").read_text(encoding="utf-8"))
    for number in range(max(0, count - real)):
        code, data = _programme(number, like)
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=None)
        (folder / "programmes" / f"{code}.yml").write_text(text, encoding="utf-8")
    return folder


def _programme(number: int, like: dict[str, object]) -> tuple[str, dict[str, object]]:
    letters = "".join(chr(ord("A") + number // 26**place % 26) for place in (3, 2, 1, 0))
    words = FIELDS.split()
    first, second, third = (words[number // len(words) ** place % len(words)] for place in range(3))
    name = f"leading {first} with {second} and {third}"
    code = f"NPQX{letters}"
    values = {"code": code, "name": name, "months": 6 + number % 30, "price": 500 + number, "words": 1000 + number}
    common = {"source": ["hub-prices"], "as_of": "2026-06-30", "certainty": "likely"}
    facts = {
        topic: {"text": text.format(**values), "short": short.format(**values), **common}
        for topic, (text, short) in FACTS.items()
    }
    kept = {key: like[key] for key in ("group", "status", "valid_from")}
    title = f"NPQ in {name.title()} ({code})"
    named = {"code": code, "name": name, "title": title, **kept, "aliases": [code.lower(), f"npq {name}", name]}
    return code, {**named, "source": ["npq-service-code"], "as_of": "2026-08-21", "facts": facts}
