"""Texts that say the same have fingerprints that agree, whatever unit and figures they name.

A fingerprint (one-permutation MinHash) holds, for each of 64 classes of all runs of five characters,
the smallest hash of a run of the text. The share of classes in which two texts agree estimates the
share of runs that they have in common (Jaccard), give or take 5 points of a hundred.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

CLASSES = 64
EMPTY = np.uint32(0xFFFFFFFF)
_RUN = 5
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5,
                     0x85EBCA77C2B2AE63], dtype=np.uint64)  # fmt: skip
"""Odd numbers of 64 bits, one for each character of a run; any will do, but they must stay the same."""
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SAYS_NOTHING = re.compile(r"[\W\d_]+")


def bare(text: str, unit: str) -> str:
    """The text without the unit's name, figures, blanks and punctuation."""
    return _SAYS_NOTHING.sub("", text.replace(unit, "") if unit else text)


def fingerprint(bare_text: str) -> bytes:
    """64 numbers of 32 bits; the text has at least five characters."""
    codes = np.frombuffer(bare_text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    ends = len(codes) - _RUN + 1
    hashes = np.zeros(ends, dtype=np.uint64)
    for at, factor in enumerate(_FACTORS):
        hashes += codes[at : at + ends] * factor
    hashes ^= hashes >> np.uint64(33)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    smallest = np.full(CLASSES, EMPTY, dtype="<u4")
    np.minimum.at(
        smallest, (hashes >> np.uint64(58)).astype(np.intp), (hashes & np.uint64(EMPTY)).astype("<u4")
    )
    return smallest.tobytes()


def fingerprints(many: bytes) -> NDArray[np.uint32]:
    """Fingerprints one after the other, as a table of a row each."""
    return np.frombuffer(many, dtype="<u4").reshape(-1, CLASSES)


def agreement(ones: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.float64]:
    """How much each of ``ones`` has in common with the one of ``others`` in its row: 0 to 1."""
    told = (ones != EMPTY) | (others != EMPTY)
    shared: NDArray[np.float64] = ((ones == others) & told).sum(axis=1) / told.sum(axis=1)
    return shared
