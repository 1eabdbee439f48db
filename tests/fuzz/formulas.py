"""Random filings in every template: the formulas there against the engine, by two other calculators.

By itself the long run: ``python tests/fuzz/formulas.py 400``. LibreOffice is started once for all files.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).parents[2]
    sys.path[:0] = [str(here / "addin"), str(here / "tests")]

import excelize

from altered_forms import without_stored_values
from fuzz.seeds import EDITIONS, NOON
from jixiao.filing.model import Entry, Filing, Place, Raw, Row
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.rubric.model import Rubric, walk
from jixiao.scoring.model import Assessment
from jixiao.verbs import examine, put_scores
from jixiao.workbook.bound import Bindings
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.filling import fill
from jixiao.workbook.formula.references import address
from jixiao.workbook.port import Cell, Position
from jixiao.workbook.reading import read_filing

ROWS: tuple[tuple[str, str, str], ...] = (
    ("≥80个", "85个", ""), ("≥80", "61", ""), ("15", "9.13", ""), ("2", "3", ""), ("1000", "2257", "正向"),
    ("≤4", "5", ""), ("≤4", "3.5", ""), ("201", "284.77", "反向"), ("95%", "96.5%", ""), ("≥90%", "88%",
    "正向"),
    ("100", "100", ""), ("12月", "11月", ""), ("定性", "良好", ""), ("有效保障", "有效保障", ""), ("/",
    "", ""), ("", "", ""),
)  # fmt: skip
ROUND = (50, 60, 75, 80, 90, 100, 110, 120, 130, 150)
"""Amounts whose rates lie just on the bounds of a rubric."""
SPENT = [Decimal(rate) for rate in ("0.6", "0.75", "0.87", "0.9", "1", "1.03", "1.07", "1.1", "1.12", "1.23")]
"""What is spent of a budget, mostly."""
TIERS = ("", "达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差")
NEAR = Decimal("1E-9")
Formula = tuple[str, Position, Cell]
"""Sheet and place, and what stands there."""
BEYOND_EXCELIZE = re.compile(r":INDEX\(|&ROUND\(|IFERROR\((?:COUNT|SUM|IF)\(")
"""Its calculator knows no range up to a cell that is worked out, and stumbles over errors inside IFERROR."""


def some_filing(rubric: Rubric, dice: random.Random) -> Filing:
    """What a unit might fill in: mostly sensible, with gaps, zeros and scores of its own."""

    def money() -> Decimal:
        return dice.choice((Decimal(0), Decimal(dice.randrange(300_000)) / 100, Decimal(dice.choice(ROUND))))

    def value(kind: str, choices: list[str]) -> Entry | None:
        if dice.random() < 0.07:
            return None
        if kind in ("money", "area"):
            return Entry(money())
        if kind == "count":
            return Entry(Decimal(dice.choice((0, 0, 1, 2, 3, 4, 9, 10))))
        if kind == "percent":
            return Entry(Decimal(dice.randrange(12_000)) / 10_000, percent=True)
        if kind == "answer":
            return Entry(dice.choice("是是是否"))
        if kind == "choice":
            return Entry(dice.choice(choices))
        if kind == "score":
            return Entry(Decimal(dice.randrange(501)) / 100)
        texts = {"year": Entry(Decimal(2023)), "text": Entry("某单位"), "longtext": Entry("已完成。")}
        return texts.get(kind)

    asked = ((id, spec) for id, spec in rubric.asked.items() if not spec.derived and id != "assess.total")
    values = {id: one for id, spec in asked if (one := value(spec.type, spec.choices))}
    for id in [id for id in values if id.endswith(".actual")]:
        planned = values.get(id.removesuffix("actual") + "adjusted")
        if planned and isinstance(planned.raw, Decimal) and dice.random() < 0.6:
            values[id] = Entry((planned.raw * dice.choice(SPENT)).quantize(Decimal("0.01")))
    for _, indicator in walk(rubric.levels):
        if not indicator.summed and dice.random() < 0.8:
            own = indicator.weight * dice.choice((1, 1, Decimal("0.9"), Decimal("0.333")))
            values[f"score.{indicator.id}"] = Entry(own.quantize(Decimal("0.01")))
    rows = {}
    for block in rubric.blocks:
        if block.row_rule:
            listed = [_row(dice, Decimal(block.weight or 0)) for _ in range(dice.randrange(1, 3))]
            rows[block.id] = tuple(listed)
    return Filing(rubric.id, values, rows)


def _row(dice: random.Random, weight: Decimal) -> Row:
    target, actual, direction = dice.choice(ROWS)
    own = (weight / dice.choice((2, 3, 4, 7))).quantize(Decimal("0.01"))
    cells: dict[str, Raw] = {"name": "某项指标", "target": target, "actual": actual, "direction": direction}
    cells |= {"weight": own, "tier": dice.choice(TIERS) if target in ("定性", "有效保障") else ""}
    for column in ("target", "actual"):
        text = cells[column]
        if isinstance(text, str) and re.fullmatch(r"[\d.]+", text):
            cells[column] = Decimal(text)
    if dice.random() < 0.8:
        cells["score"] = (own * dice.choice((1, Decimal("0.87")))).quantize(Decimal("0.01"))
    return Row({id: Entry(raw) for id, raw in cells.items() if raw != ""})


@cache
def _rubric(edition: str) -> Rubric:
    return load_rubric(edition)


def written(number: int, path: Path) -> Assessment:
    """Filing ``number`` in a file, every score as the engine has it; the assessment of what stands there."""
    dice = random.Random(number)
    rubric = _rubric(EDITIONS[number % len(EDITIONS)])
    shutil.copyfile(data_folder("workbook_templates") / f"{rubric.id}.xlsx", path)
    port = FilePort.open(path)
    fill(port, rubric, some_filing(rubric, dice))
    put_scores(port, rubric, overwrite=True, when=NOON)
    port.save()
    return examine(FilePort.open(path), rubric).assessment


def by_libreoffice(files: list[Path], folder: Path) -> dict[str, FilePort]:
    """The files as LibreOffice calculates them from what was typed, one process for all."""
    bare = [without_stored_values(file, folder / "bare" / file.name) for file in files]
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(folder / "calculated"), *map(str, bare)],
        check=True,
        capture_output=True,
        timeout=120 + 10 * len(files),
    )
    return {file.name: FilePort.open(folder / "calculated" / file.name) for file in files}


class ByExcelize:
    """A file as excelize's calculator works it out."""

    def __init__(self, file: Path) -> None:
        self._book = excelize.open_file(str(file))

    def told(self, sheet: str, cell: str, value: Raw) -> None:
        """Give a cell the value that it cannot calculate, for what depends on it."""
        self._book.set_cell_value(sheet, cell, float(value) if isinstance(value, Decimal) else value or "")

    def __call__(self, sheet: str, cell: str) -> Raw:
        text = self._book.calc_cell_value(sheet, cell, excelize.Options(raw_cell_value=True))
        try:
            return Decimal(text)
        except ArithmeticError:
            return text

    def close(self) -> None:
        self._book.close()


