"""一张虚构的县里自己的表，写上标签，或者填上数：给“自带表格”一页画图用。

用法：tagged_form.py 标签.xlsx 写标签；tagged_form.py 认过的.xlsx --fill 在认过的表里填数。
"""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side

SHEET = "项目绩效表"
WIDTHS = [12, 27, 28, 28, 20, 20]
LINE = Side("thin")
FORM = [
    ["某县财政专项资金绩效情况表"],
    ["填报单位", "{{填报单位}}", "年度", "{{自评年度}}", "项目名称", "{{项目名称}}"],
    ["资金\n（万元）", "年初预算", "全年预算", "实际支出", "执行率得分", "自评总分"],
    ["", "{{年度资金总额·年初预算数}}", "{{年度资金总额·全年预算数}}", "{{年度资金总额·全年执行数}}",
     "{{预算执行率·自评分}}", "{{总分}}"],
    ["年度目标", "{{年度总体目标·预期目标}}"],
    ["完成情况", "{{年度总体目标·实际完成情况}}"],
    ["类别", "指标", "目标", "完成", "分值", "得分"],
    ["产出", "{{产出指标·三级指标}}", "{{产出指标·年度指标值}}", "{{产出指标·实际完成值}}",
     "{{产出指标·分值}}", "{{产出指标·得分}}"],
    [""],
    ["", "", "", "", "", "{{产出指标·末行}}"],
    ["效益", "{{效益指标·三级指标}}", "{{效益指标·年度指标值}}", "{{效益指标·实际完成值}}",
     "{{效益指标·分值}}", "{{效益指标·得分}}"],
    ["", "", "", "", "", "{{效益指标·末行}}"],
    ["满意度", "{{满意度指标·三级指标}}", "{{满意度指标·年度指标值}}", "{{满意度指标·实际完成值}}",
     "{{满意度指标·分值}}", "{{满意度指标·得分}}"],
    ["", "", "", "", "", "{{满意度指标·末行}}"],
]  # fmt: skip
MERGED = ["A1:F1", "A3:A4", "B5:F5", "B6:F6", "A8:A10", "A11:A12", "A13:A14"]
FILLED = {
    "B2": "某县农业农村局", "D2": 2024, "F2": "高标准农田改造",
    "B4": 300, "C4": 310, "D4": 306.9, "E4": 9.9, "F4": 99,
    "B5": "全年改造农田 1000 亩，受益农户满意度不低于 90%。",
    "B6": "全年改造农田 1020 亩，受益农户满意度 93%。",
    "B8": "改造农田", "C8": "≥1000亩", "D8": "1020亩", "E8": 30, "F8": 30,
    "B9": "验收合格率", "C9": "≥98%", "D9": "100%", "E9": 10, "F9": 10,
    "B10": "完工时间", "C10": "2024年11月底前", "D10": "2024年11月20日", "E10": 10, "F10": 10,
    "B11": "亩均增产", "C11": "≥50公斤", "D11": "55公斤", "E11": 15, "F11": 15,
    "B12": "受益农户", "C12": "400户", "D12": "380户", "E12": 15, "F12": 15,
    "B13": "受益农户满意度", "C13": "≥90%", "D13": "93%", "E13": 10, "F13": 10,
}  # fmt: skip


def write_form(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row, line in enumerate(FORM, 1):
        sheet.row_dimensions[row].height = 34 if row == 1 else 26
        for column in range(1, 7):
            cell = sheet.cell(row, column, (line[column - 1 : column] or [""])[0] or None)
            heading = row in (3, 7) or column == 1 or (row == 2 and column % 2)
            cell.font = Font(name="黑体" if heading else "宋体", size=16 if row == 1 else 10.5)
            cell.alignment = Alignment("center" if row == 1 or heading else "left", "center", wrap_text=True)
            if row > 1:
                cell.border = Border(LINE, LINE, LINE, LINE)
    for area in MERGED:
        sheet.merge_cells(area)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.save(path)


def fill(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for place, value in FILLED.items():
        book[SHEET][place] = value
    book.save(path)


(fill if "--fill" in sys.argv else write_form)(Path(sys.argv[1]))
