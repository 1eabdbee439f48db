"""Something wrong in the rules, before it has a file and a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from jixiao.rubric.reads import Steps

Gravity = Literal["错误", "提醒"]


class Fault(NamedTuple):
    at: Steps
    message: str
    gravity: Gravity = "错误"


def repeated(what: str, named: Iterable[tuple[Steps, str]]) -> Iterator[Fault]:
    """A fault for every name that stands there a second time."""
    seen: set[str] = set()
    for at, name in named:
        if name in seen:
            yield Fault(at, f"{what}“{name}”写了两次，请改掉其中一个。")
        seen.add(name)
