"""Forms on disk, checked for a formula: once for each state of a file."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from jixiao.checking.finding import Severity, count
from jixiao.excel.grids import CannotSay

_HERE = re.compile(r"[A-Za-z]:[\\/]" if os.name == "nt" else "/(?!/)")
"""How the full path of a file on a drive of this machine begins."""


def findings_in(path: str, severity: str = "") -> int:
    """How many findings of a severity (or of all) the form has.

    Only files of this machine: a formula in a workbook from outside must not make Excel call on a server.
    """
    if not _HERE.match(path):
        raise CannotSay("只读本机的文件，请先复制到本机，写完整路径")
    if severity and severity not in list(Severity):
        raise CannotSay(f"只能写：{'、'.join(Severity)}")
    file = Path(path)
    if not file.is_file():
        raise CannotSay(f"没有找到“{path}”")
    state = file.stat()
    counts = _counts(file, state.st_mtime_ns, state.st_size)
    return counts[severity] if severity else sum(counts.values())


@lru_cache(maxsize=512)
def _counts(file: Path, _changed: int, _size: int) -> dict[str, int]:
    from jixiao.verbs import examine, opened  # only this function needs it, the others start sooner

    return count(examine(*opened(file)).findings)
