"""Files in, bound workbooks out: the edge of recognition."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from jixiao.adopt.editions import told
from jixiao.adopt.expected import Expected, expected
from jixiao.adopt.grids import Grid
from jixiao.adopt.recognise import Binding, Recognition, recognise
from jixiao.adopt.sources import open_any, read_numbers
from jixiao.adopt.tags import has_tags, tagged, take_out
from jixiao.adopt.told import doubts, repeated, unread
from jixiao.rubric.load import edition_folders, find_edition, rule_folders
from jixiao.rubric.model import Rubric
from jixiao.workbook.bound import PREFIX
from jixiao.workbook.errors import NotAForm
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.form import has_form
from jixiao.workbook.layout.plan import Box
from jixiao.workbook.port import Port
from jixiao.workbook.reading import form_fields


class Adopted(msgspec.Struct, frozen=True):
    """What was recognised, and the form it was held against."""

    recognition: Recognition
    expected: Expected
    tags: int = 0
    """How many tags of the user's were taken out."""


def grids_of(port: Port) -> list[Grid]:
    """The sheets of a workbook that hold anything."""
    found = (Grid(sheet, port.cells(sheet), port.merges(sheet)) for sheet in port.sheets())
    return [grid for grid in found if grid.cells]


def adopted(grids: Sequence[Grid], label: str, edition: str = "", rules: str | None = None) -> Adopted:
    """The recognised form on the grids of a file. Raises NotAForm, EditionNotFound, RuleFileError."""
    form = told(grids, _editions(rules, edition), label, edition)
    found = recognise(grids, form)
    filled = {sheet for sheet, pages in found.sheets.items() if pages}
    if filled and filled == {sheet for sheets in found.repeated for sheet in sheets}:
        raise NotAForm(f"“{label}”里{'；'.join(repeated(found))}")
    return Adopted(found, form)


def _editions(rules: str | None, given: str) -> Sequence[Expected]:
    """The forms of all editions that have one."""
    folders = rule_folders(rules)
    if given:
        find_edition(given, folders)
    *further, _ours = folders
    return _all_editions(rules, frozenset(_stamps(further)))


def _stamps(folders: Sequence[Path]) -> Iterator[tuple[str, int]]:
    """A user's rule files and when each was changed last: what was made of them holds as long."""
    for folder in folders:
        for edition in filter(os.DirEntry.is_dir, os.scandir(folder)):
            for file in os.scandir(edition):
                yield file.path, file.stat().st_mtime_ns


@lru_cache(maxsize=4)
def _all_editions(rules: str | None, stamps: object) -> tuple[Expected, ...]:
    known = sorted(edition_folders(rule_folders(rules)).items())
    return tuple(expected(id, rules) for id, folder in known if has_form(folder))


def lay_over(port: Port, label: str, rules: str | None = None) -> Rubric:
    """Recognise a workbook without names and lay the names over it in memory (see Port.lay_names).

    Returns the rubric of the edition that was told. What is doubtful stays with the port as a remark.
    Raises NotAForm, RuleFileError.
    """
    if has_tags(port):
        raise NotAForm(f"“{label}”里写着标签（{{{{…}}}}），请先运行 jixiao adopt，把标签认成填报项。")
    found = adopted(grids_of(port), label, rules=rules)
    port.lay_names(found.recognition.names)
    port.remarks = remarks(found)
    return found.expected.rubric


def remarks(found: Adopted) -> tuple[str, ...]:
    """What the user of a form that was recognised on the way should know."""
    listed = doubts(found.recognition, found.expected)
    unbound = len(found.recognition.unbound)
    if not listed and not unbound:
        return ()
    rest = f"，没有认出 {unbound} 处" if unbound else ""
    return (
        f"这份表不是本软件做的，是按标签认的：拿不准 {len(listed)} 处{rest}。全部清单请运行 jixiao adopt。",
        *repeated(found.recognition),
        *listed,
        *(f"没有认出：{one}" for one in unread(found.recognition, found.expected)),
    )


def bind(paths: Sequence[Path], edition: str, rules: str | None = None) -> tuple[FilePort, Adopted]:
    """The workbook that binds the form in these files, not saved anywhere yet.

    Raises CannotRead, NotAForm, RuleFileError.
    """
    port, made = open_any(paths)
    label = "、".join(path.name for path in paths)
    if any(name.startswith(PREFIX) for name in port.names()):
        raise NotAForm(f"“{label}”已经认过（或者就是本软件做的表），直接用就行，不用再认。")
    find = _tagged if has_tags(port) else _untagged
    found = find(port, label, edition, rules)
    port.add_names(found.recognition.names)
    read_numbers(port, found.expected.rubric, made)
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
        absent = tuple(_untold(form.rubric, tags.boxes))
        known = Recognition(edition, form.rubric.version, form.rubric.year, (), (), absent, {})
    taken, blocks = {one.box for one in own}, {name.split(".")[1] for name in tags.boxes if _of_rows(name)}
    others = (
        one
        for one in known.bindings
        if one.name not in tags.boxes
        and one.box not in taken
        and not (_of_rows(one.name) and one.name.split(".")[1] in blocks)
    )
    unbound = tuple(one for one in known.unbound if one.name not in tags.boxes)
    whole = msgspec.structs.replace(known, bindings=(*own, *others), unbound=unbound)
    return Adopted(whole, form, len(tags.cells))


def _untold(rubric: Rubric, boxes: Mapping[str, Box]) -> Iterator[str]:
    """What the edition's form has and no tag speaks of; of rows that are not there, no column."""
    yield from (field for field in form_fields(rubric) if field not in boxes)
    for block in rubric.blocks:
        if f"block.{block.id}" not in boxes:
            yield f"block.{block.id}"
            continue
        columns = (f"column.{block.id}.{column.id}" for column in block.columns)
        yield from (column for column in columns if column not in boxes)


def _of_rows(name: str) -> bool:
    return name.startswith(("block.", "blockend.", "column."))
