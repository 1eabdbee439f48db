"""Every case in tests/findings: a right filing with one thing wrong, and exactly what is found then."""

from pathlib import Path

import msgspec
import pytest

import filings
from jixiao.checking.beside import Beside
from jixiao.checking.check import check
from jixiao.checking.finding import Severity
from jixiao.filing.interchange import read_filing_text
from jixiao.filing.model import Entry, Place
from jixiao.rubric.load import load_rubric
from jixiao.scoring.score import score

CASES = Path(__file__).parent / "findings"


def found_in(edition, data, options=None, approved=None):
    rubric = load_rubric(edition, options=options)
    filing = filings.filing_of(edition, data)
    beside = Beside(approved=filings.approved(filing, **approved) if approved else None)
    return check(rubric, filing, score(rubric, filing), beside=beside)


def cases():
    for file in sorted(CASES.glob("*.yaml")):
        for case in filings.load(file):
            yield pytest.param(file.stem, case, id=case["name"])


@pytest.mark.parametrize("edition, case", list(cases()))
def test_case(edition, case):
    data = filings.changed(filings.right(edition), case)
    found = found_in(edition, data, case.get("options"), case.get("approved"))
    assert [f"{one.severity} {one.code} {one.subject}" for one in found] == (case["expect"] or [])
    for words in case.get("says", []):
        assert any(words in one.text() for one in found), [one.text() for one in found]
    for place in case.get("places", []):
        assert any(str(one).startswith(place) for finding in found for one in finding.places), [
            one.place for one in found
        ]


def test_a_total_that_adds_up_an_error_hangs_under_it():
    rubric = load_rubric("guangzhou-2023")
    filing = filings.filing_of(rubric.id, filings.right(rubric.id))
    total = msgspec.structs.replace(filing["total"], raw=None, error="#DIV/0!", formula="SUM(I11:I36)")
    values = {**filing.values, "score.stocktake": Entry(error="#DIV/0!"), "total": total}
    filing = msgspec.structs.replace(filing, values=values)
    first, second = check(rubric, filing, score(rubric, filing))
    assert (first.subject, second.subject) == ("score.stocktake", "total")
    assert (second.caused_by, second.cause) == ("JX-103", "score.stocktake")


def test_where_everything_is_right_nothing_is_found():
    for file in sorted(filings.FOLDER.glob("*.yaml")):
        assert found_in(file.stem, filings.right(file.stem)) == ()


@pytest.mark.parametrize("file", sorted((filings.FOLDER / "right").glob("*.yaml")), ids=lambda one: one.stem)
def test_nothing_is_held_against_a_unit_that_is_right(file):
    """Quite different units, in words of their own: no 错误, no 警告."""
    rubric = load_rubric(filings.load(file)["edition"])
    filing = read_filing_text(file.read_text(encoding="utf-8"), file.name, rubric)
    found = check(rubric, filing, score(rubric, filing))
    assert [one.text() for one in found if one.severity in {Severity.ERROR, Severity.WARNING}] == []


def test_an_empty_form_lists_what_is_missing_and_nothing_else():
    found = found_in("guangzhou-2023", {})
    assert all(one.missing for one in found if one.severity is Severity.ERROR)
    assert {one.code for one in found} == {"JX-102", "JX-202", "JX-301"}


def test_every_code_of_the_catalogue_is_provoked_by_a_case():
    seen = {
        line.split()[1]
        for file in CASES.glob("*.yaml")
        for case in filings.load(file)
        for line in case["expect"] or []
    }
    # what only a workbook or a report can show: below, test_damaged_forms, test_last_year, test_report
    elsewhere = {"JX-101", "JX-104", "JX-109", "JX-112", "JX-601", "JX-602"}
    catalogue = load_rubric("guangzhou-2023").findings
    assert seen | elsewhere == {code for code in catalogue if code < "JX-7"}  # the rest: test_audit.py


def test_no_finding_speaks_in_keys():
    """No field id, no brace and no placeholder reaches a reader."""
    rubric = load_rubric("guangzhou-2023")
    ids = {field for field in rubric.asked if "." in field} | {"score.", "reason."}
    for file in CASES.glob("*.yaml"):
        for case in filings.load(file):
            for one in found_in(
                file.stem,
                filings.changed(filings.right(file.stem), case),
                case.get("options"),
                case.get("approved"),
            ):
                text = f"{one.text()}{one.stated}{one.expected}{one.clause}"
                assert not any(key in text for key in ids) and "{" not in text and "None" not in text, text
                assert one.clause or one.severity is Severity.UNCHECKED, one.code
                assert one.remedy and "。。" not in text and "：：" not in text, text


def test_a_number_that_nothing_reads_is_never_lost_in_silence():
    rubric, filing = load_rubric("loudi-2023"), filings.filing_of("loudi-2023", filings.right("loudi-2023"))
    stray = msgspec.structs.replace(filing, unread=(Place("基础数据表", "B18"), Place("基础数据表", "B19")))
    (one,) = check(rubric, stray, score(rubric, stray))
    assert (one.code, one.place) == ("JX-109", "基础数据表!B18:B19") and one.place in one.message
