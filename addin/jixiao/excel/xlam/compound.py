"""A compound file, [MS-CFB] version 3: a small file system with sectors of 512 bytes in one file."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

FREE, END, OF_THE_TABLE, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SECTOR, SMALL_SECTOR = 512, 64
SMALL = 4096
"""Shorter streams stand in the mini stream."""
TABLES = 109
"""So many sectors of the allocation table can be listed in the header: 7 MB, more than enough here."""
STORAGE, STREAM, ROOT = 1, 2, 5
BLACK = 1

Tree: TypeAlias = "Mapping[str, bytes | Tree]"


@dataclass
class _Entry:
    """A directory entry; the numbers are those of other entries."""

    name: str
    kind: int
    data: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        links = struct.pack("<BBIII", self.kind, BLACK, self.left, self.right, self.child)
        # class id, state bits and times stay zero: the same sources give the same bytes
        return name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2) + links + bytes(36) + struct.pack(
            "<IQ", self.start, self.size
        )  # fmt: skip


@dataclass
class _Sectors:
    """Sectors and the table that chains them."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def add(self, data: bytes) -> int:
        """Put a stream at the end; where it starts."""
        if not data:
            return END
        start = len(self.table)
        count = math.ceil(len(data) / self.size)
        self.data += data.ljust(count * self.size, b"\0")
        self.table += [*range(start + 1, start + count), END]
        return start


def write_compound(tree: Tree) -> bytes:
    """The compound file with these storages and streams. Raises ValueError beyond 7 MB."""
    entries = [_Entry("Root Entry", ROOT)]
    entries[0].child = _add(tree, entries)
    sectors, small = _Sectors(SECTOR), _Sectors(SMALL_SECTOR)
    for entry in entries:
        if entry.kind == STREAM:
            home = small if len(entry.data) < SMALL else sectors
            entry.start, entry.size = home.add(entry.data), len(entry.data)
    entries[0].start, entries[0].size = sectors.add(bytes(small.data)), len(small.data)
    small_table = sectors.add(_numbers(small.table))
    directory = sectors.add(_directory(entries))
    return _header(sectors, directory, small_table, len(small.table)) + bytes(sectors.data)


def _add(tree: Tree, entries: list[_Entry]) -> int:
    """Enter what a storage holds; the entry at the top of its search tree."""
    numbers: dict[str, int] = {}
    for name, content in tree.items():
        if not 0 < len(name.encode("utf-16-le")) <= 62:
            raise ValueError(f"a name of 1 to 31 characters is needed: {name!r}")
        numbers[name] = len(entries)
        if isinstance(content, bytes):
            entries.append(_Entry(name, STREAM, content))
        else:
            storage = _Entry(name, STORAGE)
            entries.append(storage)
            storage.child = _add(content, entries)

    def top(names: Sequence[str]) -> int:
        if not names:
            return NONE
        middle = len(names) // 2
        entry = entries[numbers[names[middle]]]
        entry.left, entry.right = top(names[:middle]), top(names[middle + 1 :])
        return numbers[names[middle]]

    return top(sorted(tree, key=lambda name: (len(name.encode("utf-16-le")), name.upper())))


def _directory(entries: Sequence[_Entry]) -> bytes:
    unused = bytes(68) + struct.pack("<III", NONE, NONE, NONE) + bytes(48)
    return b"".join(entry.packed() for entry in entries) + unused * (-len(entries) % 4)


def _numbers(numbers: Sequence[int]) -> bytes:
    whole = [*numbers, *[FREE] * (-len(numbers) % 128)]
    return struct.pack(f"<{len(whole)}I", *whole)


def _header(sectors: _Sectors, directory: int, small_table: int, small_sectors: int) -> bytes:
    """The header; the allocation table, which lists its own sectors too, goes to the end of ``sectors``."""
    first, tables = len(sectors.table), 0
    while tables * 128 < first + tables:
        tables += 1
    if tables > TABLES:
        raise ValueError(f"the compound file would be larger than {TABLES * 128 * SECTOR} bytes")
    sectors.data += _numbers([*sectors.table, *[OF_THE_TABLE] * tables])
    fixed = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    counts = (0, tables, directory, 0, SMALL, small_table, math.ceil(small_sectors / 128), END, 0)
    listed = [*range(first, first + tables), *[FREE] * (TABLES - tables)]
    return fixed + bytes(6) + struct.pack("<9I", *counts) + struct.pack(f"<{TABLES}I", *listed)
