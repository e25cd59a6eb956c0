"""Results as JUnit XML, which every CI system reads."""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from bot.conversations.played import Played
from bot.conversations.showing import as_text

NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(played: Sequence[Played], path: Path) -> None:
    """One test case a conversation, one suite a file."""
    suites = xml.Element("testsuites", name="npq test")
    for file, items in groupby(sorted(played, key=lambda item: item.test.file), key=lambda item: item.test.file):
        cases = list(items)
        suite = xml.SubElement(
            suites,
            "testsuite",
            name=file,
            tests=str(len(cases)),
            failures=str(sum(not case.passed for case in cases)),
            errors="0",
            time=f"{sum(case.seconds for case in cases):.3f}",
        )
        for case in cases:
            _case(suite, case)
    path.parent.mkdir(parents=True, exist_ok=True)
    xml.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def _case(suite: xml.Element, played: Played) -> None:
    test = played.test
    element = xml.SubElement(
        suite, "testcase", classname=test.file, name=test.name, file=test.file, line=str(test.line)
    )
    element.set("time", f"{played.seconds:.3f}")
    if not played.passed:
        first = played.all_faults[0]
        message = f"{first.check}: expected {first.expected}, actual {first.actual}"
        failure = xml.SubElement(element, "failure", message=NOT_IN_XML.sub("", message))
        failure.text = NOT_IN_XML.sub("", as_text(played))
