"""What .ci/run relies on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CI = (TESTS.parent / ".ci" / "run").read_text("utf-8")


def reasons() -> list[str]:
    """Why tests that need LibreOffice are skipped, word for word."""
    found = []
    for file in TESTS.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.match("没有装? ?LibreOffice|LibreOffice is not", node.value):
                    found.append(node.value)
    return found


@pytest.mark.parametrize("reason", reasons())
def test_a_skipped_live_test_is_seen_as_a_failure(reason):
    pattern = re.search(r"grep -E '(.*?)'", CI)[1]
    assert re.search(pattern, f"SKIPPED [4] tests/test_live.py:131: {reason}")


def test_every_live_test_says_why_it_is_skipped():
    """The mark alone skips nothing: where it stands, a reason that .ci/run knows stands too."""
    assert len(reasons()) >= 4
    for file in TESTS.glob("test_*.py"):
        text = file.read_text("utf-8")
        if re.search(r"pytest\.mark\.live\b", text) and file.name != Path(__file__).name:
            assert any(one in text for one in [*reasons(), "calc_engine.LACKING"]), file.name


def test_what_the_live_tests_need_is_installed_and_summaries_name_what_was_skipped():
    needed = re.search('need="(.*?)"', CI)[1].split()
    assert {"libreoffice-calc", "python3-uno", "xvfb"} <= set(needed) and any(
        "fonts" in one for one in needed
    )
    assert "-ra" in (TESTS.parent / "pyproject.toml").read_text("utf-8")
