"""What else one could do: let a spreadsheet calculate the form's own formulas.

They know the totals, the rates and the grade, which the form has as formulas, and none of the rules;
we read, score and check in the same time. What they give must be what we give.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import excelize

from benchmarks.scoring import EDITIONS
from benchmarks.timing import Contest
from jixiao.filing.model import Entry, Filing, Place, Raw
from jixiao.verbs import demo, examine
from jixiao.workbook.bound import position_of
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.live.live_port import LivePort

CLOSE = Decimal("1e-12")
"""They calculate in binary floating point."""


def contests(folder: Path) -> Iterator[Contest]:
    for edition, name in EDITIONS.items():
        book = folder / f"{edition}-formulas.xlsx"
        work = demo(edition, book)
        wanted = calculated(work.filing)
        for engine, values in engines().items():
            found = values(book, list(wanted))
            wrong = {place: found[place] for place in wanted if not same(found[place], wanted[place])}
            if wrong:
                raise AssertionError(f"{engine}: {wrong}")
            yield Contest(
                f"{name}：读、计分、校验",
                f"{engine} 重算表里的公式（不计分）",
                lambda book=book, rubric=work.rubric: examine(FilePort.open(book), rubric),
                lambda values=values, book=book, wanted=wanted: values(book, list(wanted)),
                rounds=5,
                remark=lambda wanted=wanted: f"{len(wanted)} 个公式，结果相同",
            )


def calculated(filing: Filing) -> dict[Place, Raw]:
    """The cells of a filing that its form calculates, with what stands in them."""
    rows = (row for rows in filing.rows.values() for row in rows)
    entries: list[Entry] = [*filing.values.values(), *(one for row in rows for one in row.entries.values())]
    return {entry.place: entry.raw for entry in entries if entry.formula and entry.place}


def same(found: object, wanted: Raw) -> bool:
    if isinstance(wanted, Decimal):
        try:
            return abs(Decimal(str(found)) - wanted) <= CLOSE * max(1, abs(wanted))
        except ArithmeticError:
            return False
    return str(found or "") == str(wanted or "")


Values = Callable[[Path, list[Place]], Mapping[Place, object]]


def engines() -> dict[str, Values]:
    """Those that there are on this machine."""
    found: dict[str, Values] = {"excelize": by_excelize}
    try:
        from formulas import ExcelModel  # noqa: F401
    except ImportError:
        print("没有装 formulas，不与它比（python -m pip install '.[benchmarks]'）", file=sys.stderr)
    else:
        found["formulas"] = by_formulas
    import calc_engine  # last: LibreOffice's bridge changes how Python imports

    if calc_engine.LACKING:
        print(calc_engine.LACKING, file=sys.stderr)
    else:
        found["开着的 LibreOffice"] = by_libreoffice
    return found


def by_excelize(book: Path, places: list[Place]) -> dict[Place, object]:
    file = excelize.open_file(str(book))
    try:
        exact = excelize.Options(raw_cell_value=True)
        return {place: file.calc_cell_value(place.sheet, place.cell, exact) for place in places}
    finally:
        file.close()


def by_libreoffice(book: Path, places: list[Place]) -> dict[Place, object]:
    import calc_engine

    opened = calc_engine.app().books.open(book)  # which calculates everything
    try:
        with LivePort(opened) as port:
            grids = {sheet: port.cells(sheet) for sheet in {place.sheet for place in places}}
        return {place: grids[place.sheet][position_of(place)].raw for place in places}
    finally:
        opened.close()


def by_formulas(book: Path, places: list[Place]) -> dict[Place, object]:
    """Only the cells asked for: it cannot read ``H$6:INDEX(H:H,…)``, the sum of a block's weights."""
    from formulas import ExcelModel

    def key(place: Place) -> str:
        return f"'[{book.name}]{place.sheet}'!{place.cell}"

    with contextlib.chdir(book.parent), silence():
        model = ExcelModel().from_ranges(*map(key, places)).finish(complete=False)
        solution = {str(name).upper(): one for name, one in model.calculate().items()}
    return {place: solution[key(place).upper()].value[0, 0] for place in places}


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Its progress bars are not ours."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
        yield
