"""What the checks look at, and how they put a finding into words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal

from jixiao.checking.beside import NOTHING, Beside
from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Filing, Place, Row
from jixiao.filing.quantity import Kind, Reading, as_text, quoted, read_text
from jixiao.rubric.model import Block, Indicator, Rubric, walk
from jixiao.scoring.answers import Answers, year_of
from jixiao.scoring.model import Assessment, IndicatorScore, RowScore
from jixiao.scoring.readings import Readings

SCORED_BY = ("target", "actual", "weight", "score")
"""The columns of a row that its score comes from."""


def said(words: str) -> str:
    """What was given as a reason; 无 and / give none."""
    return "" if read_text(words).kind in {Kind.NONE, Kind.NOT_APPLICABLE} else words


def _quoted(name: str, word: str) -> str:
    """Our own words with their quotation marks turned inner; the user's exactly as typed."""
    return f"“{word}”" if name in {"stated", "expected", "word"} else quoted(word)


def _worded(template: str, words: dict[str, str]) -> str:
    """The template with its braces filled in, quotation marks around them belonging to the words."""
    return re.sub("“{(.*?)}”", r"{“\1”}", template).format_map(words)


class Case:
    """A filing with its rubric and its assessment."""

    def __init__(
        self,
        rubric: Rubric,
        filing: Filing,
        assessment: Assessment,
        readings: Readings | None = None,
        beside: Beside = NOTHING,
    ) -> None:
        self.beside = beside
        self.rubric, self.filing, self.assessment = rubric, filing, assessment
        self.indicators: dict[str, Indicator] = {one.id: one for _, one in walk(rubric.levels)}
        self.gone = {field for gap in filing.gaps for field in gap.fields}
        """Fields that are no longer on the form."""
        self.lost = {gap.what for gap in filing.gaps if not gap.fields}
        """Names of blocks and columns that are no longer on the form."""
        self.absent = {field for gap in filing.gaps if gap.never for field in gap.fields}
        """Fields that a form which is not ours never had: nobody can be asked for them."""
        never = {gap.what for gap in filing.gaps if gap.never}
        self._never = never - {f"jx.column.{block.id}.{one}" for block in rubric.blocks for one in SCORED_BY}
        """Those that a form which is not ours never had, and that its scores do not need."""
        self._readings = Readings(rubric, filing) if readings is None else readings
        self.sums = self._readings.sums
        for id, (block, _) in self.sums.items():
            names = {f"jx.block.{block.id}", f"jx.column.{id}"}
            if self.lost & names:
                self.gone.add(id)
            if never & names:
                self.absent.add(id)
        self.year = year_of(rubric, filing)
        """The year that dates without one belong to."""
        self.found: list[Finding] = []
        """What the checks have found so far."""
        self._first: dict[tuple[str, str], int] = {}
        """By code and subject, or what the subject is a part of: the first finding's number."""
        self._blocks = {block.id: block for block in rubric.blocks}

    def reading(self, field: str) -> Reading:
        """A field as its type asks; scores and texts of the official form, sums of columns too."""
        return self._readings[field]

    def unknown(self, field: str) -> bool:
        """Something that cannot be read, or has no cell any more, so that nobody knows what it says."""
        return bool(self.reading(field).why) or field in self.gone

    def blank(self, field: str) -> bool:
        """Nothing stands in the field, or in the whole column."""
        if field in self.sums:
            return all(entry.blank for entry in self._readings.cells(field))
        return self.filing[field].blank

    def unit(self, field: str) -> str:
        """The unit of an amount; the total is in 分."""
        if field == "total":
            return "分"
        spec = self.rubric.asked.get(field)
        return spec.unit if spec else {"money": "万元", "area": "㎡"}.get(self.sums[field][1].type, "")

    def number(self, field: str) -> Decimal | None:
        value = self.reading(field).value
        return value if isinstance(value, Decimal) else None

    def text(self, field: str) -> str:
        value = self.reading(field).value
        return value if isinstance(value, str) else ""

    def label(self, field: str) -> str:
        """What the user calls a field."""
        if field in self.rubric.asked:
            return self.rubric.asked[field].label
        if field in self.sums:
            block, column = self.sums[field]
            return f"{block.name}·{column.name}合计"
        kind, _, one = field.partition(".")
        words = {"score": "自评分", "reason": "未达标原因、改进措施", "total": "总分", "grade": "评价等级"}
        return f"{self.indicators[one].name}的{words[kind]}" if one else words[kind]

    def members(self, field: str) -> list[str]:
        """The columns of a row of amounts; any other field is itself."""
        spec = self.rubric.fields.get(field)
        return [f"{field}.{column}" for column in spec.amounts] if spec and spec.amounts else [field]

    def places(self, fields: Iterable[str]) -> tuple[Place, ...]:
        """Where these fields stand, as far as they are on the form."""
        found: list[Place | None] = []
        for field in fields:
            if field in self.sums:
                cells = self._readings.cells(field)
                found += [cell.place for cell in cells if not cell.blank] or [c.place for c in cells[:1]]
            else:
                found.append(self.filing.place(field))
        return tuple(place for place in found if place is not None)

    def scores(self) -> list[tuple[IndicatorScore | RowScore, str, str]]:
        """Every score that the unit declares, rows first: the score, what to call it, its clause."""
        rows = [(row, self.row_label(row), self.row_clause(row)) for row in self.assessment.rows]
        own = (one for one in self.assessment.indicators if not one.summed)
        return [*rows, *((one, one.name, one.clause) for one in own)]

    def forfeited(self, block: Block) -> bool:
        """The block's indicator earns nothing whatever its rows say, so they need not be filled in."""
        indicator = self.indicators.get(block.indicator or "")
        return bool(indicator and Answers(self._readings).first(indicator.forfeited))

    # ------------------------------------------------------------ the unit's own rows

    def row(self, score: RowScore) -> Row:
        return self.filing.rows[score.block][score.number - 1]

    def block(self, score: RowScore) -> Block:
        return self._blocks[score.block]

    def row_label(self, score: RowScore) -> str:
        return score.name or f"{self.block(score).name}第 {score.number} 行"

    def row_clause(self, score: RowScore) -> str:
        indicator = self.indicators.get(self.block(score).indicator or "")
        block = self.block(score)
        return block.clause or (indicator or self.rubric.row_rules[block.row_rule]).clause

    def lacks(self, block: Block, column: str) -> bool:
        """Whether a column of the block is no longer on the form; the check for gaps says so once."""
        return f"jx.column.{block.id}.{column}" in self.lost

    def torn(self, indicator: str) -> bool:
        """The indicator sums up rows of a block that is no longer whole."""
        blocks = [block for block in self.rubric.blocks if block.indicator == indicator]
        return any(
            f"jx.block.{block.id}" in self.lost
            or any(f"jx.column.{block.id}.{one.id}" in self.lost - self._never for one in block.columns)
            for block in blocks
        )

    def reason(self, score: IndicatorScore | RowScore) -> str:
        """The unit's words on points lost. A row's may stand at its indicator, and the other way round."""
        if isinstance(score, RowScore):
            own = said(as_text(self.row(score)["reason"].raw))
            return own or said(self.text(f"reason.{score.indicator}"))
        of_rows = [said(as_text(self.row(row)["reason"].raw)) for row in self.assessment.rows_of(score.id)]
        return said(self.text(f"reason.{score.id}")) or "\n".join(word for word in of_rows if word)

    # ------------------------------------------------------------ findings

    def add(self, finding: Finding) -> None:
        """Keep what a check has found, for the checks after it."""
        parts = finding.subject.split(".")
        for count in range(1, len(parts) + 1):
            self._first.setdefault((finding.code, ".".join(parts[:count])), len(self.found))
        self.found.append(finding)

    def earlier(self, codes: Collection[str], subject: str) -> Finding | None:
        """The first finding of one of these codes about ``subject`` or a part of it (a row of a block)."""
        numbers = [self._first[code, subject] for code in codes if (code, subject) in self._first]
        return self.found[min(numbers)] if numbers else None

    def finding(
        self,
        code: str,
        places: Iterable[Place | None],
        *,
        subject: str,
        stated: str = "",
        expected: str = "",
        clause: str = "",
        points: Decimal | None = None,
        severity: str = "",
        cause: Finding | None = None,
        **words: str,
    ) -> Finding:
        """A finding in the catalogue's words; ``words`` fill in what stands in braces there."""
        notice = self.rubric.findings[code]
        words |= {"stated": stated, "expected": expected}
        words |= {f"“{name}”": _quoted(name, word) for name, word in words.items()}
        return Finding(
            code=code,
            severity=Severity(severity or notice.severity),
            title=notice.title,
            places=tuple(place for place in dict.fromkeys(places) if place is not None),
            message=_worded(notice.message, words),
            stated=stated,
            expected=expected,
            clause=clause or notice.clause,
            remedy=_worded(notice.remedy, words),
            points=points,
            caused_by=cause.code if cause else "",
            cause=cause.subject if cause else "",
            missing=notice.missing,
            subject=subject,
        )
