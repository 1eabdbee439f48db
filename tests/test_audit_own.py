"""Our own reports, which are right, and those with one wrong figure put in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import filings
import reports
from consistent import consistent
from jixiao.audit.audit import audit
from jixiao.audit.opening import open_report
from jixiao.audit.reading import read_text
from jixiao.audit.remark import Remark
from jixiao.checking.check import check
from jixiao.filing.model import Filing
from jixiao.rubric.load import load_rubric
from jixiao.scoring.score import score
from jixiao.verbs import demo, report
from report_texts import text_of, wrong_figures

EDITIONS = ["guangzhou-2023", "loudi-2023", "yueyang-2024", "mof-project"]
RUBRICS = {edition: load_rubric(edition) for edition in EDITIONS}
EXAMPLES = int(os.environ.get("JIXIAO_AUDIT_EXAMPLES", "6"))
"""Random reports for each edition and test; hundreds in a long run by hand."""
# A report takes long to render: no shrinking, the failing example says enough.
SLOW = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip


def audited(text: str, edition: str) -> list[Remark]:
    return audit([read_text(text, "报告")], RUBRICS[edition])


def said(remarks: list[Remark]) -> list[tuple[str, str]]:
    return [(one.finding.code, one.quote) for one in remarks]


@SLOW
@given(st.data())
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_consistent_report_says_no_more_than_the_check_of_its_form(
    edition: str, dice: st.DataObject
) -> None:
    filing = filings.filing_of(edition, dice.draw(consistent(edition)))
    rubric = RUBRICS[edition]
    known = {one.code for one in check(rubric, filing, score(rubric, filing))}
    found = audited(text_of(reports.rendered(filing)), edition)
    assert [one for one in said(found) if one[0] not in known] == []


@SLOW
@given(st.data())
@pytest.mark.parametrize("edition", EDITIONS)
def test_one_wrong_figure_is_found_and_nothing_else(edition: str, dice: st.DataObject) -> None:
    text = text_of(reports.rendered(filings.filing_of(edition, dice.draw(consistent(edition)))))
    before = said(audited(text, edition))
    wrong = list(wrong_figures(text))
    kind = dice.draw(st.sampled_from(sorted({one.kind for one in wrong})))
    check_wrong(dice.draw(st.sampled_from([one for one in wrong if one.kind == kind])), edition, before)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_wrong_figure_of_a_report_is_found(edition: str) -> None:
    text = text_of(reports.rendered(filings.filing_of(edition, filings.right(edition))))
    assert said(audited(text, edition)) == []
    wrong = list(wrong_figures(text))
    assert len({one.kind for one in wrong}) >= 5
    for one in wrong:
        check_wrong(one, edition)


def check_wrong(wrong: Any, edition: str, before: Sequence[tuple[str, str]] = ()) -> None:
    """The figure is remarked on, and each remark is on it or on what is reckoned from it.

    ``before`` is what was said of the report when the figure was right.
    """
    found = [one for one in audited(wrong.text, edition) if (one.finding.code, one.quote) not in before]
    place = f"第 {wrong.line} 行"
    assert any(place in one.finding.place for one in found), (wrong.kind, wrong.line, wrong.figure)
    sums = ("JX-211", "JX-709") if wrong.kind == "表里的得分" else ()
    for one in (one for one in found if one.finding.code not in sums):
        about = one.finding.place, one.quote, one.finding.message
        assert any(place in words or wrong.figure in words for words in about), said(found)


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, bytes, Filing]]:
    from datetime import datetime

    folder = tmp_path_factory.mktemp("demo")
    made = {}
    for edition in ("guangzhou-2023", "loudi-2023"):
        book = folder / f"{edition}.xlsx"
        filing = demo(edition, book).filing
        made[edition] = book, report(book, when=datetime(2024, 3, 1)).document, filing
    return made


def test_the_demo_report_audits_clean(demos: dict[str, tuple[Path, bytes, Filing]]) -> None:
    _, document, filing = demos["guangzhou-2023"]
    rubric = load_rubric("guangzhou-2023")
    assert said(audit([open_report(document, "报告")], rubric, filing=filing)) == []


def test_the_other_demo_report_yields_what_check_reports(
    demos: dict[str, tuple[Path, bytes, Filing]],
) -> None:
    """LD-…: what is wrong in the workbook is wrong in its report; what is still to be filled in aside."""
    _, document, filing = demos["loudi-2023"]
    rubric = load_rubric("loudi-2023")
    checked = {one.code for one in check(rubric, filing, score(rubric, filing))}
    found = audit([open_report(document, "报告")], rubric, filing=filing)
    assert {one.finding.code for one in found if "待补充" not in one.quote} == {
        "JX-205", "JX-209", "JX-307", "JX-308", "JX-316", "JX-403", "JX-407", "JX-504", "JX-505",
    }  # fmt: skip
    assert {one.finding.code for one in found if "待补充" not in one.quote} <= checked
