"""Sanic's reading of requests, made careful.

Sanic 21.12, the newest that Rasa takes, answers some malformed heads with a server error, and one whose Content-Length
is negative keeps the whole process busy for ever. Here each is a bad request. Tests fail without it
(tests/bot/channels/test_malformed.py).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from sanic.exceptions import InvalidUsage, SanicException
from sanic.http import HTTP_CONTINUE, Http, Stage
from sanic.server import HttpProtocol

# What a proxy before us could read in another way than Sanic does, it could take the end of one request for another's.
_LINE = re.compile(rb"[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*", re.ASCII)
_BODY = re.compile(rb"content-length:[\t ]*[0-9]+|transfer-encoding:[\t ]*chunked", re.IGNORECASE)
_BODY_NAMES = (b"content-length", b"transfer-encoding")
_CHUNK = re.compile(rb"\r\n[0-9a-f]{1,8}(;[\t\x20-\x7e]*)?\r\n", re.IGNORECASE)
_LAST_CHUNK = re.compile(rb"\r\n0+[;\r]")
MOST_CHUNK_HEAD = 100


class CarefulHttp(Http):
    """One connection's requests."""

    expecting_continue: bool

    async def http1_request_header(self) -> None:
        """Receive a head.

        Raises:
            SanicException: 4xx: it cannot be understood, or does not say clearly where its body ends.
        """
        try:
            await super().http1_request_header()
            self._check_head()
            if getattr(self.protocol.app.ctx, "stopping", False):  # the process ends (bot/serving.py)
                self.keep_alive = False
        except SanicException:
            self._give_up()
            raise
        except Exception as error:  # an address or a length that cannot be read
            self._give_up()
            raise InvalidUsage("Bad Request") from error

    def _check_head(self) -> None:
        """Lines as they must be, one host, and one length of plain digits or chunks, never both."""
        lines = self.request.head.split(b"\r\n")[1:]
        names = [line.partition(b":")[0].lower() for line in lines]
        bodies = [line for line, name in zip(lines, names, strict=True) if name in _BODY_NAMES]
        plain = all(map(_LINE.fullmatch, lines)) and all(map(_BODY.fullmatch, bodies))
        if not plain or len(bodies) > 1 or names.count(b"host") > 1:
            raise InvalidUsage("Bad Request")

    async def read(self) -> bytes | None:
        """Some bytes of the body.

        Raises:
            InvalidUsage: it comes in chunks that do not say clearly where they end.
        """
        if self.expecting_continue:
            self.expecting_continue = False
            await self._send(HTTP_CONTINUE)
        if self.request_body == "chunked" and not self.request_bytes_left:
            await self._check_chunk()
        found: bytes | None = await super().read()
        return found

    async def _check_chunk(self) -> None:
        """The next chunk's head: its size in plain digits. After the last there is nothing; no trailer is read."""
        buffer = self.recv_buffer
        while (end := buffer.find(b"\r\n", 2)) < 0 and len(buffer) <= MOST_CHUNK_HEAD:
            await self._receive_more()
        good = 0 < end <= MOST_CHUNK_HEAD and _CHUNK.fullmatch(buffer, 0, end + 2)
        if good and _LAST_CHUNK.match(buffer):
            while len(buffer) < end + 4:
                await self._receive_more()
            good = buffer.startswith(b"\r\n", end + 2)
        if not good:
            raise InvalidUsage("Bad Request")

    def _give_up(self) -> None:
        """Nobody knows where the next request would begin."""
        self.request_body = None
        self.keep_alive = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body, piece by piece. What is left unread of a bad one is not read, once the answer is out."""
        try:
            async for data in super().__aiter__():
                yield data
        except InvalidUsage:
            self._give_up()
            if self.stage is Stage.HANDLER:
                raise

    def create_empty_request(self) -> None:
        """A stand-in for a request that could not be read; its address may be why."""
        self.url = None
        super().create_empty_request()


class CarefulProtocol(HttpProtocol):
    """The protocol to serve with."""

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = CarefulHttp(self)

    def last_answer(self) -> None:
        """Close the connection after the request that is being answered, if any."""
        if self._http:
            self._http.keep_alive = False
