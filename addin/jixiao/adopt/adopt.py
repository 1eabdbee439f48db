"""Files in, bound workbooks out: the edge of recognition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from jixiao.adopt.editions import told
from jixiao.adopt.expected import Expected, expected
from jixiao.adopt.grids import Grid
from jixiao.adopt.recognise import Recognition, recognise
from jixiao.adopt.told import doubts
from jixiao.rubric.load import edition_folders, find_edition, rule_folders
from jixiao.workbook.errors import NotAForm
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.form import has_form
from jixiao.workbook.reading import edition_of


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
    """The workbook that binds the form in these files, not saved anywhere yet."""
    port = FilePort.open(paths[0])
    if edition_of(port):
        raise NotAForm(f"“{paths[0].name}”已经认过（或者就是本软件做的表），直接用就行，不用再认。")
    found = adopted(grids_of(port), paths[0].name, edition, rules)
    port.add_names(found.recognition.names)
    return port, found
