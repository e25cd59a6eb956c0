"""An email to the provider's own mailbox, over an encrypted connection."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

from email_validator import EmailNotValidError, validate_email

from guidance.interest import outbox
from guidance.interest.delivery.message import Message, NotDelivered
from guidance.interest.model import Interest
from guidance.interest.options import LOOPBACK, Environ, OptionError, whole_number

SECONDS = 20
STARTTLS, TLS, NONE = "starttls", "tls", "none"


@dataclass(frozen=True)
class Mail:
    """Sends each event to one address."""

    host: str
    port: int
    security: str
    sender: str
    to: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False, compare=False)
    name: str = "email"

    @classmethod
    def from_environment(cls, environ: Environ) -> Mail | None:
        """As set by NPQ_SMTP_* and NPQ_INTEREST_EMAIL; None when NPQ_INTEREST_EMAIL is not set."""
        if not environ.get("NPQ_INTEREST_EMAIL"):
            return None
        host = environ.get("NPQ_SMTP_HOST") or ""
        if not host:
            raise OptionError("NPQ_SMTP_HOST: is missing. Write the mail server's name, such as smtp.example.org.")
        security = environ.get("NPQ_SMTP_SECURITY") or STARTTLS
        if security not in (STARTTLS, TLS, NONE):
            raise OptionError(f"NPQ_SMTP_SECURITY: write {STARTTLS} or {TLS} ({NONE} only for this machine itself).")
        if security == NONE and host not in LOOPBACK:
            raise OptionError(f"NPQ_SMTP_SECURITY: {NONE} is for a mail server on this machine only. Write {STARTTLS}.")
        user, password = environ.get("NPQ_SMTP_USER") or None, environ.get("NPQ_SMTP_PASSWORD") or None
        if (user is None) != (password is None):
            raise OptionError("NPQ_SMTP_USER and NPQ_SMTP_PASSWORD: write both or neither.")
        to = _address(environ, "NPQ_INTEREST_EMAIL")
        sender = _address(environ, "NPQ_SMTP_FROM") if environ.get("NPQ_SMTP_FROM") else to
        port = whole_number(environ, "NPQ_SMTP_PORT", 465 if security == TLS else 587, 1, 65535)
        return cls(host, port, security, sender, to, user, password)

    def send(self, message: Message) -> None:
        """Hand it to the mail server."""
        try:
            with self._server() as server:
                if self.security == STARTTLS:
                    server.starttls(context=self.trust)
                if self.user and self.password:
                    server.login(self.user, self.password)
                server.send_message(self._email(message), self.sender, [self.to])
        except smtplib.SMTPResponseException as error:
            raise NotDelivered(f"mail server answered {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an answer that is no SMTP
            raise NotDelivered(f"mail server: {type(error).__name__}") from None

    def _server(self) -> smtplib.SMTP:
        if self.security == TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=self.trust)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)

    def _email(self, message: Message) -> EmailMessage:
        email = EmailMessage(policy=SMTP)
        email["From"], email["To"], email["Subject"] = self.sender, self.to, message.title
        email["Message-ID"] = f"<{message.event_id}@{self.sender.partition('@')[2]}>"
        email["X-NPQ-Event-Id"] = message.event_id
        email["Auto-Submitted"] = "auto-generated"
        lines = [f"{message.title}.", ""]
        if message.interest and message.kind == outbox.CREATED:
            lines += _details(message.interest)
            address = message.interest.details.email
            if address and address.isascii():
                email["Reply-To"] = address
        lines += ["", f"Look at it with: {message.look}"]
        email.set_content("\n".join(lines))
        return email


def _details(interest: Interest) -> list[str]:
    told = interest.to_dict()
    rows = {
        "Reference": told["reference"],
        "Programmes": ", ".join(told["programmes"]),
        "Name": told["name"],
        "Email": told["email"],
        "Phone": told["phone"],
        "Role": told["role"],
        "School or workplace": told["school"],
        "Preferred start": told["cohort"],
        "May be sent marketing": "yes" if told["marketing_consent"] else "no",
        "Left at": told["created_at"],
        "Delete by": interest.expires_at.date().isoformat(),
    }
    return [f"{name}: {value or 'not given'}" for name, value in rows.items()]


def _address(environ: Environ, name: str) -> str:
    try:
        found = validate_email(environ[name], check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise OptionError(f"{name}: is not an email address. Write one such as npq@example.org.") from error
    return found.normalized
