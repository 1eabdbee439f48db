"""Mutated workbooks, as many as fit in a minute; ``python tests/fuzz/runs.py 10000`` runs more."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from fuzz import formulas, runs
from fuzz.mutations import MUTATIONS, mutated
from fuzz.seeds import seeds
from jixiao.scoring.model import Basis
from jixiao.verbs import examine, opened
from oracle.form import Form
from oracle.reckoning import disagreements

LEAST = 300
"""Workbooks that are tried on however slow a machine."""
FILLED = [name for name in seeds() if name.endswith("填好")]


def test_whatever_happens_to_a_workbook_it_is_scored_right_or_refused_in_one_sentence() -> None:
    counted, broken = runs.run(range(3000), least=LEAST, most=60)
    assert broken == []
    assert counted["workbooks"] >= LEAST
    assert counted["scores"] > counted["workbooks"] > 0  # else nothing was held against the oracle
    assert counted["recognised by labels"] > LEAST / 20
    assert counted["refused"] and counted["all verbs"] and counted["read by openpyxl"]


def test_random_filings_are_scored_as_the_oracle_scores_them(tmp_path: Path) -> None:
    """Amounts, counts and answers of every kind, where mutations seldom come; most of the one edition whose
    scores nearly all come from such.
    """
    computed = 0
    for number in [*range(24), *range(24, 160, len(formulas.EDITIONS))]:
        file = tmp_path / f"{number}.xlsx"
        engine = formulas.written(number, file)
        assert list(disagreements(engine, Form(file.read_bytes()))) == [], number
        computed += sum(one.basis is Basis.COMPUTED for one in engine.indicators)
    assert computed > 500


def test_the_same_number_gives_the_same_workbook_and_every_mutation_is_taken() -> None:
    assert mutated(41) == mutated(41)
    taken = {name for number in range(120) for name in mutated(number)[1].split("；")[1].split("、")}
    assert taken == {one.__name__ for one in MUTATIONS}


@pytest.mark.parametrize("name", FILLED)
def test_the_oracle_finds_a_wrong_score_wherever_it_is(name: str, tmp_path: Path) -> None:
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(seeds()[name])
    form = Form(seeds()[name])
    right = examine(*opened(path)).assessment
    assert list(disagreements(right, form)) == []
    assert sum(one.basis is Basis.COMPUTED for one in right.indicators) >= 4
    for part in ("rows", "indicators"):
        for number, one in enumerate(getattr(right, part)):
            if one.score is None or (part == "rows" and one.not_applicable):
                continue
            changed = list(getattr(right, part))
            changed[number] = msgspec.structs.replace(one, score=one.score + 1)
            wrong = msgspec.structs.replace(right, **{part: tuple(changed)})
            assert list(disagreements(wrong, form)), one
    assert list(disagreements(msgspec.structs.replace(right, total=right.total - 1), form))
    assert list(disagreements(msgspec.structs.replace(right, grade="差"), form))
    assert list(disagreements(msgspec.structs.replace(right, rows=right.rows[1:]), form))


@pytest.mark.parametrize("number", [75, 5046, 5351])
def test_what_was_once_wrong_stays_right(number: int, tmp_path: Path) -> None:
    """A switch that is 2, a heading's name that leads to another block, a heading merged over rows."""
    counted, broken = runs.trial(number, tmp_path)
    assert broken == [] and counted["accepted"]


def test_a_hang_and_a_traceback_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object) -> None:
        while True:
            pass

    def failing(*_: object) -> None:
        raise KeyError("adj")

    monkeypatch.setattr(runs, "LONGEST", 0.2)
    monkeypatch.setattr(runs, "examine", endless)
    number = next(n for n in range(100) if "填好；retype" in mutated(n)[1])
    assert "hang" in runs.trial(number, tmp_path)[1][0]
    monkeypatch.setattr(runs, "LONGEST", 60)
    monkeypatch.setattr(runs, "examine", failing)
    assert "KeyError" in runs.trial(number, tmp_path)[1][0]
