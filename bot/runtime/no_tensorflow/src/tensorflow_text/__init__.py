"""Stand-in for TensorFlow Text, see `tensorflow/_standin.py`."""

from tensorflow._standin import names_of

__getattr__ = names_of(__name__)
