"""口径和用语: stand-ins for the official way, and texts that the figures do not bear out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.filing.quantity import tidy
from jixiao.rubric.model import Result
from jixiao.scoring.model import RowScore

_DENIED = re.compile(r"(?:未|没|没有|不|尚未|并非)$")
_CLAUSE = re.compile(r"[。；;！!？?\n]")


def check_wording(case: Case) -> Iterator[Finding]:
    for one in case.assessment.indicators:
        name, why = one.substitute
        if name:
            yield case.finding(
                "JX-501", [one.place], subject=one.id, clause=one.clause, label=one.name, name=name,
                why=why.rstrip("。"),
            )  # fmt: skip
    short = [row for row in case.assessment.rows if row.ratio is not None and row.ratio < 1 and row.weight]
    for result in case.rubric.checks.results:
        if result.goal:
            yield from _no_result(case, result)
        if short:
            yield from _all_met(case, result, short)


def _no_result(case: Case, result: Result) -> Iterator[Finding]:
    text, place = case.text(result.field), [case.filing.place(result.field)]
    label = case.label(result.field)
    if word := next((word for word in case.rubric.checks.future_words if word in text), ""):
        yield case.finding("JX-502", place, subject=result.field, stated=word, label=label, word=word)
    elif text and tidy(text) == tidy(case.text(result.goal)):
        other = case.label(result.goal)
        yield case.finding("JX-503", place, subject=result.field, label=label, other=other)


def _all_met(case: Case, result: Result, short: list[RowScore]) -> Iterator[Finding]:
    if word := claimed(case.text(result.field), case.rubric.checks.met_words):
        yield case.finding(
            "JX-504",
            [case.filing.place(result.field), *(row.place for row in short)],
            subject=result.field,
            stated=word,
            word=word,
            label=case.label(result.field),
            labels="、".join(map(case.row_label, short)),
        )


def claimed(text: str, words: Sequence[str]) -> str:
    """The first of ``words`` that the text claims: not denied (未全部完成), not with an exception (除…外)."""
    for clause in _CLAUSE.split(tidy(text)):
        for word in words:
            before, found, _ = clause.partition(word)
            if found and not _DENIED.search(before) and not re.search("除.+外", before):
                return word
    return ""
