"""The one-way street: what is pure knows nothing of files and programs, and nothing of what builds on it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import jixiao

PACKAGE = Path(jixiao.__file__).parent
STREET = ("rubric", "filing", "scoring", "checking", "report")
"""Each may use those before it."""
EDGES = ("report.word",)
"""Parts of a pure package that know a file format."""
OUTSIDE = {
    "openpyxl",
    "xlwings",
    "docx",
    "docxtpl",
    "xlrd",
    "lxml",
    "zipfile",
    "pandas",
    "numpy",
    "subprocess",
    "socket",
}
"""Libraries that only the edges may use."""
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def layer(name: str) -> int:
    """Place on the street; what is not on it comes last."""
    first = name.partition(".")[0]
    return STREET.index(first) if first in STREET and not name.startswith(EDGES) else len(STREET)


@pytest.mark.parametrize("file", [one for one in MODULES if layer(name_of(one)) < len(STREET)], ids=name_of)
def test_the_street_goes_one_way(file: Path) -> None:
    here = layer(name_of(file))
    for one in imports(file):
        if one.startswith("jixiao."):
            assert layer(one.removeprefix("jixiao.")) <= here, one
        assert one.partition(".")[0] not in OUTSIDE, one


EXTRA = {"pandas", "numpy", "xlsxwriter", "tqdm", "pebble", "multiprocessing", "distributed"}
"""What only a batch needs, and not everybody installs."""


def test_only_a_batch_needs_what_a_batch_needs() -> None:
    for file in MODULES:
        if not name_of(file).startswith("batch"):
            assert not {one.partition(".")[0] for one in imports(file)} & EXTRA, file


def test_only_a_cluster_needs_what_a_cluster_needs() -> None:
    for file in MODULES:
        above = (one for one in ast.parse(file.read_text(encoding="utf-8")).body)
        at_once = {one.names[0].name if isinstance(one, ast.Import) else one.module or "" for one in above
                   if isinstance(one, ast.Import | ast.ImportFrom)}  # fmt: skip
        assert not any(one.startswith(("distributed", "jixiao.batch.cluster")) for one in at_once), file


def test_the_other_verbs_do_not_load_what_a_batch_needs(tmp_path: Path) -> None:
    script = (
        "import sys; from jixiao.cli import main\n"
        f"assert main(['new', 'guangzhou-2023', {str(tmp_path / '表.xlsx')!r}]) == 0\n"
        f"assert main(['check', {str(tmp_path / '表.xlsx')!r}]) == 1\n"
        f"print(sorted({EXTRA!r} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
    )
    assert run.stdout.splitlines()[-1] == "[]"


RECOGNITION = ("labels", "grids", "expected", "regions", "tables", "recognise", "editions", "told")
"""What recognises a form knows grids of cells, and no file."""


@pytest.mark.parametrize("module", RECOGNITION)
def test_recognition_knows_no_files(module: str) -> None:
    for one in imports(PACKAGE / "adopt" / f"{module}.py"):
        assert one.partition(".")[0] not in OUTSIDE and not one.startswith("jixiao.workbook.file"), one


def test_nothing_reaches_the_network() -> None:
    for file in MODULES:
        assert not imports(file) & {"urllib.request", "http.client", "requests", "socket", "ssl"}, file
