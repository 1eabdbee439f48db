"""A finding: what a reviewer would send back, with place, arithmetic, clause and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

import msgspec

from jixiao.filing.model import Place


class Severity(StrEnum):
    """Gravest first."""

    ERROR = "错误"
    WARNING = "警告"
    HINT = "提示"
    UNCHECKED = "未检查"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``message`` tells what was found and what the rule asks, ``remedy`` what to do about it.

    ``points`` are the points at stake (分). ``missing`` marks what keeps the form from being
    handed in (还差什么). ``subject`` is the id of the field, indicator or row it is about;
    ``caused_by`` and ``cause`` are code and subject of the finding that this one follows from.
    """

    code: str
    severity: Severity
    title: str
    places: tuple[Place, ...]
    message: str
    stated: str = ""
    expected: str = ""
    clause: str = ""
    remedy: str = ""
    points: Decimal | None = None
    caused_by: str = ""
    cause: str = ""
    missing: bool = False
    subject: str = ""

    @property
    def place(self) -> str:
        """All places (neighbours in a column as one range), or 整张表 where no cell is meant."""
        return "、".join(map(str, ranges(self.places))) or "整张表"

    def text(self) -> str:
        """The whole finding but its place: what was found, the clause, what to do."""
        clause = f"依据：{self.clause.rstrip('。')}。" if self.clause else ""
        return f"{self.title}：{self.message}{clause}{self.remedy}"


def ranges(places: Sequence[Place]) -> list[Place]:
    """``自评表!I14:I36`` for cells that follow one another downwards; other places one by one."""
    runs: list[list[Place]] = []
    for place in places:
        if runs and _below(runs[-1][-1]) == place:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [run[0] if len(run) == 1 else Place(run[0].sheet, f"{run[0].cell}:{run[-1].cell}") for run in runs]


def _below(place: Place) -> Place | None:
    letters = place.cell.rstrip("0123456789")
    row = place.cell[len(letters) :]
    return Place(place.sheet, f"{letters}{int(row) + 1}") if row else None


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity, gravest first."""
    counts = {str(severity): 0 for severity in Severity}
    for finding in findings:
        counts[str(finding.severity)] += 1
    return counts


def summary(findings: Sequence[Finding]) -> str:
    """错误 3 · 警告 5 · 提示 2 · 未检查 1"""
    return " · ".join(f"{severity} {number}" for severity, number in count(findings).items())
