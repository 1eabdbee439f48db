"""Reading what people write: ≥80个, ＝100%, 1.2亿元, 12月, 2024年12月31日前, 定性, /, 无.

A text is read only where it can mean one thing. Everything else keeps its text and says why it
was not read; nothing is guessed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import msgspec

from jixiao.filing.model import Entry, Raw


class Kind(StrEnum):
    BLANK = "没有填写"
    NUMBER = "数字"
    DATE = "日期"
    WORDS = "文字"
    QUALITATIVE = "定性"
    NOT_APPLICABLE = "不适用"
    NONE = "无"
    UNREADABLE = "读不出来"


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A value as understood.

    ``number`` is in the base unit (元 for money, a ratio for %, days for dates not used);
    ``unit`` is the base unit's name; ``comparator`` is ≥ ≤ > < = or empty; ``text`` is what was
    typed, tidied; ``why`` tells why an UNREADABLE value could not be read.
    """

    kind: Kind
    text: str = ""
    number: Decimal | None = None
    unit: str = ""
    comparator: str = ""
    date: dt.date | None = None
    why: str = ""
    change: str = ""
    """增长 or 下降 where the number tells how much something grew or fell, 降到 where it tells to what."""

    @property
    def constraint(self) -> bool:
        """Written as a constraint (≥90%), which is not a measured value."""
        return self.comparator in {"≥", "≤", ">", "<"}