def alike(one: Raw, other: Raw) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return abs(one - other) <= max(abs(one), Decimal(1)) * NEAR
    return (one or "") == (other or "")


def formulas_of(port: FilePort) -> list[Formula]:
    return [
        (sheet, position, cell)
        for sheet in port.sheets()
        for position, cell in port.cells(sheet).items()
        if cell.formula and not sheet.startswith("_")
    ]


def differences(file: Path, theirs: FilePort, assessment: Assessment, counted: Counter[str]) -> Iterator[str]:
    """Every formula that says something else than the engine, or than another calculator."""
    ours = FilePort.open(file)
    formulas = formulas_of(ours)
    excel = ByExcelize(without_stored_values(file, file.with_suffix(".bare.xlsx")))
    shown: list[Decimal] = []
    for sheet, position, cell in formulas:
        there = theirs.cells(sheet).get(position, Cell())
        shown += [there.raw] if isinstance(there.raw, Decimal) else []
        counted["LibreOffice"] += 1
        if there.error or not alike(cell.raw, there.raw):
            yield f"{sheet}!{address(*position)}: stored {cell.raw!r}, LibreOffice {there}"
        if BEYOND_EXCELIZE.search(cell.formula):
            excel.told(sheet, address(*position), there.raw)
    for sheet, position, cell in formulas:
        if not BEYOND_EXCELIZE.search(cell.formula):
            counted["excelize"] += 1
            other = excel(sheet, address(*position))
            if not alike(cell.raw, other):
                yield f"{sheet}!{address(*position)}: {cell.raw!r}, excelize {other!r}: {cell.formula}"
    excel.close()
    yield from _against_engine(theirs, assessment, shown, counted)
    yield from unknown_numbers(file, formulas, assessment)


def _against_engine(
    theirs: FilePort, engine: Assessment, shown: list[Decimal], counted: Counter[str]
) -> Iterator[str]:
    bound = Bindings(theirs)

    def cell(name: str, down: int = 0) -> Raw:
        where = bound[name]
        found = theirs.cells(where.sheet).get((where.area.top + down, where.area.left)) if where else None
        return found.raw if found else None

    given = engine.declared_total is not None
    if not alike(cell("total"), engine.declared_sum if given else None):
        yield f"total: {cell('total')!r}, the declared scores come to {engine.declared_sum}"
    as_computed = all(one.score == one.declared for one in engine.indicators)
    counted["as computed"] += as_computed  # what nobody verified may stand otherwise in the form
    if given and as_computed and not alike(cell("total"), engine.total):
        yield f"total: {cell('total')!r}, engine {engine.total}"
    if given and as_computed and f"☑{engine.grade}" not in str(cell("grade")):
        yield f"grade: {cell('grade')!r}, engine {engine.grade}"
    rubric = _rubric(engine.edition)
    for block in rubric.blocks:
        if block.row_rule and bound[f"blocktotal.{block.id}"]:
            total = sum((row.score or 0 for row in engine.rows if row.block == block.id), Decimal(0))
            if not alike(cell(f"blocktotal.{block.id}") or Decimal(0), total):
                yield f"{block.id}: {cell(f'blocktotal.{block.id}')!r}, engine {total}"
    for row in engine.rows:
        rate = cell(f"column.{row.block}.rate", row.number)
        if isinstance(rate, Decimal) and not alike(rate, row.ratio):
            yield f"{row.subject} rate: {rate}, engine {row.ratio}"
    for one in engine.indicators:
        if one.ratio is not None and one.basis.value == "已计算" and _has_cell(one.id):
            if not any(alike(one.ratio, other) for other in shown):
                yield f"{one.id}: no formula comes to {one.ratio}"
    parents = {level.path[:-1] for level in engine.levels}
    for level in engine.levels if as_computed else ():
        if level.path not in parents and not any(
            one.apart and one.path[0] == level.path[0] for one in engine.levels
        ):
            if level.score and not any(alike(level.score, other) for other in shown):
                yield f"{'/'.join(level.path)}: no formula comes to {level.score}"


