"""How figures are compared, each with the rounding that it carries, and how they are shown."""

from __future__ import annotations

from decimal import Decimal

from jixiao.audit.mentions import Mention
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

ZERO = Decimal(0)


def sized(mention: Mention) -> tuple[Decimal, Decimal]:
    return mention.value, mention.slack


def percent(mention: Mention) -> str:
    return f"{rounded(mention.value * 100, mention.places)}%"


def places(ratio: Decimal, like: Mention) -> str:
    """A ratio with as many decimals as the report prints, two at least."""
    return f"{rounded(ratio * 100, max(like.places, 2))}%"


def money(mention: Mention) -> str:
    return f"{plain(mention.value)}万元"
