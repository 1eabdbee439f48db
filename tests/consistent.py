"""Random filings in which every sum, limit and tie holds, for each edition that has a report."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

import filings
from jixiao.rubric.load import load_rubric
from jixiao.scoring.score import score

MEASURED = re.compile(r"(?P<sign>[≥≤≦]?)(?P<number>\d+)(?P<unit>[家场次件人亩户]|公斤)")
"""A target that another number can stand in for."""
REASON = "因场地维修和安排调整，与年初计划有出入，明年按实际测算目标。"


@st.composite
def consistent(draw: st.DrawFn, edition: str) -> dict[str, Any]:
    """The right filing of an edition with other amounts and results, scored."""
    data = filings.right(edition)

    def cents(low: int, high: int) -> int:
        return draw(st.integers(low, max(low, high)))

    amounts = {"guangzhou-2023": guangzhou, "mof-project": project}.get(edition, hunan)
    for field, amount in amounts(cents).items():
        data["values"][field] = f"{amount // 100}.{amount % 100:02}"
    if edition != "guangzhou-2023":
        done = [
            _row(row, draw) for block in ("output", "benefit", "satisfaction") for row in data["rows"][block]
        ]
        told = "，".join(filter(None, done))
        texts = {"form.goal": "完成年度各项工作。", "form.goal_done": f"全年{told}。"}
        if "text.goals" in data["values"]:
            texts |= {"text.work": "按计划开展工作。", "text.goals": f"{told}。", "text.unfinished": REASON}
        data["values"] |= texts
        _score(edition, data)
    return data


def guangzhou(cents: Callable[[int, int], int]) -> dict[str, int]:
    put: dict[str, int] = {}
    total = {}
    for column in ("initial", "adjusted", "previous"):
        total[column] = put[f"expenditure.basic.{column}"], put[f"expenditure.project.{column}"] = (
            cents(20_000, 900_000), cents(0, 400_000),
        )  # fmt: skip
    total["actual"] = basic, project = tuple(cents(one * 3 // 5, one) for one in total["adjusted"])
    put["expenditure.basic.actual"], put["expenditure.project.actual"] = basic, project
    for column, parts in total.items():
        for field in ("income.total", "income.general", "expenditure.total", "expenditure.general"):
            put[f"{field}.{column}"] = sum(parts)
    put["form.budget_basic"], put["form.budget_project"] = total["adjusted"]
    put["form.budget_total"] = sum(total["adjusted"])
    return put | economic(cents, basic + project) | {"carryover.end": 0}


def hunan(cents: Callable[[int, int], int]) -> dict[str, int]:
    put: dict[str, int] = {}
    amount: dict[str, dict[str, int]] = {}
    for column in ("previous", "budget", "actual"):
        running, purchase = cents(0, 5_000), cents(0, 1) * cents(0, 20_000)
        abroad, reception = cents(0, 1) * cents(0, 9_000), cents(0, 4_000)
        office, utilities, meetings = cents(500, 90_000), cents(500, 50_000), cents(0, 9_000)
        if column == "actual":  # no overrun of a budget that the form would ask about
            budget = amount["budget"]
            running, purchase = (
                min(running, budget["vehicle_running"]),
                min(purchase, budget["vehicle_purchase"]),
            )
            abroad, reception = min(abroad, budget["abroad"]), min(reception, budget["reception"])
            office, utilities = min(office, budget["office"]), min(utilities, budget["utilities"])
            meetings = min(meetings, budget["meetings"])
        operating = office + utilities + meetings + running + abroad + reception
        if column == "actual":
            operating = min(operating, amount["budget"]["operating"])
        business, upkeep, fund = cents(0, 200_000), cents(0, 90_000), cents(0, 300_000)
        amount[column] = {
            "vehicle_running": running, "vehicle_purchase": purchase, "vehicles": running + purchase,
            "abroad": abroad, "reception": reception, "three_public": running + purchase + abroad + reception,
            "office": office, "utilities": utilities, "meetings": meetings, "operating": operating,
            "project_business": business, "project_running": upkeep, "project": business + upkeep + fund,
            "basic": operating + cents(20_000, 500_000), "procurement": cents(0, 50_000),
        }  # fmt: skip
        put |= {f"control.{name}.{column}": one for name, one in amount[column].items()}
        put[f"fund.{column}"] = fund
    basic, spent = amount["actual"]["basic"], amount["actual"]["project"]
    whole = basic + spent
    put |= {"expenditure.basic": basic, "expenditure.project": spent, "budget.total.actual": whole}
    put["budget.total.adjusted"] = whole + cents(0, whole // 5)
    put["budget.total.initial"] = put["budget.total.adjusted"] - cents(0, whole // 20)
    put["income.general"] = whole - put.setdefault("income.other", cents(0, whole // 10))
    return put | economic(cents, whole)


def project(cents: Callable[[int, int], int]) -> dict[str, int]:
    put: dict[str, int] = {}
    for part in ("grant", "carryover", "other"):
        adjusted = cents(100, 900_000)
        put[f"budget.{part}.adjusted"] = adjusted
        put[f"budget.{part}.initial"] = adjusted - cents(0, adjusted // 20)
        put[f"budget.{part}.actual"] = cents(adjusted * 4 // 5, adjusted)
    for column in ("initial", "adjusted", "actual"):
        put[f"budget.total.{column}"] = sum(
            put[f"budget.{part}.{column}"] for part in ("grant", "carryover", "other")
        )
    return put


def economic(cents: Callable[[int, int], int], whole: int) -> dict[str, int]:
    put = {"wages": cents(0, whole // 2), "personal": cents(0, whole // 4), "capital": cents(0, whole // 8)}
    put |= {"goods": whole - sum(put.values()), "other": 0}
    return {f"economic.{name}": amount for name, amount in put.items()}


def _row(row: dict[str, str], draw: st.DrawFn) -> str:
    """Another target and result of a row that is measured; what a text may say of it."""
    found = MEASURED.fullmatch(row.get("target", ""))
    if found is None or found["sign"] == "≤":
        return ""
    target = draw(st.integers(20, 2000))
    actual = draw(st.integers(target // 2, target + target // 4))
    row |= {"target": f"{found['sign']}{target}{found['unit']}", "actual": f"{actual}{found['unit']}"}
    row["reason"] = REASON if actual != target else ""
    return f"{row['name']}{actual}{found['unit']}"


def _score(edition: str, data: dict[str, Any]) -> None:
    """The scores that the rubric gives are the unit's own."""
    fund = {column: data["values"].pop(f"fund.{column}", "") for column in ("previous", "budget", "actual")}
    if any(fund.values()):
        data["rows"]["funds"] = [{"name": "科技创新专项", **fund}]
    rubric = load_rubric(edition)
    for row in (
        one for rows in data["rows"].values() for one in rows if MEASURED.fullmatch(one.get("target", ""))
    ):
        row.pop("score", None)
    data["declared"].pop("execution")
    done = score(rubric, filings.filing_of(edition, data))
    for made in done.rows:
        row = data["rows"][made.block][made.number - 1]
        if MEASURED.fullmatch(row.get("target", "")):
            row["score"] = str(made.score)
    data["declared"]["execution"] = str(next(one.score for one in done.indicators if one.id == "execution"))
    done = score(rubric, filings.filing_of(edition, data))
    data["values"]["total"] = str(done.total)
    data["values"]["grade"] = "　".join(
        ("☑" if grade.name == done.grade else "□") + grade.name for grade in rubric.grades
    )
