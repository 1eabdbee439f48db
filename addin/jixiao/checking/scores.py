"""得分: every declared score against the rubric; the total and the grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.checking.wording import claimed
from jixiao.filing.quantity import Kind, as_text, plain, read_entry, read_field
from jixiao.filing.ticks import ticked_in
from jixiao.rubric.model import Checklist, Rows
from jixiao.rubric.reads import reads
from jixiao.scoring.arithmetic import rounded
from jixiao.scoring.model import Basis, IndicatorScore, RowScore

Scored = IndicatorScore | RowScore
WRONG = {"JX-103", "JX-203", "JX-204", "JX-205", "JX-206", "JX-302", "JX-304", "JX-305"}
"""A row whose score is in doubt; the sum it belongs to is then in doubt as well."""


def check_scores(case: Case) -> Iterator[Finding]:
    yield from _apart(case)
    yield from _not_yet_filled(case)
    for one, label, clause in case.scores():
        yield from _declared(case, one, label, clause)
        yield from _lost(case, one, label, clause)
    yield from _items(case)
    yield from _total(case)
    yield from _grade(case)
    yield from _unverified(case)


def _not_yet_filled(case: Case) -> Iterator[Finding]:
    ready = [
        (one, label)
        for one, label, _ in case.scores()
        if one.declared is None and one.score is not None and _whole(case, one) and not _unread(case, one)
    ]
    if ready:
        yield case.finding(
            "JX-201",
            [one.place for one, _ in ready],
            subject="scores",
            expected="；".join(f"{label} {one.score}" for one, label in ready),
            count=str(len(ready)),
            labels="、".join(label for _, label in ready),
        )


def _whole(case: Case, one: Scored) -> bool:
    """Nothing is missing in what the score was made of; rows that have no score add up to nothing."""
    if isinstance(one, RowScore):
        return one.basis is Basis.COMPUTED and not one.not_applicable
    rows = case.assessment.rows_of(one.id)
    return not one.summed and all(row.score is not None or row.not_applicable for row in rows)


def _unread(case: Case, one: Scored) -> bool:
    """Something stands in the score's cell; another check says that it cannot be read."""
    if isinstance(one, RowScore):
        return not case.row(one)["score"].blank or case.lacks(case.block(one), "score")
    field = f"score.{one.id}"
    return not case.filing[field].blank or field in case.gone


def _declared(case: Case, one: Scored, label: str, clause: str) -> Iterator[Finding]:
    subject, declared, place = one.subject, one.declared, [one.place]
    if declared is None:
        blank = isinstance(one, IndicatorScore) and one.apart and _left_blank(case, one.path[:1])
        summed = isinstance(one, IndicatorScore) and one.summed
        if (
            (one.basis is Basis.MISSING or (not summed and not _whole(case, one) and one.score is not None))
            and not blank
            and not _unread(case, one)
            and not _empty_block(case, one)
        ):
            yield _missing(case, one, label, clause)
        return
    if declared < 0:
        yield case.finding(
            "JX-204", place, subject=subject, stated=plain(declared), expected="0", clause=clause, label=label
        )
    elif declared > one.weight:
        if isinstance(one, RowScore) and not one.weight:
            return  # without a weight there is nothing to compare with; the rows' checks ask for it
        yield case.finding(
            "JX-203", place, subject=subject, stated=plain(declared), expected=f"{one.score}",
            clause=clause, points=declared - one.weight, label=label, weight=plain(one.weight),
        )  # fmt: skip
    elif one.low is not None and one.high is not None:
        if not one.low <= declared <= one.high:
            bound = one.low if declared < one.low else one.high
            yield case.finding(
                "JX-206", place, subject=subject, stated=plain(declared), expected=f"{one.low}－{one.high}",
                clause=clause, points=abs(declared - bound), label=label, steps=_steps(one),
                low=plain(one.low), high=plain(one.high),
            )  # fmt: skip
    elif one.basis is Basis.UNVERIFIED and (case.torn(subject) or _unread_rows(case, one)):
        return  # rows that are not whole, or cannot be read, add up to nothing
    elif one.score is not None and rounded(declared, case.rubric.score_places) != one.score:
        yield _different(case, one, label, clause)


