"""Every case in tests/cases: what a filing holds, and what each indicator then earns."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, read_source
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
    assessment = score(rubric, Filing(edition, values, rows))
    found = {one.id: one for one in assessment.indicators}
    for one, points in case["expect"].items():
        assert found[one].score == Decimal(points)
        assert 0 <= found[one].score <= found[one].weight
    basis = case.get("basis", {})
    for one, word in (
        basis.items() if isinstance(basis, dict) else dict.fromkeys(case["expect"], basis).items()
    ):
        assert found[one].basis == word
    if "total" in case:
        assert assessment.total == Decimal(case["total"])


def test_every_reading_of_every_option_has_a_case():
    """An option that several editions share needs its cases in one of them."""
    files = [*CASES.glob("*/*.yaml"), *(CASES.parent / "findings").glob("*.yaml")]
    listed = [case for file in files for case in yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)]
    tried = {reading for case in listed for reading in case.get("options", {}).items()}
    for edition in edition_folders([data_folder("rubric_rules")]):
        for option in load_rubric(edition).options:
            others = {(option.id, choice) for choice in option.choices if choice != option.default}
            assert others <= tried, (edition, others - tried)


def test_every_reading_comes_with_a_worked_example():
    """In the forms where the unit sets its own rows, and the official text is silent on nearly everything."""
    shared = data_folder("rubric_rules") / "_self-evaluation"
    folders = [data_folder("rubric_rules")]
    found = {id: read_source(folder, folders) for id, folder in edition_folders(folders).items()}
    for edition in (id for id, source in found.items() if shared in source.parents):
        for option in load_rubric(edition).options:
            for choice, said in option.choices.items():
                assert "例：" in said and re.search(r"\d", said.partition("例：")[2]), (option.id, choice)
