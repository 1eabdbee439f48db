"""The form: everything that is asked has its cell on it, and is asked for a reason.

The form is looked at as it is written: its layout is the workbook's business, and this package
does not know workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Any

from jixiao.rubric.fault import Fault
from jixiao.rubric.model import Indicator, Rubric, declared_cells, walk
from jixiao.rubric.reads import Steps
from jixiao.rubric.source import did_you_mean

TOP = "form"
ANSWERED = ("score", "reason")
"""What the form asks of every indicator: 得分/自评分, 未达标原因."""
SUMS = ("total", "grade")
NOT_SCORED = ("text", "longtext", "date")
"""Types of fields that are asked for the report or the signature, not for a rule."""
_BRACES = re.compile(r"\{([^{}]+)\}")

_FORMS = {False: "main", True: "apart"}

Node = tuple[Steps, dict[str, Any]]


def form_faults(rubric: Rubric, form: Any, used: Set[str]) -> Iterator[Fault]:
    """``used``: the fields that some rule or check reads, in any reading of the options."""
    nodes = list(_used(form))
    layouts = form.get("layouts", {}) if isinstance(form, dict) else {}
    placed: set[str] = set()
    for at, name, found in _cells(nodes, layouts, rubric):
        if not found:
            yield Fault(
                at, f"没有编号为“{name}”的填报项{did_you_mean(name, {**rubric.fields, **rubric.asked})}"
            )
        elif name in placed:
            yield Fault(at, f"“{name}”在表格里出现了两次，请只留一处。")
        placed.add(name)
    for name in rubric.asked:
        if name not in placed:
            yield Fault(
                _home(name, rubric),
                f"“{rubric.asked[name].label}”（{name}）在 form.yaml 里没有格子，单位无处可填。"
                "请在 form.yaml 里加上，或删去这一项。",
            )
    yield from _answered(nodes, rubric)
    yield from _blocks(nodes, rubric)
    yield from _unused(rubric, used | _in_formulas(nodes, rubric))


def _used(form: Any) -> Iterator[Node]:
    """The sheets that the workbook has, and the parts that stand for rows of theirs."""
    if not isinstance(form, dict):
        return
    order = _list(form.get("order"))
    parts = form["parts"] if isinstance(form.get("parts"), dict) else {}
    waiting: list[tuple[Steps, Any]] = [
        ((TOP, "sheets", place), sheet)
        for place, sheet in enumerate(_list(form.get("sheets")))
        if not order or (isinstance(sheet, dict) and sheet.get("name") in order)
    ]
    seen: set[str] = set()
    for at, value in waiting:
        for here, node in _nodes(value, at):
            yield here, node
            name = node.get("part")
            if isinstance(name, str) and name in parts and name not in seen:
                seen.add(name)
                waiting.append(((TOP, "parts", name), parts[name]))


def _answered(nodes: list[Node], rubric: Rubric) -> Iterator[Fault]:
    """Every indicator has its cells; total and grade are there."""
    known = _indicators(rubric)
    found = {name for _, node in nodes if isinstance(name := node.get("name"), str)}
    for at, node in nodes:
        for kind in ANSWERED:
            if isinstance(name := node.get(kind), str) and name not in ("true", "false"):
                found.add(f"{kind}.{name}")
                if name not in known:
                    yield Fault((*at, kind), f"没有编号为“{name}”的指标{did_you_mean(name, known)}")
        table = node.get("table")
        if isinstance(table, dict) and table.get("of") == "indicators":
            forms = table.get("forms", "all")
            listed = [one for one, apart in known.values() if forms in ("all", _FORMS[apart])]
            named = [column.get("name") for column in _list(table.get("columns"))]
            found |= {f"{kind}.{one.id}" for kind in ANSWERED if kind in named for one in listed}
    cells = declared_cells(one for one, _ in known.values())
    for kind in ANSWERED:
        missing = [cell for cell in cells if cell.startswith(f"{kind}.") and cell not in found]
        if missing and not any(cell.startswith(f"{kind}.") for cell in found):
            yield Fault((TOP,), f"表格里没有名为“{kind}”的格子或列（name: {kind}），计分要用，请补上。")
            continue
        for cell in missing:
            one, _ = known[cell.partition(".")[2]]
            yield Fault((TOP,), f"指标“{one.name}”在表格里没有格子（{kind}: {one.id}），请补上。")
    for name in SUMS:
        if name not in found:
            yield Fault((TOP,), f"表格里没有名为“{name}”的格子或列（name: {name}），计分要用，请补上。")


def _indicators(rubric: Rubric) -> dict[str, tuple[Indicator, bool]]:
    """Indicators by id, and whether they stand on a form of their own."""
    apart = {one.id for _, one in walk([level for level in rubric.levels if level.apart])}
    return {one.id: (one, one.id in apart) for _, one in walk(rubric.levels)}


def _nodes(value: Any, at: Steps) -> Iterator[Node]:
    if isinstance(value, dict):
        yield at, value
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in entries:
        yield from _nodes(item, (*at, key))


def _cells(nodes: list[Node], layouts: Any, rubric: Rubric) -> Iterator[tuple[Steps, str, bool]]:
    """Every cell in which a field stands: where, which, and whether there is such a field."""
    for at, node in nodes:
        for place, cell in enumerate(_list(node.get("cells"))):
            if isinstance(cell, dict) and cell.get("field"):
                yield (*at, "cells", place, "field"), cell["field"], cell["field"] in rubric.asked
        columns = _list(layouts.get(node.get("layout")))
        for place, item in enumerate(_list(node.get("items")) if "layout" in node else []):
            name = str(item.get("field", "") if isinstance(item, dict) else item)
            field = rubric.fields.get(name)
            if name and field is None:
                yield (*at, "items", place), name, False
            for column in columns if field else []:
                if column.get("show") == "value":
                    yield (*at, "items", place), name, True
                elif column.get("show") == "amount" and field and column.get("amount") in field.amounts:
                    yield (*at, "items", place), f"{name}.{column['amount']}", True


def _blocks(nodes: list[Node], rubric: Rubric) -> Iterator[Fault]:
    found = (((*at, "block"), node["block"]) for at, node in nodes if isinstance(node.get("block"), dict))
    scored = [block.id for block in rubric.blocks if block.row_rule]
    lists = [(at, node, _list(node.get("ids")) or scored) for at, node in found]
    for number, block in enumerate(rubric.blocks):
        here = [(at, node) for at, node, ids in lists if block.id in ids]
        if not here:
            yield Fault(("blocks", number, "id"), f"区块“{block.name}”在 form.yaml 里没有，单位无处可填。")
        for at, node in here:
            shown = [column.get("column") for column in _list(node.get("columns"))]
            known = [column.id for column in block.columns]
            for place, name in enumerate(shown):
                if name and name not in known:
                    yield Fault(
                        (*at, "columns", place),
                        f"区块“{block.name}”没有名为“{name}”的列{did_you_mean(name, known)}",
                    )
            for column in block.columns:
                if column.id not in shown:
                    yield Fault(
                        (*at, "columns"), f"表格里缺少区块“{block.name}”的“{column.name}”一列，请补上。"
                    )
            summed = any(column.get("score") == "true" for column in _list(node.get("columns")))
            if block.row_rule and not summed:
                yield Fault(
                    (*at, "columns"), f"区块“{block.name}”没有写明哪一格是合计得分（score: true），请补上。"
                )
    known = [block.id for block in rubric.blocks]
    for at, node, _ in lists:
        for place, name in enumerate(_list(node.get("ids"))):
            if name not in known:
                yield Fault((*at, "ids", place), f"没有编号为“{name}”的区块{did_you_mean(name, known)}")


def _in_formulas(nodes: list[Node], rubric: Rubric) -> set[str]:
    texts = [text for _, node in nodes for text in node.values() if isinstance(text, str)]
    mentions = {mention for text in texts for mention in _BRACES.findall(text)}
    prefixes = tuple(mention[:-1] for mention in mentions if mention.endswith((".*", ".$")))
    return {name for name in rubric.asked if name in mentions or (prefixes and name.startswith(prefixes))}


def _unused(rubric: Rubric, used: Set[str]) -> Iterator[Fault]:
    for name, field in rubric.fields.items():
        asked = {f"{name}.{column}" for column in field.amounts} or {name}
        if not asked & used and field.type not in NOT_SCORED:
            yield Fault(
                ("fields", name),
                f"“{field.label}”（{name}）要单位填，但没有规则、核对或公式用到它。不需要的请删去。",
                "提醒",
            )


def _home(name: str, rubric: Rubric) -> Steps:
    """Where an asked field is declared: a column of amounts with its row."""
    return ("fields", name if name in rubric.fields else name.rpartition(".")[0])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
