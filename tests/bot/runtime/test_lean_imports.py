"""What Rasa imports for nothing is not loaded, and using it says so."""

import subprocess
import sys

import pytest

from bot.runtime.lean_imports import UNUSED, NotLoaded

SERVING = """
from bot.runtime.quiet import hush
hush()
import bot.runtime.agent, rasa.model_training, sys
print(sorted(name for name in sys.modules if getattr(sys.modules[name], "__file__", None)
             and any(name == unused or name.startswith(unused + ".") for unused in {unused})))
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)


def test_serving_loads_none_of_them() -> None:
    done = run(SERVING.format(unused=set(UNUSED)))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_without_it_they_are_loaded() -> None:
    done = run("import rasa.core.tracker_store, sys; print('pymongo.collection' in sys.modules)")
    assert done.stdout.strip().splitlines()[-1] == "True"


@pytest.mark.parametrize("use", ["import pymongo; pymongo.MongoClient('x')", "import boto3; boto3.resource('s3')"])
def test_using_one_says_what_is_missing(use: str) -> None:
    done = run(f"from bot.runtime.lean_imports import install; install(); {use}")
    assert NotLoaded.__name__ in done.stderr
    assert "not loaded in this service" in done.stderr


def test_a_service_loads_nothing_that_only_learning_needs() -> None:
    loaded = "sorted(n for n in sys.modules if n in LEARNING and getattr(sys.modules[n], '__file__', None))"
    code = (
        "import sys; from bot.runtime.lean_imports import LEARNING, install; install(serving=True); "
        "from bot.runtime.quiet import hush; hush(); "
        f"import bot.app, bot.runtime.agent, bot.nlu.classifier; print({loaded})"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"
    without = run(code.replace("serving=True", ""))
    assert "sklearn.linear_model" in without.stdout.strip().splitlines()[-1]


def test_a_process_that_serves_cannot_train_and_says_so() -> None:
    done = run(
        "from bot.runtime.lean_imports import install; install(serving=True); "
        "from sklearn.linear_model import LogisticRegression; LogisticRegression()"
    )
    assert "sklearn.linear_model.LogisticRegression is not loaded in this service" in done.stderr


def test_a_service_does_without_what_is_optional() -> None:
    code = (
        "import sys; from bot.runtime.lean_imports import OPTIONAL, install; install(serving=True); "
        "from bot.runtime.quiet import hush; hush(); import bot.app, bot.runtime.agent, portalocker; "
        "print(sorted(OPTIONAL & sys.modules.keys()), 'setuptools' in sys.modules)"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[] False"


def test_a_service_still_groups_what_was_not_answered() -> None:
    done = run(
        "from bot.runtime.lean_imports import install; install(serving=True); "
        "from bot.report.questions import Groups; "
        "found = Groups([('who is the best tutor', 3), ('whos the best tutor', 1), ('is there parking', 2)], {}); "
        "print(found._members)"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[['who is the best tutor', 'whos the best tutor'], ['is there parking']]"
