"""Stand-in for Keras, see `tensorflow/_standin.py`."""

from tensorflow._standin import names_of, register

__version__ = "2.12.0"
__getattr__ = names_of(__name__)

register("keras.utils", "keras.utils.control_flow_util", "keras.utils.tf_utils")
