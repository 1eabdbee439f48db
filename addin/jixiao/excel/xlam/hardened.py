"""xlwings' module for custom add-ins, taken from the installed package and hardened.

A workbook that somebody sends may decide nothing about the Python that runs: neither by a sheet of
its own, nor by a file in its folder, nor by its name. Every change must fit exactly once, so that
another xlwings is noticed when the add-in is built, not in the accountant's Excel.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import msgspec

from jixiao.excel.xlam.names import ADD_IN, RIBBON_MODULE
from jixiao.excel.xlam.project import Module, class_module, standard

EXTRA = 'python -m pip install "jixiao[excel]"'


class CannotBuild(Exception):
    """The add-in cannot be built; the message is Chinese and says what to do."""


class Change(msgspec.Struct, frozen=True):
    why: str
    old: str
    new: str


CHANGES = (
    Change(
        "our own config sheet and file",
        'PROJECT_NAME As String = "myaddin"',
        f'PROJECT_NAME As String = "{ADD_IN}"',
    ),
    Change(
        "GetConfig and the like are no worksheet functions",
        'Attribute VB_Name = "xlwings"\n#Const',
        'Attribute VB_Name = "xlwings"\nOption Private Module\n#Const',
    ),
    Change(
        "one Python for all workbooks: the DLL knows its servers by their command",
        'AddExcelDir & ";" & ActiveWorkbook.FullName & ";"',
        'AddExcelDir & ";" & ThisWorkbook.FullName & ";"',
    ),
    Change(
        "a workbook's name never stands in a command",
        "    #Else\n        ActiveFullName = ActiveWorkbook.FullName\n",
        "    #Else\n        ActiveFullName = ThisWorkbook.FullName\n",
    ),
    Change(
        "a sheet of the user's workbook configures nothing",
        'If SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf") = True Then',
        "If False Then",
    ),
    Change(
        "a file in the workbook's folder configures nothing",
        'If source = "" Or source = "directory" Then',
        "If False Then",
    ),
    Change(
        "a sheet of the user's workbook holds no code",
        'If Right$(sht.Name, 3) = ".py" Then\n                uses_embedded_code = True',
        "If False Then\n                uses_embedded_code = True",
    ),
    Change(
        "Python does not look for modules in the current folder (server)",
        'tail = " -B -c ""',
        'tail = " -B -P -c ""',
    ),
    Change(
        "Python does not look for modules in the current folder (a call)",
        'PythonInterpreter & " -B -c ""',
        'PythonInterpreter & " -B -P -c ""',
    ),
    Change(
        "where no server can be started, every click starts a Python of its own",
        'OPTIMIZED_CONNECTION = GetConfig("USE UDF SERVER", False)',
        f"OPTIMIZED_CONNECTION = {RIBBON_MODULE}.ServerStands()",
    ),
)


def xlwings_modules() -> list[Module]:
    """xlwings' own modules as the add-in holds them. Raises CannotBuild."""
    folder = _package()
    source = hardened(_read(folder / "xlwings_custom_addin.bas"))
    return [standard(source), class_module(_read(folder / "addin" / "Dictionary.cls"))]


def hardened(source: str) -> str:
    """The module with all changes. Raises CannotBuild where one does not fit exactly once."""
    for change in CHANGES:
        if source.count(change.old) != 1:
            raise CannotBuild(
                f"装着的 xlwings 与本软件不配套（“{change.old}”有 {source.count(change.old)} 处）。"
                f"请运行 {EXTRA}。"
            )
        source = source.replace(change.old, change.new)
    return source


def _package() -> Path:
    try:
        return Path(str(distribution("xlwings").locate_file("xlwings")))
    except PackageNotFoundError as error:
        raise CannotBuild(f"做加载项要用 xlwings，还没有装。请运行 {EXTRA}。") from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotBuild(f"xlwings 装得不完整，读不了“{file}”。请运行 {EXTRA}。") from error
