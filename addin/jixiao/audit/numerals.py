"""Whole numbers below a hundred, in digits or in Chinese: 12, 十二."""

from __future__ import annotations

_DIGITS = "一二三四五六七八九"
NUMBER = "(?:\\d{1,2}|[一二两三四五六七八九十]{1,3})"
"""Pattern of such a number."""


def counted(text: str) -> int:
    """The value of a number; 0 for anything else."""
    text = text.replace("两", "二")
    if text.isdigit():
        return int(text)
    tens, mark, ones = text.partition("十")
    if not mark:
        return _DIGITS.find(text) + 1 if len(text) == 1 else 0
    return (_DIGITS.find(tens) + 1 if tens else 1) * 10 + (_DIGITS.find(ones) + 1 if ones else 0)
