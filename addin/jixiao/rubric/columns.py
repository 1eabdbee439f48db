"""Text for a terminal: lines of a given width, Chinese characters counting double."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

WIDTH = 76
OVERHANG = 4
"""Room for marks that may not begin a line; with it a line is as wide as a terminal."""
_OPENING = "“‘（《"
_CLOSING = "，。；：、？！）”》％%"
_WORDS = re.compile(r"[A-Za-z0-9.,%_-]+|.")


def wide(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)


def wrapped(text: str, indent: int = 0, hang: int = 0, width: int = WIDTH) -> list[str]:
    """``text`` in lines, the first ``indent`` columns in, the others ``indent + hang``."""
    lines: list[str] = []
    line = " " * indent
    for word in _WORDS.findall(text):
        if wide(line + word) > width + (OVERHANG if word in _CLOSING else 0):
            kept = line.rstrip(_OPENING)
            lines.append(kept.rstrip(" "))
            line = " " * (indent + hang) + line[len(kept) :]
            word = word.lstrip(" ")
        line += word
    return [*lines, line.rstrip(" ")]


def titled(title: str, text: str, indent: int) -> list[str]:
    """``text`` with its title before the first line, the others below the text."""
    first, *others = text.splitlines() or [""]
    hang = wide(title) + 2
    lines = wrapped(f"{title}  {first}", indent, hang + _bullet(first))
    for line in others:
        lines += wrapped(line, indent + hang, _bullet(line))
    return lines


def _bullet(line: str) -> int:
    """How far the text of a list item stands in."""
    return 2 if line.startswith(("· ", "　")) else 0
