"""How one value is written in a filing file: ``603.17``, ``95%``, ``2024-03-01``, ``true``, ``null``.

Only what can mean one thing is more than text. Numbers are written as in JSON, so a phone number
that begins with 0 keeps its 0; ``yes``, ``on``, ``12:30`` and ``1_000`` are texts.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from jixiao.filing.model import Entry, Raw

LARGEST_EXPONENT = 400
"""Beyond this no spreadsheet holds a number, and writing it out would fill the memory."""

LONGEST_PLAIN = 20
"""Numbers up to so many powers of ten are written without an exponent."""

NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"
DATE = r"\d{4}-\d\d-\d\d"
TIME = r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?"
_NUMBER = re.compile(rf"({NUMBER})(%?)", re.ASCII)
_DATE = re.compile(rf"{DATE}(?:[T ]{TIME})?", re.ASCII)
_WORDS: dict[str, Raw] = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_plain(text: str) -> Entry:
    """What an unquoted text means; raises ValueError for a number that nothing can hold."""
    if text in _WORDS:
        return Entry(_WORDS[text])
    if number := _NUMBER.fullmatch(text):
        exact = read_number(number[1])
        return Entry(_shifted(exact, -2), percent=True) if number[2] else Entry(exact)
    return Entry(read_date(text) or text)


def read_number(text: str) -> Decimal:
    """The number exactly as written. Raises ValueError, in Chinese, when it is out of all bounds."""
    power = text.lower().partition("e")[2].lstrip("+-").lstrip("0")
    number = Decimal(text) if len(power) <= len(str(LARGEST_EXPONENT)) else None
    if number is None or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError("这个数太大或太小，表格存不下。请检查小数点和 E 后面的位数。")
    return number


def read_date(text: str) -> dt.date | dt.datetime | None:
    """The day, or the moment, that a text in ISO form names; None for any other text."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def write_plain(entry: Entry) -> str:
    """The unquoted text of a value that is no text; :func:`read_plain` reads it back."""
    raw = entry.raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Decimal):
        return f"{number_text(_shifted(raw, 2))}%" if entry.percent else number_text(raw)
    return raw.isoformat() if isinstance(raw, dt.date) else "null"


def number_text(number: Decimal) -> str:
    """The number with all its digits; with an exponent only where zeros would make it unreadable."""
    return f"{number:f}" if abs(number.adjusted()) <= LONGEST_PLAIN else str(number)


def _shifted(number: Decimal, places: int) -> Decimal:
    """The number times ten to the ``places``, every digit kept."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + places))
