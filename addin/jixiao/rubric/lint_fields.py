"""What the unit is asked for, its own rows, and that every rule reads a field that fits."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from jixiao.rubric.fault import Fault, repeated
from jixiao.rubric.lint_rules import NUMBERS, answers
from jixiao.rubric.model import Block, Deduction, Field, Indicator, Rows, Rubric, column_sums
from jixiao.rubric.reads import Read, Steps, reads, records
from jixiao.rubric.source import did_you_mean
from jixiao.rubric.span import number

TYPES = {
    "text": "文字", "longtext": "长文字", "year": "年度", "date": "日期", "money": "金额", "count": "个数",
    "percent": "百分数", "score": "得分", "answer": "是或否", "choice": "几个词中的一个", "area": "面积",
}  # fmt: skip
NEEDS = {
    "number": "数字", "money": "金额", "percent": "百分数", "score": "得分", "yes": "是或否",
    "choice": "从几个词里选的一项",
}  # fmt: skip
MONEY_UNITS = ("", "元", "千元", "万元", "亿元")
ROW_NEEDS = ("name", "target", "actual", "weight", "score")
"""Columns without which no row of the unit's own can be scored."""


def field_faults(rubric: Rubric) -> Iterator[Fault]:
    for name, field in rubric.fields.items():
        yield from _field(("fields", name), name, field, rubric)
    for read in reads(rubric):
        if fault := _misread(read, rubric):
            yield fault
    for at, record in records(rubric):
        if isinstance(record, Deduction) and record.equals is not None:
            yield from _equals(at, record, rubric.asked.get(record.field))
    yield from _blocks(rubric)
    yield from _carried(rubric)


def _carried(rubric: Rubric) -> Iterator[Fault]:
    """This year's form must have what it takes over, and where from: last year's is the same form."""
    known = {block.id: [column.id for column in block.columns] for block in rubric.blocks}
    maps: list[tuple[Steps, dict[str, str], Collection[str]]] = [
        (("carries", "fields"), rubric.carries.fields, rubric.asked),
        (("carries", "amounts"), rubric.carries.amounts, rubric.amount_columns),
    ]
    for id, columns in rubric.carries.blocks.items():
        if id not in known:
            yield Fault(("carries", "blocks", id), f"没有编号为“{id}”的区块{did_you_mean(id, known)}")
        else:
            maps.append((("carries", "blocks", id), columns, known[id]))
    for at, carried, ids in maps:
        for this, last in carried.items():
            for one in (this, last):
                if one not in ids:
                    yield Fault((*at, this), f"要带过来的“{one}”在这里没有{did_you_mean(one, ids)}")


def _field(at: Steps, name: str, field: Field, rubric: Rubric) -> Iterator[Fault]:
    if not field.label.strip():
        yield Fault((*at, "label"), "填报项没有名称（label），请补上。")
    if field.type == "choice" and not field.choices:
        yield Fault(at, f"“{field.label}”要从几个词里选，请写出这些词（choices）。")
    if field.type == "money" and field.unit not in MONEY_UNITS:
        yield Fault(
            (*at, "unit"),
            f"“{field.label}”的单位“{field.unit}”不是金额单位，请写{'、'.join(MONEY_UNITS[1:])}之一。",
        )
    yield from repeated("列", (((*at, "amounts", n), one) for n, one in enumerate(field.amounts)))
    for place, column in enumerate(field.amounts):
        if column not in rubric.amount_columns:
            yield Fault(
                (*at, "amounts", place),
                f"amount_columns 里没有“{column}”这一列{did_you_mean(column, rubric.amount_columns)}",
            )
        if f"{name}.{column}" in rubric.fields:
            yield Fault(("fields", f"{name}.{column}"), f"编号“{name}.{column}”与“{name}”的一列重复。")
    if field.amounts and field.type not in NUMBERS:
        yield Fault((*at, "type"), f"“{field.label}”是一行金额，类型不能是{TYPES[field.type]}。")


def _misread(read: Read, rubric: Rubric) -> Fault | None:
    field = rubric.asked.get(read.field)
    if field is None and read.at[0] == "checks" and read.field in column_sums(rubric):
        field = _summed(read.field, rubric)
    if field is None and read.at[0] == "checks" and read.field == "total":
        field = Field(label="总分", type="score")
    if read.need == "row":
        field = rubric.fields.get(read.field)
    if field is None:
        row = rubric.fields.get(read.field)
        if row is not None:
            return Fault(
                read.at, f"“{read.field}”是一行金额，请写明哪一列，例如 {read.field}.{row.amounts[0]}。"
            )
        return Fault(read.at, f"没有编号为“{read.field}”的填报项{did_you_mean(read.field, rubric.asked)}")
    if _fits(read, field):
        return None
    return Fault(
        read.at,
        f"这里要一项{NEEDS[read.need]}，而“{field.label}”（{read.field}）的类型是{TYPES[field.type]}。"
        "请换一项，或改 fields.yaml 里的类型。",
    )


