"""Numbers of headings, counted as they are printed: 一、（一）1.（1）

A heading that is moved, taken out or added in the template leaves no gap.
"""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九; more in digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"


class Counter:
    """Counts on each time it is printed, and begins anew with each heading above it."""

    def __init__(self, show: Callable[[int], str], above: Counter | None = None) -> None:
        self._show, self._above = show, above
        self._count = 0
        self._seen: tuple[int, ...] = ()

    def position(self) -> tuple[int, ...]:
        return (*(self._above.position() if self._above else ()), self._count)

    def __html__(self) -> str:
        above = self._above.position() if self._above else ()
        if above != self._seen:
            self._seen, self._count = above, 0
        self._count += 1
        return self._show(self._count)


def numbering() -> dict[str, Counter]:
    """The tags of headings' numbers, all at the beginning."""
    first = Counter(lambda n: f"{chinese(n)}、")
    second = Counter(lambda n: f"（{chinese(n)}）", first)
    third = Counter(lambda n: f"{n}.", second)
    return {"章": first, "节": second, "目": third, "款": Counter(lambda n: f"（{n}）", third)}
