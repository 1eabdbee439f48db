"""Making changes last so that, whatever happens in between, the old file or the new one stands whole.

Order of events: look whether the file may be written; write a temporary file beside it and flush it to
disk; open that file again and compare every part; keep a backup; put the temporary file in the old
one's place in one step. A step that fails leaves the old file; a temporary file left by a killed
program disturbs nothing and is swept away by a later save.

Backups: ``自评表.修改前.xlsx`` is the file as it was before we touched it for the first time; it is
never overwritten (delete it to have a new one kept). ``自评表.上一版.xlsx``, from the second save on,
is the file as it was before the latest save.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from pyexpat import ExpatError

import msgspec

from jixiao.workbook.errors import (
    CannotWrite,
    ChangedOnDisk,
    DiskFull,
    IsFolder,
    OpenElsewhere,
    ReadOnly,
    WorkbookError,
    WouldLose,
)
from jixiao.workbook.file.package import Package, read_file, unpack
from jixiao.workbook.file.xml_spans import DoctypeError, check_well_formed

FIRST_BACKUP = "修改前"
LAST_BACKUP = "上一版"
_TEMPORARY = ".~绩效自评"
_STRAY_AFTER = 600.0
"""Seconds after which a temporary file belongs to no running save."""


class Snapshot(msgspec.Struct, frozen=True):
    """A file as it was when it was read."""

    size: int
    modified: int
    """Nanoseconds."""
    digest: str


def is_backup(path: str | os.PathLike[str]) -> bool:
    """Whether this is a backup or a temporary file of ours; a folder of filings is read without them."""
    name = Path(path).name
    return Path(name).stem.endswith((f".{FIRST_BACKUP}", f".{LAST_BACKUP}")) or name.startswith(_TEMPORARY)


def backups(path: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Where the first and the latest backup of a file stand."""
    path = Path(path)
    return (
        path.with_name(f"{path.stem}.{FIRST_BACKUP}{path.suffix}"),
        path.with_name(f"{path.stem}.{LAST_BACKUP}{path.suffix}"),
    )


def read_with_snapshot(path: Path) -> tuple[bytes, Snapshot]:
    """The bytes of a file and what to know it by later."""
    data = read_file(path)
    state = path.stat()
    return data, Snapshot(state.st_size, state.st_mtime_ns, _digest(data))


