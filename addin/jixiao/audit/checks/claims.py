"""The same value stated in several places, weights that are not the rubric's, totals of sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from jixiao.audit.claims import Claim
from jixiao.audit.document import Words
from jixiao.audit.names import Names
from jixiao.audit.remark import Remarks, shown
from jixiao.audit.score_table import ScoreTable
from jixiao.filing.quantity import plain
from jixiao.rubric.model import Rubric

ZERO = Decimal(0)
YUAN = Decimal(10000)
"""元 in a 万元."""


class Labels:
    """What to call the field of a claim, and how to write its value."""

    def __init__(self, rubric: Rubric, names: Names) -> None:
        self._rubric, self._names = rubric, names

    def __call__(self, field: str) -> str:
        if field == "total":
            return "自评总分"
        if field in self._names.shown:
            return f"{self._names.shown[field]}的得分"
        return self._rubric.asked[field].label

    def value(self, claim: Claim) -> str:
        return self.number(claim.field, claim.value)

    def number(self, field: str, value: Decimal) -> str:
        spec = self._rubric.asked.get(field)
        return f"{plain(value)}{spec.unit if spec else '分'}"


def check_same(claims: Iterable[Claim], labels: Labels, remarks: Mapping[str, Remarks]) -> None:
    """What most places say is taken for right; each place that says otherwise is remarked on."""
    told: dict[str, list[Claim]] = {}
    for claim in claims:
        told.setdefault(claim.field, []).append(claim)
    for field, found in told.items():
        if field.startswith("weight."):
            continue
        often = Counter(claim.value for claim in found)
        right = max(found, key=lambda claim: (often[claim.value], -found.index(claim)))
        for claim in found:
            if abs(claim.value - right.value) > claim.slack + right.slack:
                code = "JX-724" if _unit_slipped(claim, right) else "JX-707"
                other = shown(right.place, right.document if len(remarks) > 1 else "")
                remarks[claim.document].add(
                    code, (claim.words, claim.start, claim.end), stated=labels.value(claim),
                    expected=labels.value(right), name=labels(field), other=other,
                )  # fmt: skip


def _unit_slipped(one: Claim, other: Claim) -> bool:
    """The same digits, ten thousand times as much or as little."""
    large, small = max(one.value, other.value), min(one.value, other.value)
    return small > 0 and abs(large / YUAN - small) <= one.slack + other.slack


def check_weights(claims: Iterable[Claim], names: Names, remarks: Mapping[str, Remarks]) -> None:
    """分值 is what the rubric says it is."""
    for claim in claims:
        key = claim.field.removeprefix("weight.")
        if key != claim.field and claim.value != names.weights[key]:
            remarks[claim.document].add(
                "JX-711", (claim.words, claim.start, claim.end), stated=f"{plain(claim.value)}分",
                expected=f"{plain(names.weights[key])}分", name=names.shown[key],
            )  # fmt: skip


def check_sections(claims: Sequence[Claim], names: Names, remarks: Mapping[str, Remarks]) -> None:
    """The scores of the first level make up the total."""
    told = {claim.field: claim for claim in claims}
    parts = [told[section] for section in names.sections if section in told]
    total = told.get("total")
    if total is None or len(parts) < len(names.sections):
        return
    expected = sum((part.value for part in parts), ZERO)
    if expected != total.value:
        remarks[total.document].add(
            "JX-709", (total.words, total.start, total.end), stated=f"{plain(total.value)}分",
            expected=f"{plain(expected)}分", sum="＋".join(plain(part.value) for part in parts),
        )  # fmt: skip


def check_score_tables(tables: Iterable[ScoreTable], remarks: Mapping[str, Remarks]) -> None:
    """Rows whose cells have slipped out of their columns, told once for the table; scores above weight."""
    for table in tables:
        if table.slipped:
            first = table.slipped[0]
            remarks[table.document].add(
                "JX-722", (first, 0, len(first.text)), count=str(len(table.slipped)),
                also=[words.place() for words in table.slipped],
            )  # fmt: skip


def table_claims(tables: Iterable[ScoreTable]) -> Iterator[Claim]:
    """What the official form of scores says."""
    for table in tables:
        for row in table.rows:
            for field, cell in ((f"weight.{row.key}", row.weight), (row.key, row.score)):
                if cell is not None:
                    yield _claim(field, cell, table.document)
        if table.total is not None:
            yield _claim("total", table.total, table.document)


def _claim(field: str, cell: Words, document: str) -> Claim:
    value = Decimal(cell.text.rstrip("分"))
    return Claim(field, value, ZERO, document, cell, 0, len(cell.text), in_table=True)
