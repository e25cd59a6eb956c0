"""The encoder equals its reference, refuses weights it does not know, and treats every text alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from bot.nlu.encoder import __main__ as beforehand
from bot.nlu.encoder import build, graph, lately, reference, session, weights

TEXTS = [
    "How long is the NPQH?",
    "funded",
    "I have taught for twelve years, my head says I should apply, and I wonder what it costs and how long it takes.",
]


@pytest.fixture(scope="module")
def exact(files: weights.WeightFiles) -> np.ndarray:
    """The reference's vectors of TEXTS."""
    ids, mask = tokens(files)
    return reference.encode(weights.load(files), ids, mask)


def tokens(files: weights.WeightFiles) -> tuple[np.ndarray, np.ndarray]:
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.enable_padding()
    found = tokenizer.encode_batch(TEXTS)
    return np.array([item.ids for item in found]), np.array([item.attention_mask for item in found])


def test_the_graph_equals_the_reference(files: weights.WeightFiles, exact: np.ndarray) -> None:
    model = graph.build(weights.load(files)).SerializeToString()
    ids, mask = tokens(files)
    (vectors,) = onnxruntime.InferenceSession(model).run(None, {"ids": ids, "mask": mask})
    assert np.abs(vectors - exact).max() < 1e-3


def test_int8_stays_close_to_the_reference(encoder: session.Encoder, exact: np.ndarray) -> None:
    assert (encoder.encode(TEXTS) * exact).sum(axis=1).min() > 0.98


def test_vectors_have_length_one(encoder: session.Encoder) -> None:
    vectors = encoder.encode([*TEXTS, "", "word " * 500, "😀"])
    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_a_text_has_the_same_vector_alone_and_in_company(encoder: session.Encoder) -> None:
    many = encoder.encode([f"{text} {number}" for number in range(40) for text in TEXTS])
    assert np.array_equal(many[3], encoder.encode([f"{TEXTS[0]} 1"])[0])


def test_a_text_read_lately_is_not_read_again(encoder: session.Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = encoder.encode([TEXTS[0], "and when does it start?"])
    monkeypatch.setattr(encoder, "_session", None)
    assert np.array_equal(encoder.encode([TEXTS[0], "and when does it start?"]), first)
    with pytest.raises(AttributeError):
        encoder.encode(["something never read"])


def test_what_was_read_lately_is_bounded_and_holds_no_text() -> None:
    known, vectors = lately.Lately[Any](3), np.eye(6, 384, dtype=np.float32)
    for text, vector in zip("abcd", vectors):
        known.put(text, vector)
        known.get("a")  # still wanted, so it stays
    assert [known.get(text) is not None for text in "abcd"] == [True, False, True, True]
    assert len(known) == 3
    other = lately.Lately[Any](3)
    other.put("a", vectors[0])
    assert not set(known._found) & set(other._found)  # nobody can look up what was asked
    known.forget()
    assert known.get("a") is None


def test_no_texts_give_no_vectors(encoder: session.Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_only_asked_for_texts_are_kept(encoder: session.Encoder) -> None:
    encoder.encode(["a visitor's own words"])
    assert not encoder._kept
    encoder.encode(["a training example"], keep=True)
    assert list(encoder._kept) == ["a training example"]
    encoder.forget()
    assert not encoder._kept


def test_nearer_in_meaning_is_nearer_in_space(encoder: session.Encoder) -> None:
    first, same, other = encoder.encode(["how long does it take", "what is the duration", "who won the cup"])
    assert first @ same > first @ other + 0.3


def test_built_once_then_taken_from_the_cache(files: weights.WeightFiles, encoder: session.Encoder) -> None:
    folder = build.build(files, build.default_cache())
    before = (folder / build.MODEL_FILE).stat().st_mtime_ns
    assert build.build(files, build.default_cache()) == folder
    assert (folder / build.MODEL_FILE).stat().st_mtime_ns == before


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(weights.WeightsError, match=r"model\.safetensors, which does not exist"):
        weights.locate(tmp_path)


def test_an_altered_file_is_refused_with_what_to_do(tmp_path: Path, files: weights.WeightFiles) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(weights.WeightsError, match="is not the file we know") as error:
        weights.locate(tmp_path)
    assert weights.MODEL_SHA256 in str(error.value)
    assert "config.yml" in str(error.value)


def test_other_weights_of_the_same_form_may_be_used(tmp_path: Path, files: weights.WeightFiles) -> None:
    (tmp_path / "model.safetensors").symlink_to(files.model)
    (tmp_path / "tokenizer.json").symlink_to(files.tokenizer)
    assert weights.locate(tmp_path).digest == files.digest


def test_altered_weights_stop_the_training(tmp_path: Path) -> None:
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.featurizer import SentenceEncoder

    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    (tmp_path / "storage").mkdir()
    storage = LocalModelStorage.create(tmp_path / "storage")
    component = SentenceEncoder({"weights_dir": str(tmp_path)}, "encoder", storage, Resource("encoder"))
    with pytest.raises(weights.WeightsError):
        component.train(TrainingData())


def test_without_a_home_the_cache_is_the_projects_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bot.settings import PROJECT

    monkeypatch.delenv("NPQ_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert build.default_cache() == PROJECT / "var" / "encoder"


def test_the_configured_encoder_can_be_built_beforehand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    beforehand.main()
    (folder,) = build.default_cache().iterdir()
    built = session.Encoder(folder)
    assert built.encode([TEXTS[0]]).shape == (1, session.WIDTH)


def test_what_another_process_has_begun_is_not_built_twice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: weights.WeightFiles
) -> None:
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    with build.meanwhile():
        monkeypatch.delattr(build, "_write")  # whoever builds in this process fails
        folder = build.build(files, build.default_cache())
    assert session.Encoder(folder).encode([TEXTS[0]]).shape == (1, session.WIDTH)


def test_missing_weights_are_left_to_training_to_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    monkeypatch.setattr(weights, "PACKAGE", "no_such_weights")
    beforehand.main()
    assert not build.default_cache().exists()
