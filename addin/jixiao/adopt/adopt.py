"""Files in, bound workbooks out: the edge of recognition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from jixiao.adopt.editions import told
from jixiao.adopt.expected import Expected, expected
from jixiao.adopt.grids import Grid
from jixiao.adopt.recognise import Binding, Recognition, recognise
from jixiao.adopt.tags import has_tags, tagged, take_out
from jixiao.adopt.told import doubts
from jixiao.rubric.load import edition_folders, find_edition, rule_folders
from jixiao.workbook.bound import PREFIX, Bindings
from jixiao.workbook.errors import NotAForm
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.package import read_file
from jixiao.workbook.form import has_form
from jixiao.workbook.port import Edit, Position

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD, _EXCEL = b"word/document.xml", b"xl/workbook.xml"
_NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d{0,11})(?:\.(\d{1,6}))?)(%?)")
_NUMERIC = ("money", "count", "percent", "score", "area")


class Adopted(msgspec.Struct, frozen=True):
    """What was recognised, and the form it was held against."""

    recognition: Recognition
    expected: Expected


def grids_of(port: FilePort) -> list[Grid]:
    """The sheets of a workbook that hold anything."""
    found = (Grid(sheet, port.cells(sheet), port.merges(sheet)) for sheet in port.sheets())
    return [grid for grid in found if grid.cells]


def adopted(grids: Sequence[Grid], label: str, edition: str = "", rules: str | None = None) -> Adopted:
    """The recognised form on the grids of a file. Raises NotAForm, EditionNotFound, RuleFileError."""
    form = told(grids, _editions(rules, edition), label, edition)
    return Adopted(recognise(grids, form), form)


def _editions(rules: str | None, given: str) -> list[Expected]:
    """The forms of all editions that have one."""
    folders = rule_folders(rules)
    if given:
        find_edition(given, folders)
    return [
        expected(id, rules) for id, folder in sorted(edition_folders(folders).items()) if has_form(folder)
    ]


def lay_over(port: FilePort, label: str, rules: str | None = None) -> None:
    """Recognise a workbook without names and lay the names over it in memory (see FilePort.lay_names).

    What is doubtful stays with the port as a remark. Raises NotAForm, RuleFileError.
    """
    if has_tags(port):
        raise NotAForm(f"“{label}”里写着标签（{{{{…}}}}），请先运行 jixiao adopt，把标签认成填报项。")
    found = adopted(grids_of(port), label, rules=rules)
    port.lay_names(found.recognition.names)
    port.remarks = remarks(found)


def remarks(found: Adopted) -> tuple[str, ...]:
    """What the user of a form that was recognised on the way should know."""
    listed = doubts(found.recognition, found.expected)
    unbound = len(found.recognition.unbound)
    if not listed and not unbound:
        return ()
    rest = f"，没有认出 {unbound} 处" if unbound else ""
    return (
        f"这份表不是本软件做的，是按标签认的：拿不准 {len(listed)} 处{rest}。全部清单请运行 jixiao adopt。",
        *listed,
    )


def bind(paths: Sequence[Path], edition: str, rules: str | None = None) -> tuple[FilePort, Adopted]:
    """The workbook that binds the form in these files, not saved anywhere yet.

    Raises CannotRead, NotAForm, RuleFileError.
    """
    port = open_any(paths)
    label = "、".join(path.name for path in paths)
    if bound_already(port):
        raise NotAForm(f"“{label}”已经认过（或者就是本软件做的表），直接用就行，不用再认。")
    find = _tagged if has_tags(port) else _untagged
    found = find(port, label, edition, rules)
    port.add_names(found.recognition.names)
    read_numbers(port, found)
    return port, found


def _untagged(port: FilePort, label: str, edition: str, rules: str | None) -> Adopted:
    return adopted(grids_of(port), label, edition, rules)


def _tagged(port: FilePort, label: str, edition: str, rules: str | None) -> Adopted:
    """What the user's tags say, and around them what is recognised if the form is one we know."""
    if not edition:
        try:
            edition = told(grids_of(port), _editions(rules, ""), label).rubric.id
        except NotAForm as error:
            raise NotAForm(f"“{label}”里写了标签，要用哪个版本的规则，请加 --edition 指明。") from error
    form = expected(edition, rules)
    tags = tagged(port, form.rubric)
    assert tags is not None
    take_out(port, tags)
    own = tuple(Binding(name, box, "您写的标签") for name, box in tags.boxes.items())
    try:
        known = adopted(grids_of(port), label, edition, rules).recognition
    except NotAForm:
        known = Recognition(edition, form.rubric.version, form.rubric.year, (), (), (), {})
    taken, blocks = {one.box for one in own}, {name.split(".")[1] for name in tags.boxes if _of_rows(name)}
    others = (
        one
        for one in known.bindings
        if one.name not in tags.boxes
        and one.box not in taken
        and not (_of_rows(one.name) and one.name.split(".")[1] in blocks)
    )
    unbound = tuple(one for one in known.unbound if one.name not in tags.boxes)
    return Adopted(msgspec.structs.replace(known, bindings=(*own, *others), unbound=unbound), form)


