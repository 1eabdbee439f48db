"""Native bar charts of a form, drawn over the columns that its tables call by name."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series as ChartSeries
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.workbook import Workbook

from jixiao.workbook.form_parts import Chart, Series
from jixiao.workbook.layout.looks import BODY, HEADING
from jixiao.workbook.layout.plan import Box, Plan

COLORS = ("9DB7D5", "2F5D91", "C0504D")
GAP = 60000
"""Space left of a chart and above it, in EMU."""
GRID, AXIS = "E3E3E3", "7F7F7F"


def draw(book: Workbook, plan: Plan, chart: Chart, place: Box) -> None:
    """Draw a chart over the cells of ``place``."""
    drawn = BarChart()
    drawn.type = "col" if chart.kind == "column" else "bar"
    drawn.grouping = "clustered"
    drawn.overlap = chart.overlap
    drawn.gapWidth = chart.gap
    drawn.title = _title(chart.title)
    for number, series in enumerate(chart.series):
        drawn.series.append(_series(book, plan, chart, series, COLORS[number % len(COLORS)]))
    _axes(drawn, chart)
    if len(chart.series) > 1 and drawn.legend is not None:
        drawn.legend.position = "b"
        drawn.legend.txPr = _text_style(900)
    else:
        drawn.legend = None
    drawn.graphical_properties = GraphicalProperties(ln=LineProperties(solidFill=GRID))
    drawn.roundedCorners = False
    drawn.anchor = _anchor(place)
    book[place.sheet].add_chart(drawn)


def _reference(book: Workbook, box: Box) -> Reference:
    return Reference(
        book[box.sheet], min_col=box.column, min_row=box.row, max_col=box.column, max_row=box.last_row
    )


def _series(book: Workbook, plan: Plan, chart: Chart, series: Series, color: str) -> ChartSeries:
    made = SeriesFactory(_reference(book, plan.box(series.values)), title=series.title)
    made.cat = _categories(book, plan.box(chart.categories))
    made.graphicalProperties = GraphicalProperties(solidFill=series.color or color)
    made.graphicalProperties.line = LineProperties(noFill=True)
    made.invertIfNegative = False
    made.dLbls = DataLabelList()
    made.dLbls.showVal = True
    for part in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(made.dLbls, part, False)
    made.dLbls.numFmt = "General;-General;;"
    made.dLbls.txPr = _text_style(800)
    return made


def _categories(book: Workbook, box: Box) -> AxDataSource:
    return AxDataSource(strRef=StrRef(f=str(_reference(book, box))))


def _axes(drawn: BarChart, chart: Chart) -> None:
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.x_axis.txPr = drawn.y_axis.txPr = _text_style(900)
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID))
    drawn.y_axis.scaling.min = 0
    drawn.y_axis.numFmt = "General"
    drawn.y_axis.number_format = "General"
    drawn.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=AXIS))
    drawn.x_axis.tickLblSkip = 1
    if chart.kind == "bar":
        drawn.x_axis.scaling.orientation = "maxMin"
        drawn.y_axis.crosses = "max"
    if chart.unit:
        drawn.y_axis.title = _title(chart.unit, size=900, bold=False)


def _characters(size: int, *, bold: bool = False, font: str = BODY) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, latin=Font(typeface=font), ea=Font(typeface=font))


def _text_style(size: int) -> RichText:
    properties = ParagraphProperties(defRPr=_characters(size))
    return RichText(bodyPr=RichTextProperties(), p=[Paragraph(pPr=properties, endParaRPr=_characters(size))])


def _title(text: str, *, size: int = 1200, bold: bool = True) -> Title:
    look = _characters(size, bold=bold, font=HEADING if bold else BODY)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)])
    rich = RichText(bodyPr=RichTextProperties(), p=[paragraph])
    return Title(tx=Text(rich=rich), overlay=False)


def _anchor(place: Box) -> TwoCellAnchor:
    start = AnchorMarker(col=place.column - 1, row=place.row - 1, colOff=GAP, rowOff=GAP)
    end = AnchorMarker(col=place.last_column, row=place.last_row)
    return TwoCellAnchor(editAs="oneCell", _from=start, to=end)
