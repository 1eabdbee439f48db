"""Forms as users change them: rows inserted above, sheets renamed, values of formulas taken out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from rich_workbook import read_parts, with_parts

_REFERENCE = re.compile(
    r"((?:'[^']+'|[^\W\d][\w.]*)!)?(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?(?![\w(])"
)


def _rewritten(path: Path, parts: dict[str, str]) -> None:
    old = path.with_suffix(".old.xlsx")
    shutil.move(path, old)
    with_parts(old, path, {name: text.encode() for name, text in parts.items()})


def _texts(path: Path) -> dict[str, str]:
    wanted = re.compile(r"xl/workbook\.xml|xl/worksheets/sheet\d+\.xml")
    return {name: data.decode() for name, data in read_parts(path).items() if wanted.fullmatch(name)}


def _part_of(sheet: str, workbook: str) -> str:
    """Templates number their sheets in order."""
    titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', workbook)
    return f"xl/worksheets/sheet{titles.index(sheet) + 1}.xml"


def insert_rows(path: Path, sheet: str, above: int, count: int) -> None:
    """What Excel does to cells, merges, formulas and names when rows are inserted."""
    texts = _texts(path)
    mine = _part_of(sheet, texts["xl/workbook.xml"])

    def down(row: str) -> str:
        return str(int(row) + count) if int(row) >= above else row

    def reference(match: re.Match[str], home: bool) -> str:
        title, first, top, last, bottom = match.groups()
        if (title.strip("'!") != sheet) if title else not home:
            return match[0]
        return (title or "") + first + down(top) + (f":{last}{down(bottom)}" if last else "")

    for name, text in texts.items():
        home = name == mine

        def formula(match: re.Match[str], home: bool = home) -> str:
            return match[1] + _REFERENCE.sub(lambda found: reference(found, home), match[2]) + match[3]

        text = re.sub(r"(<f>|<definedName [^>]*>)(.*?)(</)", formula, text)
        if home:
            text = re.sub(r'(<row r=")(\d+)', lambda found: found[1] + down(found[2]), text)
            text = re.sub(r'(<c r="[A-Z]+)(\d+)', lambda found: found[1] + down(found[2]), text)
            text = re.sub(
                r'(<mergeCell ref="[A-Z]+)(\d+)(:[A-Z]+)(\d+)',
                lambda found: found[1] + down(found[2]) + found[3] + down(found[4]),
                text,
            )
        texts[name] = text
    _rewritten(path, texts)


def rename_sheet(path: Path, old: str, new: str) -> None:
    """What Excel does to names and formulas when a sheet is renamed."""
    quoted = "'" + new.replace("'", "''") + "'!"
    texts = {
        name: text.replace(f"'{old}'!", quoted).replace(f"{old}!", quoted)
        for name, text in _texts(path).items()
    }
    texts["xl/workbook.xml"] = texts["xl/workbook.xml"].replace(f'name="{old}"', f'name="{new}"')
    _rewritten(path, texts)


def without_stored_values(path: Path, target: Path) -> Path:
    """The workbook with every formula's value taken out, so that a spreadsheet must calculate it."""
    texts = {
        name: re.sub(r"(<f>[^<]*</f>)<v(?:/>|[^/]*?>.*?</v>)", r"\1", text)
        for name, text in _texts(path).items()
    }
    return with_parts(path, target, {name: text.encode() for name, text in texts.items()})
