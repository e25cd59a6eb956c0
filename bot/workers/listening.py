"""The socket that one process or several serve on."""

from __future__ import annotations

import socket


def hold(host: str, port: int) -> socket.socket:
    """A socket for this address. It takes nobody yet: until the service is ready, callers are refused and try again.

    Raises:
        OSError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening
