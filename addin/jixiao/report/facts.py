"""What sentences may speak of: fields, scores, levels, the unit's own rows, points lost.

Every printable thing is a :class:`Figure`, so that each number of the report is known by its source.
The scores are those that stand in the form; arithmetic shows only where it agrees with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from jixiao.filing.model import Entry, Filing, Row
from jixiao.filing.quantity import as_text, plain, quoted, read_field
from jixiao.filing.ticks import ticked_in
from jixiao.report.figures import Figure, shown
from jixiao.rubric.model import Block, Level, Rubric
from jixiao.rubric.span import span_of
from jixiao.scoring.arithmetic import percent
from jixiao.scoring.model import Assessment, Basis, IndicatorScore, RowScore
from jixiao.scoring.readings import Readings

ZERO = Decimal(0)
NONE = "无"
"""A paragraph of its own where the unit says that there is nothing to tell."""


class Facts:
    """A scored filing as its report speaks of it."""

    def __init__(
        self, rubric: Rubric, filing: Filing, assessment: Assessment, measures: Mapping[str, str]
    ) -> None:
        """``measures``: indicator -> what is usually done about points lost there."""
        self.rubric, self.filing, self.assessment, self.measures = rubric, filing, assessment, measures
        self._readings = Readings(rubric, filing)
        self.indicators = {one.id: IndicatorFacts(self, one) for one in assessment.indicators}
        self.blocks = {block.id: BlockFacts(self, block) for block in rubric.blocks}
        self.levels: dict[str, LevelFacts] = {}
        self.top = [LevelFacts(self, level) for level in rubric.levels]

    def names(self) -> dict[str, Any]:
        """What a sentence finds under which name."""
        roots = {field.partition(".")[0] for field in self.rubric.asked}
        named = {root: self.at(root) for root in roots}
        lost = [one for indicator in self.indicators.values() for one in indicator.losses()]
        return named | {
            "indicators": self.indicators,
            "blocks": self.blocks,
            "levels": self.levels,
            "total": TotalFacts(self),
            "lost": lost,
            "measures": _grouped(lost),
            "rows": [row for block in self.blocks.values() if block.scored for row in block.rows],
        }

    def at(self, id: str) -> Figure | Fields:
        """The field of that id, or what stands below it."""
        spec = self.rubric.asked.get(id)
        if spec is None:
            return Fields(self, id)
        value = self._readings[id].value
        text = shown(value, spec.type, spec.unit)
        place = self.filing.place(id)
        said = Figure(text, value, id, label=spec.label.replace("·", ""), unit=spec.unit, place=place)
        return said.saying(f"{NONE}。") if spec.type == "longtext" and said.none else said

    def points(self, value: Decimal | None, source: str, name: str) -> Figure:
        """A score or a weight; one that is not in the form is still to be filled in."""
        place = self.filing.place(source)
        return Figure(plain(value or ZERO), value, source, label=f"{name}得分", unit="分", place=place)


class Fields:
    """The beginning of the ids of some fields: ``income.total`` of ``income.total.actual``."""

    def __init__(self, facts: Facts, prefix: str) -> None:
        self._facts, self._prefix = facts, prefix

    def __getattr__(self, name: str) -> Figure | Fields:
        id = f"{self._prefix}.{name}"
        known = self._facts.rubric.asked
        if name.startswith("_") or (id not in known and not any(one.startswith(f"{id}.") for one in known)):
            raise AttributeError(name)
        return self._facts.at(id)


class Lost:
    """Points lost somewhere, the unit's reason, and what is usually done about it."""

    def __init__(self, scored: IndicatorFacts | RowFacts, points: Decimal, measure: str) -> None:
        self.name = quoted(str(scored.name))
        self.weight, self.score = scored.weight, scored.score
        self.points = Figure(plain(points), points, f"{scored.weight.source}-{scored.score.source}")
        self.reason, self.measure = scored.reason, measure


class Measure:
    """What to do about points lost, and where: 针对“甲”“乙”."""

    def __init__(self, names: Sequence[str], text: str) -> None:
        self.names, self.text = "".join(dict.fromkeys(names)), text


def _grouped(lost: Sequence[Lost]) -> list[Measure]:
    by_text: dict[str, list[str]] = {}
    for one in lost:
        by_text.setdefault(one.measure, []).append(one.name)
    return [Measure(names, text) for text, names in by_text.items()]


