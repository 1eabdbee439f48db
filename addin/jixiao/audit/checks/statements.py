"""Statements that the figures contradict: all targets met, three public expenses under control."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.audit.document import Document, Paragraph, Words
from jixiao.audit.forms import Forms
from jixiao.audit.lexicon import Lexicon, Statement
from jixiao.audit.outline import outline
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import UNIT, Everywhere
from jixiao.checking.finding import Finding
from jixiao.checking.wording import claimed
from jixiao.filing.quantity import plain
from jixiao.rubric.model import Overrun, Rubric
from jixiao.scoring.model import Assessment, RowScore
from jixiao.scoring.readings import Readings

ZERO = Decimal(0)
_SENTENCE = re.compile(r"[^。！？!?;；]+")


def check_statements(
    document: Document,
    forms: Forms,
    rubric: Rubric,
    lexicon: Lexicon,
    assessment: Assessment,
    findings: Sequence[Finding],
    remarks: Remarks,
) -> None:
    """What the texts of one document claim, against rows that were missed and amounts that were exceeded."""
    missed = [row for row in assessment.rows if row.ratio is not None and row.ratio < 1 and row.weight]
    exceeded = {one.subject for one in findings if one.code == "JX-403"}
    overruns = [one for one in rubric.checks.overruns if one.actual in exceeded]
    if not missed and not overruns:
        return
    readings = Readings(rubric, forms.filing)
    for words in _texts(document, forms, lexicon):
        for found in _SENTENCE.finditer(words.text):
            _check(words, found.start(), found[0], lexicon, missed, overruns, readings, remarks)


def check_own_budget(document: Document, everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks) -> None:
    """严格执行预算, where the report's own spending is more than its own adjusted budget."""
    named = [one for one in everywhere.told(UNIT, "actual") if not lexicon.without_known(one.words)]
    spent = [one for one in named if not lexicon.only_kind(one.words)]
    budget = everywhere.of_unit("adjusted")
    if (
        len({one.value for one in spent}) != 1
        or not budget
        or spent[0].value <= budget[0].value + spent[0].slack + budget[0].slack
    ):
        return
    of_all = [one for one in lexicon.words.statements if one.against == "overrun" and UNIT in one.subjects]
    for paragraph in _told(document, lexicon):
        for found in _SENTENCE.finditer(paragraph.text):
            word = next(filter(None, (_says(found[0], one, lexicon) for one in of_all)), "")
            if word and not any(one.quote == word for one in remarks.found):
                at = found.start() + found[0].index(word)
                remarks.add(
                    "JX-505", (paragraph.words, at, at + len(word)), stated=word, label=_whole(found[0]),
                    word=word, name=UNIT, actual=spent[0].shown(), limit=budget[0].shown(),
                    limit_label="全年预算", unit="", clause="报告自身的数字",
                )  # fmt: skip


def _check(
    words: Words,
    start: int,
    sentence: str,
    lexicon: Lexicon,
    missed: Sequence[RowScore],
    overruns: Sequence[Overrun],
    readings: Readings,
    remarks: Remarks,
) -> None:
    for statement in lexicon.words.statements:
        word = _says(sentence, statement, lexicon)
        if not word:
            continue
        at = start + sentence.index(word)
        about = (words, at, at + len(word))
        if statement.against == "missed" and missed:
            names = "、".join(row.name for row in missed)
            remarks.add("JX-504", about, stated=word, label=_whole(sentence), word=word, labels=names)
            return
        over = next((one for one in overruns if lexicon.subject(one.name) in statement.subjects), None)
        if statement.against == "overrun" and over is not None:
            limit = readings.rubric.asked[over.limit]
            actual_amount, limit_amount = (
                plain(readings.number(one) or ZERO) for one in (over.actual, over.limit)
            )
            remarks.add(
                "JX-505", about, stated=word, label=_whole(sentence), word=word, name=over.name,
                actual=actual_amount, limit=limit_amount, limit_label=limit.label.rpartition("·")[2],
                unit=limit.unit, clause=over.clause,
            )  # fmt: skip
            return


def _says(sentence: str, statement: Statement, lexicon: Lexicon) -> str:
    """The words that claim it, where the sentence is about it and speaks of what was done."""
    if statement.of and not any(one in sentence for one in statement.of):
        return ""
    word = claimed(sentence, statement.says)
    before = sentence.partition(word)[0] if word else ""
    return "" if any(one in before for one in lexicon.words.intended) else word


def _texts(document: Document, forms: Forms, lexicon: Lexicon) -> Iterator[Words]:
    """Paragraphs that tell of results, and the long texts of the forms."""
    yield from (paragraph.words for paragraph in _told(document, lexicon))
    for field, entry in forms.filing.values.items():
        cell = forms.cells.get(entry.place) if entry.place else None
        if cell and cell.document == document.name and field.startswith(("text.", "form.")):
            yield cell.words


def _told(document: Document, lexicon: Lexicon) -> Iterator[Paragraph]:
    """Paragraphs that tell of results."""
    for section in outline(document).walk():
        head = section.head.text if section.head else ""
        if not any(word in head for word in lexicon.words.plans):
            yield from (block for block in section.body if isinstance(block, Paragraph))


def _whole(sentence: str) -> str:
    return sentence if len(sentence) <= 40 else f"{sentence[:20]}……{sentence[-15:]}"
