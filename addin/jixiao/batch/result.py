"""What is kept of one file: enough for every sheet of the 汇总 and for the letter to the unit."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from decimal import Decimal

import msgspec

from jixiao.checking.finding import Severity
from jixiao.scoring.model import Basis


class Noted(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A finding as it is listed."""

    code: str
    severity: Severity
    subject: str
    sheet: str
    """Sheet and cell of the first place, for a link; empty where no cell is meant."""
    cell: str
    place: str
    title: str
    message: str
    clause: str
    remedy: str
    points: Decimal | None
    missing: bool


class Scored(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An indicator with its points (分)."""

    id: str
    name: str
    weight: Decimal
    score: Decimal | None
    basis: Basis
    apart: bool


class Written(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A text of the unit's own: its fingerprint (see :mod:`jixiao.batch.fingerprint`) and how it begins."""

    field: str
    label: str
    begins: str
    fingerprint: bytes


Key = tuple[str, str, str, str]
"""Unit, year, edition, project."""


def same(name: str) -> str:
    """A name as it is compared: without blanks, brackets of whatever width."""
    return "".join(unicodedata.normalize("NFKC", name).split())


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """The few words per filing that stay in memory. ``path`` is relative to the folder."""

    path: str
    edition: str
    title: str
    unit: str
    year: str
    about: str
    """What else tells it apart from other filings of the unit: the name of a project."""
    total: Decimal
    unverified: Decimal
    grade: str
    errors: int
    warnings: int
    lost: bool = False
    """Something is gone from the form: the score is not the whole."""

    @property
    def key(self) -> Key:
        """The same for a filing that is handed in once more."""
        return same(self.unit), self.year, self.edition, same(self.about)


class Result(Brief, frozen=True, kw_only=True, tag="result"):
    """A filing that was read, scored and checked."""

    digest: str
    """SHA-256 of the file."""
    declared: Decimal | None
    indicators: tuple[Scored, ...]
    findings: tuple[Noted, ...]
    texts: tuple[Written, ...] = ()
    recognised: tuple[str, ...] = ()
    """Of a form that is not ours: what was doubtful when its labels were told, in sentences."""


class Failure(msgspec.Struct, frozen=True, kw_only=True, tag="failure"):
    """A file that could not be read, and why."""

    path: str
    reason: str


class NotFiled(msgspec.Struct, frozen=True, kw_only=True, tag="not_filed"):
    """A workbook of ours that nobody hands in: a 汇总."""

    path: str


Record = Result | Failure | NotFiled
encode = msgspec.json.Encoder().encode
decode: Callable[[bytes], Record] = msgspec.json.Decoder(Record).decode
