"""得分: every declared score against the rubric; the total and the grade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.checking.wording import claimed
from jixiao.filing.quantity import Kind, as_text, plain, read_entry
from jixiao.rubric.model import Checklist, Rows
from jixiao.scoring.arithmetic import rounded
from jixiao.scoring.model import Basis, IndicatorScore, RowScore

Scored = IndicatorScore | RowScore
TICKS = "☑☒√✓✔■●"
BOXES = "□☐○"
WRONG = {"JX-103", "JX-203", "JX-204", "JX-205", "JX-206", "JX-302", "JX-304", "JX-305"}
"""A row whose score is in doubt; the sum it belongs to is then in doubt as well."""


def check_scores(case: Case) -> Iterator[Finding]:
    yield from _not_yet_filled(case)
    for one, label, clause in case.scores():
        yield from _declared(case, one, label, clause)
        yield from _lost(case, one, label, clause)
    yield from _items(case)
    yield from _total(case)
    yield from _grade(case)
    yield from _unverified(case)


def subject_of(one: Scored) -> str:
    return f"{one.block}.{one.number}" if isinstance(one, RowScore) else one.id


def _not_yet_filled(case: Case) -> Iterator[Finding]:
    ready = [
        (one, label)
        for one, label, _ in case.scores()
        if one.declared is None and one.basis is Basis.COMPUTED and not _unread(case, one)
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


def _unread(case: Case, one: Scored) -> bool:
    """Something stands in the score's cell; another check says that it cannot be read."""
    if isinstance(one, RowScore):
        return not case.row(one)["score"].blank
    field = f"score.{one.id}"
    return not case.filing[field].blank or field in case.gone


def _declared(case: Case, one: Scored, label: str, clause: str) -> Iterator[Finding]:
    subject, declared, place = subject_of(one), one.declared, [one.place]
    steps = "；".join(step.text for step in one.steps)
    if declared is None:
        if one.basis is Basis.MISSING and not _unread(case, one) and not _empty_block(case, one):
            yield _missing(case, one, label, clause)
        return
    places = case.rubric.score_places
    stated, weight = plain(declared), plain(one.weight)
    if declared < 0:
        yield case.finding(
            "JX-204", place, subject=subject, stated=stated, expected="0", clause=clause, label=label
        )
    elif declared > one.weight:
        if isinstance(one, RowScore) and not one.weight:
            return  # without a weight there is nothing to compare with; the rows' checks ask for it
        yield case.finding(
            "JX-203", place, subject=subject, stated=stated, expected=f"{one.score}", clause=clause,
            points=declared - one.weight, label=label, weight=weight,
        )  # fmt: skip
    elif one.low is not None and one.high is not None:
        if not one.low <= declared <= one.high:
            bound = one.low if declared < one.low else one.high
            yield case.finding(
                "JX-206", place, subject=subject, stated=stated, expected=f"{one.low}－{one.high}",
                clause=clause, points=abs(declared - bound), label=label, steps=steps,
                low=plain(one.low), high=plain(one.high),
            )  # fmt: skip
    elif one.score is not None and rounded(declared, places) != one.score:
        yield _different(case, one, label, clause, steps)


def _different(case: Case, one: Scored, label: str, clause: str, steps: str) -> Finding:
    """The declared score is not the computed one; an indicator's may only repeat what a row's says."""
    assert one.declared is not None and one.score is not None
    substitute = isinstance(one, IndicatorScore) and one.substitute[0]
    readings = one.options if isinstance(one, IndicatorScore) else ()
    return case.finding(
        "JX-208" if one.basis is Basis.UNVERIFIED else "JX-205",
        [one.place],
        subject=subject_of(one),
        stated=plain(one.declared),
        expected=f"{one.score}",
        clause=clause,
        points=abs(one.declared - one.score),
        # Against a stand-in for the official way, a difference is no proof.
        severity="警告" if substitute else "",
        cause=_of_rows(case, one, WRONG),
        label=label,
        steps=steps,
        reading="".join(f"（口径：{name}，本表按“{choice}”）" for name, choice in readings),
    )


def _of_rows(case: Case, one: Scored, codes: set[str]) -> Finding | None:
    """What was found in the rows that an indicator sums up."""
    if isinstance(one, RowScore):
        return None
    causes = (case.earlier(codes, block.id) for block in case.rubric.blocks if block.indicator == one.id)
    return next((cause for cause in causes if cause), None)


