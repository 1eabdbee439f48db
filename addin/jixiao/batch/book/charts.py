"""图表: grades, scores and the commonest findings, each with the numbers it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from xlsxwriter import Workbook

from jixiao.batch.book.table import Looks, Sheet
from jixiao.batch.collected import Collected
from jixiao.batch.words import Words
from jixiao.checking.finding import Severity

TITLE = "图表"
_HIGH = 17
"""Rows that a chart is high."""
_LAST = 10
"""Column behind the charts."""
_BLUE = "#2E75B6"


def write(
    book: Workbook,
    looks: Looks,
    collected: Collected,
    table: pd.DataFrame,
    grades: Sequence[str],
    words: Words,
) -> None:
    sheet: Sheet = book.add_worksheet(TITLE, Sheet)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 9)
    sheet.set_column(2, 2, 3)
    sheet.set_column(3, _LAST, 12)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, TITLE, looks.title)
    counts = table["grade"].value_counts()
    top = 1
    for heading, kind, listed in (
        ("等级", "column", [(grade or "（无）", int(counts.get(grade, 0))) for grade in grades]),
        ("计算得分的分布", "column", _scores(collected, words)),
        ("最常见的问题", "bar", _commonest(collected, words)),
    ):
        _draw(book, sheet, looks, top, heading, kind, listed)
        top += max(len(listed) * 3 // 2, _HIGH) + 2
    sheet.print_area(0, 0, top, _LAST)


def _draw(
    book: Workbook,
    sheet: Sheet,
    looks: Looks,
    top: int,
    heading: str,
    kind: str,
    listed: list[tuple[str, int]],
) -> None:
    sheet.write_string(top, 0, heading, looks.heading)
    sheet.write_string(top, 1, "份数", looks.heading)
    for row, (name, number) in enumerate(listed, top + 1):
        sheet.write_string(row, 0, name, looks.cells["words"])
        sheet.write_number(row, 1, number, looks.cells["count"])
    if not listed:
        return
    chart: Any = book.add_chart({"type": kind})
    last = top + len(listed)
    chart.add_series(
        {
            "name": heading,
            "categories": [TITLE, top + 1, 0, last, 0],
            "values": [TITLE, top + 1, 1, last, 1],
            "categories_data": [name for name, _ in listed],  # for programs that do not look into the cells
            "values_data": [number for _, number in listed],
            "fill": {"color": _BLUE},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": heading, "name_font": {"size": 13}})
    chart.set_legend({"none": True})
    names, numbers = {"interval_unit": 1}, {"num_format": "0", "major_gridlines": {"visible": False}}
    if kind == "bar":  # lies on its side: the names stand along y, the first one on top
        chart.set_y_axis({**names, "reverse": True})
        chart.set_x_axis({**numbers, "visible": False})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis({**numbers, "visible": False})
    chart.set_size({"width": 690, "height": max(_HIGH * 20, len(listed) * 30)})
    sheet.insert_chart(top, 3, chart)


def _scores(collected: Collected, words: Words) -> list[tuple[str, int]]:
    """Filings by their computed scores."""
    steps = words.score_steps
    names = [f"{low}–{high}（不含）" for low, high in zip(steps, steps[1:], strict=False)] + [
        f"{steps[-1]} 以上"
    ]
    scores = pd.Series([float(one.total) for one in collected.filings], dtype=float)
    cut = pd.cut(scores, [*steps, float("inf")], right=False, labels=names).value_counts()
    return [(name, int(cut.get(name, 0))) for name in names]


def _commonest(collected: Collected, words: Words) -> list[tuple[str, int]]:
    """Errors and warnings, by the number of filings that have them."""
    asked = [
        (fault, number) for fault, number in collected.faults.items()
        if fault.severity in (Severity.ERROR, Severity.WARNING)
    ]  # fmt: skip
    asked.sort(key=lambda one: (-one[1], one[0].code))
    return [
        (f"{fault.code} {fault.title}（{fault.severity}）", number)
        for fault, number in asked[: words.top_findings]
    ]
