"""What the checks look at, and how they put a finding into words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Filing, Place, Row
from jixiao.filing.quantity import Reading, as_text, read_field
from jixiao.rubric.model import Block, Indicator, Rubric, walk
from jixiao.scoring.answers import Answers
from jixiao.scoring.model import Assessment, IndicatorScore, RowScore


class Case:
    """A filing with its rubric and its assessment."""

    def __init__(self, rubric: Rubric, filing: Filing, assessment: Assessment) -> None:
        self.rubric, self.filing, self.assessment = rubric, filing, assessment
        self.indicators: dict[str, Indicator] = {one.id: one for _, one in walk(rubric.levels)}
        self.gone = {field for gap in filing.gaps for field in gap.fields}
        """Fields that are no longer on the form."""
        self.found: list[Finding] = []
        """What the checks have found so far."""
        self._readings: dict[str, Reading] = {}

    def reading(self, field: str) -> Reading:
        """A field as its type asks; scores and texts of the official form too."""
        if field not in self._readings:
            spec = self.rubric.asked.get(field)
            kind = spec.type if spec else "text" if field.startswith(("reason.", "grade")) else "score"
            unit, choices = (spec.unit, spec.choices) if spec else ("", [])
            self._readings[field] = read_field(self.filing[field], kind, unit=unit, choices=choices)
        return self._readings[field]

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
        kind, _, one = field.partition(".")
        words = {"score": "自评分", "reason": "未达标原因、改进措施", "total": "总分", "grade": "评价等级"}
        return f"{self.indicators[one].name}的{words[kind]}" if one else words[kind]

    def places(self, fields: Iterable[str]) -> tuple[Place, ...]:
        """Where these fields stand, as far as they are on the form."""
        found = (self.filing.place(field) for field in fields)
        return tuple(place for place in found if place is not None)

    def scores(self) -> list[tuple[IndicatorScore | RowScore, str, str]]:
        """Every score that the unit declares, rows first: the score, what to call it, its clause."""
        rows = [(row, self.row_label(row), self.row_clause(row)) for row in self.assessment.rows]
        return [*rows, *((one, one.name, one.clause) for one in self.assessment.indicators)]

    def forfeited(self, block: Block) -> bool:
        """The block's indicator earns nothing whatever its rows say, so they need not be filled in."""
        indicator = self.indicators.get(block.indicator or "")
        return bool(indicator and Answers(self.rubric, self.filing).first(indicator.forfeited))

    # ------------------------------------------------------------ the unit's own rows

    def row(self, score: RowScore) -> Row:
        return self.filing.rows[score.block][score.number - 1]

    def block(self, score: RowScore) -> Block:
        return next(block for block in self.rubric.blocks if block.id == score.block)

    def row_label(self, score: RowScore) -> str:
        return score.name or f"{self.block(score).name}第 {score.number} 行"

    def row_clause(self, score: RowScore) -> str:
        indicator = self.indicators.get(self.block(score).indicator or "")
        return indicator.clause if indicator else self.rubric.row_rules[self.block(score).row_rule].clause

    def reason(self, score: IndicatorScore | RowScore) -> str:
        """The unit's words on points lost. A row's may stand at its indicator, and the other way round."""
        if isinstance(score, RowScore):
            own = as_text(self.row(score)["reason"].raw)
            return own or self.text(f"reason.{self.block(score).indicator}")
        blocks = {block.id for block in self.rubric.blocks if block.indicator == score.id}
        of_rows = [
            as_text(self.row(row)["reason"].raw) for row in self.assessment.rows if row.block in blocks
        ]
        return self.text(f"reason.{score.id}") or "\n".join(word for word in of_rows if word)

    # ------------------------------------------------------------ findings

    def earlier(self, codes: Collection[str], subject: str) -> Finding | None:
        """A finding of one of these codes about ``subject`` or a part of it (a row of a block)."""
        return next(
            (
                finding
                for finding in self.found
                if finding.code in codes and (f"{finding.subject}.").startswith(f"{subject}.")
            ),
            None,
        )

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
        return Finding(
            code=code,
            severity=Severity(severity or notice.severity),
            title=notice.title,
            places=tuple(place for place in dict.fromkeys(places) if place is not None),
            message=notice.message.format_map(words),
            stated=stated,
            expected=expected,
            clause=clause or notice.clause,
            remedy=notice.remedy.format_map(words),
            points=points,
            caused_by=cause.code if cause else "",
            cause=cause.subject if cause else "",
            missing=notice.missing,
            subject=subject,
        )
