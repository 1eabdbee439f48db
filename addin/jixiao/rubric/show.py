"""An edition for reading: the official wording and, beside it, what the software makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jixiao.rubric.columns import titled, wrapped
from jixiao.rubric.model import Field, Indicator, Level, Rows, Rubric, walk
from jixiao.rubric.reads import reads
from jixiao.rubric.rule_words import condition_text, rule_lines, total_lines
from jixiao.rubric.span import number


def as_text(rubric: Rubric) -> list[str]:
    """The edition as lines for a terminal of 80 columns, for finance staff: no ids of fields."""
    lines = [
        rubric.title, "",
        *titled("编号　", rubric.id, 2),
        *titled("发布　", rubric.authority, 2),
        *titled("年度　", str(rubric.year), 2),
        *titled("依据　", rubric.source, 2),
        *titled("版本　", rubric.version, 2),
        *titled("总分　", f"{number(rubric.total)} 分；每个得分四舍五入到 {rubric.score_places} 位小数", 2),
        *titled("等级　", "；".join(f"{grade.name}，{grade.text}" for grade in rubric.grades), 2),
        *(line for text in total_lines(rubric) for line in titled("总分　", text, 2)),
    ]  # fmt: skip
    lines += ["", "一、指标和分值", ""]
    numbers = {indicator.id: place for place, (_, indicator) in enumerate(walk(rubric.levels), 1)}
    lines += _tree(rubric.levels, numbers)
    if rubric.options:
        lines += ["", "二、官方文字有几种读法的地方（● 是采用的读法）"]
        for option in rubric.options:
            lines += ["", *wrapped(option.name, 2), *wrapped(option.question, 4)]
            for choice, text in option.choices.items():
                mark = "●" if choice == option.default else "○"
                lines += wrapped(f"{mark} {choice}：{text}", 4, 3)
            lines += titled("依据", option.clause, 4)
    lines += ["", f"{'三' if rubric.options else '二'}、逐项说明"]
    for path, indicator in walk(rubric.levels):
        lines += ["", f"{numbers[indicator.id]}. {indicator.name}　{number(indicator.weight)} 分"]
        lines += [*wrapped("－".join(path), 3), ""]
        for title, text in _parts(rubric, indicator):
            lines += titled(title, text, 3)
    return lines


def _tree(levels: list[Level], numbers: dict[str, int], depth: int = 1) -> Iterator[str]:
    for level in levels:
        apart = "（单独成表，不计入总分）" if level.apart else ""
        yield from wrapped(f"{level.name}　{number(level.weight)} 分{apart}", depth * 2)
        if level.original:
            yield from titled("原文说明", _unfolded(level.original), depth * 2 + 2)
        yield from _tree(level.levels, numbers, depth + 1)
        for one in level.indicators:
            yield from wrapped(f"{numbers[one.id]}. {one.name}　{number(one.weight)} 分", depth * 2 + 2, 4)


def _parts(rubric: Rubric, indicator: Indicator) -> Iterator[tuple[str, str]]:
    yield "指标解释", indicator.explanation or "（原文没有）"
    yield "评分标准", indicator.criteria
    rules = rule_lines(rubric, indicator)
    yield "机器规则", "\n".join(line if line.startswith("　") else f"· {line}" for line in rules)
    yield "填报数据", "\n".join(f"· {text}" for text in _asked(rubric, indicator))
    for title, conditions in (("不适用　", indicator.not_applicable), ("不得分　", indicator.forfeited)):
        if conditions:
            yield title, "\n".join(f"· {condition_text(rubric, one)}" for one in conditions)
    readings = [f"· {one.name}：{one.default}" for one in rubric.options if one.id in indicator.options]
    for title, text in (
        ("佐证材料", indicator.evidence),
        ("原文说明", _unfolded(indicator.original)),
        ("口径　　", "\n".join(readings)),
        ("依据　　", indicator.clause),
    ):
        if text:
            yield title, text


def _unfolded(text: str) -> str:
    """Without the spaces that YAML puts between Chinese words where a line was folded."""
    return re.sub(r"(?<=[^ -~]) (?=[^ -~])", "", text)


def _asked(rubric: Rubric, indicator: Indicator) -> list[str]:
    texts = []
    for field in _inputs(rubric, indicator).values():
        choices = f"（{'、'.join(field.choices)}）" if field.choices else ""
        unit = f"（{field.unit}）" if field.unit else ""
        texts.append(field.label + (choices or unit))
    if isinstance(indicator.rule, Rows):
        block = next(block for block in rubric.blocks if block.id == indicator.rule.block)
        texts.append(f"“{block.name}”各行：{'、'.join(column.name for column in block.columns)}")
    return texts


def _inputs(rubric: Rubric, indicator: Indicator) -> dict[str, Field]:
    return {read.field: rubric.asked[read.field] for read in reads(indicator)}


def as_json(rubric: Rubric) -> dict[str, Any]:
    """The same with English keys; numbers are strings, except the year and ``score_places``."""
    return {
        "edition": rubric.id,
        "title": rubric.title,
        "authority": rubric.authority,
        "year": rubric.year,
        "source": rubric.source,
        "version": rubric.version,
        "total": number(rubric.total),
        "score_places": rubric.score_places,
        "grades": [
            {"name": grade.name, "at_least": number(grade.at_least), "text": grade.text}
            for grade in rubric.grades
        ],
        "options": [
            {
                "id": option.id,
                "name": option.name,
                "question": option.question,
                "reading": option.default,
                "readings": option.choices,
                "clause": option.clause,
            }
            for option in rubric.options
        ],
        "total_rules": total_lines(rubric),
        "levels": [_level_json(rubric, level) for level in rubric.levels],
    }


def _level_json(rubric: Rubric, level: Level) -> dict[str, Any]:
    return {
        "name": level.name,
        "weight": number(level.weight),
        "apart": level.apart,
        "original": level.original,
        "levels": [_level_json(rubric, one) for one in level.levels],
        "indicators": [_indicator_json(rubric, one) for one in level.indicators],
    }


def _indicator_json(rubric: Rubric, indicator: Indicator) -> dict[str, Any]:
    columns = [
        {"id": column.id, "name": column.name}
        for block in rubric.blocks
        if isinstance(indicator.rule, Rows) and block.id == indicator.rule.block
        for column in block.columns
    ]
    return {
        "id": indicator.id,
        "name": indicator.name,
        "weight": number(indicator.weight),
        "explanation": indicator.explanation,
        "criteria": indicator.criteria,
        "clause": indicator.clause,
        "method": indicator.rule.__struct_config__.tag,
        "rule": rule_lines(rubric, indicator),
        "inputs": [
            {"id": id, "label": one.label, "type": one.type, "unit": one.unit, "choices": one.choices}
            for id, one in _inputs(rubric, indicator).items()
        ],
        "columns": columns,
        "not_applicable": [condition_text(rubric, one) for one in indicator.not_applicable],
        "forfeited": [condition_text(rubric, one) for one in indicator.forfeited],
        "evidence": indicator.evidence,
        "original": indicator.original,
        "options": indicator.options,
    }
