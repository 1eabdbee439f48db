"""What 计算得分 and 撤销计算 did, and how the user is told."""

from __future__ import annotations

import msgspec

from jixiao.workbook.scores.plan import Difference


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What 计算得分 did."""

    filled: tuple[Difference, ...]
    """Empty cells that got the computed score; a score of ours that was not touched gets the newer one."""
    replaced: tuple[Difference, ...]
    differing: tuple[Difference, ...]
    """Declared scores that differ and were left as they are."""
    formulas: tuple[Difference, ...]
    """Cells with a formula of the user's, kept whether or not its value differs."""
    notes: tuple[str, ...]
    """What could not be done, in words for the user."""
    rates: int = 0
    """Completion rates put in where the form's own formula gives none."""

    def lines(self) -> list[str]:
        """All of it, a sentence or a cell per line; nothing is cut short."""
        said = [f"填入得分 {len(self.filled)} 处。"]
        said += [f"填入完成率 {self.rates} 处。"] if self.rates else []
        if self.replaced:
            said.append(f"替换自评分 {len(self.replaced)} 处，原来的记在“得分分析”，“撤销计算”可以恢复：")
            said += [f"{_where(one)}：{one.typed} 改为 {one.computed}" for one in self.replaced]
        if self.differing:
            said.append(f"自评分与计算得分不同 {len(self.differing)} 处，没有改动：")
            said += [f"{_where(one)}：自评 {one.typed}，计算 {one.computed}" for one in self.differing]
        if self.formulas:
            said.append(f"得分格里是公式 {len(self.formulas)} 处，公式保留：")
            said += [f"{_where(one)}：现值 {one.typed or '空'}，计算 {one.computed}" for one in self.formulas]
        return [*said, *self.notes]


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """What 撤销计算 did; ``typed`` is what the unit had typed, ``computed`` what we had written."""

    restored: tuple[Difference, ...] = ()
    kept: tuple[Difference, ...] = ()
    """Cells that the user changed after us: left as they are now; ``notes`` tells each."""
    notes: tuple[str, ...] = ()
    rates: int = 0
    idle: bool = False
    """There was nothing to undo, and nothing was changed."""

    def lines(self) -> list[str]:
        """All of it, a sentence or a cell per line; nothing is cut short."""
        if self.idle:
            return ["没有可以撤销的计算，表格没有改动。"]
        said = [f"恢复 {len(self.restored)} 处。"]
        said += [f"完成率恢复 {self.rates} 处。"] if self.rates else []
        said += [f"{_where(one)}：{one.computed} 改回 {one.typed or '空'}" for one in self.restored]
        return [*said, *self.notes]


def _where(one: Difference) -> str:
    return f"{one.place}（{one.name}）"