def _unread_rows(case: Case, one: Scored) -> bool:
    """Weight or score of a row that this indicator sums up cannot be read."""
    rows = [row for row in case.assessment.rows_of(one.subject) if not row.not_applicable]
    entries = [case.row(row)[column] for row in rows for column in ("weight", "score")]
    return any(read_field(entry, "score").why for entry in entries)


def _steps(one: Scored) -> str:
    return "；".join(step.text for step in one.steps)


def _different(case: Case, one: Scored, label: str, clause: str) -> Finding:
    """The declared score is not the computed one; an indicator's may only repeat what a row's says."""
    assert one.declared is not None and one.score is not None
    cause = _of_rows(case, one, WRONG) or _mistyped(case, one)
    options = one.options if isinstance(one, IndicatorScore) and not case.assessment.rows_of(one.id) else ()
    readings = "；".join(f"{name}，本表按“{choice}”" for name, choice in options)
    return case.finding(
        "JX-208" if one.basis is Basis.UNVERIFIED and not isinstance(one, RowScore) else "JX-205",
        [one.place],
        subject=one.subject,
        stated=plain(one.declared),
        expected=f"{one.score}",
        clause=clause,
        points=abs(one.declared - one.score),
        severity=_gravity(case, one),
        cause=cause,
        label=label,
        steps=_steps(one),
        reading=f"（口径：{readings}）" if readings else "",
    )


def _mistyped(case: Case, one: Scored) -> Finding | None:
    """An amount of which the score is made, and that was typed in another unit."""
    fields = (
        {} if isinstance(one, RowScore) else {read.field: None for read in reads(case.indicators[one.id])}
    )
    return next((found for field in fields if (found := case.earlier({"JX-405"}, field))), None)


def _gravity(case: Case, one: Scored) -> str:
    """A unit may claim less and say why; against a stand-in for the official way nothing is proved.

    A score written with fewer decimals than the edition asks is right as far as it goes; but it may
    not be rounded up to a whole number (9.98 to 10).
    """
    assert one.declared is not None and one.score is not None
    decimals = -int(one.declared.as_tuple().exponent) if one.declared % 1 else 0
    if 0 < decimals < case.rubric.score_places and rounded(one.score, decimals) == one.declared:
        return "警告" if one.declared > one.score else "提示"
    reason = case.reason(one) if isinstance(one, RowScore) and one.declared < one.score else ""
    if reason and not claimed(reason, case.rubric.checks.met_words):
        return "提示"
    return "警告" if isinstance(one, IndicatorScore) and one.substitute[0] else ""


def _of_rows(case: Case, one: Scored, codes: set[str]) -> Finding | None:
    """What was found in the rows that an indicator sums up."""
    if isinstance(one, RowScore):
        return None
    causes = (case.earlier(codes, block.id) for block in case.rubric.blocks if block.indicator == one.id)
    return next((cause for cause in causes if cause), None)


def _doubt(case: Case, one: Scored, lacking: Sequence[str]) -> Finding | None:
    """What was already found in the row, the rows or the fields that a score is made of."""
    if isinstance(one, RowScore):
        return case.earlier(WRONG, one.subject)
    unread = (case.earlier({"JX-103", "JX-107"}, field) for field in lacking)
    return _of_rows(case, one, WRONG) or next((finding for finding in unread if finding), None)


