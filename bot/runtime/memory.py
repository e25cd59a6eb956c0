"""Give memory back after start-up.

Loading parses some 2 MB of YAML and unpacks the model; what that leaves free stays with the process until the
C library is told to return it. What is loaded stays for good, so the collector need not look at it again.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc


def settle() -> None:
    """Collect what start-up left, keep the rest out of later collections, return free memory (glibc only)."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
