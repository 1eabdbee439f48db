"""Folders full of filings: a few forms filled in with care, and copies of them for other units."""

from __future__ import annotations

import random
import tempfile
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path

from jixiao.rubric.load import data_folder
from jixiao.verbs import examine, filled
from jixiao.workbook.bound import position_of
from jixiao.workbook.file.package import read_file, unpack
from jixiao.workbook.port import Edit

UNITS = {
    "guangzhou-2023": "中国国际贸易促进委员会广州市天河区委员会",
    "loudi-2023": "中国国际贸易促进委员会娄底支会",
}
"""The units of the published filings."""


@cache
def variants(edition: str, count: int = 8) -> list[dict[str, bytes]]:
    """The published filing, and others in which some declared scores are changed or missing; as parts."""
    made = []
    chance = random.Random(edition)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            port, rubric = filled(edition, data_folder("rubric_rules") / edition / "demo.yaml")
            scores = examine(port, rubric).assessment.indicators
            for one in chance.sample(scores, number and len(scores) // 4):
                if one.place:
                    lower = chance.choice([None, one.weight * Decimal(chance.randint(0, 20)) / 20])
                    port.write(one.place.sheet, [Edit(*position_of(one.place), lower)])
            file = Path(folder, f"{number}.xlsx")
            port.save_as(file)
            made.append(unpack(read_file(file), file.name).parts)
    return made


def write_filing(file: Path, unit: str, *, edition: str = "guangzhou-2023", variant: int = 0) -> Path:
    """One filing, with the unit's name wherever the published one stands."""
    file.parent.mkdir(parents=True, exist_ok=True)
    known = variants(edition)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in known[variant % len(known)].items():
            archive.writestr(
                zipfile.ZipInfo(name),
                data.replace(UNITS[edition].encode(), unit.encode()),
                zipfile.ZIP_DEFLATED,
            )
    return file


def write_filings(folder: Path, count: int) -> list[Path]:
    """So many filings of so many units, in folders by department, of both editions."""
    editions = sorted(UNITS)
    return [
        write_filing(
            folder / f"第{number % 5 + 1}主管局" / f"单位{number:05d}.xlsx",
            f"测试单位{number:05d}",
            edition=editions[number % 2],
            variant=number // 2,
        )
        for number in range(count)
    ]
