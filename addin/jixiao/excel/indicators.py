"""One indicator scored from what a block of cells says, without a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from jixiao.excel.grids import CannotSay, Grid, entry
from jixiao.filing.model import Entry, Filing, Row, carried_down
from jixiao.filing.quantity import Kind, as_text, read_entry, tidy
from jixiao.rubric.load import load_rubric
from jixiao.rubric.model import Block, Indicator, Rows, Rubric, walk
from jixiao.rubric.source import did_you_mean
from jixiao.scoring.model import IndicatorScore, RowScore
from jixiao.scoring.rows import score_row
from jixiao.scoring.score import score
from jixiao.scoring.trace import arithmetic, called, why_not


@lru_cache
def rubric_of(edition: str) -> Rubric:
    """The rules of an edition; changed rule files are read when the service starts again."""
    if not edition:
        raise CannotSay("没有写评分版本")
    return load_rubric(edition)


def points(edition: str, indicator: str, inputs: Grid, declared: Entry) -> Decimal | str:
    """The indicator's score; in words what is lacking where there is none."""
    rubric, one, _ = _scored(edition, indicator, inputs, declared)
    return one.score if one.score is not None else why_not(rubric, one) or "没有可用的数据"


def explained(edition: str, indicator: str, inputs: Grid, declared: Entry) -> str:
    """Score, arithmetic, reading and clause of the indicator, a line each."""
    rubric, one, rows = _scored(edition, indicator, inputs, declared)
    weight = f"（分值 {one.weight}）"
    said = f"{one.name}{weight}：{'未填' if one.score is None else f'{one.score} 分，{one.basis}'}"
    lines = [said, *(f"{called(row)}：{arithmetic(row)}" for row in rows)]
    lines += [step.text for step in one.steps]
    lines += [line for line in (why_not(rubric, one), one.hint) if line]
    lines += [f"口径：{name}——{choice}" for name, choice in one.options]
    return "\n".join([*lines, f"依据：{one.clause}"])


def row_rate(edition: str, block: str, target: Entry, actual: Entry, direction: Entry) -> RowScore:
    """A row of a block of the edition, for its completion rate."""
    rubric = rubric_of(edition)
    found = _block(rubric, block)
    target, actual = _percent_beside(target, actual), _percent_beside(actual, target)
    # the rate does not depend on the weight, but a row without one is not scored
    entries = {"target": target, "actual": actual, "direction": direction, "weight": entry(1)}
    one = score_row(rubric, found, Row(entries), 1, rubric.year)
    assert one is not None
    return one


def _percent_beside(cell: Entry, other: Entry) -> Entry:
    """0.95 beside 95% is 95% too: Excel keeps what it shows as a percentage so."""
    if isinstance(cell.raw, str) or read_entry(cell).kind is not Kind.NUMBER:
        return cell
    number = read_entry(cell).number
    small = number is not None and abs(number) <= 1
    return Entry(cell.raw, percent=True) if small and read_entry(other).unit == "%" else cell


def _scored(
    edition: str, indicator: str, inputs: Grid, declared: Entry
) -> tuple[Rubric, IndicatorScore, list[RowScore]]:
    rubric = rubric_of(edition)
    one = _indicator(rubric, indicator)
    values = {f"score.{one.id}": declared}
    rows: dict[str, tuple[Row, ...]] = {}
    if isinstance(one.rule, Rows):
        rows[one.rule.block] = _rows(_block(rubric, one.rule.block), inputs)
    else:
        values |= _values(rubric, inputs)
    assessment = score(rubric, Filing(edition, values, rows))
    return rubric, next(s for s in assessment.indicators if s.id == one.id), assessment.rows_of(one.id)


def _indicator(rubric: Rubric, name: str) -> Indicator:
    known = {key: one for _, one in walk(rubric.levels) for key in (tidy(one.name), one.id)}
    return known[_known(name, known, "指标")]


def _block(rubric: Rubric, name: str) -> Block:
    blocks = [block for block in rubric.blocks if block.row_rule]
    known = {key: block for block in blocks for key in (tidy(block.name), block.id)}
    return known[_known(name, known, "指标表")] if name else blocks[0]


def _known(name: str, known: Mapping[str, object], what: str) -> str:
    if name not in known:
        raise CannotSay(f"这一版里没有{what}“{name}”{did_you_mean(name, known)}")
    return name


def _values(rubric: Rubric, inputs: Grid) -> dict[str, Entry]:
    """Two columns: what is asked for, as the form calls it, and what the unit filled in."""
    known = {key: id for id, field in rubric.asked.items() for key in (tidy(field.label), id)}
    found: dict[str, Entry] = {}
    for label, value in _labelled(inputs):
        found[known[_known(label, known, "数据项")]] = value
    return found


def _labelled(inputs: Grid) -> Iterable[tuple[str, Entry]]:
    for row in inputs:
        label = tidy(as_text(entry(row[0]).raw))
        if label and len(row) != 2:
            raise CannotSay("数据要选两列：左边是名称，右边是填的内容")
        if label:
            yield label, entry(row[1])


def _rows(block: Block, inputs: Grid) -> tuple[Row, ...]:
    """A table with its header: the columns as the form calls them, in any order."""
    known = {
        tidy(key): column.id for column in block.columns for key in (column.id, *column.aliases, column.name)
    }
    headers = [tidy(as_text(entry(cell).raw)) for cell in inputs[0]]
    if "target" not in {known.get(header) for header in headers}:
        raise CannotSay(f"要连表头一起选，例如：{'、'.join(c.name for c in block.columns[:6])}")
    columns = {at: known[header] for at, header in enumerate(headers) if header in known}
    rows = [Row({id: entry(row[at]) for at, id in columns.items()}) for row in inputs[1:]]
    return tuple(_percentages(row) for row in carried_down(rows, block.inherited))


def _percentages(row: Row) -> Row:
    target, actual = row["target"], row["actual"]
    read = {"target": _percent_beside(target, actual), "actual": _percent_beside(actual, target)}
    return Row({**row.entries, **read})
