"""From findings to the rows of the list on 校验结果: sections, order, texts and heights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal

import msgspec

from jixiao.checking.finding import Finding, ranges
from jixiao.filing.model import Place, Raw
from jixiao.workbook.file.values import DIGITS, storable
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.own_list import SIZE, fitting

NUMBER, SEVERITY, PLACE, PROBLEM, STATED, EXPECTED, CLAUSE, REMEDY, POINTS, CODE = HEADINGS = (
    "序号", "级别", "位置", "问题", "原填", "应为", "依据条款", "怎么改", "涉及分值", "编号",
)  # fmt: skip
_MARGIN = 4.0
TALLEST = 205.0
"""Points; what needs more goes on in a further row (Excel shows none higher than 409)."""
_LONGEST_LINK = 255
"""Letters that Excel takes as one text in a formula."""
_BETWEEN = "、 "
_CONTINUED = "（接上行）"
_FOLLOWS = "↳ "
_MISSING, _OTHERS, _ALL = "还差什么（{} 项，填好才能上报）", "其他问题（{} 项）", "问题（{} 项）"
_NOTHING = "没有发现问题。"
SECTION_STARTS = tuple(text.partition("{}")[0] for text in (_MISSING, _OTHERS, _ALL, _NOTHING))
"""By these the headings of sections are known."""
_SECTION_HEADING = re.compile(
    "|".join(re.escape(text).replace(r"\{\}", r"\d+") for text in (_MISSING, _OTHERS, _ALL, _NOTHING))
)


class Line(msgspec.Struct, frozen=True):
    """One row of the list, or the heading of a section."""

    height: float
    texts: Mapping[str, str | Decimal]
    """By the heading of the column."""
    link: Place | None = None
    """Where a click on 位置 leads."""


def lines(findings: Sequence[Finding], widths: Mapping[str, float]) -> list[Line]:
    """The rows of the list, with what is still missing first.

    ``widths`` are those of the columns; a hidden one has none.
    """
    if not findings:
        return [_heading(_NOTHING)]
    missing, others = _sections(findings)
    found: list[Line] = []
    number = 0
    needed = sum(finding.missing for finding in findings)
    for section, title, size in (
        (missing, _MISSING, needed),
        (others, _OTHERS if missing else _ALL, len(others)),
    ):
        if section:
            found.append(_heading(title.format(size)))
        for finding, follows in section:
            number += 1
            found += _of_finding(finding, number, follows, widths)
    return found


def is_section_heading(text: Raw) -> bool:
    """Whether we wrote this as the heading of a section."""
    return isinstance(text, str) and _SECTION_HEADING.fullmatch(text) is not None


def place_text(places: Sequence[Place]) -> str:
    """All places; the name of a sheet is not said twice in a row, and lines break between places."""
    said = []
    sheet = ""
    for place in ranges(places):
        said.append(place.cell if place.sheet == sheet and place.cell else str(place))
        sheet = place.sheet
    return _BETWEEN.join(said)


_Listed = list[tuple[Finding, bool]]
"""Findings, and whether each stands below its cause."""


def _sections(findings: Sequence[Finding]) -> tuple[_Listed, _Listed]:
    """What is missing and everything else, each finding below its cause.

    What is missing stays in its section, whatever caused it; a circle of causes loses nothing.
    """
    first: dict[tuple[str, str], int] = {}
    for number, finding in enumerate(findings):
        first.setdefault((finding.code, finding.subject), number)
        first.setdefault((finding.code, ""), number)
    below: dict[int, list[int]] = {}
    roots = []
    for number, finding in enumerate(findings):
        cause = first.get((finding.caused_by, finding.cause))
        if cause is None or (finding.missing and not findings[cause].missing):
            roots.append(number)
        else:
            below.setdefault(cause, []).append(number)
    seen: set[int] = set()
    missing: _Listed = []
    others: _Listed = []
    for root in [*roots, *range(len(findings))]:
        section = missing if findings[root].missing else others
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                section.append((findings[number], number != root))
                waiting += reversed(below.get(number, ()))
    return missing, others


def _heading(text: str) -> Line:
    return Line(fitting(0), {NUMBER: text})


def _of_finding(finding: Finding, number: int, follows: bool, widths: Mapping[str, float]) -> list[Line]:
    texts = {
        PROBLEM: (_FOLLOWS if follows else "") + finding.message,
        STATED: finding.stated,
        EXPECTED: finding.expected,
        CLAUSE: finding.clause,
        REMEDY: finding.remedy,
    }
    pieces = {heading: _pieces(storable(text), widths.get(heading, 0)) for heading, text in texts.items()}
    places = _places(finding.places, widths.get(PLACE, 0))
    rows = []
    for row in range(max(len(places), *(len(texts) for texts in pieces.values()))):
        here = places[row] if row < len(places) else ()
        said: dict[str, str | Decimal] = {
            NUMBER: Decimal(number),
            SEVERITY: str(finding.severity),
            PLACE: place_text(here) if here or row else finding.place,
            CODE: finding.code,
        }
        said |= {heading: texts[row] for heading, texts in pieces.items() if row < len(texts)}
        if row:
            said[PROBLEM] = _CONTINUED + str(said.get(PROBLEM, ""))
        elif finding.points is not None:
            said[POINTS] = Context(prec=DIGITS).plus(finding.points)
        shown = [(str(text), widths[heading]) for heading, text in said.items() if widths.get(heading)]
        need = max((text_height(text, [width], SIZE) + _MARGIN for text, width in shown), default=0)
        rows.append(Line(fitting(need), said, here[0] if here else None))
    return rows


def _pieces(text: str, width: float) -> list[str]:
    """The text in pieces that each fit into a row; a column that nobody sees (width 0) needs no room."""
    if not width or text_height(text, [width], SIZE) <= TALLEST:
        return [text]
    middle = len(text) // 2
    return _pieces(text[:middle], width) + _pieces(text[middle:], width)


def _places(places: Sequence[Place], width: float) -> list[Sequence[Place]]:
    """The places in groups that each fit into a row and a link."""
    text = place_text(places)
    fits = not width or text_height(text, [width], SIZE) <= TALLEST
    if len(places) < 2 or (fits and len(text) <= _LONGEST_LINK):
        return [places]
    middle = len(places) // 2
    return _places(places[:middle], width) + _places(places[middle:], width)
