"""What the rubric says, record by record, for the generated tables of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from jixiao.rubric.model import Block, Indicator, Level, Rows, Rubric, walk
from jixiao.workbook.form_parts import Table
from jixiao.workbook.layout.plan import FormError

Part = str | Decimal


class Record(msgspec.Struct, frozen=True):
    """A record of the rubric: its parts by name, and which of them it shares with its neighbours."""

    id: str
    parts: dict[str, Part]
    weight: Decimal | None = None
    groups: dict[str, tuple[str, ...]] = {}
    """Part -> key; cells of neighbours with the same key may become one."""
    block: str = ""
    """The block whose rows are added up for an indicator that has no score of its own."""


def records(rubric: Rubric, table: Table) -> list[Record]:
    """The records that a table shows, in printed order."""
    match table.of:
        case "indicators":
            return [one for one in _indicators(rubric) if _shown(one, rubric, table)]
        case "levels":
            return [one for one in _levels(rubric.levels, table.level) if _shown(one, rubric, table)]
        case "options":
            return [
                Record(
                    option.id,
                    {
                        "number": Decimal(number), "name": option.name, "question": option.question,
                        "default": option.default, "reading": option.choices[option.default],
                        "clause": option.clause,
                    },
                )
                for number, option in enumerate(rubric.options, 1)
            ]  # fmt: skip
        case "ranks":
            return [Record(str(rank), {"number": Decimal(rank)}) for rank in range(1, table.ranks + 1)]
        case "grades":
            return [Record(grade.name, {"name": grade.name, "text": grade.text}) for grade in rubric.grades]


def _shown(record: Record, rubric: Rubric, table: Table) -> bool:
    """Whether the record stands on the form, or forms, of which the table tells."""
    apart = {level.name for level in rubric.levels if level.apart}
    return table.forms == "all" or (record.parts["level1"] in apart) == (table.forms == "apart")


def _indicators(rubric: Rubric) -> Iterator[Record]:
    weights = dict(_weights(rubric.levels))
    for number, (path, indicator) in enumerate(walk(rubric.levels), 1):
        parts: dict[str, Part] = {
            "number": Decimal(number), "name": indicator.name, "weight": indicator.weight,
            "explanation": indicator.explanation, "criteria": indicator.criteria,
            "clause": indicator.clause, "evidence": indicator.evidence,
        }  # fmt: skip
        groups = {}
        for depth in range(1, len(path) + 1):
            parts[f"level{depth}"] = path[depth - 1]
            parts[f"level{depth}.weight"] = weights[path[:depth]]
            groups[f"level{depth}"] = groups[f"level{depth}.weight"] = path[:depth]
        block = indicator.rule.block if indicator.summed and isinstance(indicator.rule, Rows) else ""
        yield Record(indicator.id, parts, indicator.weight, groups, block)


def _weights(levels: list[Level], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    for level in levels:
        yield (*path, level.name), level.weight
        yield from _weights(level.levels, (*path, level.name))


def _levels(levels: list[Level], depth: int, path: tuple[str, ...] = ()) -> Iterator[Record]:
    for level in levels:
        here = (*path, level.name)
        if depth > 1:
            yield from _levels(level.levels, depth - 1, here)
            continue
        parts: dict[str, Part] = {"name": level.name, "weight": level.weight}
        parts |= {f"level{number}": name for number, name in enumerate(here, 1)}
        groups = {f"level{number}": here[:number] for number in range(1, len(here) + 1)}
        yield Record("/".join(here), parts, level.weight, groups)


def served(rubric: Rubric) -> dict[str, list[int]]:
    """Field id -> the numbers of the indicators whose rules read it, amounts under their row's id too."""
    found: dict[str, list[int]] = {}
    for number, (_, indicator) in enumerate(walk(rubric.levels), 1):
        for field in _fields_of(indicator, rubric):
            found.setdefault(field, []).append(number)
    return found


def _fields_of(indicator: Indicator, rubric: Rubric) -> set[str]:
    words = set(_words([indicator.rule, indicator.not_applicable, indicator.forfeited]))
    rows = {f"{name}.{column}": name for name, field in rubric.fields.items() for column in field.amounts}
    return {word for word in words if word in rubric.fields} | {rows[word] for word in words if word in rows}


def _words(value: Any) -> Iterator[str]:
    """All texts in a rule, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from _words([getattr(value, part) for part in value.__struct_fields__])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _words(item)


_BRACES = re.compile(r"\{(rubric|block|weight)\.(\w+)\}")


def fill_in(text: str, rubric: Rubric, block: Block | None = None) -> str:
    """A text with ``{rubric.title}``, ``{block.weight}`` … replaced by what the rubric says.

    ``{block.path}`` is the block's indicator under its levels: 履职效能-整体效能-…;
    ``{rubric.previous_year}`` the year before; ``{weight.execution}`` the weight of an indicator.
    """
    indicators = walk(rubric.levels)

    def part(match: re.Match[str]) -> str:
        source = rubric if match[1] == "rubric" else block
        value = getattr(source, match[2], None)
        if block and match[0] == "{block.path}":
            found = [(*path, i.name) for path, i in indicators if i.id == block.indicator]
            value = "-".join(found[0]) if found else block.name
        elif match[1] == "weight":
            value = next((i.weight for _, i in indicators if i.id == match[2]), None)
        elif match[0] == "{rubric.previous_year}":
            value = rubric.year - 1
        if not isinstance(value, str | int | Decimal):
            raise FormError(f"文字里的“{match[0]}”在评分规则里没有。")
        return str(value)

    return _BRACES.sub(part, text)
