"""Forms that we did not make are recognised by their labels, and read back to the same filing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import openpyxl
import pytest

import bureau_forms as forms
from benchmarks.adopt import contests
from benchmarks.timing import measure
from jixiao.adopt.adopt import Adopted, bind
from jixiao.adopt.labels import key
from jixiao.adopt.told import table
from jixiao.cli import main
from jixiao.filing.interchange import filing_text, read_filing_text
from jixiao.filing.model import Entry, Filing
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.verbs import Work, adopt, examine, filled, opened
from jixiao.workbook.errors import NotAForm
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.form import load_form
from jixiao.workbook.reading import edition_of, read_filing

EDITIONS = ("guangzhou-2023", "loudi-2023", "yueyang-2024", "mof-project")
OUR_WORDS = {
    _key: key(label)
    for edition in EDITIONS
    for label, others in load_form(edition).synonyms.items()
    if label.endswith("指标")
    for _key in map(key, others)
}
"""Second-level classes as others write them."""
SUFFIXES = (".xlsx", ".xls", ".docx")


def said(entry: Entry, *, label: bool = False) -> Any:
    """What a cell says, however its file writes it."""
    raw = entry.raw
    if isinstance(raw, str):
        text = "\n".join(line.strip() for line in raw.strip().split("\n"))
        if label:
            return OUR_WORDS.get(key(text), key(text))
        if not text:
            return None
        bare = text.removesuffix("%").replace(",", "")
        try:
            raw = Decimal(bare) / (100 if text.endswith("%") else 1)
        except ArithmeticError:
            return text
    if isinstance(raw, Decimal):
        return round(raw, 6).normalize()
    return raw or None


def differences(
    found: Filing, given: Filing, forms_fields: set[str], columns: set[str], sheets: set[str]
) -> list[str]:
    """What two filings of one edition say differently in the fields and columns that a form has."""
    wrong = []
    for field in sorted(forms_fields):
        one, other = said(found[field]), said(given[field])
        if one != other:
            wrong.append(f"{field}: {one!r} ≠ {other!r}")
    for block, rows in given.rows.items():
        if not any(row.place and row.place.sheet in sheets for row in rows):
            continue
        if block not in found.rows:
            if rows:
                wrong.append(f"{block}: 没有")
            continue
        mine = [
            row
            for row in found.rows[block]
            if any(not e.blank for i, e in row.entries.items() if i[:5] != "level")
        ]
        theirs = [
            row
            for row in rows
            if any(
                not e.blank
                for i, e in row.entries.items()
                if i[:5] != "level" and i in columns | {"previous", "budget"}
            )
        ]
        if len(mine) != len(theirs):
            wrong.append(f"{block}: {len(mine)} 行 ≠ {len(theirs)} 行")
        for number, (row, typed) in enumerate(zip(mine, theirs, strict=False), 1):
            for column in row.entries:
                if column in columns:
                    label = column.startswith("level")
                    one, other = said(row[column], label=label), said(typed[column], label=label)
                    if one != other:
                        wrong.append(f"{block} {number} {column}: {one!r} ≠ {other!r}")
    return wrong


def cases() -> list[Any]:
    made = []
    for edition in EDITIONS:
        ways = forms.WAYS + (() if edition == "guangzhou-2023" else forms.OF_ROWS)
        for number, way in enumerate(ways):
            suffixes = SUFFIXES if way is forms.as_printed else (SUFFIXES[number % 3],)
            made += [pytest.param(edition, way, one, id=f"{edition}-{way.__name__}{one}") for one in suffixes]
    return made


def test_there_are_many_kinds_of_forms() -> None:
    assert len(cases()) >= 40


@pytest.mark.parametrize(("edition", "way", "suffix"), cases())
def test_a_form_is_read_back_to_the_same_filing(edition: str, way: Any, suffix: str) -> None:
    papers, given = forms.papers(edition)
    official = {paper.name for paper in papers}
    changed = way(papers)
    path = forms.saved(changed, suffix)
    port, found = bind([path], "")
    rubric = load_rubric(edition)
    assert found.recognition.edition == edition
    filing = read_filing(port, rubric)
    fields = {
        field
        for field, place in given.homes.items()
        if place.sheet in official and not _beside(given, rubric, field)
    }
    columns = {column for paper in changed for column in paper.columns} | {
        "name",
        "previous",
        "budget",
        "actual",
    }
    doubtful = [one for one in found.recognition.bindings if one.doubt]
    wrong = differences(filing, given, fields, columns, official)
    assert not wrong, (wrong, found.recognition.unbound, doubtful)


def _beside(given: Filing, rubric: Any, field: str) -> bool:
    return field == "budget.basis"


# ---------------------------------------------------------------- nothing is guessed in silence


def recognised(papers: list[forms.Paper], suffix: str = ".xlsx", edition: str = "") -> Adopted:
    return bind([forms.saved(papers, suffix)], edition)[1]


def doubts_of(found: Adopted) -> dict[str, str]:
    return {one.name: one.doubt for one in found.recognition.bindings if one.doubt}


def reworded(edition: str, label: str, words: str) -> list[forms.Paper]:
    papers, _ = forms.papers(edition)
    for one in papers:
        one.reword(lambda text: words if key(text) == key(label) else text)
    return papers


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_official_form_leaves_no_doubt(edition: str) -> None:
    found = recognised(forms.papers(edition)[0])
    assert not doubts_of(found) and not found.recognition.unbound


def test_a_label_in_other_words_is_doubtful_and_listed_with_what_the_rules_say() -> None:
    found = recognised(reworded("loudi-2023", "政府采购金额", "政府采购总金额"))
    assert set(doubts_of(found)) == {f"control.procurement.{one}" for one in ("previous", "budget", "actual")}
    told = "\n".join(table(found.recognition, found.expected))
    assert "表上写“政府采购总金额”，规则里是“政府采购金额”" in told


def test_words_that_say_something_else_are_not_taken_for_a_label() -> None:
    found = recognised(reworded("loudi-2023", "公务接待", "会务服务"))
    missing = {one.name: one.why for one in found.recognition.unbound}
    assert missing["control.reception.actual"] == "没有找到“公务接待”"
    assert not [one for one in found.recognition.bindings if one.name.startswith("control.reception")]


def test_two_sheets_alike_are_told_apart_by_nobody_and_nothing_of_them_is_bound() -> None:
    papers, _ = forms.papers("loudi-2023")
    again = [one for one in forms.papers("loudi-2023")[0] if one.name == "自评表"]
    again[0].name = "自评表（初稿）"
    found = recognised([*papers, *again])
    bound = {one.name for one in found.recognition.bindings}
    whys = {one.name: one.why for one in found.recognition.unbound}
    assert "total" not in bound and "block.output" not in bound
    assert "自评表（初稿）" in whys["total"] and "分不清" in whys["total"]
    assert "control.basic.actual" in bound


def test_a_table_beside_the_form_that_repeats_some_of_its_labels_changes_nothing() -> None:
    papers, _ = forms.papers("loudi-2023")
    cells: forms.Cells = {(1, 1): "三公经费明细", (2, 2): "2022年决算数", (2, 3): "2023年决算数"}
    for row, label in enumerate(("三公经费", "出国经费", "公务接待", "公车运行维护", "公车购置"), 3):
        cells |= {(row, 1): label, (row, 2): Decimal(7), (row, 3): Decimal(8)}
    alone = recognised(papers).recognition.names
    assert recognised([*papers, forms.Paper("三公明细", cells, [], set())]).recognition.names == alone


def test_a_form_without_names_says_on_the_way_what_was_doubtful() -> None:
    path = forms.saved(reworded("loudi-2023", "政府采购金额", "政府采购总金额"), ".xlsx")
    work = examine(*opened(path))
    assert "拿不准 3 处" in work.said[0] and "政府采购总金额" in "".join(work.said)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("given", EDITIONS)
def test_a_wrong_edition_is_refused_with_the_evidence(edition: str, given: str) -> None:
    papers, _ = forms.papers(edition)
    if edition == given:
        assert recognised(papers, edition=given).recognition.edition == edition
        return
    with pytest.raises(NotAForm, match=f"不像“{given}”的表.*--edition {edition}"):
        recognised(papers, edition=given)


def test_a_form_that_could_be_of_two_editions_is_refused() -> None:
    only = [one for one in forms.papers("loudi-2023")[0] if one.name == "基础数据表"]
    only[0].cells = {at: raw for at, raw in only[0].cells.items() if "专项资金" not in str(raw)}
    with pytest.raises(NotAForm, match="像几个版本的表.*--edition"):
        recognised(only)
    assert recognised(only, edition="loudi-2023").recognition.edition == "loudi-2023"


def test_a_sheet_that_is_no_form_is_refused_with_what_to_do() -> None:
    cells: forms.Cells = {(1, 1): "姓名", (1, 2): "工资", (2, 1): "甲", (2, 2): Decimal(1)}
    plain = forms.Paper("工资表", cells, [], set())
    with pytest.raises(NotAForm, match="认不出是哪个版本的表.*标签"):
        recognised([plain])


# ---------------------------------------------------------------- the published forms of Loudi


NOT_ON_THE_FORM = {"JX-406", "JX-506"}
"""They name what the official sheets do not ask for: 支出经济分类, 预算数口径."""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_forms_of_loudi_give_the_assessment_and_findings_of_the_demo(suffix: str, tmp_path: Path) -> None:
    edition = "loudi-2023"
    papers, given = forms.papers(edition)
    official = {paper.name for paper in papers}
    kept = {"unit.name", "unit.year"} | {f for f, home in given.homes.items() if home.sheet in official}
    text = (data_folder("rubric_rules") / edition / "demo.yaml").read_text(encoding="utf-8")
    demo = tmp_path / "demo.yaml"
    filing = read_filing_text(text, demo.name, load_rubric(edition))
    values = {field: entry for field, entry in filing.values.items() if field in kept}
    demo.write_text(
        filing_text(msgspec.structs.replace(filing, values=values), as_json=False), encoding="utf-8"
    )
    ours = examine(*filled(edition, demo))
    work = examine(*opened(forms.saved(papers, suffix)))
    assert [(one.id, one.score, one.basis) for one in work.assessment.indicators] == [
        (one.id, one.score, one.basis) for one in ours.assessment.indicators
    ]
    assert [(one.name, one.score, one.basis) for one in work.assessment.rows] == [
        (one.name, one.score, one.basis) for one in ours.assessment.rows
    ]
    assert findings_of(work) == findings_of(ours)
    assert not work.said


def test_every_sheet_of_the_demo_without_its_names_gives_all_findings_of_the_demo(tmp_path: Path) -> None:
    edition = "loudi-2023"
    port, rubric = filled(edition, data_folder("rubric_rules") / edition / "demo.yaml")
    ours = examine(port, rubric)
    port.remove_names([name for name in port.names() if name.startswith("jx.")])
    port.save_as(tmp_path / "没有名称.xlsx")
    work = examine(*opened(tmp_path / "没有名称.xlsx"))
    assert [(one.code, one.message, one.places) for one in work.findings] == [
        (one.code, one.message, one.places) for one in ours.findings
    ]


def findings_of(work: Work) -> set[tuple[str, str, str]]:
    told = (one for one in work.findings if one.code not in NOT_ON_THE_FORM)
    return {(one.severity.value, one.code, one.message) for one in told}


# ---------------------------------------------------------------- what is written


def test_only_names_are_added_to_a_bureaus_workbook(tmp_path: Path) -> None:
    path = forms.saved(forms.papers("loudi-2023")[0], ".xlsx")
    out = tmp_path / "绑定.xlsx"
    adopt([path], "", out)
    with ZipFile(path) as before, ZipFile(out) as after:
        assert before.namelist() == after.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    assert changed == ["xl/workbook.xml"]


def test_what_a_verb_writes_keeps_the_names(tmp_path: Path) -> None:
    path = forms.saved(forms.papers("mof-project")[0], ".xlsx")
    assert main(["check", str(path), "--in-place"]) in (0, 1)
    assert edition_of(FilePort.open(path)) == "mof-project"


def test_clearing_what_has_no_marks_leaves_the_file_alone() -> None:
    path = forms.saved(forms.papers("mof-project")[0], ".xlsx")
    before = path.read_bytes()
    assert main(["clear", str(path)]) == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", [".xls", ".docx"])
def test_other_formats_are_read_as_they_are_and_written_elsewhere(
    suffix: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = forms.saved(forms.papers("loudi-2023")[0], suffix)
    before = path.read_bytes()
    assert main(["check", str(path)]) == 1
    capsys.readouterr()
    assert main(["check", str(path), "--in-place"]) == 2
    assert "-o 新文件.xlsx" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main(["score", str(path), "-o", str(tmp_path / "新.xlsx")]) == 0
    assert main(["export", str(path), str(tmp_path / "新.yaml")]) == 0
    assert edition_of(FilePort.open(tmp_path / "新.xlsx")) == "loudi-2023"


@pytest.mark.parametrize("suffixes", [(".xlsx", one) for one in SUFFIXES] + [(".xls", ".docx")])
def test_forms_in_several_files_become_one_workbook(suffixes: tuple[str, str], tmp_path: Path) -> None:
    papers, given = forms.papers("loudi-2023")
    paths = [forms.saved([one], suffix) for one, suffix in zip(papers[::-1], suffixes, strict=True)]
    out = tmp_path / "合.xlsx"
    found = adopt(paths, "", out)
    assert not found.recognition.unbound and not doubts_of(found)
    port, rubric = opened(out)
    filing = read_filing(port, rubric)
    fields = {f for f, home in given.homes.items() if home.sheet in {one.name for one in papers}}
    wrong = differences(filing, given, fields - {"budget.basis"}, set(papers[1].columns), {"自评表"})
    assert not wrong, wrong
    assert [sheet.title for sheet in openpyxl.load_workbook(out).worksheets] == port.sheets()


def test_numbers_of_a_document_become_numbers() -> None:
    port, _ = bind([forms.saved(forms.papers("loudi-2023")[0], ".docx")], "")
    filing = read_filing(port, load_rubric("loudi-2023"))
    assert filing["budget.total.actual"].raw == Decimal("284.77")
    assert filing["budget.rate"].raw == Decimal(1) and filing["budget.rate"].percent


def test_an_existing_file_is_never_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    path = forms.saved(forms.papers("mof-project")[0], ".xlsx")
    before = path.read_bytes()
    assert main(["adopt", str(path), str(path)]) == 2
    assert "已经存在" in capsys.readouterr().err and path.read_bytes() == before


def test_recognising_costs_little_more_than_reading(tmp_path: Path) -> None:
    """At most ten times a plain read by python-calamine; on a busy machine one try in a few shows it."""
    contest = next(contests(tmp_path))
    assert any(measure(contest).ratio <= 10 for _ in range(3))