def _summed(name: str, rubric: Rubric) -> Field:
    """The sum of a column of data rows, which checks read like a field."""
    block, column = column_sums(rubric)[name]
    return Field(label=f"{block.name}·{column.name}", type=column.type)


def _fits(read: Read, field: Field) -> bool:
    match read.need:
        case "number":
            return field.type in NUMBERS
        case "yes":
            return field.type == "answer" or (field.type == "choice" and "是" in field.choices)
        case "any" | "row":
            return True
    return field.type == read.need


def _equals(at: Steps, item: Deduction, field: Field | None) -> Iterator[Fault]:
    if field is None:
        return
    words = answers(field)
    if item.equals not in (words or []):
        allowed = f"只能填{'、'.join(words)}" if words else f"的类型是{TYPES[field.type]}"
        yield Fault((*at, "equals"), f"“{field.label}”{allowed}，不会是“{item.equals}”。")


def _blocks(rubric: Rubric) -> Iterator[Fault]:
    yield from repeated("区块编号", ((("blocks", n, "id"), one.id) for n, one in enumerate(rubric.blocks)))
    by_id = {one.id: one for _, one in records(rubric.levels) if isinstance(one, Indicator)}
    for place, block in enumerate(rubric.blocks):
        at: Steps = ("blocks", place)
        yield from repeated(
            "列", (((*at, "columns", n, "id"), one.id) for n, one in enumerate(block.columns))
        )
        if not block.row_rule:
            yield from _data_rows(at, block)
            continue
        lacking = [name for name in ROW_NEEDS if name not in {column.id for column in block.columns}]
        if lacking:
            yield Fault(
                (*at, "columns"), f"区块“{block.name}”缺少列 {'、'.join(lacking)}，逐行计分要用，请补上。"
            )
        if block.row_rule not in rubric.row_rules:
            yield Fault(
                (*at, "row_rule"),
                f"没有名为“{block.row_rule}”的逐行计分规则{did_you_mean(block.row_rule, rubric.row_rules)}",
            )
        elif rubric.row_rules[block.row_rule].tiers:
            yield from _tier_words(at, block, rubric)
        if block.indicator is not None:
            yield from _indicator(at, block, by_id)
    yield from _rows(rubric)


def _data_rows(at: Steps, block: Block) -> Iterator[Fault]:
    for key in ("indicator", "weight"):
        if getattr(block, key) is not None:
            yield Fault(
                (*at, key),
                f"区块“{block.name}”没有逐行计分规则，不计分，不能写 {key}；要计分的请补上 row_rule。",
            )


def _indicator(at: Steps, block: Block, by_id: dict[str, Indicator]) -> Iterator[Fault]:
    indicator = by_id.get(block.indicator or "")
    if indicator is None:
        yield Fault(
            (*at, "indicator"),
            f"没有编号为“{block.indicator}”的指标{did_you_mean(block.indicator or '', by_id)}",
        )
        return
    if not isinstance(indicator.rule, Rows) or indicator.rule.block != block.id:
        yield Fault(
            (*at, "indicator"),
            f"指标“{indicator.name}”的规则不是把区块“{block.id}”逐行相加（method: rows），请核对。",
        )
    if block.weight is not None and block.weight != indicator.weight:
        yield Fault(
            (*at, "weight"),
            f"区块“{block.name}”分值 {number(block.weight)}，"
            f"指标“{indicator.name}”分值 {number(indicator.weight)}，请改成一致。",
        )


def _tier_words(at: Steps, block: Block, rubric: Rubric) -> Iterator[Fault]:
    tiers = rubric.row_rules[block.row_rule].tiers
    known = [word for tier in tiers for word in (tier.name, *tier.words)]
    for place, column in enumerate(block.columns):
        for word, choice in enumerate(column.choices if column.id == "tier" else []):
            if choice not in known:
                yield Fault(
                    (*at, "columns", place, "choices", word),
                    f"档次“{choice}”不在逐行计分规则的各档里{did_you_mean(choice, known)}",
                )


def _rows(rubric: Rubric) -> Iterator[Fault]:
    blocks = {block.id for block in rubric.blocks}
    seen: set[str] = set()
    for at, record in records(rubric.levels, ("levels",)):
        if isinstance(record, Indicator) and record.summed and not isinstance(record.rule, Rows):
            yield Fault(
                (*at, "summed"), f"“{record.name}”不是各行得分相加的（method: rows），不能写 summed: true。"
            )
        if isinstance(record, Rows):
            if record.block not in blocks:
                yield Fault(
                    (*at, "block"), f"没有编号为“{record.block}”的区块{did_you_mean(record.block, blocks)}"
                )
            elif record.block in seen:
                yield Fault((*at, "block"), f"区块“{record.block}”已经算给另一项指标，不能再算一次。")
            seen.add(record.block)
