"""Sanic's reading of requests, made careful.

Sanic 21.12, the newest that Rasa takes, answers some malformed heads with a server error, and one whose Content-Length
is negative keeps the whole process busy for ever. Here each is a bad request. Tests fail without it
(tests/bot/channels/test_malformed.py).
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from collections.abc import AsyncIterator

from sanic.exceptions import InvalidUsage, SanicException
from sanic.http import Http, Stage
from sanic.server import HttpProtocol


class CarefulHttp(Http):
    """One connection's requests."""

    async def http1_request_header(self) -> None:
        """Receive a head.

        Raises:
            SanicException: 4xx: it cannot be understood, or does not say clearly where its body ends.
        """
        try:
            await super().http1_request_header()
            self._check_body()
        except SanicException:
            self._give_up()
            raise
        except Exception as error:  # an address or a length that cannot be read
            self._give_up()
            raise InvalidUsage("Bad Request") from error

    def _check_body(self) -> None:
        """One length of plain digits, or chunks, never both: a proxy may read anything else in another way."""
        headers = self.request.headers
        lengths, codings = headers.getall("content-length", []), headers.getall("transfer-encoding", [])
        plain = all(length.isascii() and length.isdigit() for length in lengths)
        if len(lengths) + len(codings) > 1 or not plain or any(coding.lower() != "chunked" for coding in codings):
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

    __slots__ = ("_force", "_lost")

    def connection_made(self, transport: Transport) -> None:
        """A connection begins."""
        self._force: TimerHandle | None = None  # closes the connection when the other side does not
        self._lost = False
        super().connection_made(transport)

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = CarefulHttp(self)  # type: ignore[misc]  # a slot of Sanic's own class

    def close(self, timeout: float | None = None) -> None:
        """Close the connection, by force when that takes too long.

        Sanic keeps every closed connection with what it received in memory until that time is over, 15 seconds:
        many short connections then need much memory.
        """
        if self.transport and not self._lost and self._force is None:
            self.transport.close()
            wait = self.app.config.GRACEFUL_SHUTDOWN_TIMEOUT if timeout is None else timeout
            self._force = self.loop.call_later(wait, self.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed: nothing is left to force."""
        self._lost = True
        if self._force is not None:
            self._force.cancel()
            self._force = None
        super().connection_lost(exc)
