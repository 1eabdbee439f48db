"""A remark on a report: a finding, and the words of the report that it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.document import Words
from jixiao.audit.mentions import Mention
from jixiao.audit.slips import may_be
from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Place
from jixiao.rubric.model import Notice

_RECKONED = ("JX-703", "JX-704", "JX-705", "JX-706", "JX-707", "JX-709", "JX-721", "JX-728")
"""Remarks on figures that sentences relate, which may be read wrong (see slips), unlike tables."""


class Remark(msgspec.Struct, frozen=True):
    """``words`` from ``start`` to ``end`` are what a reader should look at."""

    finding: Finding
    document: str
    words: Words
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.words.quote(self.start, self.end)


def shown(place: str, document: str = "") -> str:
    """A place in words, with the name of its document where there are several."""
    return " ".join(filter(None, (document, place)))


class Remarks:
    """Keeps what the checks of one document find, in the catalogue's words."""

    def __init__(self, catalogue: Mapping[str, Notice], document: str = "") -> None:
        self._catalogue, self._document = catalogue, document
        self.found: list[Remark] = []

    def add(
        self,
        code: str,
        about: Mention | tuple[Words, int, int],
        *,
        stated: str = "",
        expected: str = "",
        points: Decimal | None = None,
        severity: str = "",
        clause: str = "",
        also: Sequence[str] = (),
        **words: str,
    ) -> None:
        """One more finding; ``words`` fill in what stands in braces in the catalogue.

        ``also`` are all the places it is about, where it is about several.
        """
        if isinstance(about, Mention) and code in _RECKONED and not may_be(stated, expected):
            return
        said, start, end = (
            about if isinstance(about, tuple) else (about.paragraph.words, about.start, about.end)
        )
        notice = self._catalogue[code]
        words |= {"stated": stated, "expected": expected}
        finding = Finding(
            code=code,
            severity=Severity(severity or notice.severity),
            title=notice.title,
            places=(
                Place(shown(also[0] if also else said.place(start), self._document)),
                *(Place(one) for one in also[1:]),
            ),
            message=notice.message.format_map(words),
            stated=stated,
            expected=expected,
            clause=clause or notice.clause,
            remedy=notice.remedy.format_map(words),
            points=points,
            subject=re.sub(r"\s", "", said.quote(start, end)),
        )
        self.found.append(Remark(finding, self._document, said, start, end))
