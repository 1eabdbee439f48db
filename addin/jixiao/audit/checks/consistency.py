"""The same indicator in several tables, and counts in the text against the tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from jixiao.audit.document import Document
from jixiao.audit.mentions import mentions
from jixiao.audit.remark import Remarks
from jixiao.audit.tables import IndicatorRow, IndicatorTable

ALIKE = 0.75
"""Names that are so alike, beside the same target, are one indicator."""


def check_consistency(
    documents: Sequence[Document], tables: Sequence[IndicatorTable], remarks: Mapping[str, Remarks]
) -> None:
    """What the tables of all documents say of the same indicators."""
    for number, later in enumerate(tables):
        for earlier in tables[:number]:
            for row in later.rows:
                _check_row(row, earlier, remarks[later.document])
    for document in documents:
        _check_counts(document, tables, remarks[document.name])


def _check_row(row: IndicatorRow, earlier: IndicatorTable, remarks: Remarks) -> None:
    same = next((one for one in earlier.rows if one.name == row.name), None)
    about = row.cells["name"]
    if same is None:
        likely = _likely(row, earlier)
        if likely is not None:
            remarks.add("JX-713", (about, 0, len(about.text)), stated=row.name, expected=likely.name,
                        other=likely.cells["name"].place())  # fmt: skip
        return
    if _class(row) and _class(same) and _class(row) != _class(same):
        remarks.add(
            "JX-714", (about, 0, len(about.text)), stated=row.level2, expected=same.level2,
            name=row.name, other=same.cells["name"].place(),
        )  # fmt: skip
    for column, code in (("target", "JX-715"), ("actual", "JX-715")):
        ours, theirs = row.text(column), same.text(column)
        if ours and theirs and _value(ours) != _value(theirs):
            cell = row.cells[column]
            remarks.add(code, (cell, 0, len(cell.text)), stated=ours, expected=theirs, name=row.name,
                        other=same.cells["name"].place())  # fmt: skip


def _likely(row: IndicatorRow, earlier: IndicatorTable) -> IndicatorRow | None:
    """A row of another name that must be the same indicator: alike in name, alike in target."""
    for one in earlier.rows:
        if not one.name or one.name == "/" or abs(len(one.name) - len(row.name)) > 2:
            continue
        alike = SequenceMatcher(None, one.name, row.name).ratio()
        digits = re.sub(r"\D", "", one.name) == re.sub(r"\D", "", row.name)
        if ALIKE <= alike < 1 and digits and row.text("target") == one.text("target"):
            return one
    return None


def _class(row: IndicatorRow) -> str:
    return row.level2.removesuffix("指标")


def _value(text: str) -> str:
    return re.sub(r"[\s,，。；;]", "", text)


# ---------------------------------------------------------------- counts


def _check_counts(document: Document, tables: Sequence[IndicatorTable], remarks: Remarks) -> None:
    """数量指标 2 个: at least one table must list so many, if any lists indicators of that class."""
    listed = [_counts(table) for table in tables]
    classes = {name for counts in listed for name in counts}
    for paragraph in document.paragraphs:
        for one in mentions(paragraph):
            if one.unit not in ("个", "项") or one.about:
                continue
            found = re.search(r"(?P<name>[一-龥]{2,8}?)指标(?:共计?|共有|有|为|合计|共设置)?$", one.words)
            if not found:
                continue
            name = next((known for known in classes if found["name"].endswith(known)), "")
            numbers = {counts[name] for counts in listed if counts[name]} if name else set()
            if numbers and int(one.value) not in numbers:
                remarks.add(
                    "JX-716", one, stated=f"{int(one.value)}个",
                    expected="或".join(f"{number}个" for number in sorted(numbers)), name=f"{name}指标",
                )  # fmt: skip


def _counts(table: IndicatorTable) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in table.rows:
        if row.name in ("/", "") or row.text("target") in ("/",):
            continue
        names = {row.level2.removesuffix("指标"), row.level1.partition("(")[0].removesuffix("指标")}
        counts.update(name for name in names if name)
    return counts
