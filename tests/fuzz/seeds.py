"""The workbooks that are mutated: every template blank and filled in, as our and other programs save them."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import excelize
import openpyxl

import filings
from jixiao.filing.model import Filing, Row
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders
from jixiao.verbs import demo, put_scores
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.filling import fill, form_for, in_place
from jixiao.workbook.form import load_form
from jixiao.workbook.template import build_template

EDITIONS = ("guangzhou-2023", "loudi-2023", "yueyang-2024", "mof-project")
FILLED, NAMELESS = "填好", "（没有名称）"
NOON = dt.datetime(2026, 11, 21, 12, 0)
DEMOS = tuple(id for id in EDITIONS if (edition_folders(rule_folders(None))[id] / "demo.yaml").exists())


def typed(edition: str) -> Filing:
    """The filing where everything is right; what formulas work out is left to them."""
    rubric = load_rubric(edition)
    given = filings.filing_of(edition, filings.right(edition))
    derived = {id for id, spec in rubric.asked.items() if spec.derived} | {"total", "grade"}
    return Filing(
        edition,
        {id: one for id, one in given.values.items() if not one.blank and id not in derived},
        {
            block: tuple(
                Row({id: one for id, one in row.entries.items() if not one.blank and id != "rate"})
                for row in rows
            )
            for block, rows in given.rows.items()
        },
    )


def poured(edition: str, filing: Filing, path: Path) -> FilePort:
    """A new form with the filing in it, not saved."""
    rubric = load_rubric(edition)
    form = form_for(load_form(edition), rubric, filing)
    build_template(rubric, form, path, room_for=in_place(form, rubric, filing))
    port = FilePort.open(path)
    fill(port, rubric, filing)
    return port


@cache
def seeds() -> dict[str, bytes]:
    """Name -> workbook."""
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "自评表.xlsx"
        for edition in EDITIONS:
            found[f"{edition} 空白"] = (data_folder("workbook_templates") / f"{edition}.xlsx").read_bytes()
            port = poured(edition, typed(edition), path)
            put_scores(port, load_rubric(edition), overwrite=False, when=NOON)
            port.save()
            found[f"{edition} 填好"] = path.read_bytes()
            for backup in Path(folder).glob("*.修改前.*"):
                backup.unlink()
        for edition in DEMOS:
            demo(edition, Path(folder) / "demo.xlsx")
            found[f"{edition} 演示"] = (Path(folder) / "demo.xlsx").read_bytes()
            (Path(folder) / "demo.xlsx").unlink()
        for edition in EDITIONS[:2]:
            filled = found[f"{edition} 填好"]
            found[f"{edition} 由 openpyxl 保存"] = _by_openpyxl(filled)
            found[f"{edition} 由 excelize 保存"] = _by_excelize(filled, path)
        for name in [name for name in found if name.endswith((FILLED, "演示"))]:
            found[f"{name}{NAMELESS}"] = _without_names(found[name])
    return found


def named(seed: str) -> str:
    """The seed that has the names, which tell where everything is."""
    return seed.removesuffix(NAMELESS)


def _without_names(data: bytes) -> bytes:
    """A form as a bureau hands it out: nothing of ours in it but what can be seen."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "xl/workbook.xml":
                part = re.sub(rb'<definedName [^>]*name="jx\.[^>]*>[^<]*</definedName>', b"", part)
            new.writestr(info, part)
    return written.getvalue()


def _by_openpyxl(data: bytes) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _by_excelize(data: bytes, path: Path) -> bytes:
    path.write_bytes(data)
    book = excelize.open_file(str(path))
    sheet = book.get_sheet_list()[0]
    book.set_cell_value(sheet, "Z99", "另一个软件")
    book.save()
    book.close()
    return path.read_bytes()
