"""Requests that something is wrong with: body, headers, address, framing, or single bytes."""

from __future__ import annotations

import random
from collections.abc import Callable

PATHS = (
    "/api/sessions",
    "/api/messages",
    "/api/events",
    "/api/turns/1/rating",
    "/api/session",
    "/api/conversation",
    "/api/openapi.json",
    "/plain",
    "/",
    "/health/live",
)
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "get", "", "P OST")
KINDS = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/xml",
    "",
    "a/b/c",
    "\xff\xfe",
    "json",
)


class Malformed:
    """Makes requests that something is wrong with. All choices come from the seed."""

    def __init__(self, seed: int, session: str) -> None:
        self._chance = random.Random(seed)
        self._session = session

    def request(self) -> bytes:
        """One request as bytes."""
        makers: tuple[Callable[[], bytes], ...] = (
            self._body,
            self._body,
            self._headers,
            self._line,
            self._framing,
            self._damaged,
            self._damaged,
            self._noise,
        )
        return self._chance.choice(makers)()

    def _whole(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        given = {"Host": "127.0.0.1", "X-NPQ-Session": self._session, "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items() if value)]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "surrogateescape") + body

    def _body(self) -> bytes:
        pick, number = self._chance.choice, self._chance.randint(1, 3)
        bodies = (
            b"",
            b"{",
            b"[" * 8000,
            b"{" * 8000,
            b'{"text":' * 900,
            b"null",
            b"1e999",
            b"NaN",
            b'"text"',
            b'{"text":NaN}',
            b'{"text":1}',
            b'{"text":true}',
            b'{"text":[]}',
            b'{"text":{}}',
            b'{"text":"\\ud800"}',
            b'{"text":"\\u0000"}',
            b'{"text":"x","text":"y"}',
            b'{"rating":"up","turn":1}',
            b'{"rating":[]}',
            b'{"rating":{"$ne":1}}',
            b'{"text":"' + b"x" * 1001 + b'"}',
            b'{"text":"' + b"x" * 9000 + b'"}',
            b"x" * 20000,
            b"\xff\xfe\x00",
            b'{"text":"\xff"}',
            b"\xef\xbb\xbf{}",
            '{"text":"\u202e\U000e0041\u200b"}'.encode(),
            b'{"text":"/restart"}',
            ('{"' + "k" * 500 + '":1}').encode(),
            b"{" + b",".join(b'"%d":1' % n for n in range(900)) + b"}",
            b"text=hi&text=there&do=say",
            b"text=%ff%fe&do=say",
            b"do=delete_for_good",
            b"&" * 8000,
            b"a=b" * 2000,
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhi\r\n--x--',
            b"--x\r\n\r\n--x",
            b"--x",
            self._chance.randbytes(300),
        )
        path = pick(PATHS)
        return self._whole(
            pick(("POST", "PUT", "DELETE", "GET")), path, {"Content-Type": pick(KINDS)}, pick(bodies) * number
        )

    def _headers(self) -> bytes:
        pick = self._chance.choice
        values = (
            "",
            "0",
            "-1",
            "9" * 400,
            "x" * 3000,
            "\udcff\udcfe",
            "null",
            "*",
            "https://evil.example",
            "http://[::1",
            "[",
            "{}",
            "a\tb",
            ",,,",
            ";=;=",
            "%00",
            "' or 1=1 --",
            "../../etc/passwd",
            "${jndi:ldap://x}",
            "1.2.3.4, , ,x",
            "\u202e",
            "\x7f",
        )
        names = (
            "X-NPQ-Session",
            "Idempotency-Key",
            "Last-Event-ID",
            "Origin",
            "Host",
            "Cookie",
            "Accept",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "Forwarded",
            "Content-Type",
            "Accept-Encoding",
            "Range",
            "Expect",
            "Upgrade",
            "Sec-Fetch-Site",
            "If-Modified-Since",
            "Authorization",
            "Content-Encoding",
            "X-HTTP-Method-Override",
            "Access-Control-Request-Method",
        )
        given = {pick(names): pick(values) for _ in range(self._chance.randint(1, 6))}
        if self._chance.random() < 0.2:
            given.update({f"X-{number}": "y" * 50 for number in range(self._chance.choice((50, 200)))})
        return self._whole(
            pick(METHODS[:6]), pick(PATHS), {"Content-Type": "application/json", **given}, b'{"text":"hi"}'
        )

    def _line(self) -> bytes:
        pick = self._chance.choice
        path = pick(PATHS) + pick(
            (
                "",
                "?wait=26",
                "?wait=x",
                "?wait=1&wait=2",
                "?" + "a=b&" * 500,
                "?%ff=%fe",
                "?note=<script>",
                "/",
                "//",
                "/../..",
                "/%2e%2e",
                "%00",
                "%",
                "%zz",
                "#x",
                ";x",
                "\\",
                " HTTP/1.1",
                "x" * 8000,
                "\udcff",
                "é",
                "?wait[]=1",
                "/999999999999999999999/rating",
            )
        )
        if self._chance.random() < 0.2:
            path = pick(
                (
                    "*",
                    "",
                    "http://evil.example/",
                    "//evil.example/api/sessions",
                    "/api/turns/-1/rating",
                    "/api/turns/é/rating",
                )
            )
        version = pick(("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "HTP/1.1", "", "HTTP/1.1 x"))
        line = f"{pick(METHODS)} {path} {version}\r\nHost: x\r\nConnection: close\r\n\r\n"
        return line.encode("utf-8", "surrogateescape")

    def _framing(self) -> bytes:
        line = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nX-NPQ-Session: {self._session}\r\n"
        return (line + "Content-Type: application/json\r\n").encode() + self._chance.choice(
            (
                b"Content-Length: -1\r\n\r\n{}",
                b"Content-Length: abc\r\n\r\n{}",
                b"Content-Length: 99\r\n\r\n{}",
                b"Content-Length: 99999999999999999999\r\n\r\n{}",
                b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                b"Content-Length: 2, 2\r\n\r\n{}",
                b"Content-Length: +2\r\n\r\n{}",
                b"Content-Length: 0x2\r\n\r\n{}",
                b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
                b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
                b"\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n",
                b"Transfer-Encoding: gzip\r\n\r\n{}",
                b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                b" folded: x\r\n\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n4000\r\n"
                + b"x" * 16384
                + b"\r\n4000\r\n"
                + b"x" * 16384
                + b"\r\n0\r\n\r\n",
                b"no colon here\r\n\r\n",
                b": no name\r\n\r\n",
                b"X y: z\r\n\r\n",
                b"X: a\x00b\r\n\r\n",
                b"X: " + b"y" * 20000 + b"\r\n\r\n",
                b"Expect: 100-continue\r\nContent-Length: 99999\r\n\r\n",
                b"Expect: nothing\r\n\r\n",
                b"X: a\nY: b\n\n",
                b"",
            )
        )

    def _damaged(self) -> bytes:
        body = b'{"text":"is npqh funded"}'
        made = bytearray(self._whole("POST", self._chance.choice(PATHS), {"Content-Type": "application/json"}, body))
        for _ in range(self._chance.randint(1, 12)):
            place = self._chance.randrange(len(made))
            change = self._chance.random()
            if change < 0.5:
                made[place] = self._chance.randrange(256)
            elif change < 0.75:
                del made[place]
            else:
                made[place:place] = self._chance.randbytes(self._chance.randint(1, 5))
        return bytes(made[: self._chance.randint(1, len(made))] if self._chance.random() < 0.2 else made)

    def _noise(self) -> bytes:
        return self._chance.randbytes(self._chance.randint(0, 2000))