class IndicatorFacts:
    """An indicator of the rubric: its weight, the score in the form, and what the score rests on."""

    def __init__(self, facts: Facts, score: IndicatorScore) -> None:
        self._facts, self._score = facts, score
        self.id, self.name, self.basis = score.id, score.name, str(score.basis)
        self.main = not score.apart
        self.stands, self._stand_in = score.declared, score.substitute[1]
        self.weight = Figure(plain(score.weight), score.weight, f"weight.{score.id}")
        self.score = facts.points(score.declared, f"score.{score.id}", score.name)

    @property
    def reason(self) -> Figure:
        entry = self._facts.filing[f"reason.{self.id}"]
        text = " ".join(as_text(entry.raw).split("\n"))
        return Figure(text, text, f"reason.{self.id}")

    @property
    def steps(self) -> Figure:
        """The arithmetic behind the score; empty unless it leads to the score in the form."""
        agreed = self._score.basis is Basis.COMPUTED and self._score.score == self.stands
        own = [
            step.text for step in self._score.steps if not self._stand_in or self._stand_in not in step.text
        ]
        text = _tight("；".join(line.rstrip("。") for line in own)) if agreed else ""
        return Figure(text, text, f"steps.{self.id}")

    @property
    def stand_in(self) -> Figure:
        """Why something else was used for the official way to the ratio; empty where nothing was."""
        text = _tight(self._stand_in)
        return Figure(text, text, f"steps.{self.id}")

    @property
    def rows(self) -> list[RowFacts]:
        return [
            row for block in self._facts.blocks.values() for row in block.rows if row.indicator == self.id
        ]

    def losses(self) -> list[Lost]:
        """Where points were lost: its rows one by one, otherwise the indicator itself."""
        if self._score.apart:
            return []
        measure = self._facts.measures.get(self.id) or self._facts.measures.get("default", "")
        lost = _lost(self._score, self.stands)
        rows = [(row, _lost(row.scored, row.stands)) for row in self.rows if row.scored is not None]
        by_row = [Lost(row, points, measure) for row, points in rows if points > 0]
        return by_row or ([Lost(self, lost, measure)] if lost > 0 else [])


class RowFacts:
    """A row of the unit's own: its columns by id, its rate, its score."""

    def __init__(self, facts: Facts, block: Block, number: int, row: Row, scored: RowScore | None) -> None:
        self._facts, self._block, self._row, self.scored = facts, block, row, scored
        self._source = f"rows.{block.id}.{number}"
        self.indicator = scored.indicator if scored else ""
        self.applies = not (scored and scored.not_applicable)
        self.stands = scored.declared if scored else None

    def __getattr__(self, name: str) -> Figure:
        column = next((column for column in self._block.columns if column.id == name), None)
        if name.startswith("_") or column is None:
            raise AttributeError(name)
        entry, source = self._row[name], f"{self._source}.{name}"
        label = f"{self._block.name}第 {self._source.rpartition('.')[2]} 行的{column.name}"
        if column.type in ("money", "area", "count"):
            value = read_field(entry, column.type).value
            return Figure(shown(value, column.type), value, source, label=label, place=entry.place)
        text = _typed(entry)
        return Figure(text, text, source, label=label, place=entry.place)

    @property
    def rate(self) -> Figure:
        """The completion rate: computed, or where nothing can be computed as the unit typed it."""
        if self.scored and self.scored.ratio is not None:
            return Figure(percent(self.scored.ratio), self.scored.ratio, f"{self._source}.rate")
        return Figure(_typed(self._row["rate"]), _typed(self._row["rate"]), f"{self._source}.rate")

    @property
    def inverse(self) -> bool:
        """Whether less is better, and the computed rate the target in parts of what was done."""
        return bool(self.scored and self.scored.ratio is not None and self.scored.direction == "反向")

    @property
    def rated(self) -> Decimal | None:
        """The rate as a ratio."""
        if self.scored and self.scored.ratio is not None:
            return self.scored.ratio
        value = read_field(self._row["rate"], "percent").value
        return value if isinstance(value, Decimal) else None


class Band:
    """The rows whose completion rate lies in one band of the rubric, or that have none (``text`` empty)."""

    def __init__(self, text: str, rows: Sequence[RowFacts], block: str) -> None:
        source = f"bands.{block}.{text or 'none'}"
        points = [row.stands for row in rows]
        known = [one for one in points if one is not None]
        total = sum(known, ZERO) if len(known) == len(points) else None
        self.text = Figure(text, text, source)
        self.count = Figure(str(len(rows)), Decimal(len(rows)), f"{source}.count")
        self.score = Figure(plain(total or ZERO), total, f"{source}.score", label="各指标得分")


