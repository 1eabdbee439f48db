"""Quantities in running text: every number with its unit, its words, and where it stands.

Dates, years, ranges, numbers of headings, documents and laws are no quantities; a number that is
only about right (约、近、余) is kept as such and never recomputed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import msgspec

from jixiao.audit.document import Paragraph
from jixiao.audit.lexicon import lexicon

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"(?P<about>大约|(?<![节签预公合违履特条契])约|将近|近|逾|超过|超|不足|不到|至少|最多|上|≥|≤|>|<|不低于|不超过|不高于|不少于)?"
    rf"(?P<sign>[-−－])?(?P<number>{_NUMBER})(?P<unit>{{units}})?(?P<more>余|多(?!\d)|左右|以上|以下|以内|上下)?"
)
_MONEY = {"元": Decimal("0.0001"), "千元": Decimal("0.1"), "万元": Decimal(1), "亿元": Decimal(10000),
          "百万元": Decimal(100), "亿": Decimal(10000), "万": Decimal(1)}  # fmt: skip
"""In 万元."""
_PLAIN_UNITS = "百万元|千元|万元|亿元|元|个百分点|%|‰|分"
_NOT_AFTER = re.compile(r"[A-Za-z0-9.]$|第$|[〔\[]$|№$|附件$|附表$|表$|图$|编号[:：]?$")
_NOT_BEFORE = re.compile(r"^(?:年|月|日|号|时|点|分钟|季度|世纪|级|标段|[A-Za-z]|[-/]\d|\.\d|〕)")
_RANGE = re.compile(rf"(?:{_NUMBER})%?(?:[-—–~]|至|到)(?:{_NUMBER})")
_SENTENCE = re.compile(r"[。！？!?;；]")
_SHORT = re.compile(r"\(([^()]{1,2})\)")
_CLAUSE = ",，。！？!?;；:：、()（）"


class Mention(msgspec.Struct, frozen=True):
    """A number in a paragraph. ``value`` is in 万元 for money, a ratio for %, else in its unit.

    ``places`` are the decimals printed, of the number as it is printed.
    """

    paragraph: Paragraph
    start: int
    end: int
    value: Decimal
    unit: str
    places: int
    scale: Decimal
    """What one printed unit is worth: 0.0001 for 元, 0.01 for %, 10000 for 万人."""
    words: str
    """What stands before it in its clause, back to the number before."""
    clause: str
    """All of its clause that stands before it."""
    sentence: int
    """Number of its sentence in the paragraph."""
    about: bool = False

    @property
    def money(self) -> bool:
        return self.unit in _MONEY and self.unit not in ("亿", "万")

    @property
    def percent(self) -> bool:
        return self.unit == "%"

    @property
    def kind(self) -> str:
        """What can be compared and added: 元 and 万元 are one kind, 人、名 and 万人 are another."""
        unit = self.unit.lstrip("万亿") or self.unit
        return "元" if self.money else lexicon().unit_kinds.get(unit, unit)

    @property
    def slack(self) -> Decimal:
        """Half a unit of the last printed place; 0 元 is nothing at all."""
        if self.money and not self.value and not self.places:
            return Decimal(0)
        return self.scale * Decimal(1).scaleb(-self.places) / 2

    @property
    def place(self) -> str:
        return self.paragraph.words.place(self.start)

    @property
    def quote(self) -> str:
        return self.paragraph.words.quote(self.start, self.end)


def mentions(paragraph: Paragraph) -> list[Mention]:
    """The quantities of a paragraph in order; a heading's number is none."""
    words = paragraph.words
    if words.mentions is None:
        words.mentions = tuple(_mentions(paragraph))
    return list(words.mentions)


def _mentions(paragraph: Paragraph) -> Iterator[Mention]:
    text = paragraph.text
    ranges = [match.span() for match in _RANGE.finditer(text)]
    ends = [0]
    flat = _SHORT.sub(r"〈\1〉", text)  # 因公出国（境）费 is one word
    first = len(paragraph.number) if paragraph.number else _leading(text)
    for found in _pattern().finditer(text, first):
        start, end = found.span("number")[0], found.end()
        before, after = text[:start], text[found.end("number") :]
        unit = found["unit"] or ""
        if _NOT_AFTER.search(before) or (not unit and _NOT_BEFORE.match(after)) or _dated(unit, after):
            continue
        if any(low <= start < high for low, high in ranges):
            ends.append(end)
            continue
        printed = found["number"].replace(",", "")
        scale = _scale(unit)
        value = Decimal(printed) * scale * (-1 if found["sign"] and _negative(before, found) else 1)
        clause = before[_clause_start(flat[:start]) :]
        yield Mention(
            paragraph=paragraph,
            start=start,
            end=found.end("unit") if unit else found.end("number"),
            value=value,
            unit=unit,
            places=len(printed.partition(".")[2]),
            scale=scale,
            words=_words(before, flat[:start], ends),
            clause=clause,
            sentence=len(_SENTENCE.findall(before)),
            about=bool(found["about"] or found["more"]),
        )
        ends.append(end)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    units = sorted(lexicon().unit_kinds, key=len, reverse=True)
    counted = "|".join(map(re.escape, units))
    return re.compile(_QUANTITY.pattern.replace("{units}", rf"{_PLAIN_UNITS}|[万亿]?(?:{counted})|亿|万"))


def _scale(unit: str) -> Decimal:
    if unit == "%":
        return Decimal("0.01")
    large = {"万": Decimal(10000), "亿": Decimal(100_000_000)}.get(unit[:1]) if len(unit) > 1 else None
    return _MONEY.get(unit, large or Decimal(1))


def _words(before: str, flat: str, ends: list[int]) -> str:
    """What stands before a number in its clause; 执行率（决算÷预算）99% is a 执行率.

    ``ends`` are the ends of the numbers before it; one in brackets does not part: 卫生院（17 个）218 万元.
    """
    words = before[max(ends[-1], _clause_start(flat)) :]
    opened = before.rfind("(") if before.endswith(")") else -1
    if words or opened < 0:
        return words
    last = max(end for end in ends if end <= opened)
    return before[max(last, _clause_start(flat[:opened])) : opened]


def _leading(text: str) -> int:
    found = re.match(r"^(?:\(?\d{1,2}[.、)](?!\d)|[(]?[一二三四五六七八九十]{1,3}[)、])", text)
    return found.end() if found else 0


def _dated(unit: str, after: str) -> bool:
    """``5分`` of ``5分钟``, ``3个`` of ``3个月``: a unit that only looks like one."""
    rest = after[len(unit) :]
    return (unit == "分" and rest.startswith(("钟", "之"))) or (
        unit == "个" and rest.startswith(("月", "季度", "工作日", "小时", "年"))
    )


def _negative(before: str, found: re.Match[str]) -> bool:
    lead = before[: found.start("sign")] if found["sign"] else before
    return not re.search(r"[\d%一-龥]$", lead[-1:])


def _clause_start(before: str) -> int:
    return max(map(before.rfind, _CLAUSE)) + 1
