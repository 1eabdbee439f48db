"""How high a cell must be to show all of its text, estimated from the width of its columns."""

from __future__ import annotations

import math
import unicodedata

PIXELS_PER_WIDTH = 8.0
"""A column of width 1 in pixels when the workbook's standard font is 宋体 11."""
LINE = 1.4
"""Height of a line over the font size; substitutes of 宋体 need more than 宋体."""
PADDING = 5.0
NARROW = 0.55
"""Width of a Latin letter or digit over the font size."""
_NOT_FIRST = set("，。、；：？！）》】”’％%,.;:?!)")


def _width(letter: str, size: float) -> float:
    em = size * 96 / 72
    return em if unicodedata.east_asian_width(letter) in "WFA" else em * NARROW


def count_lines(text: str, pixels: float, size: float) -> int:
    """Lines that a text takes in a cell so many pixels wide; no line begins with ``，`` or ``）``."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        before = 0.0
        for letter in paragraph:
            width = _width(letter, size)
            if used + width > pixels and used:
                lines += 1
                used = before if letter in _NOT_FIRST else 0.0
            used += width
            before = width
    return lines


def text_height(text: str, widths: list[float], size: float, *, indent: int = 0) -> float:
    """Height in points that shows all of ``text`` in columns of these widths."""
    pixels = sum(widths) * PIXELS_PER_WIDTH - 4 - indent * 12
    lines = count_lines(text, max(pixels, size * 1.4), size)
    return math.ceil(lines * size * LINE + PADDING)
