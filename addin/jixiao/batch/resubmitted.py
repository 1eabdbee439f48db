"""A filing handed in once more, beside what it was before: what was put right, what is new, what remains."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from jixiao.batch.journal import Records
from jixiao.batch.result import Brief, Key, Noted, Result
from jixiao.checking.finding import Severity

COMPARED = (Severity.ERROR, Severity.WARNING)
"""What a unit is asked to put right."""


class State(StrEnum):
    FIXED = "已改正"
    REMAINS = "仍存在"
    NEW = "新出现"


class Comparison(msgspec.Struct, frozen=True):
    """A filing with the one before it, and the findings of both."""

    before: Result
    findings: tuple[tuple[State, Noted], ...]
    """Of those that remain, as they are now."""

    def count(self, state: State) -> int:
        return sum(one is state for one, _ in self.findings)

    def states(self) -> dict[tuple[str, str], State]:
        """By code and subject."""
        return {(one.code, one.subject): state for state, one in self.findings}


def compare(before: Result, now: Result) -> Comparison:
    """Findings are the same when they are of one kind and about one thing, wherever it stands by now."""
    old = Counter((one.code, one.subject) for one in before.findings if one.severity in COMPARED)
    found: list[tuple[State, Noted]] = []
    for one in now.findings:
        if one.severity in COMPARED:
            remains = old[one.code, one.subject] > 0
            old[one.code, one.subject] -= remains
            found.append((State.REMAINS if remains else State.NEW, one))
    for one in before.findings:
        if one.severity in COMPARED and old[one.code, one.subject] > 0:
            old[one.code, one.subject] -= 1
            found.append((State.FIXED, one))
    order = list(State)
    return Comparison(before, tuple(sorted(found, key=lambda pair: order.index(pair[0]))))


class Former:
    """For a filing the one before it: an earlier file of this folder, or that of the run before."""

    def __init__(self, records: Records, repeated: Sequence[Sequence[Brief]], folder: Path) -> None:
        """``repeated``: the groups of filings that have the same key."""
        self._earlier: dict[str, tuple[Records, str]] = {}
        self._last: dict[Key, tuple[Records, str]] = {}
        for group in repeated:
            aged = sorted(group, key=lambda one: (_age(folder / one.path), one.path))
            for before, now in zip(aged, aged[1:], strict=False):
                self._earlier[now.path] = records, before.path

    def replaced(self) -> set[str]:
        """Files of this folder that a later one takes the place of."""
        return {path for _, path in self._earlier.values()}

    def __bool__(self) -> bool:
        return bool(self._earlier or self._last)

    def add(self, previous: Records) -> None:
        """Take in the results of the run before."""
        for path in sorted(previous.paths()):
            record = previous[path]
            if isinstance(record, Result) and record.unit:
                self._last[record.key] = previous, path

    def comparison(self, now: Result) -> Comparison | None:
        """The filing beside the one before it; None where there is none, or the very same file."""
        records, path = self._earlier.get(now.path) or self._last.get(now.key) or (None, "")
        before = records[path] if records else None
        if not isinstance(before, Result) or before.digest == now.digest:
            return None
        return compare(before, now)


def repeated(filings: Sequence[Brief]) -> list[list[Brief]]:
    """Filings of one unit for one year (and project), where there is more than one; without a unit none."""
    groups: dict[Key, list[Brief]] = defaultdict(list)
    for one in filings:
        if one.unit:
            groups[one.key].append(one)
    return [group for group in groups.values() if len(group) > 1]


def _age(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