def save(package: Package, path: Path, known: Snapshot | None) -> Snapshot:
    """Write the package to ``path``; ``known`` is what stood there when it was read, if it was read there."""
    target = Path(os.path.realpath(path))
    with _plainly(target):
        refuse_unless_writable(target, known)
        _sweep(target.parent)
        data = package.pack()
        temporary = target.parent / f"{_TEMPORARY}{secrets.token_hex(6)}.tmp"
        try:
            _write(temporary, data)
            _verify(temporary, package)
            old = _keep_backups(target, known)
            if old:
                shutil.copymode(target, temporary)
            _replace(temporary, target)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
        state = target.stat()
        return Snapshot(state.st_size, state.st_mtime_ns, _digest(data))


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A file to be written, which then takes the place of ``target``; what stood there is backed up.

    Raises a :class:`CannotWrite`; then the old file stands, and a block that fails leaves it too.
    """
    with _plainly(target):
        refuse_unless_writable(target, None)
        _sweep(target.parent)
        temporary = target.parent / f"{_TEMPORARY}{secrets.token_hex(6)}.tmp"
        try:
            yield temporary
            _keep_backups(target, None)
            _replace(temporary, target)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)


def refuse_unless_writable(target: Path, known: Snapshot | None) -> None:
    """Raise the :class:`CannotWrite` that a save would meet, as far as it can be known beforehand."""
    for lock in (f"~${target.name}", f".~{target.name}", f".~lock.{target.name}#"):
        if (target.parent / lock).exists():
            raise OpenElsewhere(
                f"“{target.name}”正在 Excel、WPS 或 LibreOffice 里打开，没有保存。请先在那里关闭它再试；"
                f"如果确实没有打开，请删除旁边的“{lock}”再试。"
            )
    if target.is_dir():
        raise IsFolder(f"“{target.name}”是一个文件夹，无法保存成工作簿。请另取一个文件名。")
    if not target.parent.is_dir():
        raise CannotWrite(f"要保存“{target.name}”的文件夹不存在。请先建立文件夹“{target.parent}”。")
    if not _may_write(target.parent):
        raise ReadOnly(
            f"没有权限在“{target.name}”所在的文件夹里保存。请把文件复制到自己的文件夹（如桌面）后再试。"
        )
    if target.exists() and not _may_write(target):
        raise ReadOnly(f"“{target.name}”是只读文件，没有保存。请在文件属性里去掉“只读”，或另存到新文件。")
    if known is not None:
        _refuse_changed(target, known)


def _refuse_changed(target: Path, known: Snapshot) -> None:
    changed = ChangedOnDisk(
        f"“{target.name}”在读取之后被别的程序改过、移走或替换，没有保存，以免盖掉那次修改。请重新运行一次。"
    )
    try:
        state = target.stat()
    except FileNotFoundError:
        raise changed from None
    if (state.st_size, state.st_mtime_ns) == (known.size, known.modified):
        return
    if state.st_size != known.size or _digest(target.read_bytes()) != known.digest:
        raise changed


def _keep_backups(target: Path, known: Snapshot | None) -> bool:
    """Back up what stands at the target; tells whether anything stood there."""
    if not target.exists():
        if known is not None:
            _refuse_changed(target, known)
        return False
    old = target.read_bytes()
    if known is not None and _digest(old) != known.digest:
        _refuse_changed(target, Snapshot(-1, -1, known.digest))
    first, last = backups(target)
    places = [last] if first.exists() else [first]
    if last.exists() and last not in places:
        places.append(last)
    for place in places:
        temporary = target.parent / f"{_TEMPORARY}{secrets.token_hex(6)}.tmp"
        try:
            _write(temporary, old)
            shutil.copystat(target, temporary)
            _replace(temporary, place)
        finally:
            temporary.unlink(missing_ok=True)
    return True


def _verify(temporary: Path, package: Package) -> None:
    """Open what was written and compare it part by part; the old file still stands."""
    lost = WouldLose(
        f"保存“{package.label}”前的核对没有通过，原文件没有改动。请把文件复制到本机硬盘后再试；若仍如此，"
        "请把文件发给我们。"
    )
    try:
        written = unpack(read_file(temporary), package.label)
        if list(written.parts.items()) != list(package.parts.items()):
            raise lost
        for name in package.changed() & package.parts.keys():
            if name.lower().endswith((".xml", ".rels")):
                check_well_formed(package.parts[name])
    except (ExpatError, DoctypeError, UnicodeError) as error:
        raise lost from error
    except WorkbookError as error:
        raise lost from error


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK)


def _write(path: Path, data: bytes) -> None:
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(temporary: Path, target: Path) -> None:
    os.replace(temporary, target)


def _sync_folder(folder: Path) -> None:
    """Make the new name last as well; Windows has no such call and needs none."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(folder: Path) -> None:
    """Take away temporary files that a killed program left long ago."""
    for stray in folder.glob(f"{_TEMPORARY}*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - stray.stat().st_mtime > _STRAY_AFTER:
                stray.unlink()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@contextlib.contextmanager
def _plainly(target: Path) -> Iterator[None]:
    """Tell an operating system's refusal in words."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"磁盘已满，“{target.name}”没有保存，原文件没有改动。请清理磁盘或换一个位置再试。"
            ) from error
        if error.errno == errno.ENAMETOOLONG:
            raise CannotWrite(
                f"“{target.name}”的文件名太长，无法在旁边保存备份。请改一个短一些的名字再试。"
            ) from error
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            if os.name == "nt" and target.exists() and os.access(target, os.W_OK):
                raise OpenElsewhere(f"“{target.name}”正被别的程序占用，没有保存。请先关闭它再试。") from error
            raise ReadOnly(
                f"没有权限保存“{target.name}”，原文件没有改动。请把文件复制到自己的文件夹（如桌面）后再试。"
            ) from error
        raise CannotWrite(
            f"保存“{target.name}”时磁盘或网络出错，原文件没有改动。请把文件复制到本机硬盘后再试。"
        ) from error
