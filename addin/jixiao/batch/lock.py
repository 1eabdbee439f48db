"""Only one program at a time: the system lets go of the lock itself when a program dies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from jixiao.batch.errors import AlreadyRunning

_FAR = 1 << 40
"""Windows lets nobody read what is locked: a byte is locked that no file has."""


def lock(file: IO[bytes], path: Path) -> None:
    """Hold the file until it is closed. Raises AlreadyRunning."""
    try:
        _lock(file)
    except OSError as error:
        raise AlreadyRunning(
            f"另一个 jixiao batch 正在写“{path.with_suffix('.xlsx').name}”。"
            "请等它做完，或用 -o 换一个文件名。"
        ) from error


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
