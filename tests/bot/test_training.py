"""A model that is not the one that was trained is never loaded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import TarSafe

from bot import training
from bot.settings import read
from tests.conftest import NPQ, free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def home(model: Path, tmp_path: Path) -> Path:
    """A home of its own with a copy of the trained model."""
    folder = tmp_path / "home"
    (folder / "models").mkdir(parents=True)
    shutil.copy(model, folder / "models")
    shutil.copy(model.with_suffix(".json"), folder / "models")
    return folder


def npq(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NPQ_HOME": str(home), "NPQ_PORT": str(free_port())}
    return subprocess.run([str(NPQ), *arguments], env=env, capture_output=True, text=True, input="hello\n", timeout=120)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("command", [("run",), ("ask",)], ids=lambda command: command[0])
def test_one_flipped_byte_and_it_does_not_start(home: Path, model: Path, command: tuple[str, ...]) -> None:
    damaged = home / "models" / model.name
    flip(damaged)
    before = damaged.read_bytes()
    done = npq(home, *command)
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-1]
    assert str(damaged) in said
    assert "is not the one that was trained" in said
    assert "`npq train`" in said
    assert "Traceback" not in done.stderr + done.stdout
    assert "Ready" not in done.stdout
    assert damaged.read_bytes() == before, "evidence must not be overwritten unasked"


@pytest.mark.parametrize("seal", ["{}", "not json", '{"sha256": ""}', "[]"])
def test_a_broken_seal_is_no_seal(home: Path, model: Path, monkeypatch: pytest.MonkeyPatch, seal: str) -> None:
    monkeypatch.setenv("NPQ_HOME", str(home))
    assert training.trained_model(read()) == home / "models" / model.name
    (home / "models" / model.name).with_suffix(".json").write_text(seal)
    with pytest.raises(training.ModelDamaged, match=r"is not the one that was trained"):
        training.trained_model(read())


def test_a_model_without_a_seal_is_half_written_and_not_used(
    home: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPQ_HOME", str(home))
    assert training.is_trained(read())
    (home / "models" / model.name).with_suffix(".json").unlink()
    assert not training.is_trained(read())


@pytest.fixture
def quick_training(home: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Rasa's training replaced by a copy of what it made before: what is tested is what happens around it."""
    monkeypatch.setenv("NPQ_HOME", str(home))
    import rasa.model_training

    class Result:
        code = 0

    def train(output: str, fixed_model_name: str, **_: object) -> Result:
        shutil.copy(model, Path(output) / f"{fixed_model_name}.tar.gz")
        return Result()

    return lambda: monkeypatch.setattr(rasa.model_training, "train", train)


def test_npq_train_makes_a_damaged_model_again(
    home: Path, model: Path, quick_training: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import main

    quick_training()
    damaged = home / "models" / model.name
    flip(damaged)
    assert main(["train"]) == 0
    assert "It is trained again now" in capsys.readouterr().err
    assert damaged.read_bytes() == model.read_bytes()
    sealed = json.loads(damaged.with_suffix(".json").read_text())["sha256"]
    assert sealed == json.loads(model.with_suffix(".json").read_text())["sha256"]
    assert [path.name for path in (home / "models").iterdir() if path.is_dir()] == []


def test_models_may_be_kept_apart_from_what_is_written(
    home: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPQ_MODELS", str(home / "models"))
    monkeypatch.setenv("NPQ_HOME", str(tmp_path / "elsewhere"))
    assert training.trained_model(read()) == home / "models" / model.name


def test_a_model_is_packed_without_compressing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: None
) -> None:
    import rasa.model_training

    class Result:
        code = 0

    def train(output: str, fixed_model_name: str, **_: object) -> Result:
        pack(Path(output) / f"{fixed_model_name}.tar.gz")
        return Result()

    def pack(to: Path) -> None:
        (tmp_path / "vectors").write_bytes(bytes(100_000))
        with TarSafe.open(to, "w:gz") as packed:  # as Rasa does
            packed.add(tmp_path / "vectors", arcname="vectors")

    monkeypatch.setenv("NPQ_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(rasa.model_training, "train", train)
    made = training.trained_model(read())
    assert made.stat().st_size > 100_000
    with TarSafe.open(made, "r:gz") as packed:
        assert packed.extractfile("vectors").read() == bytes(100_000)
    pack(tmp_path / "usual.tar.gz")
    assert (tmp_path / "usual.tar.gz").stat().st_size < 10_000
