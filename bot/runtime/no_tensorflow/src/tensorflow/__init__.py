"""Stand-in for TensorFlow, see `_standin.py`.

Only submodules that Rasa 3.6 imports exist here. The rest (`tensorflow.experimental.dlpack`, for
one) must stay an ImportError: that is how thinc and others learn that there is no TensorFlow.
"""

from typing import Any

from tensorflow._standin import TensorFlowNotInstalled, names_of, placeholder, register

__version__ = "2.12.0"
__getattr__ = names_of(__name__)

register(
    "tensorflow.keras",
    "tensorflow.keras.backend",
    "tensorflow.keras.callbacks",
    "tensorflow.keras.utils",
    "tensorflow.python",
    "tensorflow.python.eager",
    "tensorflow.python.eager.wrap_function",
    "tensorflow.python.types",
    "tensorflow.python.types.core",
    "tensorflow.types",
    "tensorflow.types.experimental",
)


class config:
    """The one part that is asked at start whether there is a GPU. There is none."""

    @staticmethod
    def get_visible_devices(device_type: Any = None) -> list[Any]:
        return []

    @staticmethod
    def list_physical_devices(device_type: Any = None) -> list[Any]:
        return []

    threading = placeholder("tensorflow.config.threading")
    experimental = placeholder("tensorflow.config.experimental")


__all__ = ["TensorFlowNotInstalled", "config"]
