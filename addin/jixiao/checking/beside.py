"""What is known of a filing besides what stands in it."""

from __future__ import annotations

import msgspec

from jixiao.filing.approved import ApprovedGoals
from jixiao.filing.model import Place


class Beside(msgspec.Struct, frozen=True):
    """``carried`` are the cells that still hold what last year's form said."""

    carried: tuple[Place, ...] = ()
    approved: ApprovedGoals | None = None


NOTHING = Beside()
