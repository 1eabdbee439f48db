"""口径和用语: stand-ins for the official way, and texts that the figures do not bear out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.filing.quantity import plain, tidy
from jixiao.rubric.model import Contradicted, Result
from jixiao.scoring.model import RowScore

_DENIED = re.compile(r"(?:未|没|不|非)(?:有|能|能够|是|可能|实现|做到|完全)*$")
_NOT_ALL = re.compile(r"(?:未|没有|没能|尚未|不能)(?:能|能够|全部|按期|按时)*(?:完成|达标|达到|达成|实现)")
_COMPARED = re.compile(r"(?:超|超出|超过|高于|低于|好于|优于|多于|少于|达到|符合|原|比|较|与)$")
_CLAUSE = re.compile(r"[。；;！!？?\n]")


def check_wording(case: Case) -> Iterator[Finding]:
    for scored, label, clause in case.scores():
        if scored.hint:
            yield case.finding(
                "JX-507", [scored.place], subject=scored.subject, clause=clause, label=label, hint=scored.hint
            )
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
    for contradicted in case.rubric.checks.contradicted:
        yield from _contradicted(case, contradicted)


def _no_result(case: Case, result: Result) -> Iterator[Finding]:
    text, place = case.text(result.field), [case.filing.place(result.field)]
    label = case.label(result.field)
    if word := _intended(text, case.rubric.checks.future_words):
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


def _contradicted(case: Case, contradicted: Contradicted) -> Iterator[Finding]:
    named = (one for one in case.rubric.checks.overruns if one.name == contradicted.overrun)
    for overrun, field in itertools.product(named, contradicted.texts):
        actual, limit = case.number(overrun.actual), case.number(overrun.limit)
        if actual is None or limit is None or actual <= limit:
            continue
        if word := claimed(case.text(field), contradicted.words):
            yield case.finding(
                "JX-505",
                case.places([field, overrun.actual, overrun.limit]),
                subject=field,
                stated=word,
                clause=contradicted.clause,
                cause=case.earlier({"JX-403"}, overrun.actual),
                label=case.label(field),
                word=word,
                name=overrun.name,
                actual=plain(actual),
                limit_label=case.label(overrun.limit).rpartition("·")[2],
                limit=plain(limit),
                unit=case.unit(overrun.actual),
            )


def _intended(text: str, words: Sequence[str]) -> str:
    """The first of ``words`` that speaks of intentions; 超出预计 and 达到预计 speak of results."""
    for word in words:
        if any(not _COMPARED.search(before) for before in _before_each(tidy(text), word)):
            return word
    return ""


def _before_each(text: str, word: str) -> Iterator[str]:
    at = text.find(word)
    while at >= 0:
        yield text[:at]
        at = text.find(word, at + 1)


def claimed(text: str, words: Sequence[str]) -> str:
    """The first of ``words`` that the text claims.

    Not denied (未全部完成), not with an exception (除…外), not beside what failed (1 项未完成).
    """
    for clause in _CLAUSE.split(tidy(text)):
        if _NOT_ALL.search(clause):
            continue
        for word in words:
            before, found, _ = clause.partition(word)
            if found and not _DENIED.search(before) and not re.search("除.+外", before):
                return word
    return ""
