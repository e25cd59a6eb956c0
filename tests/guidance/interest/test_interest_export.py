"""Exports for programs and spreadsheets, references, keys."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from guidance.interest import Interest, OptionError, export, open_interests, reference
from guidance.interest.keys import KeyProblem, Keyring, Unreadable
from tests.conftest import PROJECT
from tests.guidance.interest.people import AT, DETAILS, KEY, OLD_KEY, keyring

INTEREST = Interest("1", "NPQ-2345-6789", DETAILS, False, AT, AT, "talk-1", "web")


def cells(interest: Interest) -> dict[str, str]:
    (row,) = csv.DictReader(io.StringIO(export.to_csv([interest])))
    return row


def test_json_is_an_array_by_the_contract() -> None:
    (row,) = json.loads(export.to_json([INTEREST]))
    assert tuple(row) == export.COLUMNS
    assert row["name"] == "Zoë Quillfeather"
    assert row["marketing_consent"] is False
    assert export.to_json([]) == "[]\n"


def test_csv_reads_back() -> None:
    tricky = replace(DETAILS, name='Zoë "Z", Quill', school="Elm; Road", phone=None)
    row = cells(replace(INTEREST, details=tricky))
    assert tuple(row) == export.COLUMNS
    assert (row["name"], row["school"], row["phone"]) == ('Zoë "Z", Quill', "Elm; Road", "")
    assert (row["programmes"], row["marketing_consent"]) == ("NPQH NPQSL", "no")
    assert export.to_csv([INTEREST]).count("\r\n") == 2


@pytest.mark.parametrize(
    "text",
    [
        *(f"{sign}1+1" for sign in "=+-@\t\r\n\0＝＋－＠﹢﹣﹦﹫⁺₊⁻₋⁼₌−–—‐‑‒―"),
        "=cmd|' /C calc'!A0", " =1", "\u00a0=1", "\u200b=1", "\u3000＝1", "\u202e=1", "\t=1", "+447700900123",
    ],
)  # fmt: skip
def test_no_cell_can_be_a_formula(text: str) -> None:
    wanted = f"'{text}".replace("\0", "") if text[0] != "\0" else "1+1"
    assert export.harmless(text) == wanted
    assert cells(replace(INTEREST, details=replace(DETAILS, name=text)))["name"] == wanted


@pytest.mark.parametrize("text", ["", "Zoë", "O'Brien", "1+1", "a=b", "St Mary - C of E", "(=1)", "نام", "李小龙"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert export.harmless(text) == text


def test_a_reference_survives_how_people_write_it() -> None:
    given = reference.new()
    assert len(given) == 13
    for written in (
        given,
        given.lower(),
        given.replace("-", ""),
        f"  {given.replace('-', ' ')} ",
        given.replace("-", "–"),
    ):
        assert reference.read(written) == given


def test_every_wrong_character_and_every_swap_is_noticed() -> None:
    given = reference.new()
    body = given[4:8] + given[9:]
    wrong = {body[:at] + sign + body[at + 1 :] for at in range(8) for sign in reference.ALPHABET}
    for one in range(8):
        for other in range(one):
            signs = list(body)
            signs[one], signs[other] = signs[other], signs[one]
            wrong.add("".join(signs))
    wrong.discard(body)
    assert len(wrong) > 170
    for text in wrong:
        with pytest.raises(reference.NotAReference):
            reference.read(f"NPQ-{text[:4]}-{text[4:]}")


def test_references_do_not_repeat_and_have_no_lookalikes() -> None:
    given = {reference.new() for _ in range(500)}
    assert len(given) == 500
    assert not set("".join(given)) - set(reference.ALPHABET) - set("NPQ-")
    assert not set(reference.ALPHABET) & set("01IOLSZGBNAEU")


@pytest.mark.parametrize(
    "text", ["", "NPQ", "ABC-2345-6789", "NPQ-2345-678", "NPQ-O345-6789", "x" * 500, "NPQ-2345-67890"]
)
def test_what_is_no_reference_is_told(text: str) -> None:
    with pytest.raises(reference.NotAReference, match=r"reference"):
        reference.read(text)


def test_each_value_is_bound_to_its_row_and_field() -> None:
    ring = keyring()
    sealed = ring.encrypt("Zoë", "row", "name")
    assert ring.decrypt(sealed, "row", "name") == "Zoë"
    assert ring.encrypt("Zoë", "row", "name") != sealed
    for row, name in (("other", "name"), ("row", "email")):
        with pytest.raises(Unreadable):
            ring.decrypt(sealed, row, name)
    for changed in (sealed[:-8] + "AAAAAAA=", sealed[:20], sealed.replace(".", ""), "", "é"):
        with pytest.raises(Unreadable):
            ring.decrypt(changed, "row", "name")
    with pytest.raises(Unreadable, match="NPQ_DATA_KEY"):
        keyring(OLD_KEY).decrypt(sealed, "row", "name")
    assert keyring(OLD_KEY, KEY).decrypt(sealed, "row", "name") == "Zoë"


@pytest.mark.parametrize("write", [lambda raw: raw.hex(), lambda raw: base64.b64encode(raw).decode(),
                                   lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")])  # fmt: skip
def test_keys_may_be_written_in_several_ways(write: object) -> None:
    raw = bytes(range(200, 232))
    same = Keyring([raw]).encrypt("x", "row", "name")
    assert Keyring.parse(f" {write(raw)} ").decrypt(same, "row", "name") == "x"  # type: ignore[operator]


@pytest.mark.parametrize("text", ["", "secret", "A" * 43, "0" * 64, f"{KEY},", f"{KEY},short", KEY[:-2], "é" * 43])
def test_a_weak_or_broken_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(KeyProblem) as refused:
        Keyring.parse(text)
    assert KEY not in str(refused.value)
    assert "Make one with" in str(refused.value)


def test_production_needs_a_key_and_development_makes_one(tmp_path: Path) -> None:
    url, said = f"sqlite:///{tmp_path / 'a.db'}", []
    with pytest.raises(OptionError, match="NPQ_DATA_KEY: is missing"):
        open_interests(url, tmp_path, {"NPQ_ENV": "production"}, said.append)
    with pytest.raises(OptionError, match="NPQ_ENV"):
        open_interests(url, tmp_path, {"NPQ_ENV": "prod"}, said.append)
    assert not (tmp_path / "data.key").exists()
    open_interests(url, tmp_path, {"NPQ_ENV": "production", "NPQ_DATA_KEY": KEY}, said.append)
    assert said == []
    for _ in range(2):
        open_interests(url, tmp_path, {}, said.append)
    assert len(said) == 1
    assert "Warning: made a development key" in said[0]
    assert stat.S_IMODE(os.stat(tmp_path / "data.key").st_mode) == 0o600


MAKE_KEY = """
import sys
from pathlib import Path
from guidance.interest.keys import development_key
sys.stdin.readline()
print(development_key(Path(sys.argv[1]), lambda text: None))
"""


def test_processes_that_start_at_once_make_one_development_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE_KEY, str(tmp_path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
        for _ in range(4)
    ]
    printed = {process.communicate("go\n")[0] for process in started}
    assert len(printed) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data.key"]
