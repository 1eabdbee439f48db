"""A folder of filings: everything in it is told, whatever happens on the way."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from jixiao.batch import gather
from jixiao.batch.batch import Order, Outcome, batch
from jixiao.batch.book.overview import APPROVED, FILE, OPINION
from jixiao.batch.book.table import HEAD
from many_filings import write_filing, write_filings


def run(folder: Path, out: Path, **given: object) -> Outcome:
    return batch(Order(folder=folder, out=out, **{"jobs": 1, **given}))


def table(out: Path, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet by their headings."""
    book = openpyxl.load_workbook(out, data_only=True)
    rows = list(book[sheet].iter_rows(min_row=HEAD, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "各单位 报来的（2023）"
    write_filings(home, 6)
    return home


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "汇总.xlsx"


def test_every_filing_is_scored_and_every_finding_listed(folder: Path, out: Path) -> None:
    found = run(folder, out)
    assert (found.files, found.read, found.failed) == (6, 6, 0)
    rows = table(out, "总表")
    assert [row["单位"] for row in rows] == [f"测试单位{n:05d}" for n in (0, 5, 1, 2, 3, 4)]
    assert {row["评分版本"] for row in rows} == {
        "广州市部门整体支出绩效自评表（2023年度）",
        "娄底市部门整体支出绩效自评表（2023年度）",
    }
    assert rows[0]["计算得分"] == 99.98 and rows[0]["未核分"] == 50
    listed = table(out, "问题清单")
    assert {row["单位"] for row in listed} == {row["单位"] for row in rows}


def test_the_summary_is_the_same_whatever_the_workers_and_the_order_of_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = gather.workbooks
    orders = [sorted, lambda files: sorted(files, reverse=True), lambda files: sorted(files, key=str.__len__)]
    seen = set()
    for jobs, order in zip((1, 2, 3), orders, strict=True):
        monkeypatch.setattr(
            gather, "workbooks", lambda *a, order=order: map(Path, order(map(str, listed(*a))))
        )
        out = tmp_path / f"{jobs}" / "汇总.xlsx"
        out.parent.mkdir()
        run(folder, out, jobs=jobs)
        seen.add(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(seen) == 1


def test_what_the_reviewer_wrote_survives_a_new_run(folder: Path, out: Path) -> None:
    run(folder, out)
    book = openpyxl.load_workbook(out)
    sheet = book["总表"]
    headings = {cell.value: cell.column for cell in sheet[HEAD]}
    for row, (points, words) in {HEAD + 1: (88.5, "=请补充佐证"), HEAD + 3: (None, "同意")}.items():
        sheet.cell(row, headings[APPROVED], points)
        sheet.cell(row, headings[OPINION], words).data_type = "s"
    book.save(out)
    gone = folder / "第2主管局" / "单位00001.xlsx"
    kept = gone.read_bytes()
    gone.unlink()
    run(folder, out)
    rows = {row["单位"]: row for row in table(out, "总表")}
    assert (rows["测试单位00000"][APPROVED], rows["测试单位00000"][OPINION]) == (88.5, "=请补充佐证")
    (left,) = table(out, "没有对上的审核意见")
    assert (left["单位"], left[OPINION]) == ("测试单位00001", "同意")
    (folder / "改了名.xlsx").write_bytes(kept)
    run(folder, out)
    assert {row["单位"]: row for row in table(out, "总表")}["测试单位00001"][OPINION] == "同意"
    assert "没有对上的审核意见" not in openpyxl.load_workbook(out).sheetnames


def test_what_was_written_on_one_unit_never_comes_to_another(folder: Path, out: Path) -> None:
    run(folder, out)
    book = openpyxl.load_workbook(out)
    sheet = book["总表"]
    column = {cell.value: cell.column for cell in sheet[HEAD]}
    sheet.cell(HEAD + 1, column[OPINION], "请补充佐证")
    for row, shown in enumerate(table(out, "总表"), HEAD + 1):  # which Excel keeps beside the formula
        sheet.cell(row, column[FILE], shown[FILE])
    book.save(out)
    write_filing(folder / "第1主管局" / "单位00000.xlsx", "换了一个单位")
    run(folder, out)
    assert [row[OPINION] for row in table(out, "总表")] == [None] * 6
    assert [row["单位"] for row in table(out, "没有对上的审核意见")] == ["测试单位00000"]


def test_what_cannot_be_read_is_told_with_its_reason(folder: Path, out: Path) -> None:
    good = next(folder.rglob("*.xlsx")).read_bytes()
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    os.mkfifo(folder / "管道.xlsx")
    broken = {
        "半份.xlsx": (good[: len(good) // 2], "没有传完整"),
        "压缩包.xlsx": (zipped({"照片.jpg": b"x"}), "压缩包"),
        "加密.xlsx": (ole + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        "另一种.ods": (zipped({"mimetype": b"x", "content.xml": b"x"}), "OpenDocument"),
        "大.xlsx": (b"PK" + bytes(64 << 20), "超过 64 MB"),
        "报告.xlsx": (zipped({"word/document.xml": b"x"}), "Word"),
        "旧.xls": (ole, "Excel"),
        "空.xlsx": (b"", "空文件"),
    }
    for name, (data, _) in broken.items():
        (folder / name).write_bytes(data)
    for ours in ("~$单位.xlsx", ".隐藏.xlsx", "单位.修改前.xlsx", "单位.上一版.xlsx", "说明.docx"):
        (folder / ours).write_bytes(b"")
    found = run(folder, out)
    assert found.failed == len(broken) + 1 and found.read == 6
    told = {row["文件"]: str(row["为什么没有读出来，怎么办"]) for row in table(out, "失败清单")}
    expected = {name: words for name, (_, words) in broken.items()} | {"管道.xlsx": "不是普通文件"}
    assert list(told) == sorted(expected)
    for name, words in expected.items():
        assert words in told[name] and "请" in told[name], (name, told[name])


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_text_that_looks_like_a_formula_stays_a_text(folder: Path, out: Path) -> None:
    write_filing(folder / "0.xlsx", "=cmd|calc!A1")
    run(folder, out)
    assert table(out, "总表")[0]["单位"] == "=cmd|calc!A1"
    assert openpyxl.load_workbook(out)["总表"].cell(HEAD + 1, 3).data_type == "s"