_MULTIPLES = {
    "万亿": Decimal(10) ** 12, "千亿": Decimal(10) ** 11, "百亿": Decimal(10) ** 10,
    "亿": Decimal(10) ** 8, "千万": Decimal(10) ** 7, "百万": Decimal(10) ** 6,
    "十万": Decimal(10) ** 5, "万": Decimal(10) ** 4, "千": Decimal(1000), "百": Decimal(100),
}  # fmt: skip
_LARGEST = Decimal(10) ** 15
"""No form holds more; a cell keeps 15 digits."""
_LONGEST = 200
"""Characters of a text that can be one number, date or choice; a longer one is a description."""
_TOO_LARGE = "数字太大或位数太多，多半是填错了"
_MULTIPLE = re.compile("(万亿|千亿|百亿|亿|千万|百万|十万|万|千(?![米克瓦伏卡])|百(?!分))")
_PREFIXES = [
    ("≥", ("≥", ">=", "≧", "⩾", "=>", "不低于", "不少于", "不小于", "大于等于", "大于或等于", "至少")),
    ("≤", ("≤", "<=", "≦", "⩽", "=<", "不超过", "不高于", "不大于", "不多于", "小于等于", "小于或等于")),
    (">", (">", "大于", "超过", "高于", "多于")),
    ("<", ("<", "小于", "低于", "少于", "不足", "不到")),
    ("=", ("=", "等于", "达到", "达")),
]  # fmt: skip
_SUFFIXES = [
    ("≥", ("及以上", "(含)以上", "以上")),
    ("≤", ("及以下", "(含)以下", "以下", "以内", "之内", "内")),
]
_CHANGE = re.compile(
    r"^(?:同比|环比|(?:比|较)上年|年均|每年)?"
    r"(?:(?P<up>增长|增加|提高|提升|上升)|(?P<down>下降|降低|减少|降(?=[到至])))(?:率|幅度)?(?P<to>到|至)?"
    r"(?=[≥≤<>=≧≦⩾⩽]|不|至少|\d)"
)
_APPROXIMATE = re.compile(r"^(约|大约|近|将近|接近|逾|上|几)(?=[\d十百千万])|(左右|上下)$|\d(余|多|来)")
_NUMBER = re.compile(r"^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(.*)$")
_RANGE = re.compile(r"^[+-]?[\d.,]+[^\d]{0,3}(?:-|~|–|—|至|到)[\d.,]+")
_FIGURES = re.compile(r"[\d.,;:%‰()+\-*/⁄×÷=^]+")
"""7,5 or 1+1 or 5/6 or ½ (which is 1⁄2): no word in it that could make it a description."""
_LOST = "\ufffd"
"""What stands for a character that could not be decoded."""
_NOT_APPLICABLE = {"/", "\\", "-", "--", "—", "——", "―", "n/a", "na", "不适用", "不涉及"}
_NONE = {"无", "没有", "暂无"}
_DATE = re.compile(
    r"^(?:截至|于|在)?(?:(\d{4})(?:年度?|[-./]))?(?:(\d{1,2})(?:月份?|[-./]|$))?(?:(\d{1,2})[日号]?)?"
    r"(底|末|初|中旬|上旬|下旬)?(?:之?前|以前|前完成|完成)?$"
)
_PART_OF_YEAR = re.compile(
    r"^(?:截至|于|在)?(?:(\d{4})年)?(?:年?[底末]|年内|(上)半年|下半年)[底末]?(?:之?前|以前)?(?:完成)?$"
)
_YEAR_AND_MORE = re.compile(r"(?:19|20)\d\d年.")
_INNER = str.maketrans("“”", "‘’")
_QUARTER = re.compile(r"^(?:(\d{4})年)?第?([一二三四1-4])季度[末底]?(?:之?前|完成)?$")


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Full-width forms made half-width, blanks taken out: ``　≥ ９０％`` becomes ``≥90%``."""
    text = unicodedata.normalize("NFKC", text.replace("㎡", "平方米").replace("㎞", "公里"))
    return re.sub(r"\s+", "", text)


def read_entry(entry: Entry, year: int | None = None) -> Quantity:
    """What a cell holds, read as a quantity. ``year`` completes dates that name none."""
    if entry.error:
        return Quantity(Kind.UNREADABLE, entry.error, why=f"单元格是错误值 {entry.error}")
    if entry.uncalculated:
        return Quantity(
            Kind.UNREADABLE, f"={entry.formula}", why="公式还没有计算结果，请在表格软件里打开并保存一次"
        )
    raw = entry.raw
    if entry.blank:
        return Quantity(Kind.BLANK)
    if isinstance(raw, bool):
        return Quantity(Kind.WORDS, "是" if raw else "否")
    if isinstance(raw, Decimal):
        if abs(raw) > _LARGEST:
            return Quantity(Kind.UNREADABLE, plain(raw), why=_TOO_LARGE)
        if entry.percent:
            return Quantity(Kind.NUMBER, f"{plain(raw * 100)}%", raw, "%")
        return Quantity(Kind.NUMBER, plain(raw), raw)
    if isinstance(raw, dt.datetime):
        return Quantity(Kind.DATE, f"{raw:%Y-%m-%d}", date=raw.date())
    if isinstance(raw, dt.date):
        return Quantity(Kind.DATE, f"{raw:%Y-%m-%d}", date=raw)
    return read_text(str(raw), year)


@lru_cache(maxsize=4096)  # forms say the same words over and over
def read_text(typed: str, year: int | None = None) -> Quantity:
    """What a text means as a quantity; texts without one safe reading say why."""
    text = tidy(typed)
    if not text:
        return Quantity(Kind.BLANK)
    if _LOST in text:
        return Quantity(Kind.UNREADABLE, text, why="有乱码，原来的字已经丢了")
    if len(text) > _LONGEST:
        figures = _FIGURES.fullmatch(_comparator(text[:_LONGEST])[1])
        return Quantity(Kind.UNREADABLE, text, why=_TOO_LARGE) if figures else Quantity(Kind.WORDS, text)
    if text.lower() in _NOT_APPLICABLE:
        return Quantity(Kind.NOT_APPLICABLE, text)
    if text in _NONE:
        return Quantity(Kind.NONE, text)
    if changed := _CHANGE.match(text):
        amount = read_text(text[changed.end() :], year)
        if amount.kind is Kind.NUMBER:
            word = "增长" if changed["up"] else "下降"
            if changed["to"]:  # 提高到 95% is 95%
                word = "" if changed["up"] else "降到"
            return msgspec.structs.replace(amount, text=text, change=word)
    if text in {"定性", "定性指标"}:
        return Quantity(Kind.QUALITATIVE, text)
    if moment := _date(text, year):
        return Quantity(Kind.DATE, text, date=moment)
    if _APPROXIMATE.search(text) and re.search(r"\d", text):
        return Quantity(Kind.UNREADABLE, text, why="写的是约数")
    comparator, rest = _comparator(text)
    if _RANGE.match(rest):
        return Quantity(Kind.UNREADABLE, text, why="写的是一个范围")
    match = _NUMBER.match(rest)
    if not match or _YEAR_AND_MORE.match(rest):
        if re.search(r"\d", text) and len(text) <= 12 and comparator:
            return Quantity(Kind.UNREADABLE, text, why="数字前后还有别的文字")
        return Quantity(Kind.WORDS, text)
    sign, whole, fraction, unit = match.groups()
    unit = unit[1:-1] if unit[:1] == "(" and unit[-1:] == ")" else unit
    number = Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}")
    if abs(number) > _LARGEST or len(fraction or "") > 15:
        return Quantity(Kind.UNREADABLE, text, why=_TOO_LARGE)
    if unit not in {"%", "‰"} and _FIGURES.fullmatch(unit):
        return Quantity(Kind.UNREADABLE, text, why="只有数字和符号，看不出是哪个数")
    if len(unit) > 8 or re.search(r"[\d,;。；，.]", unit):
        long_words = len(text) > 20 or not unit[:1].isalnum()
        why = "数字前后还有别的文字"
        return Quantity(Kind.WORDS, text) if long_words else Quantity(Kind.UNREADABLE, text, why=why)
    if unit and not unit.strip("oO"):
        return Quantity(Kind.UNREADABLE, text, why="数字里有字母 O，分不清是不是 0")
    if unit in {"%", "‰"}:
        return Quantity(Kind.NUMBER, text, number / (100 if unit == "%" else 1000), "%", comparator)
    if "%" in unit or "‰" in unit:
        return Quantity(Kind.UNREADABLE, text, why="百分数前后还有别的文字")
    if multiple := _MULTIPLE.match(unit):
        return Quantity(
            Kind.NUMBER, text, number * _MULTIPLES[multiple[1]], unit[multiple.end() :], comparator
        )
    return Quantity(Kind.NUMBER, text, number, unit, comparator)


def _comparator(text: str) -> tuple[str, str]:
    for sign, words in _PREFIXES:
        for word in words:
            if text.startswith(word):
                inner, bare = _comparator(text[len(word) :])
                if inner and sign in {"=", inner}:  # 达到 95% 以上
                    return inner, bare
                return sign, text[len(word) :]
    if inside := re.match(r"^控制在(.+?)(?:以内|之内|以下|内)?$", text):
        return "≤", inside[1]
    for sign, words in _SUFFIXES:
        for word in words:
            if text.endswith(word) and re.match(r"[+-]?\d", text):
                return sign, text[: -len(word)]
    return "", text


def _date(text: str, year: int | None) -> dt.date | None:
    """The last day that a date or month names; None where the text is no date."""
    if quarter := _QUARTER.match(text):
        number = "一二三四".find(quarter[2]) + 1 or int(quarter[2])
        return _last_day(int(quarter[1]) if quarter[1] else year, number * 3)
    if "年" in text and (part_of := _PART_OF_YEAR.match(text)):
        return _last_day(int(part_of[1]) if part_of[1] else year, 6 if part_of[2] else 12)
    match = _DATE.match(text)
    if not match or not re.search(r"[年月日号]|\d[-./]\d+[-./]\d", text):
        return None
    named_year, month, day, part = match.groups()
    when = int(named_year) if named_year else year
    if month is None:
        return dt.date(when, 12, 31) if when and day is None and named_year and "年" in text else None
    if day is None:
        limits = {"初": 10, "上旬": 10, "中旬": 20}
        return _day(when, int(month), limits[part]) if part in limits else _last_day(when, int(month))
    return _day(when, int(month), int(day))


def _day(year: int | None, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year else None
    except ValueError:
        return None


def _last_day(year: int | None, month: int) -> dt.date | None:
    if not year or not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def quoted(text: str) -> str:
    """``“text”``; quotation marks inside it become the inner ones: “‘三公’经费”."""
    return f"“{text.translate(_INNER)}”"


def plain(number: Decimal) -> str:
    """A number without exponent or trailing zeros: ``1E+2`` is 100, ``4.50`` is 4.5."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


