"""报送版: made from the copy of the open workbook, finished by Excel, which deletes sheets and prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.rubric.model import Rubric
from jixiao.troubles import log
from jixiao.verbs import beside, recognised
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.form import load_form
from jixiao.workbook.ledger import SHEET
from jixiao.workbook.live.live_port import LivePort
from jixiao.workbook.submission import helper_sheets, strip

if TYPE_CHECKING:
    import xlwings as xw


def hand_in(app: xw.App, port: LivePort, rubric: Rubric, folder: Path) -> list[str]:
    """Write the copy that is handed in and its PDF into the folder; tells in words what was made."""
    clean = FilePort.open(port.path)
    recognised(clean, port.path.name)
    helpers = helper_sheets(clean, load_form(rubric.id))
    kept = strip(clean, helpers)
    out = beside(folder / port.path.name, "-报送版", port.path.suffix)
    clean.save_as(out)
    lines = [f"已生成报送版：{out}"]
    book = app.books.open(str(out))
    try:
        sheets = book.sheets
        for helper in helpers:
            sheet = sheets[helper]
            if helper == SHEET:
                sheet.visible = True  # Excel deletes no sheet that is deeply hidden
            sheet.delete()
        book.save()
        lines.append(_printed(book, out.with_suffix(".pdf")))
    finally:
        book.close()
    if kept:
        lines.append(f"这些格子的公式显示错误，公式没有换成数值，请先改正：{'、'.join(kept)}")
    return lines


def _printed(book: xw.Book, pdf: Path) -> str:
    try:
        book.to_pdf(str(pdf))
    except Exception:  # a host without a printer or without this at all
        log()
        return "PDF 没有生成（这台电脑的 Excel 不能导出），请用“另存为 PDF”或打印。"
    return f"PDF：{pdf}"
