"""What the reviewer gets besides the scores: who is missing, who copied, what was put right, letters."""

from __future__ import annotations

import io
import os
import random
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np
import openpyxl
import pytest
from docx import Document

from jixiao.batch.alike import alike
from jixiao.batch.batch import Order, Outcome, batch
from jixiao.batch.book import departments
from jixiao.batch.book.table import HEAD
from jixiao.batch.collected import Collected
from jixiao.batch.errors import BadRoster, NoPrevious
from jixiao.batch.fingerprint import agreement, bare, fingerprint, fingerprints
from jixiao.batch.journal import Records, journal_beside
from jixiao.batch.resubmitted import Former, State, compare, repeated
from jixiao.batch.result import Brief, Failure, Result, Written
from jixiao.batch.reviewed import Reviewed
from jixiao.batch.roster import Roster
from jixiao.batch.summary import Summary, write_summary
from jixiao.batch.words import batch_words
from many_filings import write_filing, write_filings

WORDS = batch_words()
EDITION = "guangzhou-2023"


def run(folder: Path, out: Path, **given: object) -> Outcome:
    return batch(Order(folder=folder, out=out, **{"jobs": 1, **given}))


def table(out: Path, sheet: str) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(out, data_only=True)
    groups, *rows = book[sheet].iter_rows(min_row=HEAD - 1, values_only=True)
    named = [group if name == "合计" else name for group, name in zip(groups, rows[0], strict=True)]
    return [dict(zip(named, row, strict=True)) for row in rows[1:]]


