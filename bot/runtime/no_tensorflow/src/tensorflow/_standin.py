"""Placeholders that can be imported, annotated with and subclassed, but never used.

Rasa imports TensorFlow while it loads, even when no component of the model needs it. Every name
Rasa asks for is answered with an empty class. Touching one for real (calling it, or creating an
instance of a subclass) raises `TensorFlowNotInstalled`.
"""

import sys
from abc import ABCMeta
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_PATH = "_standin_path"


class TensorFlowNotInstalled(RuntimeError):
    """Something tried to compute with TensorFlow, which this project does not install."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was used, but TensorFlow is not installed on purpose. Remove the component "
            "that needs it from config.yml (DIETClassifier, ResponseSelector, TEDPolicy, "
            "UnexpecTEDIntentPolicy, ConveRTFeaturizer and LanguageModelFeaturizer do)."
        )


class _Standin(ABCMeta):
    """ABCMeta, because Rasa mixes Keras classes with abstract base classes of its own."""

    def __getattr__(cls, name: str) -> Any:
        # Only the placeholder itself has every attribute; Rasa's subclasses behave normally.
        if name.startswith("__") or _PATH not in vars(cls):
            raise AttributeError(name)
        value = placeholder(f"{vars(cls)[_PATH]}.{name}")
        setattr(cls, name, value)  # one name, one class, as with the real thing
        return value

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise TensorFlowNotInstalled(vars(cls).get(_PATH, cls.__qualname__))


def placeholder(path: str) -> Any:
    """The empty class which stands for the TensorFlow name `path`."""
    return _Standin(path.rpartition(".")[2], (), {_PATH: path, "__module__": "tensorflow"})


def names_of(module: str) -> Callable[[str], Any]:
    """A module-level `__getattr__` which answers every public name with a placeholder."""

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        value = placeholder(f"{module}.{name}")
        setattr(sys.modules[module], name, value)
        return value

    return __getattr__


def register(*paths: str) -> None:
    """Make dotted submodules importable. Parents must come before their children."""
    for path in paths:
        parent, _, leaf = path.rpartition(".")
        module = ModuleType(path, "Stand-in, see tensorflow._standin.")
        module.__spec__ = ModuleSpec(path, loader=None, is_package=True)
        module.__path__ = []
        module.__getattr__ = names_of(path)  # type: ignore[method-assign]
        sys.modules[path] = module
        setattr(sys.modules[parent], leaf, module)
