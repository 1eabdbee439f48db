"""Which edition's form it is: told by the labels, refused where they speak against it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from jixiao.adopt.expected import Expected
from jixiao.adopt.grids import Grid
from jixiao.adopt.labels import placed_in
from jixiao.adopt.regions import keys_of, year_of
from jixiao.workbook.errors import NotAForm

PRESENT = 0.4
"""A page of which fewer labels are there is not in the file."""
LABELS_AT_LEAST = 6
CLEARLY = 2.0
"""So many labels more make one edition the better one."""
TAGS = (
    "如果确实是自评表，只是写法不同，可以在要填的格子里写上标签（例如 {{年度资金总额·全年预算数}}）"
    "再运行 jixiao adopt，写法见 README 的“别处发来的表”；或者用 jixiao new 新建一份，把内容填进去。"
)


class Fit(msgspec.Struct, frozen=True):
    """How well the labels on some sheets are those of an edition's form."""

    expected: Expected
    found: int
    """Labels of the edition that are there,"""
    of: int
    """of so many on the pages that are there."""

    @property
    def points(self) -> float:
        return self.found - (self.of - self.found) / 2

    @property
    def id(self) -> str:
        return self.expected.rubric.id

    def __str__(self) -> str:
        return f"{self.id}（{self.expected.rubric.title}）的标签 {self.of} 个，表上有 {self.found} 个"


def fit(keys: Collection[str], expected: Expected) -> Fit:
    """How the labels of a form fit what stands on some sheets."""
    year = year_of(keys, expected)
    said = {word for one in keys for word in expected.meanings(placed_in(one, year))}
    pages = [page.labels for page in expected.pages if page.official]
    there = [labels for labels in pages if len(labels & said) >= PRESENT * len(labels)]
    labels = frozenset().union(*there)
    return Fit(expected, len(labels & said), len(labels))


def told(grids: Sequence[Grid], editions: Sequence[Expected], label: str, given: str = "") -> Expected:
    """The edition whose form the grids hold; ``given`` is what the user says it is.

    Raises NotAForm where they hold none, where two fit alike, and where another than the given one fits.
    """
    keys = keys_of(grids)
    fits = sorted((fit(keys, one) for one in editions), key=lambda one: one.points, reverse=True)
    best = fits[0]
    if best.found < LABELS_AT_LEAST:
        raise NotAForm(f"“{label}”不是本软件的自评表，也认不出是哪个版本的表。{TAGS}")
    if given:
        asked = next(one for one in fits if one.id == given)
        if asked.points <= best.points - CLEARLY or asked.found < LABELS_AT_LEAST:
            raise NotAForm(
                f"“{label}”不像“{given}”的表，没有认。{_evidence([asked, best])}请改用 --edition {best.id}，"
                "或者不写 --edition，由软件认。"
            )
        return asked.expected
    rivals = [one for one in fits if one.points > best.points - CLEARLY]
    if len(rivals) > 1:
        raise NotAForm(
            f"“{label}”像几个版本的表，分不清是哪一个，没有认。{_evidence(rivals)}"
            f"请用 jixiao adopt 加 --edition 指明，例如 --edition {best.id}。"
        )
    return best.expected


def _evidence(fits: Sequence[Fit]) -> str:
    listed = {one.id: one for one in fits}
    return "；".join(map(str, listed.values())) + "。"
