"""A finding: what a reviewer would send back, with place, arithmetic, clause and remedy."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from jixiao.filing.model import Place


class Severity(StrEnum):
    """Gravest first."""

    ERROR = "错误"
    WARNING = "警告"
    HINT = "提示"
    UNCHECKED = "未检查"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``message`` tells place, what was found, what the rule asks and what to do, in that order.

    ``points`` are the points at stake (分). ``caused_by`` is the code of the finding this one
    follows from. ``missing`` marks what keeps the form from being handed in (还差什么).
    """

    code: str
    severity: Severity
    title: str
    places: tuple[Place, ...]
    message: str
    stated: str = ""
    expected: str = ""
    clause: str = ""
    remedy: str = ""
    points: Decimal | None = None
    caused_by: str = ""
    missing: bool = False
    subject: str = ""
    """Id of the field, indicator or row it is about."""

    @property
    def place(self) -> str:
        return "、".join(map(str, self.places))
