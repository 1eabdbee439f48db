"""What is known of all filings together: a few words of each, and numbers in close packing."""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from decimal import Decimal
from sys import intern
from typing import IO, Any, NamedTuple, Self

from jixiao.batch.journal import Records
from jixiao.batch.result import Brief, Failure, Result
from jixiao.checking.finding import Severity
from jixiao.scoring.model import Basis

MICRO = 6
"""Places to which scores are packed: whole millionths of a point add up without error."""


class Fault(NamedTuple):
    """A kind of finding."""

    code: str
    severity: Severity
    title: str


class Packed:
    """All scores of one indicator of one edition."""

    def __init__(self, name: str, weight: Decimal) -> None:
        self.name = name
        self.weight = weight
        """Of the first filing; of an indicator without a fixed one they may differ."""
        self.scores, self.weights = array("q"), array("q")
        self.bases: Counter[Basis] = Counter()

    def add(self, weight: Decimal, score: Decimal | None, basis: Basis) -> None:
        """Pack one score; what has none is only counted."""
        self.bases[basis] += 1
        if score is not None:
            self.scores.append(int(score.scaleb(MICRO)))
            self.weights.append(int(weight.scaleb(MICRO)))


class Texts:
    """What stands in one field: numbers of the filings in memory, fingerprints on disk."""

    def __init__(self, label: str, fingerprints: IO[bytes]) -> None:
        self.label, self.fingerprints = label, fingerprints
        self.filings = array("L")


class Collected:
    """Filings in the order in which they are counted in, and what failed."""

    def __init__(self) -> None:
        self.filings: list[Brief] = []
        self.failures: list[Failure] = []
        self.not_filed = 0
        self.indicators: dict[tuple[str, str], Packed] = {}
        """By title of the edition and id."""
        self.faults: Counter[Fault] = Counter()
        """Filings that have a finding of this kind."""
        self.findings = self.recognised = 0
        """Rows of 问题清单 and of 识别说明."""
        self.texts: dict[str, Texts] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, path: str, result: Result) -> None:
        """Count a filing in."""
        number = len(self.filings)
        self.filings.append(brief(result, path))
        for one in result.indicators:
            key = result.title, one.id
            if key not in self.indicators:
                self.indicators[key] = Packed(one.name, one.weight)
            self.indicators[key].add(one.weight, one.score, one.basis)
        self.findings += len(result.findings)
        self.recognised += len(result.recognised)
        self.faults.update({Fault(one.code, one.severity, one.title) for one in result.findings})
        for text in result.texts:
            if text.field not in self.texts:
                self.texts[text.field] = Texts(text.label, self._open.enter_context(tempfile.TemporaryFile()))
            kept = self.texts[text.field]
            kept.filings.append(number)
            kept.fingerprints.write(text.fingerprint)


def brief(result: Result, path: str) -> Brief:
    """The few words that stay in memory; words that are the same are there once."""
    words: dict[str, Any] = {field: getattr(result, field) for field in Brief.__struct_fields__}
    shared: dict[str, Any] = {key: intern(one) if type(one) is str else one for key, one in words.items()}
    return Brief(**{**shared, "path": path})


def collect(collected: Collected, records: Records, paths: Iterable[str]) -> None:
    """Count in what is known of these files."""
    for path in paths:
        if path not in records:
            continue
        record = records[path]
        if isinstance(record, Result):
            collected.add(path, record)
        elif isinstance(record, Failure):
            collected.failures.append(record)
        else:
            collected.not_filed += 1
