"""Packages Rasa imports but this service never calls are not loaded.

Rasa imports every tracker store and channel it knows, whatever is configured: MongoDB, DynamoDB, Telegram,
Webex and, for its pickle-free scikit-learn files, skops, which searches all loaded modules. They cost about
75 MB and several seconds at each start. A placeholder stands in for each; using one says what is missing.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

# scikit-learn imports scipy.stats for transformers and searches that are not used here; spaCy its own command line,
# and langcodes for codes of languages it does not know by name (ours is "en").
UNUSED = frozenset(
    {
        "aiogram",
        "apscheduler",
        "boto3",
        "botocore",
        "cachecontrol",
        "engineio",
        "fbmessenger",
        "google.auth",
        "google.oauth2",
        "langcodes",
        "matplotlib",
        "mattermostwrapper",
        "prompt_toolkit",
        "pymongo",
        "questionary",
        "requests",
        "rocketchat_API",
        "scipy.stats",
        "skops",
        "socketio",
        "spacy.cli",
        "twilio",
        "webexteamssdk",
    }
)
# What learning needs and a trained model does not: `npq run` trains in a process of its own. Rasa's graph runs without
# dask (graph.py). SciPy's algebra comes with scikit-learn, of which serving only cuts texts into n-grams; the report of
# what was not answered makes its groups in a process of its own.
LEARNING = frozenset(
    {
        "dask",
        "scipy.interpolate",
        "scipy.linalg",
        "scipy.optimize",
        "scipy.sparse.csgraph",
        "scipy.sparse.linalg",
        "scipy.special",
        "sklearn.linear_model",
        "sklearn.model_selection",
        "sklearn_crfsuite",
        "tqdm",
    }
)
# What others take when it is there and do without when it is not, so serving does without: coloured logs, locks for
# files in Redis.
OPTIONAL = frozenset({"portalocker.redis", "rich"})


class NotLoaded(RuntimeError):
    """Something really used a package that is left out of the service."""


class _Refusing(type):
    """Classes of a package left out: can be named and inherited from, not made."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise NotLoaded(f"{cls.__module__}.{cls.__name__} is not loaded in this service (bot/runtime/lean_imports.py).")

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(name, cls.__module__)


def _placeholder(name: str, module: str) -> type:
    return _Refusing(name, (), {"__module__": module})


class _Module(ModuleType):
    """A module whose every public name is a placeholder."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(name, self.__name__)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the packages left out, and anything inside them."""

    def __init__(self) -> None:
        self.names = UNUSED
        self.without: frozenset[str] = frozenset()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self.without:
            raise ModuleNotFoundError(f"{fullname} is left out (bot/runtime/lean_imports.py)", name=fullname)
        if not any(fullname == name or fullname.startswith(f"{name}.") for name in self.names):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def install(*, serving: bool = False) -> None:
    """Leave the unused packages out from now on; one already loaded stays. Doing it twice changes nothing.

    `serving`: also those that only learning needs. A process that did so cannot train.
    """
    shim = sys.modules.get("_distutils_hack")
    if shim is not None and "distutils" not in sys.modules:
        shim.remove_shim()  # Sanic asks distutils for one small function; setuptools' own brings all of setuptools
    finder = next((finder for finder in sys.meta_path if isinstance(finder, _Finder)), None)
    if finder is None:
        finder = _Finder()
        sys.meta_path.insert(0, finder)
    if serving:
        finder.names = UNUSED | LEARNING
        finder.without = OPTIONAL
