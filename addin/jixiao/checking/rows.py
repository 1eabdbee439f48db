"""指标行: the rows that the unit set itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.checking.rates import as_typed
from jixiao.filing.model import Entry
from jixiao.filing.quantity import Kind, as_text, plain, read_entry, read_field, tidy
from jixiao.rubric.model import Block
from jixiao.scoring.arithmetic import percent
from jixiao.scoring.model import RowScore
from jixiao.scoring.rows import loose_unit


def check_rows(case: Case) -> Iterator[Finding]:
    for block in case.rubric.blocks:
        if not block.row_rule or block.id not in case.filing.rows or case.forfeited(block):
            continue
        rows = [row for row in case.assessment.rows if row.block == block.id]
        if not rows:
            yield _no_rows(case, block)
            continue
        for row in rows:
            yield from _row(case, block, row)
        yield from _unregulated(case, block, rows)
        yield from _twice(case, block, rows)
        yield from _weights(case, block, rows)


def _no_rows(case: Case, block: Block) -> Finding:
    first = [row.place for row in case.filing.rows[block.id][:1]]
    indicator = case.indicators.get(block.indicator or "")
    weight = block.weight if block.weight is not None else indicator.weight if indicator else Decimal(0)
    return case.finding(
        "JX-301", first, subject=block.id, clause=indicator.clause if indicator else "",
        points=weight, block=block.name, weight=plain(weight),
    )  # fmt: skip


def _row(case: Case, block: Block, score: RowScore) -> Iterator[Finding]:
    row, rule = case.row(score), case.rubric.row_rules[block.row_rule]
    subject, label, clause = score.subject, case.row_label(score), case.row_clause(score)
    target, actual = read_entry(row["target"], case.year), read_entry(row["actual"], case.year)
    names = {column.id: column.name for column in block.columns}
    if target.kind is Kind.NOT_APPLICABLE or score.not_applicable:
        if score.weight and not score.excluded:
            yield case.finding(
                "JX-305", [row["weight"].place], subject=subject, stated=plain(score.weight), expected="0",
                clause=clause, points=score.weight, label=label,
            )  # fmt: skip
        return
    if row["name"].blank and not case.lacks(block, "name"):
        yield case.finding(
            "JX-303", [row["name"].place], subject=subject, clause=clause, block=block.name,
            number=str(score.number),
        )  # fmt: skip
    asked = [column for column in ("target", "actual", "weight") if not case.lacks(block, column)]
    blank = [column for column in asked if row[column].blank and not row[column].uncalculated]
    if len(asked) < 3:
        return  # a column is gone, and with it what the others could be compared with
    if blank:
        yield case.finding(
            "JX-302", [row[column].place for column in blank], subject=subject, clause=clause,
            points=score.weight or None, label=label, columns="、".join(names[column] for column in blank),
        )  # fmt: skip
    elif score.why and not _unreadable_weight(row["weight"]):
        yield case.finding(
            "JX-304", [row["target"].place, row["actual"].place], subject=subject, stated=actual.text,
            clause=clause, points=score.weight, label=label, why=score.why,
            cause=case.earlier({"JX-103", "JX-317"}, subject),
        )  # fmt: skip
    elif actual.constraint:  # counted as met, and yet no measured number
        yield case.finding(
            "JX-306", [row["actual"].place], subject=subject, stated=actual.text, clause=clause, label=label
        )
    if rule.tell_units and not score.why and loose_unit(target.unit, actual.unit):
        yield case.finding(
            "JX-318", [row["target"].place, row["actual"].place], subject=subject, stated=actual.unit,
            expected=target.unit, clause=clause, label=label,
        )  # fmt: skip
    if score.ratio is not None and actual.kind is Kind.NUMBER:
        met_inverse = score.direction == "反向" and score.ratio >= 1
        low, high = rule.ask_reason_below, None if met_inverse else rule.ask_reason_above
        far = [("JX-307", "", low)] if low is not None and score.ratio < low else []
        far += [("JX-308", rule.above, high)] if high is not None and score.ratio > high else []
        unexplained = not case.reason(score) and not case.lacks(block, "reason")
        for code, severity, limit in far if unexplained else []:
            yield case.finding(
                code, [row["reason"].place, row["actual"].place], subject=subject, clause=rule.clause,
                stated=percent(score.ratio), points=score.lost or None, severity=severity, label=label,
                rate=percent(score.ratio), limit=percent(limit),
            )  # fmt: skip
        yield from _rate(case, score, label, row["rate"], clause)
    if score.qualitative and not blank:
        if "tier" in names and not score.tier and not case.lacks(block, "tier"):
            # Said in the very words of the target, it can hardly be anything but met.
            severity = "提示" if tidy(actual.text) == tidy(target.text) else ""
            yield case.finding(
                "JX-309", [row["tier"].place], subject=subject, clause=clause, severity=severity, label=label
            )
        asked_basis = "basis" in names and block.qualitative == "allowed"
        if asked_basis and row["basis"].blank and not case.lacks(block, "basis"):
            yield case.finding("JX-310", [row["basis"].place], subject=subject, clause=clause, label=label)
    yield from _class(case, block, score, row["level2"], clause)


def _unreadable_weight(weight: Entry) -> bool:
    return bool(read_field(weight, "score").why)


def _rate(case: Case, score: RowScore, label: str, typed: Entry, clause: str) -> Iterator[Finding]:
    """A completion rate that the unit typed itself, right within half a unit of its last place."""
    stated = read_field(typed, "percent").value
    if typed.formula or not isinstance(stated, Decimal) or score.ratio is None:
        return
    right = [score.ratio]
    if score.direction == "反向" and score.ratio:  # the rubric has no rate for these: either way will do
        right += [1 / score.ratio, *([Decimal(1)] if score.ratio >= 1 else [])]
    if not any(as_typed(typed, stated, ratio) for ratio in right):
        yield case.finding(
            "JX-314", [typed.place], subject=score.subject, stated=percent(stated),
            expected=percent(score.ratio), clause=clause, label=label,
            steps="；".join(step.text for step in score.steps),
        )  # fmt: skip


def _class(case: Case, block: Block, score: RowScore, typed: Entry, clause: str) -> Iterator[Finding]:
    stated = tidy(as_text(typed.raw)).removesuffix("指标")
    known = [tidy(name).removesuffix("指标") for name in block.classes] if stated else []
    if known and not any(stated in name or name in stated for name in known):
        yield case.finding(
            "JX-312", [typed.place], subject=score.subject, stated=as_text(typed.raw),
            expected="、".join(block.classes), clause=clause, label=case.row_label(score),
        )  # fmt: skip


def _unregulated(case: Case, block: Block, rows: list[RowScore]) -> Iterator[Finding]:
    loose = [row for row in rows if row.qualitative] if block.qualitative == "unregulated" else []
    if loose:
        yield case.finding(
            "JX-311", [case.row(row)["target"].place for row in loose], subject=block.id,
            clause=case.row_clause(loose[0]), points=sum((row.weight for row in loose), Decimal(0)),
            block=block.name, count=str(len(loose)), labels="、".join(map(case.row_label, loose)),
        )  # fmt: skip


def _twice(case: Case, block: Block, rows: list[RowScore]) -> Iterator[Finding]:
    alike: dict[tuple[str, ...], list[RowScore]] = {}
    for score in rows:
        row = case.row(score)
        if not row["name"].blank:
            key = tuple(tidy(as_text(row[column].raw)) for column in ("level2", "name", "target"))
            alike.setdefault(key, []).append(score)
    for same in alike.values():
        if len(same) > 1:
            yield case.finding(
                "JX-313",
                [case.row(row)["name"].place for row in same],
                subject=same[0].subject,
                clause=case.row_clause(same[0]),
                label=case.row_label(same[0]),
                block=block.name,
                count=str(len(same)),
            )


def _weights(case: Case, block: Block, rows: list[RowScore]) -> Iterator[Finding]:
    counted = [row for row in rows if row.weight or not row.not_applicable]
    entries = [case.row(row)["weight"] for row in counted]
    lost = case.lacks(block, "weight")
    if block.weight is None or lost or any(_unreadable_weight(entry) for entry in entries):
        return
    total = sum((row.weight for row in counted), Decimal(0))
    if total != block.weight:
        yield case.finding(
            "JX-315",
            [entry.place for entry in entries] or [case.row(rows[0])["weight"].place],
            subject=block.id,
            stated=plain(total),
            expected=plain(block.weight),
            clause=case.row_clause(rows[0]),
            points=abs(total - block.weight),
            cause=case.earlier({"JX-302"}, block.id) if any(entry.blank for entry in entries) else None,
            block=block.name,
            terms="＋".join(plain(row.weight) for row in counted) or "都不适用",
        )
