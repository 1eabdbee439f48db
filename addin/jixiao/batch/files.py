"""The workbooks of a folder, whatever stands beside them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from jixiao.workbook.file.saving import is_backup

SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et", ".xlsb", ".ods"}
"""All that a unit may take for the workbook to hand in; one that cannot be read is told with its reason."""
_NOT_FILED = ("~$", ".", "__MACOSX")
"""Locks of an open file, hidden files, what an archive of a Mac brings along."""


def workbooks(folder: Path, unreadable: Callable[[OSError], None]) -> Iterator[Path]:
    """Every workbook below a folder, in no order; folders that cannot be looked into are told."""
    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [one for one in folders if _filed(Path(here, one))]
        for name in names:
            path = Path(here, name)
            if path.suffix.lower() in SUFFIXES and _filed(path) and not is_backup(path):
                yield path


def relative(path: Path, folder: Path) -> str:
    """How a file is called in the 汇总: from the folder on, with ``/``."""
    return path.relative_to(folder).as_posix()


def _filed(path: Path) -> bool:
    if path.name.startswith(_NOT_FILED):
        return False
    try:
        attributes = getattr(path.lstat(), "st_file_attributes", 0)
    except OSError:  # gone in the meantime, or not allowed: reading it says so
        return True
    return not attributes & stat.FILE_ATTRIBUTE_HIDDEN
