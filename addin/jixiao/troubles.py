"""What went wrong, in words for the user; command line and ribbon share it."""

from __future__ import annotations

import errno
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

_FILE_TROUBLES = {
    errno.ENOSPC: "磁盘已满。请腾出空间，或换一个位置",
    errno.EDQUOT: "磁盘已满。请腾出空间，或换一个位置",
    errno.EFBIG: "磁盘已满，或者不许写这么大的文件。请腾出空间，或换一个位置",
    errno.EACCES: "没有权限，或正被别的程序打开。请关闭打开它的程序，或换一个位置",
    errno.EPERM: "没有权限。请换一个位置，或请管理员开放权限",
    errno.EROFS: "这个位置是只读的。请换一个位置",
    errno.EISDIR: "这里要一个文件，它是文件夹。请写文件名",
    errno.ENOTDIR: "这里要一个文件夹，它是文件。请检查路径",
    errno.EEXIST: "已经有同名的文件。请换一个名称",
    errno.ENOENT: "没有找到。请检查文件名和位置",
    errno.ENAMETOOLONG: "文件名太长。请改短一些",
    errno.EINVAL: "文件名里有不能用的符号。请改一个名称",
    errno.EBUSY: "正被别的程序使用。请关闭打开它的程序",
    errno.EIO: "磁盘读写出错。请换一个位置，并检查磁盘",
}
"""What can go wrong with a file, and what to do about it."""


@contextmanager
def whole(out: Path) -> Iterator[None]:
    """A new file that cannot be written to its end (the disk is full) is not left behind half done.

    Raises what the system says.
    """
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            out.unlink(missing_ok=True)
        error.filename = error.filename or str(out)
        raise


def expected() -> tuple[type[Exception], ...]:
    """The errors whose message is written for the user."""
    from jixiao.audit.errors import AuditError
    from jixiao.batch.errors import BatchError
    from jixiao.filing.errors import FilingFileError
    from jixiao.report.errors import ReportError
    from jixiao.rubric.errors import RuleError
    from jixiao.workbook.errors import WorkbookError

    return RuleError, WorkbookError, FilingFileError, ReportError, AuditError, BatchError


def file_trouble(error: OSError) -> str:
    """What the system refused, and what to do about it."""
    where = f"“{error.filename}”" if error.filename else "文件"
    said = _FILE_TROUBLES.get(error.errno or 0, f"读写出错（系统错误 {error.errno}）。请检查位置和权限")
    return f"{where}{'：' if error.filename else '不能读写：'}{said}，再试一次。"


def fault() -> str:
    """That the error at hand is the program's own, and where it is written down."""
    try:
        return f"程序出错了，没有做完。请把这个文件发给我们：{log()}"
    except OSError as error:
        return f"程序出错了，没有做完；出错的经过也记不下来。{file_trouble(error)}"


def log() -> Path:
    """Write the error at hand into today's file of errors, for us to read."""
    now = datetime.now()
    file = Path(tempfile.gettempdir()) / f"jixiao-{now:%Y%m%d}.log"
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{now:%H:%M:%S}\n{traceback.format_exc()}\n")
    return file