def _missing(case: Case, one: Scored, label: str, clause: str) -> Finding:
    lacking = one.lacking if isinstance(one, IndicatorScore) else ()
    if lacking:
        said = f"软件也算不出来，因为缺少：{'、'.join(map(case.label, lacking))}。"
    elif one.why:
        said = f"软件也算不出来：{one.why}。"
    elif one.judged:
        high = one.weight if one.high is None else one.high
        said = f"这一项由单位在 {plain(one.low or Decimal(0))} 分至 {plain(high)} 分之间自评。"
    else:
        said = "软件也算不出来：有关的数没有填全。"
    return case.finding(
        "JX-202",
        [one.place, *case.places(lacking)],
        subject=one.subject,
        clause=clause,
        points=one.weight,
        cause=_doubt(case, one, lacking),
        label=label,
        lacking=said,
    )


def _empty_block(case: Case, one: Scored) -> bool:
    """No row at all: said once, by the check of the rows. A row that is not applicable asks nothing."""
    if isinstance(one, RowScore):
        return not one.weight or read_entry(case.row(one)["target"]).kind is Kind.NOT_APPLICABLE
    rule = case.indicators[one.id].rule
    return isinstance(rule, Rows) and not any(row.block == rule.block for row in case.assessment.rows)


def _lost(case: Case, one: Scored, label: str, clause: str) -> Iterator[Finding]:
    stands = one.declared if one.declared is not None else one.score
    lost = one.weight - one.excluded - stands if stands is not None else Decimal(0)
    if lost <= 0 or stands is None or stands < 0:
        return
    if isinstance(one, IndicatorScore) and not case.indicators[one.id].reasoned:
        return
    reason = case.reason(one)
    reason_cell = (
        case.row(one)["reason"].place if isinstance(one, RowScore) else case.filing.place(f"reason.{one.id}")
    )
    if word := claimed(reason, case.rubric.checks.met_words):
        yield case.finding(
            "JX-210", [reason_cell], subject=one.subject, stated=word, clause=clause, points=lost,
            label=label, lost=plain(lost), word=word,
        )  # fmt: skip
    elif not reason and not (isinstance(one, RowScore) and case.earlier({"JX-307", "JX-308"}, one.subject)):
        yield case.finding(
            "JX-209", [reason_cell], subject=one.subject, clause=clause, points=lost,
            cause=_of_rows(case, one, {"JX-209", "JX-307", "JX-308"}), label=label, lost=plain(lost),
        )  # fmt: skip


def _items(case: Case) -> Iterator[Finding]:
    """Parts of an indicator that the unit scores itself."""
    for indicator in case.indicators.values():
        for item in indicator.rule.items if isinstance(indicator.rule, Checklist) else ():
            most = item.points if item.points is not None else (item.share or Decimal(0)) * indicator.weight
            number = case.number(item.field) if item.reading == "judged" else None
            if number is not None and not 0 <= number <= most:
                yield case.finding(
                    "JX-207", [case.filing.place(item.field)], subject=item.field, stated=plain(number),
                    expected=f"0－{plain(most)}", clause=indicator.clause, points=max(number - most, -number),
                    label=item.name, weight=plain(most),
                )  # fmt: skip


# ---------------------------------------------------------------- total and grade


def _total(case: Case) -> Iterator[Finding]:
    entry, stated = case.filing["total"], case.assessment.declared_total
    expected, place = case.assessment.declared_sum, [case.filing.place("total")]
    counted = [one for one in case.assessment.indicators if not one.apart]
    if all(one.declared is None for one in counted) or "total" in case.gone:
        return
    said = plain(sum((one.declared for one in counted if one.declared is not None), Decimal(0)))
    steps = "".join(f"；{step}" for step in case.assessment.declared_steps)
    if entry.blank and not entry.uncalculated:
        yield case.finding("JX-212", place, subject="total", expected=plain(expected), sum=said, steps=steps)
    elif stated is not None and rounded(stated, case.rubric.score_places) != expected:
        if any(_unknown(case, one) for one in counted):
            return  # a score that cannot be read, or has no cell: nobody knows the sum
        yield case.finding(
            "JX-211", place, subject="total", stated=plain(stated), expected=plain(expected),
            points=abs(stated - expected), sum=said, steps=steps,
        )  # fmt: skip


