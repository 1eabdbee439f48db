"""The audit of the published reports: what must be said, and what must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.audit.audit import audit
from jixiao.audit.reading import read_text
from jixiao.rubric.load import load_rubric

SAMPLES = Path(__file__).parents[2] / "shared" / "domain" / "samples"
PUBLISHED = pytest.mark.skipif(not SAMPLES.is_dir(), reason="没有公开报告的全文（项目以外的样本）")


def remarks(text: str, edition: str = "guangzhou-2023") -> set[tuple[str, str]]:
    """Code and place of each remark: ``JX-701, 第 59 行``."""
    found = audit([read_text(text, "报告.txt")], load_rubric(edition))
    return {(one.finding.code, one.finding.place) for one in found}


@PUBLISHED
def test_the_text_of_a_published_report() -> None:
    """TR-14 to TR-17, TR-25, TR-26 are said; TR-01 to TR-13, TR-18, TR-20, TR-21, TR-30 to TR-40 are not."""
    assert remarks((SAMPLES / "tianhe-2023-report.txt").read_text(encoding="utf-8")) == {
        ("JX-701", "第 59 行"),
        ("JX-702", "第 59 行"),
        ("JX-713", "第 96 行"),
        ("JX-714", "第 88 行"),
    }