def _missing(case: Case, one: Scored, label: str, clause: str) -> Finding:
    lacking = one.lacking if isinstance(one, IndicatorScore) else ()
    if lacking:
        said = f"软件也算不出来，因为缺少：{'、'.join(map(case.label, lacking))}。"
    elif one.judged:
        high = one.weight if one.high is None else one.high
        said = f"这一项由单位在 {plain(one.low or Decimal(0))} 分至 {plain(high)} 分之间自评。"
    else:
        said = "软件也算不出来，因为据以计分的数没有填全。"
    places = [one.place, *case.places(lacking)]
    return case.finding(
        "JX-202", places, subject=subject_of(one), clause=clause, points=one.weight, label=label, lacking=said
    )


def _empty_block(case: Case, one: Scored) -> bool:
    """No row at all: said once, by the check of the rows. A row that is not applicable asks nothing."""
    if isinstance(one, RowScore):
        return not one.weight or read_entry(case.row(one)["target"]).kind is Kind.NOT_APPLICABLE
    rule = case.indicators[one.id].rule
    return isinstance(rule, Rows) and not any(row.block == rule.block for row in case.assessment.rows)


def _lost(case: Case, one: Scored, label: str, clause: str) -> Iterator[Finding]:
    stands = one.declared if one.declared is not None else one.score
    lost = one.weight - stands if stands is not None else Decimal(0)
    if lost <= 0 or stands is None or stands < 0:
        return
    reason = case.reason(one)
    reason_cell = (
        case.row(one)["reason"].place if isinstance(one, RowScore) else case.filing.place(f"reason.{one.id}")
    )
    if word := claimed(reason, case.rubric.checks.met_words):
        yield case.finding(
            "JX-210", [reason_cell], subject=subject_of(one), stated=word, clause=clause, points=lost,
            label=label, lost=plain(lost), word=word,
        )  # fmt: skip
    elif not reason and not _asked_already(case, one):
        yield case.finding(
            "JX-209", [reason_cell], subject=subject_of(one), clause=clause, points=lost,
            cause=_of_rows(case, one, {"JX-209", "JX-307", "JX-308"}), label=label, lost=plain(lost),
        )  # fmt: skip


def _asked_already(case: Case, one: Scored) -> bool:
    """A completion rate far off asks for the reason itself."""
    if not isinstance(one, RowScore) or one.ratio is None:
        return False
    rule = case.rubric.row_rules[case.block(one).row_rule]
    return one.ratio < rule.ask_reason_below or one.ratio > rule.ask_reason_above


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
    if all(one.declared is None for one in case.assessment.indicators) or "total" in case.gone:
        return
    if entry.blank and not entry.uncalculated:
        yield case.finding("JX-212", place, subject="total", expected=plain(expected))
    elif stated is not None and rounded(stated, case.rubric.score_places) != expected:
        yield case.finding(
            "JX-211", place, subject="total", stated=plain(stated), expected=plain(expected),
            points=abs(stated - expected),
        )  # fmt: skip


def _grade(case: Case) -> Iterator[Finding]:
    total, text = case.assessment.declared_total, as_text(case.filing["grade"].raw)
    if total is None or "grade" in case.gone or case.filing["grade"].uncalculated:
        return
    grade = next((grade for grade in case.rubric.grades if total >= grade.at_least), None)
    if grade is None:
        return
    ticked = _ticked(text, [grade.name for grade in case.rubric.grades])
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


def _ticked(text: str, names: list[str]) -> list[str]:
    """The grades ticked on a line such as ``☑优 □良``; a bare name counts as ticked."""
    if not any(box in text for box in TICKS + BOXES):
        return [name for name in names if text.strip() in {name, f"{name}秀", f"{name}好", f"{name}等"}]
    return [name for name in names if re.search(rf"[{TICKS}]\s*{re.escape(name)}", text)]


def _unverified(case: Case) -> Iterator[Finding]:
    trusted = [one for one in case.assessment.indicators if one.basis is Basis.UNVERIFIED]
    if trusted:
        yield case.finding(
            "JX-215",
            [one.place for one in trusted],
            subject="unverified",
            points=case.assessment.unverified,
            count=str(len(trusted)),
            labels="、".join(one.name for one in trusted),
            sum=plain(case.assessment.unverified),
        )
