"""A chart of the scores in the report: native, so that it is crisp in print and can be restyled in Word."""

from __future__ import annotations

from typing import Any

import msgspec
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from openpyxl.chart import BarChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumVal, StrData, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.xml.functions import fromstring, tostring

from jixiao.scoring.model import Assessment

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WEIGHT_COLOR, SCORE_COLOR = "BFC9D6", "2F5D91"
EMU = 36000
"""Of a millimetre."""
WIDTH, LEAST_HEIGHT, PER_BAR = 150, 60, 9
"""Millimetres."""
TITLE = "各项分值与得分（单位：分）"


class Chart(msgspec.Struct, frozen=True):
    xml: bytes
    height: float
    """In mm."""


def chart_of(assessment: Assessment) -> Chart:
    """A bar chart of score against weight per level above the indicators.

    The scores are those in the form; a level counts what its indicators come to, and has no bar
    while one of them is not filled in.
    """
    bars: dict[str, list[float | None]] = {}
    for one in assessment.indicators:
        if one.apart:
            continue
        name = one.path[-1]
        bar = bars.setdefault(name, [0.0, 0.0])
        bar[0] = (bar[0] or 0.0) + float(one.weight - one.excluded)
        if bar[1] is None or one.declared is None:
            bar[1] = None
        else:
            bar[1] += float(one.declared)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "clustered", 0, 60
    chart.roundedCorners = False
    chart.series = [
        _series(0, "分值", WEIGHT_COLOR, bars, 0),
        _series(1, "得分", SCORE_COLOR, bars, 1),
    ]
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.y_axis.crosses = "max"  # the axis of numbers below, although the first bar is above
    chart.legend.position = "b"
    chart.title = Title(tx=Text(rich=_words(TITLE)), overlay=False)
    space = chart._write()
    space.append(_text_style())
    xml: bytes = tostring(space)
    return Chart(xml, max(LEAST_HEIGHT, 33 + PER_BAR * len(bars)))


def _words(text: str) -> RichText:
    look = CharacterProperties(sz=1050, b=False, latin=Font("Times New Roman"), ea=Font("黑体"))
    properties = ParagraphProperties(defRPr=look)
    return RichText(p=[Paragraph(pPr=properties, r=[RegularTextRun(rPr=look, t=text)])])


def _text_style() -> Any:
    """宋体 9 for all words of the chart."""
    font = "http://schemas.openxmlformats.org/drawingml/2006/main"
    return fromstring(
        f'<txPr xmlns="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{font}"><a:bodyPr/>'
        '<a:p><a:pPr><a:defRPr sz="900"><a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/>'
        '</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></txPr>'
    )


def _series(number: int, title: str, color: str, bars: dict[str, list[float | None]], part: int) -> Series:
    names = [StrVal(idx=place, v=name) for place, name in enumerate(bars)]
    values = [
        NumVal(idx=place, v=f"{bar[part]:.2f}")
        for place, bar in enumerate(bars.values())
        if bar[part] is not None
    ]
    series = Series(idx=number, order=number)
    series.tx = SeriesLabel(v=title)
    # The numbers stand in the chart itself: there is no workbook behind it that could be missing.
    series.cat = AxDataSource(strLit=StrData(ptCount=len(names), pt=names))
    series.val = NumDataSource(numLit=NumData(formatCode="General", ptCount=len(bars), pt=values))
    series.graphicalProperties = GraphicalProperties(solidFill=color)
    series.graphicalProperties.line = LineProperties(noFill=True)
    series.invertIfNegative = False
    series.dLbls = DataLabelList(showVal=True, numFmt="General")
    for shown in ("showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"):
        setattr(series.dLbls, shown, False)
    return series


def add_chart(document: Any, chart: Chart) -> str:
    """Put the chart into the document; the XML of the paragraph that shows it."""
    name = PackURI("/word/charts/jixiao1.xml")
    part = Part(name, CHART_TYPE, chart.xml, document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    box = f'cx="{WIDTH * EMU}" cy="{round(chart.height * EMU)}"'
    return (
        '<w:p><w:pPr><w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/>'
        '<w:jc w:val="center"/></w:pPr>'
        "<w:r><w:drawing>"
        '<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        f'distT="0" distB="0" distL="0" distR="0"><wp:extent {box}/>'
        '<wp:docPr id="1" name="得分图" descr="各级指标的分值与得分"/><wp:cNvGraphicFramePr/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        f'r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
