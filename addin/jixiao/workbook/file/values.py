"""Values as a cell stores them: texts with their escapes, numbers to 15 digits, dates as day counts."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

from jixiao.filing.model import Raw
from jixiao.workbook.errors import UnstorableValue

LONGEST_TEXT = 32_767
"""UTF-16 units, as Excel counts."""
LARGEST_NUMBER = Decimal("9.99999999999999E+307")
SMALLEST_NUMBER = Decimal("2.2250738585072014E-308")
DIGITS = 15

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_SAFE_DAY = dt.date(1900, 3, 1)
_EPOCH = dt.datetime(1899, 12, 30)
_EPOCH_1904 = dt.datetime(1904, 1, 1)
_LAST_DAY = 2_958_465
_DAY_MILLISECONDS = 86_400_000


def decode_text(text: str) -> str:
    """Text of a cell or note as the user sees it: ``_x000D_`` stands for a carriage return."""
    if "_x" not in text:
        return text
    joined = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def encode_text(text: str) -> str:
    """The inverse of :func:`decode_text`: what looks like an escape is escaped itself."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return text.replace("\r", "_x000D_")


def storable(text: str) -> str:
    """The text with □ for every character that no cell and no note can hold."""
    return _UNSTORABLE.sub("□", text)


def decode_number(text: str) -> Decimal | None:
    """The number that Excel shows, to 15 digits; None for what is no number."""
    digits = text if text[-1:] == "0" else text.replace(".", "", 1)
    if digits.isdecimal() and digits.isascii() and len(digits) <= DIGITS:
        return Decimal(text)  # at once what the way round by float gives
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    exact = Decimal(f"{number:.{DIGITS}g}")
    if not exact:
        return Decimal(0)
    return Decimal(f"{exact:f}") if abs(exact.adjusted()) <= 30 else exact


def encode_number(number: Decimal) -> str:
    """The number as the file holds it."""
    if not number:
        return "0"
    number = number.normalize()
    return f"{number:f}" if abs(number.adjusted()) <= 20 else str(number)


def day_of(number: Decimal, *, from_1904: bool) -> dt.date | dt.datetime | None:
    """The day (with the time, where it has one) that a number stands for; None where there is none.

    Day 60 of the 1900 system is a 29 February that never was.
    """
    if not (0 < number < _LAST_DAY + 1) and not (from_1904 and 0 <= number < _LAST_DAY - 1461):
        return None
    days = int(number)
    milliseconds = round((number - days) * _DAY_MILLISECONDS)
    if from_1904:
        start = _EPOCH_1904
    elif days in (0, 60):
        return None
    else:
        start = _EPOCH if days > 60 else _EPOCH + dt.timedelta(days=1)
    try:
        moment = start + dt.timedelta(days=days, milliseconds=milliseconds)
    except OverflowError:
        return None
    return moment.date() if milliseconds % _DAY_MILLISECONDS == 0 else moment


def day_number(day: dt.date, *, from_1904: bool) -> str:
    """The number that stands for a day, with its time if it is a datetime."""
    moment = day if isinstance(day, dt.datetime) else dt.datetime(day.year, day.month, day.day)
    passed = moment - (_EPOCH_1904 if from_1904 else _EPOCH)
    milliseconds = passed.seconds * 1000 + passed.microseconds // 1000
    return repr(passed.days + milliseconds / _DAY_MILLISECONDS) if milliseconds else str(passed.days)


def check_storable(value: Raw, place: str) -> None:
    """Raise UnstorableValue, naming the place, if a cell would change the value."""
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, Decimal):
        _check_number(value, place)
    elif isinstance(value, dt.date):
        _check_day(value, place)
    elif value is not None and not isinstance(value, bool):
        raise TypeError(f"{place}: {type(value).__name__}")


def _check_text(text: str, place: str) -> None:
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT:
        raise UnstorableValue(
            f"{place} 要填的文字有 {len(text)} 个字，超过一个单元格最多 {LONGEST_TEXT} 个字的限制。"
            "请精简文字或分成几格填写。"
        )
    found = _UNSTORABLE.search(text)
    if found:
        raise UnstorableValue(
            f"{place} 要填的文字里，第 {found.start() + 1} 个字是无法存入单元格的控制字符。"
            "请删去它（可以把文字粘贴到记事本再复制回来）。"
        )


def _check_number(number: Decimal, place: str) -> None:
    if not number.is_finite():
        raise UnstorableValue(f"{place} 要填的数不是有限的数，无法存入单元格。请检查计算它的各项数据。")
    if len(number.normalize().as_tuple().digits) > DIGITS:
        raise UnstorableValue(
            f"{place} 要填的数 {number} 超过 {DIGITS} 位有效数字，单元格存不下。请减少小数位数后再填。"
        )
    if number and not SMALLEST_NUMBER <= abs(number) <= LARGEST_NUMBER:
        raise UnstorableValue(f"{place} 要填的数 {number} 超出了单元格能存的范围。请检查单位和小数点。")


def _check_day(day: dt.date, place: str) -> None:
    plain = day.date() if isinstance(day, dt.datetime) else day
    if plain < _FIRST_SAFE_DAY:
        raise UnstorableValue(
            f"{place} 要填的日期 {plain} 早于 1900 年 3 月 1 日，单元格无法准确表示。请改填文字。"
        )
    if isinstance(day, dt.datetime) and (day.tzinfo is not None or day.microsecond % 1000):
        raise UnstorableValue(
            f"{place} 要填的时间 {day} 带有时区或不足一毫秒的尾数，单元格无法准确表示。请改用整秒。"
        )
