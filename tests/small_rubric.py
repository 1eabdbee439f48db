"""A small edition for tests of the engine: an indicator by ratio, one by rows, rows of data, a form apart."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from jixiao.checking.check import check
from jixiao.checking.finding import Finding
from jixiao.filing.interchange import read_filing_text
from jixiao.filing.model import Filing
from jixiao.rubric.load import load_rubric, overlay
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import Assessment
from jixiao.scoring.score import score

COLUMNS = ["level2", "name", "target", "actual", "direction", "tier", "weight", "score", "basis", "reason"]
EDITION: dict[str, Any] = {
    "id": "small", "title": "小表", "authority": "某局", "year": "2024", "version": "1", "source": "附件",
    "total": "100", "score_places": "2",
    "grades": [{"name": "优", "at_least": "90", "text": "90 分以上"},
               {"name": "差", "at_least": "0", "text": "90 分以下"}],
    "levels": [
        {
            "name": "绩效", "weight": "100",
            "indicators": [
                {
                    "id": "execution", "name": "执行率", "weight": "10", "reasoned": "false",
                    "explanation": "预算执行。", "criteria": "按比例。", "clause": "第 1 项",
                    "rule": {"method": "proportional",
                             "ratio": [{"name": "执行率", "numerator": ["money.actual"],
                                        "denominator": ["money.budget"]}]},
                },
                {
                    "id": "output", "name": "产出", "weight": "90", "summed": "true",
                    "explanation": "产出。", "criteria": "逐行。", "clause": "第 2 项",
                    "rule": {"method": "rows", "block": "output"},
                },
            ],
        },
        {
            "name": "考核", "weight": "20", "apart": "true", "total_field": "assess.total",
            "indicators": [
                {
                    "id": "problems", "name": "反映问题", "weight": "20", "reasoned": "false",
                    "explanation": "问题。", "criteria": "分档。", "clause": "附件 5",
                    "rule": {"method": "judged", "tier_field": "assess.tier",
                             "tiers": [{"name": "全面", "at_least": "20", "at_most": "20"},
                                       {"name": "较全面", "at_least": "16", "at_most": "18"}]},
                },
            ],
        },
    ],
    "row_rules": {
        "standard": {
            "completion": [{"under": "100%", "earns": "ratio"}, {"at_least": "100%", "earns": "100%"}],
            "inverse_met": "100%", "inverse_missed": "ratio", "inverse_words": ["成本"], "late": "zero",
            "tiers": [], "clause": "逐行计分",
        },
    },
    "blocks": [
        {"id": "output", "name": "产出指标", "indicator": "output", "weight": "90", "row_rule": "standard",
         "columns": [{"id": one, "name": one, **({"inherit": "true"} if one == "level2" else {})}
                     for one in COLUMNS]},
        {"id": "funds", "name": "专项资金",
         "columns": [{"id": "name", "name": "名称"}, {"id": "actual", "name": "决算", "type": "money"}]},
    ],
    "amount_columns": {"budget": "全年预算数", "actual": "全年执行数"},
    "fields": {
        "unit.name": {"label": "单位", "type": "text"},
        "unit.year": {"label": "年度", "type": "year"},
        "money": {"label": "资金", "type": "money", "unit": "万元", "amounts": ["budget", "actual"]},
        "basic": {"label": "基本支出", "type": "money", "unit": "万元"},
        "budget.basis": {"label": "预算数口径", "type": "choice", "choices": ["年初预算数", "全年预算数"]},
        "text.thrift": {"label": "保障措施", "type": "longtext"},
        "assess.tier": {"label": "问题档次", "type": "choice", "choices": ["全面", "较全面"]},
        "assess.total": {"label": "考核合计", "type": "score"},
    },
    "checks": {"ties": []},
}  # fmt: skip


def small(folder: Path, changes: dict[str, Any] | None = None) -> Rubric:
    """The edition with ``changes`` laid over it, written down and loaded."""
    write(folder, changes)
    return load_rubric("small", rules=folder)


def write(folder: Path, changes: dict[str, Any] | None = None) -> None:
    """The same, not loaded."""
    home = folder / "small"
    home.mkdir(exist_ok=True)
    text = yaml.safe_dump(overlay(EDITION, changes or {}), allow_unicode=True, sort_keys=False)
    (home / "rubric.yaml").write_text(text, encoding="utf-8")


def standard(**changes: Any) -> dict[str, Any]:
    """Changes of the row rule."""
    return {"row_rules": {"standard": changes}}


def filing(rubric: Rubric, text: str = "") -> Filing:
    """A filing as YAML without its first line."""
    return read_filing_text(f"edition: small\n{text}", "填报.yaml", rubric)


def scored(rubric: Rubric, text: str = "") -> Assessment:
    return score(rubric, filing(rubric, text))


def row_score(rubric: Rubric, **columns: str) -> Decimal | None:
    """What one row earns; its weight is 10 unless given."""
    cells = {"name": "甲", "weight": "10", **columns}
    (row,) = scored(rubric, f"rows: {{output: [{cells}]}}").rows
    return row.score


def found(rubric: Rubric, text: str = "") -> list[Finding]:
    given = filing(rubric, text)
    return list(check(rubric, given, score(rubric, given)))


def codes(rubric: Rubric, text: str = "") -> list[str]:
    return [one.code for one in found(rubric, text)]
