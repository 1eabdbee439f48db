"""Every case in tests/cases: what a filing holds, and what each indicator then earns."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import load_rubric
from jixiao.scoring.score import score

CASES = Path(__file__).parent / "cases"


def cases():
    for file in sorted(CASES.glob("*/*.yaml")):
        for case in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            yield pytest.param(file.parent.name, case, id=f"{file.stem}-{case['name']}")


def entry(text):
    return Entry(Decimal(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else text)


@pytest.mark.parametrize("edition, case", list(cases()))
def test_case(edition, case):
    rubric = load_rubric(edition, options=case.get("options"))
    values = {field: entry(text) for field, text in case.get("values", {}).items()}
    values |= {f"score.{one}": entry(text) for one, text in case.get("declared", {}).items()}
    rows = {
        block: tuple(Row({column: entry(text) for column, text in row.items()}) for row in listed)
        for block, listed in case.get("rows", {}).items()
    }
    found = {one.id: one for one in score(rubric, Filing(edition, values, rows)).indicators}
    for one, points in case["expect"].items():
        assert found[one].score == Decimal(points)
        assert 0 <= found[one].score <= found[one].weight
    basis = case.get("basis", {})
    for one, word in (
        basis.items() if isinstance(basis, dict) else dict.fromkeys(case["expect"], basis).items()
    ):
        assert found[one].basis == word
