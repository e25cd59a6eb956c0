"""Runs `npq` as people do."""

from __future__ import annotations

import os
import subprocess

from tests.conftest import NPQ, PROJECT


def npq(
    *arguments: object, said: str | None = None, seconds: float = 250, **environment: str
) -> subprocess.CompletedProcess[str]:
    """One `npq` command in the project's folder, with this on its standard input; given up after so many seconds."""
    return subprocess.run(
        [str(NPQ), *map(str, arguments)],
        input=said,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=PROJECT,
    )
