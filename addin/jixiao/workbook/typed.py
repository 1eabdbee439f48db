"""The value of a cell as the ledger keeps it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

import msgspec

from jixiao.filing.model import Raw


class Typed(msgspec.Struct, frozen=True):
    """The value of a cell, kind and text: JSON by itself knows no decimals and no days."""

    kind: Literal["empty", "text", "number", "truth", "day", "moment"]
    text: str = ""

    @classmethod
    def of(cls, raw: Raw) -> Typed:
        if raw is None:
            return cls("empty")
        if isinstance(raw, bool):
            return cls("truth", "1" if raw else "")
        if isinstance(raw, Decimal):
            return cls("number", str(raw))
        if isinstance(raw, dt.datetime):
            return cls("moment", raw.isoformat())
        if isinstance(raw, dt.date):
            return cls("day", raw.isoformat())
        return cls("text", raw)

    @property
    def raw(self) -> Raw:
        if self.kind == "number":
            return Decimal(self.text)
        if self.kind == "truth":
            return bool(self.text)
        if self.kind == "moment":
            return dt.datetime.fromisoformat(self.text)
        if self.kind == "day":
            return dt.date.fromisoformat(self.text)
        return self.text if self.kind == "text" else None
