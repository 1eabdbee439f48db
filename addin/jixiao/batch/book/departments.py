"""主管部门汇总: the filings of the units below each department, and all together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from jixiao.batch.book.table import Column, Value
from jixiao.batch.result import Brief
from jixiao.batch.roster import Roster

TITLE = "主管部门汇总"
_ALL, _NONE = "合计", "（未注明）"


def columns(grades: Sequence[str]) -> list[Column]:
    return [
        Column("主管部门", 30, "words"),
        Column("应报单位", 9, "count"),
        Column("已报份数", 9, "count"),
        *(Column(name, 9, "points", "计算得分") for name in ("平均", "最低", "最高")),
        Column("平均未核分", 10, "points"),
        *(Column(grade or "（无）", 8, "count", "等级（份数）") for grade in grades),
        Column("错误", 8, "count", "问题"),
        Column("警告", 8, "count", "问题"),
        Column("有错误的份数", 10, "count", "问题"),
    ]


def frame(filings: Sequence[Brief], roster: Roster) -> pd.DataFrame:
    """One short row per filing."""
    return pd.DataFrame(
        {
            "department": [roster.department(one.unit, one.path) or _NONE for one in filings],
            "total": [float(one.total) for one in filings],
            "unverified": [float(one.unverified) for one in filings],
            "grade": [one.grade for one in filings],
            "errors": [one.errors for one in filings],
            "warnings": [one.warnings for one in filings],
        }
    )


def grades_of(table: pd.DataFrame) -> list[str]:
    """The grades that were given, best first."""
    means = table.groupby("grade")["total"].max()
    return [str(grade) for grade in means.sort_values(ascending=False, kind="stable").index]


def rows(table: pd.DataFrame, roster: Roster, grades: Sequence[str]) -> Iterator[list[Value]]:
    """Departments in order, then all of them."""
    due = pd.Series([one.department or _NONE for one in roster.units.values()], dtype=object).value_counts()
    names = sorted({*table["department"], *due.index})
    for name in names:
        part = table[table["department"] == name]
        yield _row(str(name), int(due.get(name, 0)) if roster.units else None, part, grades)
    yield _row(_ALL, int(due.sum()) if roster.units else None, table, grades)


def _row(name: str, due: int | None, part: pd.DataFrame, grades: Sequence[str]) -> list[Value]:
    counts = part["grade"].value_counts()
    total = part["total"]
    scores: list[Value] = [None] * 4
    if len(part):
        scores = [float(one) for one in (total.mean(), total.min(), total.max(), part["unverified"].mean())]
    return [
        name,
        due,
        len(part),
        *scores,
        *(int(counts.get(grade, 0)) or None for grade in grades),
        int(part["errors"].sum()),
        int(part["warnings"].sum()),
        int((part["errors"] > 0).sum()),
    ]