class BlockFacts:
    """The rows of a block, in the order of the form."""

    def __init__(self, facts: Facts, block: Block) -> None:
        self._facts, self._block = facts, block
        self.name, self.scored = block.name, bool(block.row_rule)
        weight = block.weight or ZERO
        self.weight = Figure(plain(weight), weight, f"weight.block.{block.id}")
        scored = {row.number: row for row in facts.assessment.rows if row.block == block.id}
        own = enumerate(facts.filing.rows.get(block.id, ()), 1)
        self.rows = [
            RowFacts(facts, block, number, row, scored.get(number))
            for number, row in own
            if number in scored or (not block.row_rule and any(not one.blank for one in row.entries.values()))
        ]

    @property
    def count(self) -> Figure:
        """How many indicators are assessed: rows marked ``/`` are not."""
        number = len([row for row in self.rows if row.applies])
        return Figure(str(number), Decimal(number), f"rows.{self._block.id}")

    @property
    def classes(self) -> list[tuple[str, Figure]]:
        """Second-level classes and how many indicators each has."""
        found: dict[str, int] = {}
        for row in self.rows:
            if row.applies and (name := str(row.level2.value or "")):
                found[name] = found.get(name, 0) + 1
        source = f"rows.{self._block.id}"
        return [(name, Figure(str(n), Decimal(n), f"{source}.{name}")) for name, n in found.items()]

    @property
    def score(self) -> Figure:
        """What the rows come to in the form."""
        points = [row.stands for row in self.rows if row.applies]
        known = [one for one in points if one is not None]
        whole = sum(known, ZERO) if points and len(known) == len(points) else None
        return self._facts.points(whole, f"rows.{self._block.id}.score", self.name)

    @property
    def unfilled(self) -> int:
        """How many indicators have no actual value yet."""
        return len([row for row in self.rows if row.applies and row.actual.absent])

    @property
    def bands(self) -> list[Band]:
        """The rows by completion rate; those that are assessed without one come last, if there are any."""
        rule = self._facts.rubric.row_rules[self._block.row_rule]
        spans = [span_of(band) for band in rule.completion]
        rows = [row for row in self.rows if row.applies]
        found = [
            Band(
                span.text().replace(" ", ""),
                [row for row in rows if row.rated is not None and span.holds(row.rated)],
                self._block.id,
            )
            for span in spans
        ]
        words = [row for row in rows if row.rated is None and not row.actual.absent]
        return found + ([Band("", words, self._block.id)] if words else [])


class LevelFacts:
    """A level of the rubric: its weight, its parts, and what the scores in the form come to."""

    def __init__(self, facts: Facts, level: Level) -> None:
        self._facts = facts
        self.name = level.name
        self.weight = Figure(plain(level.weight), level.weight, f"weight.level.{level.name}")
        self.levels = [LevelFacts(facts, one) for one in level.levels]
        self.indicators = [facts.indicators[one.id] for one in level.indicators]
        self.trusted = [one.name for one in self.indicators if one.basis == Basis.UNVERIFIED]
        facts.levels[level.name] = self

    @property
    def score(self) -> Figure:
        stand = _standing(self)
        return self._facts.points(stand, f"score.level.{self.name}", self.name)


class TotalFacts:
    """The total in the form and the grade that goes with it."""

    def __init__(self, facts: Facts) -> None:
        rubric, assessment = facts.rubric, facts.assessment
        own = [level for level, spec in zip(facts.top, rubric.levels, strict=True) if not spec.apart]
        complete = all(_standing(level) is not None for level in own)
        typed = not facts.filing["total"].formula
        points = assessment.declared_total if complete or typed else None
        if points is None and complete:
            points = assessment.declared_sum
        self.weight = Figure(plain(rubric.total), rubric.total, "weight.total")
        self.score = facts.points(points, "total", "总")
        names = [one.name for one in rubric.grades]
        ticked = ticked_in(as_text(facts.filing["grade"].raw), names)
        due = (one.name for one in rubric.grades if points is not None and points >= one.at_least)
        name = ticked[0] if len(ticked) == 1 else next(due, "")
        self.grade = Figure(name, name, "grade", label="评价等级", place=facts.filing.place("grade"))
        unverified = assessment.unverified
        self.unverified = Figure(plain(unverified), unverified, "unverified")


def _standing(level: LevelFacts) -> Decimal | None:
    parts = [_standing(one) for one in level.levels] + [one.stands for one in level.indicators]
    known = [one for one in parts if one is not None]
    return sum(known, ZERO) if len(known) == len(parts) else None


def _lost(score: IndicatorScore | RowScore, stands: Decimal | None) -> Decimal:
    return score.weight - score.excluded - stands if stands is not None else ZERO


def _tight(text: str) -> str:
    """Without the blanks between Chinese and digits, which the printed page sets by itself."""
    return re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", text)


def _typed(entry: Entry) -> str:
    if entry.percent and isinstance(entry.raw, Decimal):
        return percent(entry.raw)
    return entry.error or as_text(entry.raw)
