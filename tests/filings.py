"""Filings for tests: one where everything is right, and that one with changes."""

from __future__ import annotations

import re
import shutil
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from jixiao.filing.approved import ApprovedGoals, ApprovedRow
from jixiao.filing.model import BLANK, Entry, Filing, Row
from jixiao.filing.quantity import as_text
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.reading import read_filing

FOLDER = Path(__file__).parent / "filings"


def load(file: Path) -> Any:
    """YAML with every scalar as its own text."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@cache
def blank(edition: str) -> Filing:
    """The empty form as it is read, so that every field has its place."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.xlsx"
        shutil.copy(data_folder("workbook_templates") / f"{edition}.xlsx", path)
        filing = read_filing(FilePort.open(path), load_rubric(edition))
    empty = {
        field: msgspec.structs.replace(entry, raw=None, formula="") for field, entry in filing.values.items()
    }
    return msgspec.structs.replace(filing, values=empty)


def right(edition: str) -> dict[str, Any]:
    """The filing where everything is right, as data."""
    return load(FOLDER / f"{edition}.yaml")


def changed(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """``values``, ``declared``, ``reasons`` key by key; ``rows`` by block and number; ``add`` at the end."""
    for part in ("values", "declared", "reasons"):
        own = changes.get(part) or {}
        shared = own.get("<<", {})  # the loader leaves merge keys alone
        data.setdefault(part, {}).update({**shared, **{key: own[key] for key in own if key != "<<"}})
    for block, rows in (changes.get("rows") or {}).items():
        if rows == "none":
            data["rows"][block] = []
            continue
        for number, columns in rows.items():
            data["rows"][block][int(number) - 1].update(columns)
    for block, rows in (changes.get("add") or {}).items():
        data["rows"][block] += rows
    return data


def filing_of(edition: str, data: dict[str, Any]) -> Filing:
    """The data typed into the blank form."""
    form = blank(edition)
    typed = dict(data.get("values", {}))
    typed |= {f"score.{one}": text for one, text in data.get("declared", {}).items()}
    typed |= {f"reason.{one}": text for one, text in data.get("reasons", {}).items()}
    values = {field: _typed(form[field], typed.get(field)) for field in form.values}
    unknown = typed.keys() - values.keys()
    assert not unknown, unknown
    rows = {}
    for block, listed in form.rows.items():
        given = data.get("rows", {}).get(block, [])
        given = [*given, *({} for _ in range(len(listed) - len(given)))]
        rows[block] = tuple(
            Row(
                {column: _typed(entry, texts.get(column)) for column, entry in row.entries.items()}, row.place
            )
            for row, texts in zip(listed, given, strict=True)
        )
    return msgspec.structs.replace(form, values=values, rows=rows)


def approved(
    filing: Filing,
    rows: dict[str, dict[str, str]] | None = None,
    less: tuple[str, ...] = (),
    more: tuple[dict[str, str], ...] = (),
    goal: str = "",
) -> ApprovedGoals:
    """An approved table with the filing's own indicators, changed by name, without some, with more."""
    own = [(block, row) for block, listed in filing.rows.items() for row in listed if not row["target"].blank]
    listed = [
        {"block": block, **{part: as_text(row[part].raw) for part in ("name", "target", "weight")}}
        for block, row in own
        if "target" in row.entries and as_text(row["name"].raw) not in less
    ]
    for row in listed:
        row |= (rows or {}).get(row["name"], {})
    return ApprovedGoals(
        tuple(
            ApprovedRow(
                name=row["name"],
                place="申报表!C5",
                block=row.get("block", ""),
                target=_typed(BLANK, row.get("target")),
                weight=_typed(BLANK, row.get("weight")),
            )
            for row in (*listed, *more)
        ),
        goal,
        "申报表!B2",
    )


def _typed(entry: Entry, text: str | None) -> Entry:
    if text is None:
        return msgspec.structs.replace(entry, raw=None, percent=False, formula="")
    if text.startswith("#"):
        return msgspec.structs.replace(entry, raw=None, error=text)
    number = re.fullmatch(r"[+-]?\d+(\.\d+)?", text)
    return msgspec.structs.replace(entry or BLANK, raw=Decimal(text) if number else text, formula="")
