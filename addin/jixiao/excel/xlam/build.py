"""The .xlam, composed from the installed xlwings and our own sources; no Excel is needed."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from jixiao.excel.formula import Formula
from jixiao.excel.xlam import parts
from jixiao.excel.xlam.custom_ui import SCHEMAS, custom_ui
from jixiao.excel.xlam.hardened import xlwings_modules
from jixiao.excel.xlam.names import CONFIG_MODULE, FORMULAS, PROJECT, PROJECT_ID
from jixiao.excel.xlam.project import Module, document, standard, vba_project
from jixiao.excel.xlam.vba import formula_source, ribbon_source, test_source
from jixiao.rubric.load import edition_folders, load_rubric, rule_folders

TEXTS = (
    "绩效自评",
    "计算服务没有启动，或者出错了。请点“绩效自评”里的“重启计算服务”再试；还不行，请重新安装本软件。",
    "计算服务已经结束，表格不受影响。下一次点按钮时自动重新启动，会慢几秒。",
)
"""What VBA shows where Python cannot: the title, that a call failed, that the service was ended."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def config(interpreter: str, packages: str) -> dict[str, str | bool]:
    """What xlwings asks, all said here: an empty value also keeps a lower layer from answering.

    ``packages`` is the folder that holds ours. Left empty, xlwings would look in the current folder,
    where a workbook from outside may lie beside modules from outside.
    """
    return {
        "INTERPRETER_WIN": interpreter,
        "PYTHONPATH": packages,
        "ADD_WORKBOOK_TO_PYTHONPATH": False,
        "USE UDF SERVER": True,
        "UDF MODULES": FORMULAS,
        "SHOW CONSOLE": False,
        "DEBUG UDFS": False,
        "CONDA PATH": "",
        "CONDA ENV": "",
        "LICENSE_KEY": "",
    }


def build(*, interpreter: str | None = None, minimal: bool = False) -> bytes:
    """The add-in for the Python that runs this, or for ``interpreter``. Raises CannotBuild.

    ``minimal`` leaves out the function wizard's texts: should Excel want to repair the file, this
    tells whether it is because of them.
    """
    theirs = xlwings_modules()
    from jixiao.excel.udf import FORMULAS as formulas  # asks for xlwings, which stands by now

    vba = vba_project(PROJECT, [*own_modules(formulas, minimal=minimal), *theirs], PROJECT_ID)
    packages = Path(__file__).resolve().parents[3]
    settings = config(interpreter or sys.executable, str(packages))
    editions = offered()
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": parts.content_types(),
        "_rels/.rels": parts.package_relations(),
        parts.WORKBOOK: parts.workbook([] if minimal else formulas),
        "xl/_rels/workbook.xml.rels": parts.workbook_relations(),
        parts.SHEET: parts.config_sheet(settings, TEXTS),
        parts.STYLES: parts.styles(),
        parts.VBA: vba,
    }
    made |= {f"customUI/{part}": custom_ui(part, editions) for part in SCHEMAS}
    return _packed(made)


def offered() -> dict[str, str]:
    """The editions of the menu, id -> title; a name becomes part of a command, so only plain ones."""
    found = sorted(edition_folders(rule_folders()))
    return {one: load_rubric(one).title for one in found if re.fullmatch(r"[\w.-]+", one)}


def own_modules(formulas: Sequence[Formula], *, minimal: bool = False) -> list[Module]:
    """The modules of the project that are not xlwings'."""
    return [
        document("ThisWorkbook"),
        document(CONFIG_MODULE, sheet=True),
        standard(ribbon_source()),
        standard(formula_source(formulas, described=not minimal)),
        standard(test_source()),
    ]


def _packed(made: dict[str, str | bytes]) -> bytes:
    """The parts as a zip that does not know when it was made."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in made.items():
            if isinstance(content, str):
                content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}'.encode()
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = 0  # the same bytes whatever system it is built on
            package.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
