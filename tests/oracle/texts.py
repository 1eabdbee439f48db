"""What a cell says: numbers, percentages, amounts, dates, words. Anything doubtful is unknown."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


class Unknown(Exception):
    """It cannot be told with certainty."""


@dataclass(frozen=True)
class Said:
    """A cell as openpyxl reads it; ``percent`` tells that it is shown as a percentage."""

    value: Any = None
    percent: bool = False
    error: bool = False

    @property
    def blank(self) -> bool:
        return not self.error and (self.value is None or not bare(str(self.value)))


@dataclass(frozen=True)
class Amount:
    """A number in its base unit (元, a ratio for %), with the sign of a limit before it."""

    number: Decimal
    unit: str = ""
    sign: str = ""
    change: str = ""
    multiple: bool = False


def bare(text: str) -> str:
    """The text without blanks, in half-width signs."""
    kept = unicodedata.normalize("NFKC", text.replace("㎡", "平方米").replace("㎞", "公里"))
    return "".join(kept.split())


NOTHING = ("无", "没有", "暂无")
STRUCK_OUT = ("/", "\\", "-", "--", "—", "——", "―", "n/a", "na", "不适用", "不涉及")
MORE = ("≥", ">=", "≧", "⩾", "=>", "不低于", "不少于", "不小于", "大于等于", "大于或等于", "至少")
LESS = ("≤", "<=", "≦", "⩽", "=<", "不超过", "不高于", "不大于", "不多于", "小于等于", "小于或等于")
ABOVE, BELOW = (">", "大于", "超过", "高于", "多于"), ("<", "小于", "低于", "少于", "不足", "不到")
EQUAL = ("=", "等于", "达到", "达")
SIGNS = [(word, "≥") for word in MORE] + [(word, "≤") for word in LESS]
SIGNS += [(word, ">") for word in ABOVE] + [(word, "<") for word in BELOW] + [(word, "") for word in EQUAL]
BEHIND = [("及以上", "≥"), ("(含)以上", "≥"), ("以上", "≥"), ("及以下", "≤"), ("(含)以下", "≤"),
           ("以下", "≤"),
          ("以内", "≤"), ("之内", "≤"), ("内", "≤")]  # fmt: skip
TIMES = {
    "万亿": 12,
    "千亿": 11,
    "百亿": 10,
    "亿": 8,
    "千万": 7,
    "百万": 6,
    "十万": 5,
    "万": 4,
    "千": 3,
    "百": 2,
}


def number_of(value: Any) -> Decimal:
    """A number of a cell to the 15 digits that a spreadsheet keeps."""
    number = Decimal(f"{value:.15g}")
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        raise Unknown("far too large")
    return number


def amount(text: str) -> Amount:
    """A text that is one number with a sign before and a unit behind it. Raises Unknown."""
    text, change = _change(bare(text))
    if inside := re.fullmatch(r"控制在(.+?)(以内|之内|以下|内)?", text):
        sign, text = "≤", inside[1]
    else:
        sign, text = _sign(text)
    found = re.fullmatch(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([^\d.,;。；]*)", text)
    if not found or re.match(r"(19|20)\d\d年", text):
        raise Unknown(text)
    number = Decimal(found[1] + found[2].replace(",", "") + (found[3] or ""))
    if abs(number) > Decimal(10) ** 15:
        raise Unknown("far too large")
    unit = found[4]
    if unit[:1] == "(" and unit[-1:] == ")":
        unit = unit[1:-1]
    if len(unit) > 8 or unit[:1] in ("-", "~", "–", "—", "至", "到", "余", "多", "来") or "左右" in unit:
        raise Unknown(text)
    if unit and not unit.strip("oO"):
        raise Unknown("a letter or a zero")
    if unit in ("%", "‰"):
        return Amount(number / (100 if unit == "%" else 1000), "%", sign, change)
    if "%" in unit or "‰" in unit:
        raise Unknown(text)
    for word, power in TIMES.items():
        measure = unit[len(word) :]
        if unit.startswith(word) and not (word == "千" and measure[:1] in tuple("米克瓦伏卡")):
            return Amount(number * Decimal(10) ** power, measure, sign, change, multiple=True)
    return Amount(number, unit, sign, change)


def _sign(text: str) -> tuple[str, str]:
    for word, sign in SIGNS:
        if text.startswith(word):
            inner, rest = _sign(text[len(word) :])
            if inner and inner != sign and sign:
                raise Unknown(text)
            return inner or sign, rest
    for word, sign in BEHIND:
        if text.endswith(word):
            return sign, text[: -len(word)]
    return "", text


def _change(text: str) -> tuple[str, str]:
    found = re.match(
        r"(同比|环比|比上年|较上年|年均|每年)?(增长|增加|提高|提升|上升|下降|降低|减少|降)(率|幅度)?(到|至)?(?=.*\d)",
        text,
    )
    if not found or (found[2] == "降" and not found[4]):
        return text, ""
    up = found[2] in ("增长", "增加", "提高", "提升", "上升")
    word = ("" if up else "降到") if found[4] else ("增长" if up else "下降")
    return text[found.end() :], word


def day(text: str, year: int) -> dt.date | None:
    """The last day that a date means; None where the text is no date."""
    text = re.sub(r"^(截至|于|在)", "", bare(text))
    text = re.sub(r"(之前|以前|前完成|完成|前)$", "", text)
    if found := re.fullmatch(r"(?:(\d{4})年)?第?([一二三四1-4])季度[末底]?", text):
        number = "一二三四".find(found[2]) + 1 or int(found[2])
        return _end(int(found[1] or year), number * 3)
    if found := re.fullmatch(r"(?:(\d{4})年)?(上半年|下半年|年底|年末|底|末|年内)", text):
        if "年" in text:
            return _end(int(found[1] or year), 6 if "上半年" in text else 12)
    if found := re.fullmatch(r"(\d{4})年(年?底|年?末|内|度|年内)?", text):
        return _end(int(found[1]), 12)
    if found := re.fullmatch(
        r"(?:(\d{4})年度?)?(\d{1,2})月份?(\d{1,2}[日号]?)?(底|末|初|中旬|上旬|下旬)?", text
    ):
        return _in_month(int(found[1] or year), int(found[2]), found[3], found[4])
    if found := re.fullmatch(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})[日号]?", text):
        return _in_month(int(found[1]), int(found[2]), found[3], None)
    return None


def _in_month(year: int, month: int, which: str | None, part: str | None) -> dt.date | None:
    if which:
        try:
            return dt.date(year, month, int(which.rstrip("日号")))
        except ValueError:
            return None
    if part in ("初", "上旬", "中旬") and 1 <= month <= 12:
        return dt.date(year, month, 20 if part == "中旬" else 10)
    return _end(year, month)


def _end(year: int, month: int) -> dt.date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return dt.date(year, month, calendar.monthrange(year, month)[1])


# ---------------------------------------------------------------- fields of the form


def as_words(said: Said) -> str:
    """A cell as a word; empty where there is none. Raises Unknown for an error."""
    if said.error:
        raise Unknown("an error value")
    if said.value is None:
        return ""
    if isinstance(said.value, bool):
        return "是" if said.value else "否"
    if isinstance(said.value, (int, float)):
        return format(number_of(said.value).normalize(), "f")
    return bare(str(said.value))


def plain_number(said: Said, units: tuple[str, ...] | None = None, *, nothing: bool = True) -> Decimal:
    """A number without a limit; 无 (and / where ``nothing``) is none, which is 0. Raises Unknown."""
    if said.blank or said.error or isinstance(said.value, (bool, dt.date, dt.time, dt.timedelta)):
        raise Unknown("no number")
    if isinstance(said.value, (int, float)):
        if said.percent:
            raise Unknown("a percentage")
        return number_of(said.value)
    text = bare(str(said.value))
    if text in NOTHING or (nothing and text.lower() in STRUCK_OUT):
        return Decimal(0)
    found = amount(text)
    if (
        found.sign
        or found.change in ("增长", "下降")
        or found.unit == "%"
        or (units is not None and found.unit not in units)
    ):
        raise Unknown(text)
    return found.number


def money(said: Said) -> Decimal:
    """An amount in 万元: bare numbers are 万元, everything else says its unit."""
    if said.blank or said.error or isinstance(said.value, (int, float)) or not isinstance(said.value, str):
        return plain_number(said)
    text = bare(said.value)
    if text in NOTHING or text.lower() in STRUCK_OUT:
        return Decimal(0)
    found = amount(text)
    if found.sign or found.change in ("增长", "下降") or found.unit not in ("", "元"):
        raise Unknown(text)
    return found.number / 10_000 if found.unit == "元" or found.multiple else found.number


def count(said: Said) -> Decimal:
    """A whole number of things."""
    found = plain_number(said)
    if found != int(found):
        raise Unknown("no whole number")
    return found


def points(said: Said) -> Decimal | None:
    """A score as the unit declares it; None where it says none."""
    try:
        return plain_number(said, nothing=False)
    except Unknown:
        return None


def rate(said: Said) -> Decimal | None:
    """A percentage as a ratio; None where none is given. Raises Unknown."""
    if said.blank:
        return None
    if said.error or isinstance(said.value, (bool, dt.date, dt.time, dt.timedelta)):
        raise Unknown("no percentage")
    if isinstance(said.value, (int, float)):
        ratio, marked = number_of(said.value), said.percent
    else:
        text = bare(said.value)
        if text in NOTHING or text.lower() in STRUCK_OUT:
            return None
        found = amount(text)
        if found.sign or found.change in ("增长", "下降") or found.unit not in ("", "%"):
            raise Unknown(text)
        ratio, marked = found.number, found.unit == "%"
    if not marked and abs(ratio) > 1:
        raise Unknown("97 may be 97% or 9700%")
    return ratio


YES = ("是", "是的", "对", "√", "✓", "✔", "y", "yes", "true", "1", "有", "已")
NO = ("否", "不是", "×", "✗", "✘", "x", "n", "no", "false", "0", "无", "没有", "未")
ONLY_YES_OR_NO = ("有", "已", "无", "没有", "未")


def answer(said: Said, *, strict: bool = False) -> str:
    """是 or 否; empty where it says neither. ``strict``: 有 and 无 do not answer it."""
    try:
        word = as_words(said).lower().rstrip("。.")
    except Unknown:
        return ""
    if strict and word in ONLY_YES_OR_NO:
        return ""
    return "是" if word in YES else "否" if word in NO else ""
