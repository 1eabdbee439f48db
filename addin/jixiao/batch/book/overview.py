"""总表: one row per filing, with two columns of the reviewer's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from jixiao.batch.book.table import Column, Link
from jixiao.batch.book.table import Value as Value
from jixiao.batch.resubmitted import Comparison, State
from jixiao.batch.result import Result
from jixiao.batch.words import Words
from jixiao.checking.finding import Severity

TITLE = "总表"
APPROVED, OPINION = "核定分", "审核意见"
UNIT, YEAR, EDITION, ABOUT, FILE = "单位", "年度", "评分版本", "项目", "文件"
COUNTED = (Severity.ERROR, Severity.WARNING)
_GAP = "表里缺了内容，得分不完整。"
_RECOGNISED = "不是本软件的表，有拿不准的地方，见“识别说明”。"
_AGAIN = "同一单位、年度的表不止一份，见“重复与缺报”。"


class Overview:
    """The columns, some of which are there only when there is something to say in them."""

    def __init__(self, words: Words, *, projects: bool, compared: bool) -> None:
        self._words, self._projects, self._compared = words, projects, compared

    def columns(self) -> list[Column]:
        families = ("合计", *self._words.families.values())
        found = [
            Column("序号", 6, "count"),
            Column("主管部门", 18, "words"),
            Column(UNIT, 30, "words"),
            *([Column(ABOUT, 24, "words")] if self._projects else []),
            Column(YEAR, 7),
            Column(EDITION, 46, "words"),
            Column("自评得分", 9, "points"),
            Column("计算得分", 9, "points"),
            Column("差异", 8, "points"),
            Column("未核分", 8, "points"),
            Column("等级", 6),
            *(Column(heading, 7, "count", str(severity)) for severity in COUNTED for heading in families),
        ]
        if self._compared:
            found.append(Column("上次计算得分", 9, "points", "整改"))
            found += [Column(state.value, 8, "count", "整改") for state in State]
        return [
            *found,
            Column(FILE, 36, "words"),
            Column("备注", 26, "words"),
            Column(APPROVED, 9, "input_points"),
            Column(OPINION, 40, "input"),
        ]

    def row(
        self, number: int, one: Result, *, department: str, link: str, again: bool,
        compared: Comparison | None, own: Mapping[str, Value],
    ) -> list[Value]:  # fmt: skip
        """``link``: where the file stands, seen from the 汇总; ``own``: what the reviewer wrote."""
        found: list[Value] = [number, department, one.unit]
        found += [one.about] if self._projects else []
        difference: Decimal | None = None if one.declared is None else one.declared - one.total
        found += [one.year, one.title, one.declared, one.total, difference, one.unverified, one.grade]
        found += self._counts(one)
        if self._compared:
            found.append(compared.before.total if compared else None)
            found += [compared.count(state) if compared else None for state in State]
        remarks = {_GAP: one.lost, _RECOGNISED: one.recognised, _AGAIN: again}
        remark = "".join(said for said, holds in remarks.items() if holds)
        return [*found, Link(one.path, link), remark, own.get(APPROVED), own.get(OPINION)]

    def _counts(self, one: Result) -> list[Value]:
        tally: Counter[tuple[Severity, str]] = Counter()
        for finding in one.findings:
            tally[finding.severity, self._words.family(finding.code)] += 1
        counts: list[Value] = []
        for severity in COUNTED:
            counts.append(one.errors if severity is Severity.ERROR else one.warnings)
            counts += [tally[severity, family] or None for family in self._words.families.values()]
        return counts
