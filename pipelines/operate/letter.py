"""A mail as people get it: one recipient, a plain text, attachments. Made of the same things it is the same to the byte.

Headers are built by Python's own `email` package, which refuses a line break in any of them.
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from pipelines.report.words import label

LONGEST_SUBJECT = 150
# Another type than text/html, and mail programs would show the page as the message, without its figures.
TYPES = {".html": ("application", "octet-stream")}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said. `id`: one for a report, period and recipient, and so the Message-ID; `at` becomes its Date."""

    id: str
    subject: str
    text: str
    at: datetime
    attachments: tuple[Path, ...] = ()


def identity(*parts: str) -> str:
    """A name made of these parts, that tells none of them."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def message(letter: Letter, sender: str, recipient: str) -> EmailMessage:
    """The mail to one recipient; both are plain addresses, as the schedule's loader lets through."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = label(letter.subject, LONGEST_SUBJECT)
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    for file in letter.attachments:
        kind, subkind = TYPES.get(file.suffix) or _type(file)
        mail.add_attachment(file.read_bytes(), maintype=kind, subtype=subkind, filename=f"{file.parent.name}_{file.name}")
    if mail.is_multipart():
        mail.set_boundary(f"=_{letter.id}")
    return mail


def _type(file: Path) -> tuple[str, str]:
    return tuple((mimetypes.guess_type(file.name)[0] or "application/octet-stream").split("/", 1))