# ---------------------------------------------------------------- fields of the form


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A field as understood: ``value`` is a number in the field's unit, or 是/否, a choice, a text.

    ``why`` is not empty when something stands there that could not be read; ``unlikely`` is then the
    number that stands there, where it is too large or too small to be believed.
    """

    value: Decimal | str | dt.date | None = None
    why: str = ""
    unlikely: Decimal | None = None


_MONEY_UNITS = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000), "亿元": Decimal(10) ** 8}
_YES = {"是", "是的", "对", "√", "✓", "✔", "y", "yes", "true", "1"}
_NO = {"否", "不是", "×", "✗", "✘", "x", "n", "no", "false", "0"}
_THERE_IS = {"有", "已"}
_THERE_IS_NOT = {"无", "没有", "未"}


def read_field(
    entry: Entry, kind: str, *, unit: str = "", choices: list[str] | None = None, yes_or_no: bool = False
) -> Reading:
    """What stands in a field of the form, read as its type asks.

    ``yes_or_no``: 有 and 无 do not answer it.
    """
    if entry.error or entry.uncalculated:
        return Reading(why=read_entry(entry).why)
    if entry.blank:
        return Reading()
    raw = entry.raw
    if kind in {"text", "longtext"}:
        return Reading(as_text(raw))
    if kind == "year":
        return _year(as_text(raw))
    quantity = read_entry(entry)
    if kind == "choice":
        return _choice(raw, quantity, choices or [], yes_or_no)
    if kind == "answer":
        return _answer(raw, quantity, yes_or_no)
    if kind == "date":
        return Reading(quantity.date) if quantity.kind is Kind.DATE else Reading(why="不是日期")
    return _number(quantity, kind, unit, raw)


def _choice(raw: Raw, quantity: Quantity, choices: list[str], yes_or_no: bool) -> Reading:
    """One of the words; 是 and 否 among them may be said in other words, as everywhere."""
    picked = next((choice for choice in choices if tidy(choice) == tidy(as_text(raw))), None)
    if picked is None:
        answer = _answer(raw, quantity, yes_or_no).value
        picked = answer if isinstance(answer, str) and answer in choices else None
    return Reading(picked, "" if picked is not None else f"只能填：{'、'.join(choices)}")


def _answer(raw: Raw, quantity: Quantity, yes_or_no: bool) -> Reading:
    if quantity.kind is Kind.NOT_APPLICABLE:
        return Reading()
    word = tidy(as_text(raw)).lower().rstrip("。.")
    if yes_or_no and word in _THERE_IS | _THERE_IS_NOT:
        return Reading(why="看不出是“是”还是“否”")
    if word in _YES | _THERE_IS or raw is True:
        return Reading("是")
    if word in _NO | _THERE_IS_NOT or raw is False:
        return Reading("否")
    return Reading(why="只能填“是”或“否”")


def _year(text: str) -> Reading:
    bare = tidy(text).strip("()")
    if bare == "年度":  # the printed frame of a year that is still to be filled in
        return Reading()
    match = re.fullmatch(r"((?:19|20)\d\d)(?:年度?)?", bare)
    return Reading(Decimal(match[1])) if match else Reading(why="不是四位数的年份")


def _number(quantity: Quantity, kind: str, unit: str, raw: Raw) -> Reading:
    number = quantity.number
    if quantity.kind is not Kind.NUMBER or number is None:
        return _not_a_number(quantity, kind)
    if quantity.comparator not in {"", "="}:
        return Reading(why="写的是限制（大于、小于），不是实际数")
    if quantity.change in {"增长", "下降"}:
        return Reading(why="写的是增减，不是实际数")
    if kind == "percent":
        if quantity.unit not in {"", "%"}:
            return Reading(why="不是百分数")
        if not quantity.unit and abs(number) > 1:
            return Reading(why=f"没有写 %，分不清是 {as_text(raw)}% 还是 {plain(number * 100)}%")
        return Reading(number)
    if kind == "money":
        if quantity.unit == "%":
            return Reading(why="不是金额")
        if quantity.unit == "元" or (not quantity.unit and _MULTIPLE.search(quantity.text)):  # 1.5万
            return Reading(number / _MONEY_UNITS[unit or "万元"])
        return Reading(why=f"单位“{quantity.unit}”不是金额单位") if quantity.unit else Reading(number)
    if quantity.unit == "%" or (kind == "count" and number != number.to_integral_value()):
        return Reading(why="不是个数" if kind == "count" else "不是数字")
    return Reading(number)


def _not_a_number(quantity: Quantity, kind: str) -> Reading:
    struck_out = quantity.kind is Kind.NOT_APPLICABLE
    if kind == "percent" and (struck_out or quantity.kind is Kind.NONE):
        return Reading()  # no rate, which is not a rate of 0
    if quantity.kind is Kind.NONE or (struck_out and kind != "score"):
        return Reading(Decimal(0))
    return Reading(why=quantity.why or "不是数字")


def as_text(raw: object) -> str:
    """A value as it would be read on the form."""
    if isinstance(raw, Decimal):
        return plain(raw)
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, dt.datetime):
        return f"{raw:%Y-%m-%d}" if raw.time() == dt.time() else f"{raw:%Y-%m-%d %H:%M}"
    return "" if raw is None else str(raw).strip()
