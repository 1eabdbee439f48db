"""What has been found so far, on disk: one line per file, added at the end and never changed.

The first line says by which program and rules. A line that was cut short when the program was killed
is dropped; of a file that was examined again the later line holds.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

import msgspec

from jixiao.batch.errors import NoPrevious
from jixiao.batch.lock import lock
from jixiao.batch.result import Record, decode

SUFFIX, PREVIOUS = ".进度", ".上次进度"


class _First(msgspec.Struct, forbid_unknown_fields=True):
    stamp: str


class _Head(msgspec.Struct):
    """Which file, in which state; a failure has none, so that the file is tried again."""

    path: str
    digest: str = ""


def journal_beside(out: Path) -> Path:
    """The journal of a 汇总."""
    return out.with_suffix(SUFFIX)


_first, _head = msgspec.json.Decoder(_First).decode, msgspec.json.Decoder(_Head).decode


class Records:
    """The records of a journal; of each only its place in the file is kept in memory."""

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines
        self._places: dict[str, int] = {}
        self._digests: dict[str, str] = {}
        self.stamp, self.end = "", 0
        lines.seek(0)
        for number, line in enumerate(lines):
            if not line.endswith(b"\n"):
                break
            try:
                if number:
                    head = _head(line)
                    self._places[head.path] = self.end
                    self._digests[head.path] = head.digest
                else:
                    self.stamp = _first(line).stamp
            except (msgspec.DecodeError, UnicodeDecodeError):
                if not number:
                    return
            self.end += len(line)

    @classmethod
    def open(cls, file: Path) -> Self:
        """The records of a run that is over. Raises NoPrevious."""
        try:
            return cls(file.open("rb"))
        except FileNotFoundError as error:
            raise NoPrevious(
                f"找不到“{file.name}”，没有上次的结果可以比较。它和上次的汇总放在同一个文件夹里，"
                "请一起拷贝过来，放在汇总旁边。"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def paths(self) -> Iterable[str]:
        """The files that have a record."""
        return self._places.keys()

    def __contains__(self, path: str) -> bool:
        return path in self._places

    def __getitem__(self, path: str) -> Record:
        self._lines.seek(self._places[path])
        return decode(self._lines.readline())


class Journal(Records):
    """The records of the present run."""

    def __init__(self, file: Path, stamp: str, *, resume: bool) -> None:
        """Take hold of a journal. Without ``resume``, or by other rules, it begins anew; the old one is
        kept beside it. Raises AlreadyRunning, OSError.
        """
        self._file = file
        lines = file.open("a+b")
        try:
            lock(lines, file)
            super().__init__(lines)
            self.outdated = bool(resume and self._places and self.stamp != stamp)
            """The records of the run before were made by another program or other rules."""
            if not resume or self.stamp != stamp:
                if self._places:
                    shutil.copyfile(file, file.with_suffix(PREVIOUS))
                self._places, self._digests, self.end = {}, {}, 0
            lines.truncate(self.end)
            if not self.end:
                self._write(msgspec.json.encode(_First(stamp)))
        except BaseException:
            lines.close()
            raise

    def known(self, path: str) -> str:
        """The digest of a file whose record is here; empty where it has to be examined."""
        return self._digests.get(path, "")

    def add(self, path: str, record: bytes) -> None:
        """Keep the record of a file."""
        self._places[path] = self.end
        self._write(record)

    def flush(self) -> None:
        """Hand over to the system what was written."""
        with self._named():
            self._lines.flush()

    def _write(self, line: bytes) -> None:
        with self._named():
            self._lines.seek(self.end)
            self.end += self._lines.write(line + b"\n")

    def __exit__(self, *_: object) -> None:
        with self._named():
            self._lines.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """An error of the system says which file is meant."""
        try:
            yield
        except OSError as error:
            error.filename = error.filename or str(self._file)
            raise
