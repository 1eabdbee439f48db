"""Files that would fill memory or never end: read within the limits, or refused in one sentence.

The limits are those of README: some seconds and 1.5 GB for a file, however it is made.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

import hostile
from jixiao.verbs import examine, opened
from jixiao.workbook.errors import TooLarge
from jixiao.workbook.printed_sheet import printed_sheets

SECONDS = 90
"""Alone they take a few; machines for tests are busy."""
MEMORY = 1500
"""MiB."""
VERBS = """
import json, resource, sys
from jixiao.cli import main
for verb in (["check"], ["score", "--in-place", "--overwrite"], ["check", "--in-place"],
             ["report", "-o", "报告.docx"]):
    print("", file=sys.stderr)
    print("=", main([verb[0], sys.argv[1], *verb[1:]]), file=sys.stderr)
print("=", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""
READ = {
    "million_rows_elsewhere", "last_cell_filled", "many_names", "merged_whole_sheet", "many_merges",
    "long_changes", "formula_outside", "sum_of_everything", "chained_formulas", "wide_formulas", "many_notes",
    "searched_columns", "block_over_the_whole_sheet", "many_sheets", "deep_formula",
}  # fmt: skip
"""Strange, but every verb gets through (a report may say that it cannot be printed)."""
REFUSED = {
    "million_rows", "million_texts", "block_over_a_million_rows", "many_arrays", "deep_book", "zip_bomb",
    "entities",
}  # fmt: skip
"""Beyond the limits, or nothing that any program would write: no verb begins with it."""


@pytest.mark.parametrize("make", hostile.SCORED, ids=lambda make: make.__name__)
def test_a_hostile_file_is_read_or_refused_within_the_limits(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "自评表.xlsx"
    data = make()
    path.write_bytes(data)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", VERBS, str(path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=4 * SECONDS,
    )
    took = time.monotonic() - started
    *codes, memory = [int(line[2:]) for line in done.stderr.splitlines() if line.startswith("= ")]
    assert done.returncode == 0 and len(codes) == 4, done.stderr[-2000:]
    assert set(codes) <= {0, 1, 2}
    assert "程序出错" not in done.stderr and "Traceback" not in done.stderr, done.stderr
    if make.__name__ in READ:
        assert 2 not in codes[:3], done.stderr
    if make.__name__ in REFUSED:
        assert codes == [2] * 4, done.stderr
    assert memory <= MEMORY and took <= 4 * SECONDS
    strays = [one.name for one in tmp_path.iterdir() if one.suffix == ".tmp"]
    assert strays == []
    first = tmp_path / "自评表.修改前.xlsx"
    assert (first if first.exists() else path).read_bytes() == data


def test_a_block_of_more_rows_than_any_form_has_is_refused(tmp_path: Path) -> None:
    """On a sheet that is small enough for a file."""
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(hostile.block_over_rows(30_000))
    with pytest.raises(TooLarge, match="多得不正常"):
        examine(*opened(path))


@pytest.mark.parametrize(
    ("boundless", "said"),
    [
        ("cell", "要打印的有 1001 行 100 列"),
        ("area", "要打印的有 1001 行 100 列"),
        ("merged", "取消这样的合并"),
        ("merges", "取消这样的合并"),
    ],
)
def test_no_more_is_printed_into_a_report_than_the_limit(boundless: str, said: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "附表"
    if boundless == "cell":
        book.active.cell(1001, 100, 1)
    elif boundless == "area":
        book.active.print_area = "A1:CV1001"
    elif boundless == "merged":
        book.active.merged_cells.add("A1:A100001")
    else:
        book.active.print_area = "A1:B2"
        for column in "ABC":
            book.active.merged_cells.add(f"{column}1:{column}40000")
    saved = BytesIO()
    book.save(saved)
    with pytest.raises(TooLarge, match=said):
        printed_sheets(saved.getvalue(), {"附表": book.active.title})
