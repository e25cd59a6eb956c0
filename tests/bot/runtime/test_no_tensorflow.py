"""The package in TensorFlow's place is enough for Rasa, and says so when something really needs it."""

import subprocess
import sys

import pytest


def test_rasa_is_imported_without_tensorflow() -> None:
    code = (
        "import rasa.core.agent, tensorflow, sys;"
        "print(tensorflow.config.get_visible_devices());"
        "from importlib.metadata import distribution;"
        "print(sum(file.size or 0 for file in distribution('tensorflow').files) < 100_000)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["[]", "True"]


def test_really_using_it_says_what_is_missing() -> None:
    import tensorflow

    with pytest.raises(Exception, match=r"(?i)tensorflow"):
        tensorflow.constant([1.0])
