"""Real receivers on this machine: a web server that records what it gets, and a mail server."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Request:
    """One request as received."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """A web server. `answers` are given one after the other: (status, headers, body); then 200."""

    requests: list[Request] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def web() -> Iterator[Web]:
    """A running web server."""
    told = Web()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                told.requests.append(Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, headers, answer = told.answers.pop(0) if told.answers else (200, {}, b"ok")
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()


@dataclass
class Post:
    """A mail server's record: commands, whether the mail came encrypted, the mails."""

    port: int = 0
    certificate: Path = Path()
    commands: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuse: bool = False


@contextmanager
def mail_server(folder: Path, *, encrypts: bool = True) -> Iterator[Post]:
    """A running mail server; it speaks STARTTLS with a certificate of its own."""
    post = Post(certificate=_certificate(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(post.certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self._talk(self.request, secure=False)

        def _talk(self, line: socket.socket, *, secure: bool) -> None:
            reader = line.makefile("rb")
            if not secure:
                line.sendall(b"220 ready\r\n")
            while received := reader.readline():
                command = received.decode().strip()
                post.commands.append(command)
                verb = command.split(" ")[0].upper()
                if verb == "EHLO":
                    offer = b"250-STARTTLS\r\n" if encrypts and not secure else b""
                    line.sendall(b"250-here\r\n250-AUTH PLAIN\r\n" + offer + b"250 OK\r\n")
                elif verb == "STARTTLS":
                    line.sendall(b"220 go\r\n")
                    self._talk(context.wrap_socket(line, server_side=True), secure=True)
                    return
                elif verb == "AUTH":
                    line.sendall(b"235 welcome\r\n")
                elif verb == "DATA":
                    line.sendall(b"354 send\r\n")
                    data = b""
                    while not data.endswith(b"\r\n.\r\n"):
                        data += reader.readline()
                    if post.refuse:
                        line.sendall(b"451 later\r\n")
                        continue
                    post.mails.append(message_from_bytes(data[:-5], policy=default))
                    post.encrypted.append(secure)
                    line.sendall(b"250 taken\r\n")
                elif verb == "QUIT":
                    line.sendall(b"221 bye\r\n")
                    return
                else:
                    line.sendall(b"250 OK\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    post.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield post
    server.shutdown()
    server.server_close()


def _certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path
