"""The audit of a finished report: everything that its own words and figures show to be wrong."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.audit.amounts import stated
from jixiao.audit.checks.consistency import check_consistency
from jixiao.audit.checks.forms import check_forms
from jixiao.audit.checks.money import check_money
from jixiao.audit.checks.scores import check_scores
from jixiao.audit.checks.statements import check_statements
from jixiao.audit.checks.structure import check_structure
from jixiao.audit.document import Document
from jixiao.audit.forms import forms_of
from jixiao.audit.lexicon import Lexicon, lexicon
from jixiao.audit.remark import Remark, Remarks
from jixiao.audit.tables import indicator_tables
from jixiao.checking.check import check
from jixiao.checking.finding import Severity
from jixiao.rubric.model import Rubric
from jixiao.scoring.score import score

_ORDER = list(Severity)


def audit(documents: Sequence[Document], rubric: Rubric, words: Lexicon | None = None) -> list[Remark]:
    """All remarks on the documents of one unit, which are read together, gravest first."""
    words = words or lexicon()
    found: list[Remark] = []
    several = len(documents) > 1
    tables = [table for document in documents for table in indicator_tables(document, rubric.blocks)]
    forms = forms_of(documents, tables, rubric, words)
    assessment = score(rubric, forms.filing)
    findings = check(rubric, forms.filing, assessment)
    found += check_forms(findings, forms, rubric, several=several)
    for document in documents:
        remarks = Remarks(rubric.findings, document.name if several else "")
        own = [table for table in tables if table.document == document.name]
        check_money([stated(one, words) for one in document.paragraphs], words, remarks)
        check_scores(document, words, rubric.grades, remarks)
        check_consistency(document, own, remarks)
        check_statements(document, forms, rubric, words, assessment, findings, remarks)
        check_structure(document, words.words.hints, remarks)
        found += remarks.found
    return sorted(found, key=lambda one: _ORDER.index(one.finding.severity))
