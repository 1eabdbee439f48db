"""Texts of different units that say the same: found without comparing each with each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jixiao.batch.collected import Collected, Texts
from jixiao.batch.fingerprint import CLASSES, EMPTY, agreement, fingerprints
from jixiao.batch.result import same
from jixiao.batch.words import Similar

_BAND = 4
"""Classes that have to agree before two texts are compared: of texts that share 80 % of their runs,
one pair in 5 000 has no such band."""
_AT_ONCE = 4096


class Alike(NamedTuple):
    """Texts of a field that say the same as the first of them does, and how much so (0 to 1)."""

    field: str
    label: str
    filings: list[int]
    shares: list[float]


def alike(collected: Collected, similar: Similar) -> Iterator[Alike]:
    """Groups of at least two units, field by field."""
    for field, texts in sorted(collected.texts.items()):
        table = _table(texts)
        for members in _groups(table, float(similar.at_least) / 100):
            filings = [texts.filings[member] for member in members]
            if len({same(collected.filings[one].unit) for one in filings}) > 1:
                first = table[members[:1]].repeat(len(members), axis=0)
                shares = agreement(first, table[members])
                yield Alike(field, texts.label, filings, [float(share) for share in shares])


def _table(texts: Texts) -> NDArray[np.uint32]:
    texts.fingerprints.seek(0)
    return fingerprints(texts.fingerprints.read())


def _groups(table: NDArray[np.uint32], at_least: float) -> list[list[int]]:
    """Rows that agree, each group in order; a row that no other agrees with is in none."""
    leader = list(range(len(table)))

    def first(row: int) -> int:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    pairs = np.unique(np.concatenate([*_candidates(table), np.empty((0, 2), np.intp)]), axis=0)
    for start in range(0, len(pairs), _AT_ONCE):
        part = pairs[start : start + _AT_ONCE]
        enough = agreement(table[part[:, 0]], table[part[:, 1]]) >= at_least
        for one, other in part[enough]:
            upper, lower = sorted((first(int(one)), first(int(other))))
            leader[lower] = upper
    groups: dict[int, list[int]] = {}
    for row in range(len(table)):
        groups.setdefault(first(row), []).append(row)
    return [rows for rows in groups.values() if len(rows) > 1]


def _candidates(table: NDArray[np.uint32]) -> Iterator[NDArray[np.intp]]:
    """Pairs that agree in a band: of all that have the same band, the first with each of the others."""
    for start in range(0, CLASSES, _BAND):
        band = np.ascontiguousarray(table[:, start : start + _BAND])
        told = np.flatnonzero((band != EMPTY).any(axis=1))
        _, firsts, which = np.unique(band[told], axis=0, return_index=True, return_inverse=True)
        pairs = np.stack([told[firsts[which.reshape(-1)]], told], axis=1)
        yield pairs[pairs[:, 0] != pairs[:, 1]]
