"""Two rows whose contents were typed into one another's cells."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.filing.quantity import Kind, Quantity, read_entry, tidy
from jixiao.scoring.model import RowScore
from jixiao.scoring.rows import same_unit

Shape = tuple[str, ...]
"""A number of a certain unit, a date, these very words."""
LONGEST_WORD = 12
"""A longer text shares letters with anything."""


def check_swapped(case: Case) -> Iterator[Finding]:
    yield from _targets(case)
    yield from _actuals(case)


def _targets(case: Case) -> Iterator[Finding]:
    """Two rows whose short texts fit each other's names and not their own."""
    rows: list[tuple[RowScore, str, set[str], set[str]]] = []
    named: dict[str, list[int]] = {}
    """Two letters -> the rows in whose names they stand."""
    for score in case.assessment.rows:
        target = read_entry(case.row(score)["target"], case.year)
        words, name = _pairs(target.text), _pairs(tidy(score.name))
        if target.kind is Kind.WORDS and len(target.text) <= LONGEST_WORD and not words & name:
            for pair in name:
                named.setdefault(pair, []).append(len(rows))
            rows.append((score, target.text, words, name))
    for number, (one, text, words, name) in enumerate(rows):
        fitting = {place for pair in words for place in named.get(pair, ()) if place > number}
        for other, other_text, other_words, _ in (rows[place] for place in sorted(fitting)):
            if other_words & name:
                yield case.finding(
                    "JX-316",
                    [case.row(row)[column].place for row in (one, other) for column in ("target", "actual")],
                    subject=one.subject,
                    stated=text,
                    expected=other_text,
                    clause=case.row_clause(one),
                    label=case.row_label(one),
                    other=case.row_label(other),
                )


def _pairs(text: str) -> set[str]:
    """Every two letters that stand side by side."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _actuals(case: Case) -> Iterator[Finding]:
    """Two rows whose actuals do not fit their own targets, and exactly one another's."""
    rows: dict[tuple[Shape, Shape], list[tuple[RowScore, str, str]]] = {}
    """By what the target asks for and what the actual is instead."""
    for score in case.assessment.rows:
        target, actual = (read_entry(case.row(score)[column], case.year) for column in ("target", "actual"))
        asked, given = _shape(target), _shape(actual)
        if asked and given and asked != given and not _comparable(target, actual):
            rows.setdefault((asked, given), []).append((score, target.text, actual.text))
    seen: set[tuple[Shape, Shape]] = set()
    for (asked, given), found in rows.items():
        partners = rows.get((given, asked), [])
        seen.add((asked, given))
        if len(found) == len(partners) == 1 and (given, asked) not in seen:
            [(one, target_text, text)], [(other, _, other_text)] = found, partners
            yield case.finding(
                "JX-317",
                [case.row(row)["actual"].place for row in (one, other)],
                subject=one.subject,
                stated=text,
                expected=other_text,
                clause=case.row_clause(one),
                label=case.row_label(one),
                other=case.row_label(other),
                target=target_text,
            )


def _shape(quantity: Quantity) -> Shape:
    """What kind of answer it is; empty where that cannot be told."""
    match quantity.kind:
        case Kind.NUMBER if quantity.unit:
            return "number", quantity.unit
        case Kind.DATE:
            return "date", "date"
        case Kind.WORDS if len(quantity.text) <= LONGEST_WORD:
            return "words", tidy(quantity.text)
    return ()


def _comparable(target: Quantity, actual: Quantity) -> bool:
    """Numbers of like units, or words of one kind (有效提升, 显著提升): better or worse, but no mistake."""
    if target.kind is actual.kind is Kind.WORDS:
        return bool(_pairs(target.text) & _pairs(actual.text))
    both = target.kind is actual.kind is Kind.NUMBER
    return both and "%" not in {target.unit, actual.unit} and same_unit(target.unit, actual.unit)
