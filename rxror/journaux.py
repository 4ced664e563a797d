"""What the service says of itself while it runs: one line per record, JSON for a machine, plain words on a terminal.

Nobody's name is in it: who did what is in the trace. An exception is told by types and places, since its text may hold
what somebody typed.
"""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

REGLAGE = Path(__file__).with_name("journaux.json")  # given to the server: its own lines take the same form
DISCRETS = ("reflex", "sqlalchemy")  # their messages may hold what somebody sent: only the place is told
REFERENCE: ContextVar[str] = ContextVar("reference", default="")  # of the request or event under way
ADRESSE: ContextVar[str] = ContextVar("adresse", default="")  # of the client behind it, for the trace; never logged
ESPACES = "\u00a0\u202f"  # French typography, harmless
_CACHES = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")  # what json leaves, and breaks or turns a line


def forme() -> logging.Formatter:
    """How a line looks where it goes."""
    return EnClair() if sys.stderr.isatty() else EnJson()


def recit(exception: BaseException) -> str:
    """Types and places of an exception and its causes: SQL parameters and names stay out of the log."""
    ici = f"{type(exception).__name__}\n{''.join(traceback.format_tb(exception.__traceback__))}"
    cause = exception.__cause__ or exception.__context__
    return ici + (f"à la suite de {recit(cause)}" if cause else "")


def une_ligne(texte: str) -> str:
    """The text with every character that could end a line, or hide one, written as an escape."""
    return "".join(c if c.isprintable() or c in ESPACES else c.encode("unicode_escape").decode() for c in texte)


class EnJson(logging.Formatter):
    """{time, level, logger, message, reference, exception}: one object a line, time in UTC with its zone."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        dit = {
            "time": _instant(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if reference := REFERENCE.get():
            dit["reference"] = reference
        if record.exc_info and record.exc_info[1]:
            dit["exception"] = recit(record.exc_info[1])
        ligne = json.dumps(dit, ensure_ascii=False)
        return _CACHES.sub(lambda c: f"\\u{ord(c[0]):04x}", ligne)


class EnClair(logging.Formatter):
    """« 10:42:03Z WARNING rxror.auth connexion refusée : nonce [2311-1142-K7QM] », for who watches."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and one for each place of an exception."""
        reference = f" [{REFERENCE.get()}]" if REFERENCE.get() else ""
        message = une_ligne(_message(record))
        ligne = f"{_instant(record):%H:%M:%SZ} {record.levelname} {record.name} {message}{reference}"
        if record.exc_info and record.exc_info[1]:
            ligne += "\n" + recit(record.exc_info[1]).rstrip()
        return ligne


def _message(record: logging.LogRecord) -> str:
    return f"{record.module}:{record.lineno}" if record.name.startswith(DISCRETS) else record.getMessage()


def _instant(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)
