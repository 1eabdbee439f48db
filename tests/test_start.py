"""How long Excel waits for Python at the first click, and what the accountant never needs."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ABSENT = ("pandas", "numpy", "matplotlib", "polars", "plotly", "dask")
"""What xlwings would import where it stands; on the accountant's machine none of it does."""
START = "import jixiao.excel.ribbon, jixiao.excel.udf, xlwings"
"""What the server imports when Excel starts it: the functions, and the buttons at the first click."""
CHECK = f"{START}, jixiao.workbook.live.live_port, jixiao.verbs, jixiao.workbook.marking.marks"
"""And what 校验并标出 needs."""


def seconds(code: str) -> float:
    """A fresh Python, without what the accountant has not: how long these imports take."""
    script = f"""
import sys, time
sys.modules.update(dict.fromkeys({ABSENT!r}))
start = time.perf_counter()
{code}
print(time.perf_counter() - start)
"""
    run = [sys.executable, "-c", script]
    done = subprocess.run(run, cwd=ROOT / "addin", capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.parametrize("code", [START, CHECK], ids=["start", "first check"])
def test_a_cold_start_costs_at_most_four_times_what_xlwings_costs(code):
    pairs = [(seconds(code), seconds("import xlwings")) for _ in range(7)]
    ours, theirs = (statistics.median(one) for one in zip(*pairs, strict=True))
    assert ours <= 4 * theirs, (ours, theirs)


def test_every_module_but_those_of_the_batch_does_without_pandas():
    modules = sorted(
        ".".join(file.relative_to(ROOT / "addin").with_suffix("").parts)
        for file in (ROOT / "addin" / "jixiao").rglob("*.py")
        if "batch" not in file.parts and file.stem not in ("__main__", "__init__", "batch")
    )
    assert len(modules) > 100
    seconds("\n".join(f"import {one}" for one in modules))


def test_neither_the_program_nor_the_add_in_asks_for_pandas():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["excel"]]
    assert not {re.match(r"[\w-]+", one)[0].lower() for one in asked} & set(ABSENT)
