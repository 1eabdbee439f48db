"""Our own reports, which are right, and those with one wrong figure put in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import filings
import reports
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
# A report takes long to render: no shrinking, the failing example says enough.
SLOW = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip


def audited(text: str, edition: str) -> list[Remark]:
    return audit([read_text(text, "报告")], RUBRICS[edition])


def said(remarks: list[Remark]) -> list[tuple[str, str]]:
    return [(one.finding.code, one.quote) for one in remarks]


@st.composite
def consistent(draw: st.DrawFn) -> dict[str, Any]:
    """The right filing with other amounts: every sum, limit and tie still holds."""
    data = filings.right("guangzhou-2023")

    def cents(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    def put(field: str, amount: int) -> None:
        data["values"][field] = f"{amount // 100}.{amount % 100:02}"

    total = {}
    for column in ("initial", "adjusted", "previous"):
        basic, project = cents(20_000, 900_000), cents(0, 400_000)
        put(f"expenditure.basic.{column}", basic)
        put(f"expenditure.project.{column}", project)
        total[column] = basic, project
    basic, project = (cents(one * 3 // 5, one) for one in total["adjusted"])
    put("expenditure.basic.actual", basic)
    put("expenditure.project.actual", project)
    total["actual"] = basic, project
    for column, parts in total.items():
        for field in ("income.total", "income.general", "expenditure.total", "expenditure.general"):
            put(f"{field}.{column}", sum(parts))
    for part, field in zip(total["adjusted"], ("basic", "project"), strict=True):
        put(f"form.budget_{field}", part)
    put("form.budget_total", sum(total["adjusted"]))
    whole = basic + project
    wages, personal = cents(0, whole // 2), cents(0, whole // 4)
    capital = cents(0, whole // 8)
    amounts = {"wages": wages, "personal": personal, "capital": capital}
    for name, amount in {**amounts, "goods": whole - sum(amounts.values()), "other": 0}.items():
        put(f"economic.{name}", amount)
    put("carryover.end", 0)
    return data


@SLOW
@given(consistent())
def test_a_consistent_report_is_clean(data: dict[str, Any]) -> None:
    filing = filings.filing_of("guangzhou-2023", data)
    rubric = load_rubric("guangzhou-2023")
    assert not [one for one in check(rubric, filing, score(rubric, filing)) if one.severity == "错误"]
    text = text_of(reports.rendered(filing))
    assert said(audited(text, "guangzhou-2023")) == []


@SLOW
@given(consistent(), st.data())
def test_one_wrong_figure_is_found_and_nothing_else(data: dict[str, Any], dice: st.DataObject) -> None:
    text = text_of(reports.rendered(filings.filing_of("guangzhou-2023", data)))
    wrong = list(wrong_figures(text))
    kind = dice.draw(st.sampled_from(sorted({one.kind for one in wrong})))
    check_wrong(dice.draw(st.sampled_from([one for one in wrong if one.kind == kind])), "guangzhou-2023")


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_wrong_figure_of_a_report_is_found(edition: str) -> None:
    text = text_of(reports.rendered(filings.filing_of(edition, filings.right(edition))))
    assert said(audited(text, edition)) == []
    wrong = list(wrong_figures(text))
    assert len({one.kind for one in wrong}) >= 5
    for one in wrong:
        check_wrong(one, edition)


def check_wrong(wrong: Any, edition: str) -> None:
    """The figure is remarked on, and each remark is on it or on what is reckoned from it."""
    found = audited(wrong.text, edition)
    place = f"第 {wrong.line} 行"
    assert any(place in one.finding.place for one in found), (wrong.kind, wrong.line, wrong.figure)
    for one in found:
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
