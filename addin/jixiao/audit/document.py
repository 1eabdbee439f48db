"""A finished report as the auditor reads it: paragraphs and tables, every word with its place.

The text of a paragraph is tidied for reading (half-width forms, no blanks), and each of its
characters knows where it stands in the original, so that a finding can quote the words as written.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from jixiao.audit.mentions import Mention

_BLANKS = " \t\r\n\u3000\xa0\u200b\ufeff"


class Segment(msgspec.Struct, frozen=True):
    """A piece of the original and its place: ``第 49 行``, ``正文第 12 段``."""

    text: str
    place: str
    source: int = 0
    """Of a Word file: which of its paragraphs this is, or stands at."""
    apart: bool = False
    """No part of that paragraph's own text: its automatic number, a text box, a header."""


class Spot(msgspec.Struct, frozen=True):
    """A character of the original: the paragraph of a Word file, and how far into it.

    What stands apart from the paragraph's own text begins and ends at 0.
    """

    source: int
    at: int


class Words:
    """Tidied text over the pieces of the original that it was made of."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = tuple(segments)
        self.mentions: tuple[Mention, ...] | None = None
        """What :func:`jixiao.audit.mentions.mentions` found, once it has looked."""
        self._starts: list[int] = []
        self._origin: list[tuple[int, int]] = []
        kept: list[str] = []
        for number, segment in enumerate(self.segments):
            self._starts.append(len(kept))
            for at, sign in enumerate(segment.text):
                if sign in _BLANKS:
                    continue
                for one in _half_width(sign):
                    kept.append(one)
                    self._origin.append((number, at))
        self.text = "".join(kept)

    @classmethod
    def of(cls, text: str) -> Words:
        """A text that stands nowhere."""
        return cls((Segment(text, ""),))

    def place(self, at: int = 0) -> str:
        """Where the character at ``at`` stands."""
        number = max(bisect_right(self._starts, at) - 1, 0)
        return self.segments[number].place if self.segments else ""

    def span(self, start: int, end: int) -> tuple[Spot, Spot]:
        """Where a stretch of the text begins in the original, and where it ends."""
        (first, left), (last, right) = self._origin[start], self._origin[end - 1]
        if self.segments[first].apart:
            left = 0
        right = -1 if self.segments[last].apart else right
        return Spot(self.segments[first].source, left), Spot(self.segments[last].source, right + 1)

    def quote(self, start: int, end: int) -> str:
        """The original words of a stretch of the text."""
        if not self.text or start >= end:
            return ""
        (first, left), (last, right) = self._origin[start], self._origin[end - 1]
        if first == last:
            return self.segments[first].text[left : right + 1]
        between = (self.segments[one].text for one in range(first + 1, last))
        return "".join(
            (self.segments[first].text[left:], *between, self.segments[last].text[: right + 1])
        ).strip()


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph, or a heading of ``level`` 1 to 4 (0: not a heading)."""

    words: Words
    level: int = 0
    number: str = ""
    """The number as it is printed: 一、"""

    @property
    def text(self) -> str:
        return self.words.text


class Table(msgspec.Struct, frozen=True):
    """Rows of cells; a row may be shorter or longer than others."""

    rows: tuple[tuple[Words, ...], ...]


class Document(msgspec.Struct, frozen=True):
    """One file: its paragraphs and tables in order."""

    name: str
    blocks: tuple[Paragraph | Table, ...]

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]


HEADING = re.compile(
    r"^(?:(?P<first>[一二三四五六七八九十]{1,3})、|[(](?P<second>[一二三四五六七八九十]{1,3})[)]"
    r"|(?P<third>\d{1,2})[.、](?!\d)|[(](?P<fourth>\d{1,2})[)])"
)
"""The number of a heading, on tidied text: 一、 (一) 1. (1)"""
_LONGEST_HEADING = 50
_LONGEST_WITH_COMMA = 30
"""Longer ones are the first line of a paragraph that was broken over lines."""
_RUN_IN = re.compile("[。;；].")
_ROW = re.compile(
    r"(?<=[^\W第一二三四五六七八九十、])[一二三四五六七八九十]{1,3}、|\d(?:\.\d\d|,\d{3})(?![\d%一-龥])"
)
"""In a row of a table, taken out without its columns: 一、财政拨款收入 812.06 一、教育支出 760.00."""
_ENDS = "。！？；;!?"


_PART = re.compile("^第[一二三四五六七八九十]{1,3}(?:部分|章|编)[:：]?[^,，。;；:：]{0,30}$")


def is_part(text: str) -> bool:
    """第二部分 部门决算情况说明: above all headings, which count anew below it."""
    return bool(_PART.match(text))


def is_row(text: str) -> bool:
    """A row of a table that was taken out without its columns, and begins like a heading."""
    found = HEADING.match(text)
    return bool(found and len(text) <= _LONGEST_HEADING and _ROW.search(text, found.end()))


def heading_level(text: str) -> int:
    """1 to 4 for a short line that begins with a number and is no sentence; otherwise 0."""
    found = HEADING.match(text)
    if not found or len(text) > _LONGEST_HEADING or text[-1:] in _ENDS and len(text) > 30:
        return 0
    comma = any(sign in text for sign in "，,")
    if comma and (text[-1:] in _ENDS or len(text) > _LONGEST_WITH_COMMA) or is_row(text):
        return 0
    if _RUN_IN.search(text):
        return 0  # the text begins in the line of its heading, and may go on in the next
    level = numbered(found)
    return 0 if level > 2 and comma else level  # a list's item, perhaps broken


def numbered(found: re.Match[str]) -> int:
    """The level that a number is of, whatever style its heading has: 一、 is the first below every title."""
    return next(at for at, name in enumerate(("first", "second", "third", "fourth"), 1) if found[name])


def paragraph(segments: Iterable[Segment], level: int = 0) -> Paragraph:
    words = Words(tuple(segments))
    found = HEADING.match(words.text)
    level = (numbered(found) if found else level) if level else heading_level(words.text)
    return Paragraph(words, level, found[0] if found and level else "")


def _half_width(sign: str) -> str:
    """％ as %, （ as (; signs that would become several (㎡) stay as they are."""
    tidied = unicodedata.normalize("NFKC", sign)
    return tidied if len(tidied) == 1 else sign
