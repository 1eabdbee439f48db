"""指标分析: of each edition and indicator, how the filings' scores lie and where points are lost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pandas as pd

from jixiao.batch.book.table import Column, Value
from jixiao.batch.collected import MICRO, Collected, Packed
from jixiao.scoring.model import Basis

TITLE = "指标分析"
COLUMNS = [
    Column("评分版本", 34, "words"),
    Column("指标", 32, "words"),
    Column("分值", 7, "points"),
    Column("份数", 7, "count"),
    *(Column(basis, 7, "count", "依据") for basis in Basis),
    Column("平均得分", 9, "points", "得分"),
    Column("平均失分", 9, "points", "得分"),
    Column("得分率", 8, "share", "得分"),
    Column("满分占比", 9, "share", "得分"),
    *(Column(name, 9, "points", "分布") for name in ("最低", "下四分位", "中位数", "上四分位", "最高")),
]
_QUARTERS = (0, 0.25, 0.5, 0.75, 1)


def rows(collected: Collected) -> Iterator[list[Value]]:
    """In the order of the rubrics; what has no score (未填) is counted, but in no mean."""
    for (edition, _), packed in collected.indicators.items():
        yield [
            edition,
            packed.name,
            packed.weight,
            packed.bases.total(),
            *(packed.bases[basis] for basis in Basis),
            *_scores(packed),
        ]


def _scores(packed: Packed) -> list[Value]:
    if not packed.scores:
        return [None] * (4 + len(_QUARTERS))
    table = pd.DataFrame(
        {"score": np.frombuffer(packed.scores, "i8"), "weight": np.frombuffer(packed.weights, "i8")}
    )
    sums, number = table.sum(), len(table)
    earned, whole = int(sums["score"]), int(sums["weight"])
    quarters = table["score"].quantile(list(_QUARTERS))
    return [
        _points(Decimal(earned) / number),
        _points(Decimal(whole - earned) / number),
        Decimal(earned) / whole if whole else None,
        Decimal(int((table["score"] >= table["weight"]).sum())) / number,
        *(_points(Decimal(float(one))) for one in quarters),
    ]


def _points(packed: Decimal) -> Decimal:
    return packed.scaleb(-MICRO)
