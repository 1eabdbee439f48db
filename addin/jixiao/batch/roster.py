"""The 名单: which units have to hand in, and under which department they stand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from jixiao.batch.errors import BadRoster
from jixiao.batch.result import same
from jixiao.batch.words import Words
from jixiao.filing.quantity import as_text
from jixiao.workbook.file.file_port import FilePort


class Listed(msgspec.Struct, frozen=True):
    """A unit as the list has it."""

    unit: str
    department: str


class Roster(msgspec.Struct, frozen=True):
    """The units by their names as compared; empty where there is no list."""

    units: Mapping[str, Listed] = {}

    def department(self, unit: str, path: str) -> str:
        """What a unit stands under: as the list says, or else the folder that its filing is in."""
        listed = self.units.get(same(unit))
        if listed and listed.department:
            return listed.department
        folder, _, file = path.partition("/")
        return folder if file else ""


def read_roster(file: Path, words: Words) -> Roster:
    """The list on the first sheet that has a column of units. Raises BadRoster, CannotRead."""
    port = FilePort.open(file)
    for sheet in port.sheets():
        texts = {place: as_text(cell.raw).strip() for place, cell in port.cells(sheet).items()}
        headings = [
            place for place, text in sorted(texts.items()) if same(text) in map(same, words.roster.unit)
        ]
        if not headings:
            continue
        head, column = headings[0]
        departments = [
            at for (row, at), text in texts.items()
            if row == head and same(text) in map(same, words.roster.department)
        ]  # fmt: skip
        units: dict[str, Listed] = {}
        for (row, at), unit in sorted(texts.items()):
            if row > head and at == column and unit:
                department = texts.get((row, departments[0]), "") if departments else ""
                units.setdefault(same(unit), Listed(unit, department))
        if units:
            return Roster(units)
    raise BadRoster(
        f"“{file.name}”里没有单位名单。请在第一行写栏目名称“{words.roster.unit[0]}”"
        f"（还可以有“{words.roster.department[0]}”），下面每行一个单位。"
    )