def _of_rows(name: str) -> bool:
    return name.startswith(("block.", "blockend.", "column."))


def bound_already(port: FilePort) -> bool:
    return any(name.startswith(PREFIX) for name in port.names())


# ---------------------------------------------------------------- files


def open_any(paths: Sequence[Path]) -> FilePort:
    """One workbook of an .xlsx, .xls or .docx, or of several; a first .xlsx stays as it is.

    Raises CannotRead and NotAForm.
    """
    from jixiao.adopt.composed import add_workbook, as_bytes, new_book

    first, *rest = paths
    port: FilePort | None = None
    kind = _kind(first)
    if kind == "xlsx":
        port = FilePort.open(first)
    book = new_book()
    taken = port.sheets() if port else []
    for path in rest if port else paths:
        match _kind(path):
            case "xlsx":
                FilePort.open(path)
                add_workbook(book, path, taken)
            case "xls":
                from jixiao.adopt.xls import add_xls

                add_xls(book, read_file(path), path.name, taken)
            case "docx":
                from jixiao.adopt.docx_tables import add_docx

                add_docx(book, read_file(path), path.name, taken)
    if port is None:
        if not book.sheetnames:
            raise NotAForm(f"“{first.name}”里没有表格。")
        return FilePort.made(as_bytes(book), first)
    if book.sheetnames:
        port.add_sheets(as_bytes(book))
    return port


def _kind(path: Path) -> str:
    """By what is in a file, not by what it is called; what is none of these FilePort refuses."""
    data = read_file(path)
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") not in data:
        return "xls"
    return "docx" if data.startswith(b"PK") and _WORD in data and _EXCEL not in data else "xlsx"


def read_numbers(port: FilePort, found: Adopted) -> None:
    """Numbers that a document has as text become numbers where the form asks for one."""
    rubric, names = found.expected.rubric, Bindings(port)
    edits: dict[str, list[Edit]] = {}
    for one in found.recognition.bindings:
        spec = rubric.asked.get(one.name)
        scored = one.name == "total" or one.name.startswith("score.")
        if not (scored or (spec and spec.type in _NUMERIC)) or (home := names[one.name]) is None:
            continue
        _as_number(port, home.sheet, home.position, edits)
    for block in rubric.blocks:
        where = names[f"block.{block.id}"]
        for column in block.columns:
            head = names[f"column.{block.id}.{column.id}"]
            if where and head and column.type in _NUMERIC:
                for row in range(where.area.top, where.area.bottom + 1):
                    _as_number(port, head.sheet, (row, head.area.left), edits)
    for sheet, batch in edits.items():
        port.write(sheet, batch)


def _as_number(port: FilePort, sheet: str, position: Position, edits: dict[str, list[Edit]]) -> None:
    cell = port.cells(sheet).get(position)
    text = cell.raw.strip() if cell is not None and isinstance(cell.raw, str) else ""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return
    number, places = Decimal(match[1].replace(",", "")), len(match[2] or "")
    if match[3]:
        code = f"0.{'0' * places}%" if places else "0%"
        number /= 100
    else:
        code = ("#,##0" if "," in match[1] else "0") + (f".{'0' * places}" if places else "")
        code = "General" if code == "0" else code
    edits.setdefault(sheet, []).append(Edit(*position, number, number_format=code))
