"""A filing scored by a rubric. Every printed score is rounded on its own; parents add them up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from jixiao.filing.model import Filing
from jixiao.filing.quantity import as_text, plain
from jixiao.rubric.model import Indicator, Level, Rows, Rubric, walk
from jixiao.scoring.answers import Answers, year_of
from jixiao.scoring.arithmetic import percent, rounded, settled
from jixiao.scoring.methods import Outcome, apply
from jixiao.scoring.model import Assessment, Basis, IndicatorScore, LevelScore, RowScore, Score, Step
from jixiao.scoring.readings import Readings
from jixiao.scoring.rows import score_row

ZERO = Decimal(0)


def score(rubric: Rubric, filing: Filing, readings: Readings | None = None) -> Assessment:
    """Score every indicator and row; scores and totals are 分.

    ``readings`` of the same filing spare reading it again.
    """
    readings = Readings(rubric, filing) if readings is None else readings
    rows = _rows(rubric, filing)
    found = tuple(_indicator(readings, path, one, rows) for path, one in walk(rubric.levels))
    counted = [one for one in found if not one.apart]
    total, steps = _total(rubric, _added(rubric, counted), counted)
    declared, declared_steps = _total(rubric, sum((one.declared or ZERO for one in counted), ZERO), counted)
    grade = next((grade.name for grade in rubric.grades if total >= grade.at_least), "")
    return Assessment(
        edition=rubric.id,
        unit=as_text(filing["unit.name"].raw),
        year=_year(readings, filing),
        indicators=found,
        rows=tuple(rows),
        levels=tuple(_levels(rubric.levels, readings, {one.id: one for one in found})),
        total=total,
        total_steps=steps,
        declared_total=readings.number("total"),
        declared_sum=declared,
        declared_steps=declared_steps,
        unverified=sum((one.unverified for one in counted), ZERO),
        missing=sum((one.weight - one.excluded for one in counted if one.basis is Basis.MISSING), ZERO),
        grade=grade,
    )


def _rows(rubric: Rubric, filing: Filing) -> list[RowScore]:
    scored: list[RowScore] = []
    year = year_of(rubric, filing)
    for block in rubric.blocks:
        if not block.row_rule:
            continue
        for number, row in enumerate(filing.rows.get(block.id, ()), 1):
            one = score_row(rubric, block, row, number, year)
            if one is not None:
                scored.append(one)
    return scored


def _year(readings: Readings, filing: Filing) -> str:
    """The year as a number however it is written (（2023年度）); else what is written."""
    stated = readings["unit.year"].value
    return plain(stated) if isinstance(stated, Decimal) else as_text(filing["unit.year"].raw)


def _indicator(
    readings: Readings, path: tuple[str, ...], indicator: Indicator, rows: list[RowScore]
) -> IndicatorScore:
    rubric, answers = readings.rubric, Answers(readings)
    weight, not_applicable, row_basis = indicator.weight, "", None
    rows = [row for row in rows if row.indicator == indicator.id]
    excluded = min(sum((row.excluded for row in rows), ZERO), weight)
    if indicator.summed:
        given = [row.declared for row in rows if row.declared is not None]
        declared = sum(given, ZERO) if given else None
    else:
        declared = readings.number(f"score.{indicator.id}")
    if condition := answers.first(indicator.not_applicable):
        said = condition.because
        outcome, not_applicable = Outcome(weight, None, [said], hint=said if condition.hint else ""), said
    elif condition := answers.first(indicator.forfeited):
        outcome = Outcome(ZERO, None, [condition.because])
    elif isinstance(indicator.rule, Rows):
        outcome, row_basis = _sum(rubric, rows, weight - excluded)
    else:
        outcome = apply(indicator.rule, weight, answers, declared)
    points = None if outcome.points is None else rounded(outcome.points, rubric.score_places)
    points, basis = settled(points, declared, weight - excluded, rubric.score_places)
    basis = row_basis or basis
    options = (one for id in indicator.options for one in rubric.options if one.id == id)
    return IndicatorScore(
        weight=weight,
        excluded=excluded,
        score=points,
        exact=Fraction(outcome.points) if rubric.sums == "exact" and outcome.points is not None else None,
        declared=declared,
        basis=basis,
        ratio=outcome.ratio,
        steps=tuple(Step(text, tuple(answers.places)) for text in outcome.steps),
        low=outcome.low,
        high=outcome.high,
        lacking=tuple(answers.lacking) if basis is not Basis.COMPUTED else (),
        id=indicator.id,
        name=indicator.name,
        path=path,
        unverified=min(_trusted(rows, points), points or ZERO) if basis is Basis.UNVERIFIED else ZERO,
        apart=any(level.apart and level.name == path[0] for level in rubric.levels),
        summed=indicator.summed,
        clause=indicator.clause,
        options=tuple((option.name, option.default) for option in options),
        place=readings.filing.place(f"score.{indicator.id}"),
        not_applicable=not_applicable,
        hint=outcome.hint,
        why=outcome.why if basis is not Basis.COMPUTED else "",
        substitute=(outcome.way.name, outcome.way.substitute)
        if outcome.way and outcome.way.substitute
        else ("", ""),
    )


def _trusted(rows: list[RowScore], points: Decimal | None) -> Decimal:
    """Points taken on trust: those of the rows that are not verified, or all where there are no rows."""
    if not rows:
        return points or ZERO
    return sum((row.score or ZERO for row in rows if row.basis is Basis.UNVERIFIED), ZERO)


def _added(rubric: Rubric, scores: Iterable[Score]) -> Decimal:
    return rounded(sum((one.added for one in scores), Fraction(0)), rubric.score_places)


def _sum(rubric: Rubric, rows: list[RowScore], weight: Decimal) -> tuple[Outcome, Basis | None]:
    """Rows added up, held within the weight; only as certain as the least certain row."""
    scores = [row.score for row in rows if row.score is not None]
    if rows and all(row.not_applicable and row.excluded for row in rows):
        return Outcome(ZERO, None, ["各行都不适用，不参加计分"]), None
    if not scores:
        return Outcome(), None
    total = sum((row.added for row in rows), Fraction(0))
    said = "" if rubric.sums == "rounded" else "（各行不舍入相加）"
    text = "＋".join(map(str, scores)) + f"＝{_added(rubric, rows)}{said}"
    certain = all(row.basis is Basis.COMPUTED for row in rows if not row.not_applicable)
    points = min(max(total, Fraction(0)), Fraction(weight))
    return Outcome(points, None, [text]), None if certain else Basis.UNVERIFIED


def _total(
    rubric: Rubric, total: Decimal, scores: Iterable[IndicatorScore]
) -> tuple[Decimal, tuple[str, ...]]:
    """What a sum of scores comes to: rows that are not applicable left out, then held at the caps."""
    steps: list[str] = []
    by_id = {one.id: one for one in scores}
    excluded = sum((one.excluded for one in by_id.values()), ZERO)
    part = rubric.total - excluded
    if excluded and part > 0:
        exact = Fraction(total) * Fraction(rubric.total) / Fraction(part)
        said = f"{plain(total)}×{plain(rubric.total)}÷（{plain(rubric.total)}－{plain(excluded)}）"
        total = rounded(exact, rubric.score_places)
        steps.append(f"不适用的指标有 {plain(excluded)} 分，按其余指标折算：{said}＝{total}")
    elif excluded:
        steps.append("指标全部不适用，没有总分")
    for cap in rubric.caps:
        ratio = by_id[cap.of].ratio
        if ratio is not None and cap.holds(ratio) and total > cap.total_at_most:
            total = rounded(cap.total_at_most, rubric.score_places)
            held_at = f"{by_id[cap.of].name} {percent(ratio)}，总分最多 {plain(total)} 分"
            steps.append(f"{held_at}（{cap.clause.rstrip('。')}）")
    return total, tuple(steps)


def _levels(
    levels: list[Level], readings: Readings, scores: dict[str, IndicatorScore], path: tuple[str, ...] = ()
) -> list[LevelScore]:
    found: list[LevelScore] = []
    for level in levels:
        here = (*path, level.name)
        inside = [scores[indicator.id] for _, indicator in walk([level])]
        one = LevelScore(
            here,
            level.weight,
            _added(readings.rubric, inside),
            apart=level.apart,
            total_field=level.total_field,
            declared=readings.number(level.total_field) if level.total_field else None,
            declared_sum=sum((score.declared or ZERO for score in inside), ZERO),
        )
        found += [one, *_levels(level.levels, readings, scores, here)]
    return found
