"""Stand-in for TensorFlow Hub, see `tensorflow/_standin.py`."""

from tensorflow._standin import names_of, register

__getattr__ = names_of(__name__)

register("tensorflow_hub.module_v2")
