"""Nothing leaves the machine: no telemetry, no error reports."""

import subprocess
import sys

CODE = """
import socket
reached = []
real = socket.socket.connect
def connect(self, address):
    reached.append(address)
    return real(self, address)
socket.socket.connect = connect
from bot.runtime.quiet import hush
hush()
import rasa.telemetry
rasa.telemetry.initialize_telemetry()
rasa.telemetry.initialize_error_reporting()
rasa.telemetry.track_server_start([], None, None, 1, True)
import sentry_sdk
print(rasa.telemetry.is_telemetry_enabled(), sentry_sdk.Hub.current.client, reached)
"""


def test_no_connection_is_made() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "False None []"
