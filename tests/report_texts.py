"""A report as the text that other programs take out of it, and single wrong figures put into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from jixiao.audit.document import Paragraph
from jixiao.audit.opening import open_report
from jixiao.filing.quantity import plain

GAPS = re.compile("【待补充[：:][^】]*】|【建议稿】")


def text_of(report: bytes) -> str:
    """Paragraphs as lines, rows of tables as lines with tabs; what is still to be filled in is 无."""
    lines: list[str] = []
    for block in open_report(report, "报告.docx").blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
            continue
        for row in block.rows:
            cells = [cell.text for place, cell in enumerate(row) if not place or row[place - 1] is not cell]
            lines.append("\t".join(cells) if len(cells) > 1 else f"{cells[0]}\t")
        lines.append("")
    return GAPS.sub("无", "\n".join(lines))


class Wrong(NamedTuple):
    """A figure of the text replaced by another."""

    kind: str
    text: str
    line: int
    figure: str


FIGURES = {
    "占比": r"(?<=占)\d+\.\d+(?=%)|(?<=占总支出的)\d+\.\d+(?=%)",
    "合计": r"(?:总支出|全年支出)(\d+\.\d\d)(?=万元)",
    "执行率": r"执行率(?:\([^()]*\))?(\d+(?:\.\d+)?)(?=%[。,，])",
    "增减率": r"(?:下降|增长)(\d+\.\d+)(?=%)",
    "得分": r"自评得分(\d+(?:\.\d+)?)(?=分)|指标分值\d+分,得(\d+(?:\.\d+)?)(?=分)",
    "分值": r"(?:指标|[一-龥])分值(\d+(?:\.\d+)?)(?=分,自评)",
    "总分": r"自评总分(\d+(?:\.\d+)?)(?=分)",
    "个数": r"指标(\d+)(?=个)",
    "分档个数": r"完成率[^;；。]{0,30}的(\d+)(?=个)",
    "等级": r"自评等级为“(优|良|中|差)",
    "表里的得分": r"(?<=\t)(\d+(?:\.\d+)?)(?=\n)",
    "表里的完成率": r"(?<=[^月\d]\t)(?<!日\t)(\d+(?:\.\d+)?)(?=%(?:\([^()]*\))?\t\d+(?:\.\d+)?\t\d)",
    "表里的分值": r"(?<=\t)(\d+(?:\.\d+)?)(?=\t\d+(?:\.\d+)?\n)",
    "单位": r"(?:基本支出|项目支出|工资福利支出)\d+\.\d\d(万元)",
}  # fmt: skip


_OFF = {(True, True): Decimal("1.37"), (True, False): Decimal("1.37"),
        (False, True): Decimal("7.13"), (False, False): Decimal(7)}  # fmt: skip
"""By how much a figure is off, with decimals or without: no rate becomes that of another base."""


def wrong_figures(text: str) -> Iterator[Wrong]:
    """The text with one figure wrong, for every figure that other figures can prove wrong."""
    for kind, pattern in FIGURES.items():
        for found in re.finditer(pattern, text):
            group = next((one for one in range(1, (found.lastindex or 0) + 1) if found[one]), 0)
            start, end = found.span(group)
            figure = found[group]
            if kind == "单位":
                if text[:start].endswith("0.00"):
                    continue  # nothing is nothing in any unit
                other = "元"
            elif kind == "等级":
                other = "良" if figure == "优" else "优"
            elif kind.endswith("个数"):
                other = str(int(figure) + 1)
            else:
                other = plain(Decimal(figure) + _OFF["." in figure, kind.endswith("率")])
            line = text.count("\n", 0, start) + 1
            yield Wrong(kind, text[:start] + other + text[end:], line, other)