def unknown_numbers(file: Path, formulas: list[Formula], engine: Assessment) -> Iterator[str]:
    """Every number of a formula that is none of those that the engine has for this filing."""
    rubric = _rubric(engine.edition)
    calculated = {Place(sheet, address(*position)) for sheet, position, _ in formulas}
    filing = read_filing(FilePort.open(file), rubric)
    typed = {
        id: entry.raw
        for id, entry in filing.values.items()
        if isinstance(entry.raw, Decimal) and entry.place not in calculated
    }
    numbers = sorted({*_numbers_of(rubric, typed, engine)})
    for sheet, position, cell in formulas:
        if isinstance(cell.raw, Decimal):
            at = bisect(numbers, cell.raw)
            if not any(alike(cell.raw, one) for one in numbers[max(at - 1, 0) : at + 1]):
                yield f"{sheet}!{address(*position)}: nothing comes to {cell.raw}: {cell.formula}"


def _numbers_of(rubric: Rubric, typed: dict[str, Decimal], engine: Assessment) -> Iterator[Decimal]:
    """What was typed, every score with what was lost, sums of them, rates and differences of amounts."""
    yield from typed.values()
    yield from map(Decimal, range(len(engine.indicators) + 1))  # places in lists, counts
    for tie in rubric.checks.ties:
        parts = [typed[id] for id in tie.parts if id in typed]
        if tie.whole in typed and parts:
            yield typed[tie.whole] - sum(parts)
    for rate in rubric.checks.rates:
        if typed.get(rate.whole) and rate.part in typed:
            yield typed[rate.part] / typed[rate.whole]
    for id, actual in typed.items():
        planned = typed.get(id.removesuffix(".actual") + ".adjusted")
        if planned:
            yield from (actual - planned, actual / planned)
    for row in engine.rows:
        yield from (one for one in (row.weight, row.score, row.declared, row.ratio) if one is not None)
    for block in rubric.blocks:
        rows = [row for row in engine.rows if row.block == block.id]
        yield sum((row.weight for row in rows), Decimal(0))
        yield sum((row.score or Decimal(0) for row in rows), Decimal(0))
    for one in engine.indicators:
        for score in (one.score, one.declared):
            yield from _of(one.weight, score)
        if one.ratio is not None:
            yield one.ratio
    for path in {one.path[:deep] for one in engine.indicators for deep in range(len(one.path) + 1)}:
        inside = [one for one in engine.indicators if one.path[: len(path)] == path]
        yield sum((one.weight - one.declared for one in inside if one.declared is not None), Decimal(0))
    for level in engine.levels:
        for score in (level.score, level.declared, level.declared_sum):
            yield from _of(level.weight, score)
    for score in (engine.total, engine.declared_total, engine.declared_sum):
        yield from _of(rubric.total, score)


def _of(weight: Decimal, score: Decimal | None) -> Iterator[Decimal]:
    """Points and what they are of the weight."""
    yield weight
    if score is not None:
        yield from (score, weight - score)
        if weight:
            yield score / weight


def _has_cell(indicator: str) -> bool:
    """Ratios that the forms show beside the inputs."""
    return indicator in {
        "execution_rate",
        "carryover_rate",
        "contract_timely",
        "fixed_assets_use",
        "execution",
    }


def run(numbers: range) -> tuple[Counter[str], list[str]]:
    """How many formulas were held against each calculator, and what differs."""
    counted: Counter[str] = Counter()
    found: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bare").mkdir()
        files = [folder / f"{number}.xlsx" for number in numbers]
        engine = {file: written(number, file) for number, file in zip(numbers, files, strict=True)}
        theirs = by_libreoffice(files, folder)
        for file in files:
            differing = differences(file, theirs[file.name], engine[file], counted)
            found += [f"{file.stem} {one}" for one in differing]
    return counted, found


if __name__ == "__main__":
    began = time.monotonic()
    formulas, differing = run(range(int(sys.argv[1])))
    print(
        *differing, f"{dict(formulas)}: {len(differing)} differ; {time.monotonic() - began:.0f} s", sep="\n"
    )
    sys.exit(bool(differing))
