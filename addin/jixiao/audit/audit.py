"""The audit of a finished report: everything that its own words and figures show to be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jixiao.audit.amounts import read
from jixiao.audit.checks.claims import (
    Labels,
    check_same,
    check_score_tables,
    check_sections,
    check_weights,
    table_claims,
)
from jixiao.audit.checks.completion import check_completion
from jixiao.audit.checks.consistency import check_consistency, check_named
from jixiao.audit.checks.counts import check_counts
from jixiao.audit.checks.forms import check_forms
from jixiao.audit.checks.money import check_money, in_one_unit
from jixiao.audit.checks.relations import check_relations
from jixiao.audit.checks.score_lists import check_score_lists
from jixiao.audit.checks.scores import check_scores
from jixiao.audit.checks.statements import check_own_budget, check_statements
from jixiao.audit.checks.structure import check_structure
from jixiao.audit.checks.tables import check_tables
from jixiao.audit.checks.text_and_table import check_text
from jixiao.audit.checks.workbook import check_claims, check_rows
from jixiao.audit.claims import Amounts, Claim, score_claims
from jixiao.audit.document import Document
from jixiao.audit.edition import report_year, surely
from jixiao.audit.forms import forms_of
from jixiao.audit.grid import grids
from jixiao.audit.lexicon import Lexicon, lexicon
from jixiao.audit.names import Names
from jixiao.audit.own_scores import own_claims
from jixiao.audit.pages import whole
from jixiao.audit.remark import Remark, Remarks
from jixiao.audit.score_table import score_tables
from jixiao.audit.tables import indicator_tables
from jixiao.audit.terms import Everywhere
from jixiao.checking.check import check
from jixiao.checking.finding import Severity
from jixiao.filing.model import Filing
from jixiao.rubric.model import Rubric
from jixiao.scoring.score import score

_ORDER = list(Severity)


def audit(
    documents: Sequence[Document],
    rubric: Rubric,
    words: Lexicon | None = None,
    *,
    filing: Filing | None = None,
    held: bool = True,
    other: Rubric | None = None,
) -> list[Remark]:
    """All remarks on the documents of one unit, which are read together, gravest first.

    ``filing`` is that of the workbook that the documents should agree with, if there is one.
    ``held`` is whether they are held to what ``rubric`` asks, or read by its words only and held to
    their own figures; so they are, too, where ``other`` is the edition that they look like.
    """
    held = held and other is None
    words = words or lexicon()
    documents = [whole(document, words) for document in documents]
    several = len(documents) > 1
    names, labelled = Names(rubric), Amounts(rubric, words)
    remarks = {one.name: Remarks(rubric.findings, one.name if several else "") for one in documents}
    texts = {
        one.name: [
            in_one_unit(paragraph, words, remarks[one.name]) for paragraph in read(one.paragraphs, words)
        ]
        for one in documents
    }
    tables = [table for document in documents for table in indicator_tables(document, rubric.blocks)]
    forms_of_scores = [one for document in documents for one in score_tables(document, names, rubric)]
    year = report_year(documents) or rubric.year
    claims: list[Claim] = []
    for document in documents:
        claims += labelled.claims(texts[document.name], document.name, year)
        claims += labelled.others(texts[document.name], document.name, year)
        claims += score_claims(document, names, words)
    claims += table_claims(forms_of_scores)
    figures = {document.name: list(grids(document, words)) for document in documents}
    claims += own_claims(documents, figures, words)
    forms = forms_of(documents, tables, claims, rubric, words)
    assessment = score(rubric, forms.filing)
    findings = check(rubric, forms.filing, assessment)
    labels = Labels(rubric, names)
    for document in documents:
        own = remarks[document.name]
        for paragraph in document.paragraphs:
            check_completion(paragraph, own)
        check_money(texts[document.name], words, own)
        check_relations(texts[document.name], words, year, own)
        check_scores(document, words, rubric.grades if held else (), own)
        check_score_lists(document.paragraphs, words, own)
        check_counts(document, tables, own)
        check_named(document, tables, words, own)
        check_tables(figures[document.name], words, own)
        check_text(texts[document.name], figures[document.name], words, year, own)
        check_structure(document, words.words, own)
        check_own_budget(document, Everywhere(texts[document.name], words, year), words, own)
    check_consistency(tables, remarks)
    check_same([*claims, *forms.claims], labels, remarks)
    if filing is not None:
        check_claims([*claims, *forms.claims], rubric, filing, labels, remarks)
        check_rows(tables, rubric, filing, remarks)
    if held:
        check_weights(claims, names, remarks)
        check_score_tables(forms_of_scores, remarks)
        check_sections(claims, rubric, names, remarks)
        for document in documents:
            check_statements(document, forms, rubric, words, assessment, findings, remarks[document.name])
    first = next((one for document in documents for one in document.paragraphs), None)
    if other is not None and first is not None:
        remarks[documents[0].name].add(
            "JX-729", (first.words, 0, len(first.text)), stated=rubric.title, given=rubric.id,
            expected=f"“{other.title}”（{other.id}）" if surely(documents, other) else "别的版本",
        )  # fmt: skip
    on_forms = check_forms(findings, forms, rubric, assessment, several=several) if held else ()
    found = [*on_forms, *(one for document in documents for one in remarks[document.name].found)]
    return sorted(_once(found), key=lambda one: _ORDER.index(one.finding.severity))


def _once(found: Iterable[Remark]) -> Iterable[Remark]:
    """A figure that is wrong is called wrong once."""
    known: set[tuple[int, int, int]] = set()
    for one in found:
        span = (id(one.words), one.start, one.end)
        if one.finding.severity is not Severity.ERROR or span not in known:
            yield one
        known.add(span)
