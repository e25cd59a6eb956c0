"""Schools and DfE's lists as a conversation names them: what the tester has imported makes no difference."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bot.conversations.clock import usual_day
from bot.conversations.environment import setting
from guidance.schools import import_file

HOME = "NPQ_HOME"
_made: dict[tuple[tuple[str, int], ...], Path] = {}


def register(files: Sequence[Path]) -> AbstractContextManager[None]:
    """The guide knows the schools and lists of these files, read as `npq lists import` reads them, and no others.

    Raises:
        ImportRefused: a file is none of DfE's; the text says what is wrong.
    """
    return setting(HOME, str(_home(files)))


def _home(files: Sequence[Path]) -> Path:
    """A folder with what the files hold; made once while they stay as they are."""
    key = tuple((str(path), path.stat().st_mtime_ns) for path in files)
    if key not in _made:
        folder = Path(tempfile.mkdtemp(prefix="npq-schools-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for path in files:
            import_file(path, folder, usual_day())
        _made[key] = folder
    return _made[key]
