"""A filing scored by a rubric. Every printed score is rounded on its own; parents add them up."""

from __future__ import annotations

from decimal import Decimal

from jixiao.filing.model import Filing
from jixiao.filing.quantity import as_text, read_field
from jixiao.rubric.model import Indicator, Level, Rows, Rubric, walk
from jixiao.scoring.answers import Answers
from jixiao.scoring.arithmetic import held, rounded, settled
from jixiao.scoring.methods import Outcome, apply
from jixiao.scoring.model import Assessment, Basis, IndicatorScore, LevelScore, RowScore, Step
from jixiao.scoring.rows import score_row

ZERO = Decimal(0)


def score(rubric: Rubric, filing: Filing) -> Assessment:
    """Score every indicator and row; scores and totals are 分."""
    rows = _rows(rubric, filing)
    found = tuple(_indicator(rubric, filing, path, one, rows) for path, one in walk(rubric.levels))
    by_id = {one.id: one.score or ZERO for one in found}
    total = sum(by_id.values(), ZERO)
    declared_sum = sum((one.declared or ZERO for one in found), ZERO)
    declared = read_field(filing["total"], "score").value
    grade = next((grade.name for grade in rubric.grades if total >= grade.at_least), "")
    return Assessment(
        edition=rubric.id,
        unit=as_text(filing["unit.name"].raw),
        year=as_text(filing["unit.year"].raw),
        indicators=found,
        rows=tuple(rows),
        levels=tuple(_levels(rubric.levels, by_id)),
        total=total,
        declared_total=declared if isinstance(declared, Decimal) else None,
        declared_sum=declared_sum,
        unverified=sum((one.score or ZERO for one in found if one.basis is Basis.UNVERIFIED), ZERO),
        missing=sum((one.weight for one in found if one.basis is Basis.MISSING), ZERO),
        grade=grade,
    )


def _rows(rubric: Rubric, filing: Filing) -> list[RowScore]:
    scored: list[RowScore] = []
    for block in rubric.blocks:
        rule = rubric.row_rules[block.row_rule]
        for number, row in enumerate(filing.rows.get(block.id, ()), 1):
            one = score_row(block, rule, row, number, places=rubric.score_places, year=rubric.year)
            if one is not None:
                scored.append(one)
    return scored


def _indicator(
    rubric: Rubric, filing: Filing, path: tuple[str, ...], indicator: Indicator, rows: list[RowScore]
) -> IndicatorScore:
    answers = Answers(rubric, filing)
    typed = read_field(filing[f"score.{indicator.id}"], "score").value
    declared = typed if isinstance(typed, Decimal) else None
    weight, not_applicable, row_basis = indicator.weight, "", None
    if condition := answers.first(indicator.not_applicable):
        outcome, not_applicable = Outcome(weight, None, [condition.because]), condition.because
    elif condition := answers.first(indicator.forfeited):
        outcome = Outcome(ZERO, None, [condition.because])
    elif isinstance(indicator.rule, Rows):
        outcome, row_basis = _sum([row for row in rows if row.block == indicator.rule.block], weight)
    else:
        outcome = apply(indicator.rule, weight, answers, declared)
    points = None if outcome.points is None else rounded(outcome.points, rubric.score_places)
    points, basis = settled(points, declared, weight, rubric.score_places)
    basis = row_basis or basis
    names = {option.id: (option.name, option.default) for option in rubric.options}
    return IndicatorScore(
        weight=weight,
        score=points,
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
        clause=indicator.clause,
        options=tuple(names[option] for option in indicator.options),
        place=filing.place(f"score.{indicator.id}"),
        not_applicable=not_applicable,
        substitute=(outcome.way.name, outcome.way.substitute)
        if outcome.way and outcome.way.substitute
        else ("", ""),
    )


def _sum(rows: list[RowScore], weight: Decimal) -> tuple[Outcome, Basis | None]:
    """Rows added up, held within the weight; only as certain as the least certain row."""
    scores = [row.score for row in rows if row.score is not None]
    if not scores:
        return Outcome(), None
    total = sum(scores, ZERO)
    text = "＋".join(map(str, scores)) + f"＝{total}"
    certain = all(row.basis is Basis.COMPUTED for row in rows if not row.not_applicable)
    return Outcome(held(total, ZERO, weight), None, [text]), None if certain else Basis.UNVERIFIED


def _levels(levels: list[Level], scores: dict[str, Decimal], path: tuple[str, ...] = ()) -> list[LevelScore]:
    found: list[LevelScore] = []
    for level in levels:
        here = (*path, level.name)
        inside = sum((scores[indicator.id] for _, indicator in walk([level])), ZERO)
        found += [LevelScore(here, level.weight, inside), *_levels(level.levels, scores, here)]
    return found
