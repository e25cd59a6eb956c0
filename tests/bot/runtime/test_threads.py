"""Arithmetic takes one thread, unless the operator says otherwise."""

import os
import subprocess
import sys

CODE = """
from bot.runtime import threads
threads.only_one()
import numpy, os, ctypes
numpy.ones((400, 400)) @ numpy.ones((400, 400))
print(os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task")))
"""


def threads(**settings: str) -> list[str]:
    bare = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", CODE], env={**bare, **settings}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_one_thread() -> None:
    assert threads() == ["1", "1"]


def test_a_setting_of_the_operator_stays() -> None:
    assert threads(OPENBLAS_NUM_THREADS="2")[0] == "2"