def _unknown(case: Case, one: IndicatorScore) -> bool:
    """Nobody knows what the unit declared: its cell, or that of a row that is added up, says nothing."""
    if not one.summed:
        return case.unknown(f"score.{one.id}")
    return case.torn(one.id) or _unread_rows(case, one)


def _apart(case: Case) -> Iterator[Finding]:
    """The totals of forms of their own, which stand on their items."""
    for level in case.assessment.levels:
        if not level.apart:
            continue
        field, stated, expected = level.total_field, level.declared, level.declared_sum
        items = [one for one in case.assessment.indicators if one.path[: len(level.path)] == level.path]
        place = case.places([field]) if field else ()
        if stated is None:
            if _left_blank(case, level.path):
                yield case.finding("JX-219", place, subject=f"apart.{field}", label=level.path[-1])
            continue
        label = case.label(field)
        if all(one.declared is None for one in items):
            yield case.finding(
                "JX-217", [*place, *(one.place for one in items)], subject=f"apart.{field}",
                stated=plain(stated), points=level.weight, label=label, count=str(len(items)),
            )  # fmt: skip
        elif any(_unknown(case, one) for one in items):
            continue
        elif rounded(stated, case.rubric.score_places) != expected:
            yield case.finding(
                "JX-218", place, subject=f"apart.{field}", stated=plain(stated), expected=plain(expected),
                points=abs(stated - expected), label=label,
            )  # fmt: skip


def _left_blank(case: Case, path: tuple[str, ...]) -> bool:
    """No item of a form of its own is filled in: said once, and not item by item."""
    return all(
        one.basis is Basis.MISSING for one in case.assessment.indicators if one.path[: len(path)] == path
    )


def _grade(case: Case) -> Iterator[Finding]:
    total, text = case.assessment.declared_total, as_text(case.filing["grade"].raw)
    if total is None or "grade" in case.gone or case.filing["grade"].uncalculated:
        return
    grade = next((grade for grade in case.rubric.grades if total >= grade.at_least), None)
    if grade is None:
        return
    ticked = ticked_in(text, [grade.name for grade in case.rubric.grades])
    place = [case.filing.place("grade")]
    if not ticked:
        yield case.finding(
            "JX-213", place, subject="grade", expected=grade.name, total=plain(total), range=grade.text
        )
    elif ticked != [grade.name]:
        yield case.finding(
            "JX-214", place, subject="grade", stated="、".join(ticked), expected=grade.name,
            total=plain(total), range=grade.text,
        )  # fmt: skip


def _without_form(case: Case, trusted: list[IndicatorScore]) -> Finding | None:
    """What is gone from the form, where that is all that keeps these scores from being computed."""
    gone = all(case.torn(one.id) or case.gone & set(one.lacking) for one in trusted)
    return case.earlier({"JX-101"}, "form") if gone else None


def _unverified(case: Case) -> Iterator[Finding]:
    for apart in (False, True):
        indicators = [
            one for one in case.assessment.indicators if one.basis is Basis.UNVERIFIED and one.apart is apart
        ]
        trusted = [scored for one in indicators for scored in _trusted(case, one)]
        points = sum((one.unverified for one in indicators), Decimal(0))
        if trusted:
            yield case.finding(
                "JX-215",
                [one.place for one, _ in trusted],
                subject="unverified.apart" if apart else "unverified",
                points=points,
                cause=_without_form(case, indicators),
                count=str(len(trusted)),
                labels="、".join(label for _, label in trusted),
                sum=plain(points),
            )


def _trusted(case: Case, one: IndicatorScore) -> list[tuple[Scored, str]]:
    """The indicator itself, or of one that adds up rows those that are not verified, with their names."""
    rows = [row for row in case.assessment.rows_of(one.id) if row.basis is Basis.UNVERIFIED]
    return [(row, case.row_label(row)) for row in rows] or [(one, one.name)]
