"""Nothing leaves the machine: no telemetry, no error reports."""

import os
import subprocess
import sys
from pathlib import Path

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


def test_no_connection_is_made_and_no_file_in_the_home_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", CODE]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "False None []"
    assert list(tmp_path.iterdir()) == []


def test_what_is_deprecated_in_packages_is_not_said_to_users() -> None:
    code = (
        "from bot.runtime.quiet import hush; hush(); import rasa.model_training, warnings; "
        "warnings.warn('old', DeprecationWarning)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
