"""How far it is, how fast it goes and how long it will take; nothing where no one looks at the screen."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm

_SHAPE = "{desc}{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 份，每秒 {speed:.1f} 份，还要 {remaining}"


class Bar(tqdm):  # type: ignore[type-arg]
    """A bar on stderr."""

    def __init__(self, words: str, total: int) -> None:
        super().__init__(desc=words, total=total, file=sys.stderr, disable=None, bar_format=_SHAPE)

    @property
    def format_dict(self) -> dict[str, Any]:
        known = super().format_dict
        elapsed = known["elapsed"]
        return {**known, "speed": known["rate"] or (known["n"] / elapsed if elapsed else 0)}