def listed(out: Path, sheet: str, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in table(out, sheet)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "报来的"
    write_filings(home, 6)
    return home


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "汇总.xlsx"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    """Two filings of one unit: as published, and with other scores."""
    home = tmp_path_factory.mktemp("results")
    for variant in (0, 3):
        write_filing(home / "表" / f"{variant}.xlsx", "某局", variant=variant)
    run(home / "表", home / "汇总.xlsx")
    with Records.open(journal_beside(home / "汇总.xlsx")) as records:
        one, other = records["0.xlsx"], records["3.xlsx"]
    assert isinstance(one, Result) and isinstance(other, Result)
    return one, other


def roster(file: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


# ---- the list of units


def test_missing_units_and_strangers_are_told_and_departments_come_from_the_list(
    folder: Path, out: Path
) -> None:
    units = [["应报单位"], ["序号", "单位名称", "主管部门"]]
    units += [[n, f"测试 单位{n:05d}", "甲局" if n < 3 else "乙局"] for n in range(5)]
    units += [[6, "测试单位第00005", "乙局"], [7, "没有报的单位", "丙局"]]
    run(folder, out, roster=roster(folder / "名单.xlsx", units))
    assert listed(out, "重复与缺报", "情况", "单位", "主管部门") == [
        ("缺报", "测试单位第00005", "乙局"),
        ("缺报", "没有报的单位", "丙局"),
        ("名单外", "测试单位00005", "第1主管局"),
    ]
    assert "测试单位第00005" in str(table(out, "重复与缺报")[2]["说明"])
    assert listed(out, "主管部门汇总", "主管部门", "应报单位", "已报份数") == [
        ("丙局", 1, 0),
        ("乙局", 3, 2),
        ("甲局", 3, 3),
        ("第1主管局", 0, 1),
        ("合计", 7, 6),
    ]


def test_without_a_list_departments_are_the_folders(folder: Path, out: Path) -> None:
    run(folder, out)
    found = table(out, "主管部门汇总")
    assert [row["主管部门"] for row in found] == [*(f"第{n}主管局" for n in range(1, 6)), "合计"]
    scores = [row["计算得分"] for row in table(out, "总表")]
    assert found[-1]["平均"] == pytest.approx(sum(scores) / 6)
    assert (found[-1]["最低"], found[-1]["最高"]) == (min(scores), max(scores))
    assert found[0]["已报份数"] == 2
    errors = sum(row["错误"] for row in table(out, "总表"))
    assert found[-1]["错误"] == sum(row["错误"] for row in found[:-1]) == errors > 0


def test_a_department_is_told_the_scores_grades_and_faults_of_its_filings() -> None:
    told = [
        ("甲局", 96, "0", "优", 0, 3),
        ("甲局", 81, "2.5", "良", 4, 0),
        ("甲局", 84, "0.5", "良", 1, 2),
        ("乙局", 70, "9", "中", 0, 7),
    ]
    filings = [
        Brief(
            path=f"{department}/{number}.xlsx", edition="", title="", unit=f"单位{number}", year="", about="",
            total=Decimal(total), unverified=Decimal(unverified), grade=grade, errors=errors,
            warnings=warnings,
        )
        for number, (department, total, unverified, grade, errors, warnings) in enumerate(told)
    ]  # fmt: skip
    table = departments.frame(filings, Roster())
    grades = departments.grades_of(table)
    names = [one.heading for one in departments.columns(grades)]
    assert names[3:6] + names[7:] == [
        "平均",
        "最低",
        "最高",
        "优",
        "良",
        "中",
        "错误",
        "警告",
        "有错误的份数",
    ]
    assert list(departments.rows(table, Roster(), grades)) == [
        ["乙局", None, 1, 70, 70, 70, 9, None, None, 1, 0, 7, 0],
        ["甲局", None, 3, 87, 81, 96, 1, 1, 2, None, 5, 5, 2],
        ["合计", None, 4, 82.75, 70, 96, 3, 1, 2, 1, 5, 12, 2],
    ]


def test_a_list_without_units_is_refused(folder: Path, out: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRoster, match="单位名称"):
        run(folder, out, roster=roster(tmp_path / "名单.xlsx", [["甲", "乙"], [1, 2]]))


# ---- filed twice


def test_two_filings_of_a_unit_and_year_are_told_and_compared_by_age(folder: Path, out: Path) -> None:
    first = folder / "第1主管局" / "单位00000.xlsx"
    second = write_filing(folder / "重报" / "a.xlsx", "测试单位00000", variant=3)
    os.utime(first, (1_700_000_000, 1_700_000_000))
    run(folder, out)
    assert listed(out, "重复与缺报", "情况", "文件") == [
        ("重复", "第1主管局/单位00000.xlsx"),
        ("重复", "重报/a.xlsx"),
    ]
    rows = table(out, "整改对照")
    assert {(row["上次的文件"], row["这次的文件"]) for row in rows} == {
        ("第1主管局/单位00000.xlsx", "重报/a.xlsx")
    }
    os.utime(second, (1_600_000_000, 1_600_000_000))
    run(folder, out)
    assert {row["这次的文件"] for row in table(out, "整改对照")} == {"第1主管局/单位00000.xlsx"}


def test_another_year_form_or_project_is_no_second_filing(results: tuple[Result, Result]) -> None:
    first = msgspec.structs.replace(results[0], unit="某（市）局", about="甲项目")
    again = msgspec.structs.replace(first, unit="某(市) 局", path="b.xlsx")
    (group,) = repeated([first, again])
    assert [one.path for one in group] == [first.path, "b.xlsx"]
    others = {"unit": "别的局", "year": "2022", "edition": "loudi-2023", "about": "乙项目"}
    assert (
        repeated([first, *(msgspec.structs.replace(again, **{at: one}) for at, one in others.items())]) == []
    )
    assert repeated([msgspec.structs.replace(one, unit="") for one in (first, again)]) == []


def test_what_was_put_right_what_remains_and_what_is_new(results: tuple[Result, Result]) -> None:
    before, now = results
    there, back = compare(before, now), compare(now, before)
    assert there.count(State.NEW) == back.count(State.FIXED) > 0
    assert there.count(State.REMAINS) == back.count(State.REMAINS) > 0
    assert {one.code for state, one in there.findings if state is State.FIXED} == {
        one.code for state, one in back.findings if state is State.NEW
    }
    assert {state for state, _ in compare(now, now).findings} == {State.REMAINS}
    moved = [msgspec.structs.replace(one, place="别处", cell="Z9") for one in now.findings]
    assert {s for s, _ in compare(now, msgspec.structs.replace(now, findings=tuple(moved))).findings} == {
        State.REMAINS
    }


def test_a_new_run_is_compared_with_that_of_last_time(folder: Path, out: Path, tmp_path: Path) -> None:
    run(folder, out)
    write_filing(folder / "第1主管局" / "单位00000.xlsx", "测试单位00000", variant=3)
    again = tmp_path / "复审.xlsx"
    run(folder, again, previous=out)
    assert {row["单位"] for row in table(again, "整改对照")} == {"测试单位00000"}
    row = next(row for row in table(again, "总表") if row["单位"] == "测试单位00000")
    assert row["上次计算得分"] == 99.98 and row["新出现"] > 0
    told = {(row["情况"], row["编号"], row["位置"]) for row in table(again, "整改对照")}
    run(folder, out, previous=out)
    assert {(row["情况"], row["编号"], row["位置"]) for row in table(out, "整改对照")} == told


def test_a_summary_whose_journal_is_gone_cannot_be_compared_with(folder: Path, out: Path) -> None:
    with pytest.raises(NoPrevious, match="上次.进度"):
        run(folder, out, previous=out.with_name("上次.xlsx"))


# ---- texts that say the same


def text(chance: random.Random, length: int) -> str:
    return "".join(chr(chance.randrange(0x4E00, 0x4E00 + 1500)) for _ in range(length))


def collected(texts: list[tuple[str, str]], template: Result) -> Collected:
    """Filings of units, each with one text."""
    found = Collected()
    for number, (unit, said) in enumerate(texts):
        written = Written("text.problems", "问题", said[:60], fingerprint(bare(said, unit)))
        result = msgspec.structs.replace(template, unit=unit, texts=(written,), findings=())
        found.add(f"{number}.xlsx", result)
    return found


def test_copies_are_found_whatever_unit_and_figures_they_name_and_others_are_not(
    results: tuple[Result, Result],
) -> None:
    chance = random.Random(7)
    texts = [(f"单位{n}", text(chance, chance.randint(80, 600))) for n in range(3000)]
    base = text(chance, 400)
    texts[17] = ("甲局", f"甲局2023年支出12.5万元，{base}")
    texts[2040] = ("乙局", f"乙局 2023 年支出 8 万元。{base}")
    texts[2999] = ("丙局", base[:390] + text(chance, 10))
    texts[5] = ("丁局", base[:120] + text(chance, 280))
    texts[8] = ("己局", base[:310] + text(chance, 90))
    texts[6] = ("戊局", text(chance, 99))
    texts[7] = ("戊局", texts[6][1])
    (group,) = alike(collected(texts, results[0]), WORDS.similar)
    assert group.filings == [17, 2040, 2999]
    assert group.shares[:2] == [1, 1] and 0.8 <= group.shares[2] < 1


def test_a_fingerprint_tells_how_much_two_texts_share() -> None:
    chance = random.Random(3)
    off = []
    for _ in range(200):
        length, kept = 500, chance.randint(100, 490)
        one = text(chance, length)
        other = one[:kept] + text(chance, length - kept)
        runs = kept - 4
        truth = runs / (2 * (length - 4) - runs)
        pair = fingerprints(fingerprint(one) + fingerprint(other))
        off.append(float(agreement(pair[:1], pair[1:])[0]) - truth)
    assert abs(np.mean(off)) < 0.02 and np.std(off) < 0.08


def test_many_copies_cost_no_more_than_as_many_texts(results: tuple[Result, Result]) -> None:
    base = text(random.Random(1), 300)
    (group,) = alike(collected([(f"单位{n}", base) for n in range(5000)], results[0]), WORDS.similar)
    assert len(group.filings) == 5000


# ---- the workbook


def summary_of(records: object, found: Collected, folder: Path) -> Summary:
    return Summary(
        folder=folder, records=records, collected=found, reviewed=Reviewed(()), roster=Roster(),
        former=Former(records, [], folder), words=WORDS, said="",
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_long_list_goes_on_on_further_sheets(results: tuple[Result, Result], tmp_path: Path) -> None:
    found, records = Collected(), {}
    for number in range(30):
        path = f"{number:02}.xlsx"
        records[path] = msgspec.structs.replace(results[1], path=path, unit=f"单位{number:02}")
        found.add(path, records[path])
    found.failures += [Failure(path=f"坏{n}.xlsx", reason="坏") for n in range(50)]
    out = tmp_path / "汇总.xlsx"
    write_summary(out, summary_of(records, found, tmp_path), rows=HEAD + 40)
    names = openpyxl.load_workbook(out).sheetnames
    sheets = [name for name in names if name.startswith("问题清单")]
    assert len(sheets) == -(-found.findings // 40) > 2
    assert names.index(sheets[-1]) - names.index(sheets[0]) == len(sheets) - 1
    units = [row["单位"] for sheet in sheets for row in table(out, sheet)]
    assert units == [f"单位{n:02}" for n in range(30) for _ in results[1].findings]
    assert len(table(out, "失败清单")) == 40 and len(table(out, "失败清单2")) == 10
    book = openpyxl.load_workbook(out)
    assert all(book[name].auto_filter.ref for name in sheets)


def test_what_lies_behind_the_indicators(folder: Path, out: Path) -> None:
    run(folder, out)
    with Records.open(journal_beside(out)) as records:
        every = [one for path in records.paths() if isinstance(one := records[path], Result)]
    for row in table(out, "指标分析"):
        scored = [
            one for result in every for one in result.indicators
            if (result.title, one.name) == (row["评分版本"], row["指标"])
        ]  # fmt: skip
        scores = [float(one.score) for one in scored if one.score is not None]
        assert row["份数"] == len(scored) and row["已计算"] + row["未核"] + row["未填"] == len(scored)
        if scores:
            assert row["平均得分"] == pytest.approx(np.mean(scores))
            assert row["中位数"] == pytest.approx(np.median(scores))
            full = [one for one in scored if one.score is not None and one.score >= one.weight]
            assert row["满分占比"] == pytest.approx(len(full) / len(scores))


def test_the_charts_are_charts_and_count_every_filing(folder: Path, out: Path) -> None:
    run(folder, out)
    sheet = openpyxl.load_workbook(out)["图表"]
    assert len(sheet._charts) == 3
    cells = {row[0]: row[1] for row in sheet.iter_rows(max_col=2, values_only=True) if row[0]}
    assert sum(cells[name] for name in cells if str(name)[:1].isdigit()) == 6


# ---- letters


def letters(folder: Path) -> dict[str, str]:
    return {
        file.name: "\n".join(one.text for one in Document(str(file)).paragraphs)
        for file in sorted(folder.iterdir())
    }


def test_every_unit_with_errors_gets_a_letter_with_all_of_them(
    folder: Path, out: Path, tmp_path: Path
) -> None:
    replies = tmp_path / "退回意见"
    told = run(folder, out, replies=replies)
    wrong = [row for row in table(out, "总表") if row["错误"]]
    written = letters(replies)
    assert told.replies == len(written) == len(wrong) == 6
    said = written["测试单位00001（2023年度）退回意见.docx"]
    assert said.splitlines()[1] == "测试单位00001："
    for row in table(out, "问题清单"):
        if row["单位"] == "测试单位00001" and row["级别"] in ("错误", "警告"):
            assert all(str(row[column]) in said for column in ("问题", "说明", "怎么改", "位置")), row
        elif row["单位"] == "测试单位00001":
            assert str(row["说明"]) not in said
    assert "审核人：" in said and "{" not in said


def test_a_letter_says_what_became_of_the_first_one_and_only_the_last_filing_gets_one(
    folder: Path, out: Path, tmp_path: Path
) -> None:
    os.utime(folder / "第1主管局" / "单位00000.xlsx", (1_700_000_000, 1_700_000_000))
    write_filing(folder / "重报.xlsx", "测试单位00000", variant=3)
    run(folder, out, replies=tmp_path / "退回意见")
    written = letters(tmp_path / "退回意见")
    assert len(written) == 6
    said = written["测试单位00000（2023年度）退回意见.docx"]
    row = next(row for row in table(out, "总表") if row["文件"] == "重报.xlsx")
    assert f"已改正 {row['已改正']} 处，仍未改正 {row['仍存在']} 处，新出现 {row['新出现']} 处" in said
    assert "（新出现）" in said


def test_a_letter_that_was_worked_on_is_not_written_over(folder: Path, out: Path, tmp_path: Path) -> None:
    replies = tmp_path / "退回意见"
    run(folder, out, replies=replies)
    mine = replies / "测试单位00001（2023年度）退回意见.docx"
    document = Document(str(mine))
    document.add_paragraph("我写的")
    document.save(str(mine))
    kept = mine.read_bytes()
    run(folder, out, replies=replies)
    assert mine.read_bytes() == kept
    assert sorted(letters(replies)) == sorted(
        [*(f"测试单位0000{n}（2023年度）退回意见.docx" for n in range(6)),
         "测试单位00001（2023年度）退回意见（1）.docx"]
    )  # fmt: skip


def test_names_that_no_file_can_have_and_equal_ones_are_told_apart(
    results: tuple[Result, Result], tmp_path: Path
) -> None:
    folder = tmp_path / "报来的"
    write_filing(folder / "a.xlsx", "某/局:“办公室”", variant=3)
    write_filing(folder / "b.xlsx", "某/局:“办公室”", variant=2, edition="loudi-2023")
    run(folder, tmp_path / "汇总.xlsx", replies=tmp_path / "信")
    assert sorted(letters(tmp_path / "信")) == [
        "某_局_“办公室”（2023年度）退回意见 2.docx",
        "某_局_“办公室”（2023年度）退回意见.docx",
    ]


def test_a_letter_is_a_plain_official_one(results: tuple[Result, Result]) -> None:
    from jixiao.batch.reply import letter

    document = Document(io.BytesIO(letter(results[1], None, WORDS.reply)))
    styles = [one.style.name for one in document.paragraphs]
    assert styles[0] == "Title" and styles.count("Heading 1") == 2
    assert "{" not in "".join(one.text for one in document.paragraphs)
