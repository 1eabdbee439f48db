"""The same value stated in several places, weights that are not the rubric's, totals of sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from jixiao.audit.claims import Claim
from jixiao.audit.document import Words
from jixiao.audit.names import Names
from jixiao.audit.remark import Remarks, shown
from jixiao.audit.score_table import ScoreTable
from jixiao.filing.quantity import plain
from jixiao.rubric.model import Level, Rubric
from jixiao.scoring.arithmetic import percent

ZERO = Decimal(0)
_FULL = re.compile(r"\(?(?:满分|分值|权重)")
"""With a full mark of its own beside it, something else bears the name."""
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
        if field in self._rubric.asked:
            return self._rubric.asked[field].label
        return field.partition(".")[2]

    def value(self, claim: Claim) -> str:
        return self.number(claim.field, claim.value)

    def number(self, field: str, value: Decimal) -> str:
        if field.startswith("rate."):
            return percent(value)
        if field.startswith("count."):
            return f"{plain(value)}人"
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
                    also=[claim.place, other],
                )  # fmt: skip


def _unit_slipped(one: Claim, other: Claim) -> bool:
    """The same digits, ten thousand times as much or as little."""
    large, small = max(one.value, other.value), min(one.value, other.value)
    return small > 0 and abs(large / YUAN - small) <= one.slack + other.slack


def check_weights(claims: Iterable[Claim], names: Names, remarks: Mapping[str, Remarks]) -> None:
    """分值 is what the rubric says it is, and no score is more."""
    for claim in claims:
        key = claim.field.removeprefix("weight.")
        weight = names.weights.get(key)
        if weight is None:
            continue
        about = (claim.words, claim.start, claim.end)
        if key != claim.field and claim.value != weight:
            remarks[claim.document].add(
                "JX-711", about, stated=f"{plain(claim.value)}分", expected=f"{plain(weight)}分",
                name=names.shown[key],
            )  # fmt: skip
        elif key == claim.field and claim.value > weight and not _FULL.match(claim.words.text, claim.end):
            remarks[claim.document].add(
                "JX-708", about, stated=f"{plain(claim.value)}分", expected=f"不超过{plain(weight)}分"
            )


def check_sections(
    claims: Sequence[Claim], rubric: Rubric, names: Names, remarks: Mapping[str, Remarks]
) -> None:
    """The score of a level is that of its parts, the total that of the first level."""
    told = {claim.field: claim for claim in claims if not claim.field.startswith("weight.")}
    wholes = dict(_wholes(rubric, names))

    def value(key: str) -> Decimal | None:
        if key in told:
            return told[key].value
        values = [value(part) for part in wholes.get(key, ())]
        known = [one for one in values if one is not None]
        return sum(known, ZERO) if known and len(known) == len(values) else None

    for whole, parts in wholes.items():
        terms = [one for one in map(value, parts) if one is not None]
        expected = sum(terms, ZERO)
        if whole in told and len(terms) == len(parts) and expected != told[whole].value:
            claim = told[whole]
            remarks[claim.document].add(
                "JX-709", (claim.words, claim.start, claim.end), stated=f"{plain(claim.value)}分",
                expected=f"{plain(expected)}分", sum="＋".join(map(plain, terms)),
            )  # fmt: skip


def _wholes(rubric: Rubric, names: Names) -> Iterator[tuple[str, list[str]]]:
    """Key of a level or the total -> keys of its parts; a level may be named as its only indicator is."""

    def inside(level: Level) -> Iterator[tuple[str, list[str]]]:
        parts = [names.find(one.name) for one in level.levels]
        parts += [f"score.{one.id}" for one in level.indicators]
        if parts != [names.find(level.name)]:
            yield names.find(level.name), parts
        for one in level.levels:
            yield from inside(one)

    for level in rubric.levels:
        yield from inside(level)
    yield "total", names.sections


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
    return Claim(field, value, ZERO, document, cell, 0, len(cell.text))
