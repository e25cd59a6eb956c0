"""One thread for arithmetic.

OpenBLAS and OpenMP start a thread for each core and let them spin while they wait. The matrices here are small: on two
cores a start spent 0.3 s and 300 answers spent 8 of 25 s of processor time on threads that only waited, and beside
other processes each took the other's core. The service scales by processes, not by threads.
"""

from __future__ import annotations

import os

SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def only_one() -> None:
    """One thread, unless the environment says otherwise. Call before NumPy is imported: it reads this once."""
    for name in SETTINGS:
        os.environ.setdefault(name, "1")
