"""The zip behind a workbook: opened without trusting it, packed again without changing what was not touched.

Every part is read once, within the limits below, whatever the headers promise. A part that nobody
changed is written with the very bytes that were read; order, dates and compression stay as they were.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from pyexpat import ExpatError
from typing import TypeVar

from jixiao.workbook.errors import (
    CannotRead,
    Damaged,
    Encrypted,
    IsFolder,
    NotAWorkbook,
    NotFound,
    OldFormat,
    TooLarge,
    Unsafe,
)
from jixiao.workbook.file.xml_spans import DoctypeError, Node, as_utf8, has_doctype, parse

MEBIBYTE = 1 << 20
LARGEST_FILE = 64 * MEBIBYTE
MOST_PARTS = 10_000
LARGEST_PART = 64 * MEBIBYTE
LARGEST_TOTAL = 256 * MEBIBYTE
HIGHEST_RATIO = 200
"""Uncompressed to compressed, for parts over one MiB."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    OSError,
)
_UTF8_NAME = 0x800
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_T = TypeVar("_T")


class Package:
    """The parts of one workbook, by name; names are compared without regard to case, as OPC asks."""

    def __init__(
        self, label: str, entries: list[tuple[zipfile.ZipInfo, bytes]], comment: bytes = b""
    ) -> None:
        self.label = label
        """What messages call the file."""
        self.comment = comment
        self.original: dict[str, bytes] = {info.filename: data for info, data in entries}
        self.parts: dict[str, bytes] = dict(self.original)
        self._infos = {info.filename: info for info, _ in entries}
        self._spelling = {name.lower(): name for name in self.parts}
        self._derived: dict[str, tuple[bytes, object]] = {}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._spelling

    def get(self, name: str) -> bytes:
        """The bytes of a part; raises Damaged where the file lacks it."""
        try:
            return self.parts[self._spelling[name.lower()]]
        except KeyError:
            raise Damaged(
                f"“{self.label}”已损坏：文件里缺少必要的组成部分。请用 Excel 打开它，选“打开并修复”，"
                "另存后再试。",
                part=name,
            ) from None

    def utf8(self, name: str) -> bytes:
        """The XML of a part in UTF-8."""
        return as_utf8(self.get(name))

    def put(self, name: str, data: bytes) -> None:
        """Change a part or add one at the end."""
        self.parts[self._spelling.setdefault(name.lower(), name)] = data

    def drop(self, name: str) -> None:
        del self.parts[self._spelling.pop(name.lower())]

    def tree(self, name: str) -> Node:
        """The parsed XML of a part, kept until the part changes."""
        return self.derived(name, parse)

    def derived(self, name: str, derive: Callable[[bytes], _T]) -> _T:
        """What ``derive`` makes of a part's XML, kept until the part changes."""
        data = self.get(name)
        key = f"{name.lower()} {derive.__qualname__}"
        kept = self._derived.get(key)
        if kept is not None and kept[0] is data:
            return kept[1]  # type: ignore[return-value]
        value = self.guarded(name, lambda: derive(as_utf8(data)))
        self._derived[key] = (data, value)
        return value

    def guarded(self, name: str, read: Callable[[], _T]) -> _T:
        """What ``read`` makes of a part; what goes wrong is told as damage of the file."""
        try:
            return read()
        except DoctypeError:
            raise _unsafe(self.label, name) from None
        except (ExpatError, ValueError, LookupError) as error:
            raise Damaged(
                f"“{self.label}”已损坏：其中的一部分内容无法读懂。请用 Excel 打开它，选“打开并修复”，"
                "另存后再试。",
                part=name,
            ) from error

    def changed(self) -> set[str]:
        """Names of the parts that were changed, added or dropped."""
        names = self.parts.keys() | self.original.keys()
        return {name for name in names if self.parts.get(name) != self.original.get(name)}

    def pack(self) -> bytes:
        """The zip: the old entries in their order, then the new ones; the same parts give the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = self.comment
            for name, data in self.parts.items():
                archive.writestr(self._entry(name), data)
        return buffer.getvalue()

    def _entry(self, name: str) -> zipfile.ZipInfo:
        old = self._infos.get(name)
        entry = zipfile.ZipInfo(name, old.date_time if old and old.date_time >= _EARLIEST else _EARLIEST)
        entry.compress_type = old.compress_type if old else zipfile.ZIP_DEFLATED
        entry.create_system = old.create_system if old else 0
        entry.external_attr = old.external_attr if old else 0
        entry.comment = old.comment if old else b""
        return entry

    def settle(self) -> None:
        """From now on, the present parts are the original ones."""
        self.original = dict(self.parts)


def read_file(path: str | os.PathLike[str]) -> bytes:
    """All bytes of a file; raises a :class:`CannotRead` that says why not."""
    label = Path(path).name or str(path)
    try:
        if stat.S_ISDIR(os.stat(path).st_mode):
            raise IsFolder(f"“{label}”是一个文件夹，不是工作簿。请选择文件夹里的 .xlsx 文件。")
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise NotAWorkbook(f"“{label}”不是普通文件，无法作为工作簿打开。请选择 .xlsx 文件。")
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NotFound(f"找不到文件“{label}”。请检查文件名和所在文件夹，文件可能已被移动或改名。") from error
    except PermissionError as error:
        raise CannotRead(
            f"没有权限读取“{label}”，或者它正被别的程序独占。请关闭占用它的程序，"
            "或把它复制到自己的文件夹后再试。"
        ) from error
    except OSError as error:
        raise CannotRead(f"读取“{label}”时出错：磁盘或网络没有响应。请把它复制到本机硬盘后再试。") from error
    if len(data) > LARGEST_FILE:
        raise TooLarge(
            f"“{label}”超过 {LARGEST_FILE // MEBIBYTE} MB，不像自评工作簿。"
            "请删去其中的大图片或无关工作表后再试。"
        )
    return data


def unpack(data: bytes, label: str) -> Package:
    """The workbook in these bytes, every part read, counted and checked."""
    _refuse_other_formats(data, label)
    package = unpack_any(data, label)
    _refuse_other_packages(package)
    return package


def unpack_any(data: bytes, label: str) -> Package:
    """The package in these bytes, whatever it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_names(infos, label)
            entries, total = [], 0
            for info in infos:
                part = _read_part(data, info, label)
                total += len(part)
                if total > LARGEST_TOTAL:
                    raise _too_large(label)
                entries.append((info, part))
            return Package(label, entries, archive.comment)
    except _BROKEN as error:
        raise Damaged(
            f"“{label}”已损坏或没有传完整，无法打开。请重新拷贝一份，或用 Excel 打开它，选“打开并修复”，"
            "另存后再试。"
        ) from error


def _read_part(data: bytes, info: zipfile.ZipInfo, label: str) -> bytes:
    if info.flag_bits & 1:
        raise Encrypted(f"“{label}”的压缩内容加了密码，无法读取。请用 Excel 打开它，去掉密码，另存后再试。")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("a compression that no spreadsheet program uses")
    part = _inflated(data, info)
    if len(part) > LARGEST_PART or (len(part) > MEBIBYTE and len(part) > HIGHEST_RATIO * info.compress_size):
        raise _too_large(label)
    if info.filename.lower().endswith((".xml", ".rels", ".vml")) and has_doctype(part):
        raise _unsafe(label, info.filename)
    return part


def _inflated(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a part, at most one more than is allowed; much quicker than by way of a file object."""
    at = info.header_offset
    signature, name, extra = _LOCAL_HEADER.unpack_from(data, at)
    at += _LOCAL_HEADER.size
    named = data[at : at + name].decode("utf-8" if info.flag_bits & _UTF8_NAME else "cp437")
    if named != info.orig_filename:
        raise zipfile.BadZipFile("called otherwise in the table of contents")
    at += name + extra
    if signature != b"PK\x03\x04" or at + info.compress_size > len(data):
        raise zipfile.BadZipFile("no local header")
    packed = data[at : at + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        part = packed
    else:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        part = inflater.decompress(packed, LARGEST_PART + 1)
        if not inflater.eof and len(part) <= LARGEST_PART:
            raise zipfile.BadZipFile("cut short")
    if len(part) <= LARGEST_PART and (len(part) != info.file_size or zlib.crc32(part) != info.CRC):
        raise zipfile.BadZipFile("checksum")
    return part


def _check_names(infos: list[zipfile.ZipInfo], label: str) -> None:
    if len(infos) > MOST_PARTS:
        raise _too_large(label)
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        tricky = name.startswith("/") or "\\" in name or "\0" in name or name[1:2] == ":" or not name
        if tricky or ".." in name.split("/") or name.lower() in seen:
            raise Unsafe(
                f"“{label}”里的内容名称不正常（重名或指向文件之外），任何表格软件都不会这样保存，"
                "为安全起见没有打开。请向提供文件的人重新索取。",
                part=name,
            )
        seen.add(name.lower())


def _too_large(label: str) -> TooLarge:
    return TooLarge(
        f"“{label}”展开后大得不正常，为安全起见没有打开。请用 Excel 删去多余的行、列和图片，另存后再试。"
    )


def _unsafe(label: str, part: str) -> Unsafe:
    return Unsafe(
        f"“{label}”里夹带了外部引用声明，任何表格软件都不会这样保存，为安全起见没有打开。"
        "请向提供文件的人重新索取。",
        part=part,
    )


def _refuse_other_formats(data: bytes, label: str) -> None:
    if not data:
        raise Damaged(f"“{label}”是空文件，里面什么也没有。请重新拷贝一份。")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Encrypted(
                f"“{label}”设有打开密码，无法读取。请用 Excel 打开它，在“文件—信息—保护工作簿”里去掉密码，"
                "保存后再试。"
            )
        raise OldFormat(
            f"“{label}”是旧版表格（.xls 或 .et）。请用 Excel 或 WPS 打开它，另存为“Excel 工作簿 (.xlsx)”"
            "后再试。"
        )
    if not data.startswith(b"PK"):
        raise NotAWorkbook(
            f"“{label}”不是 Excel 工作簿，也许只是改了扩展名。请选择由 Excel 或 WPS 保存的 .xlsx 文件。"
        )


def _refuse_other_packages(package: Package) -> None:
    label = package.label
    if "xl/workbook.bin" in package:
        raise OldFormat(
            f"“{label}”是二进制工作簿（.xlsb）。请用 Excel 打开它，另存为“Excel 工作簿 (.xlsx)”后再试。"
        )
    if "mimetype" in package and "content.xml" in package:
        raise OldFormat(
            f"“{label}”是 OpenDocument 表格（.ods）。请打开它，另存为“Excel 工作簿 (.xlsx)”后再试。"
        )
    if "word/document.xml" in package:
        raise NotAWorkbook(f"“{label}”是 Word 文档，不是工作簿。请选择 .xlsx 文件。")
    if "[Content_Types].xml" not in package:
        raise NotAWorkbook(f"“{label}”是压缩包，不是 Excel 工作簿。请先解压，再选择里面的 .xlsx 文件。")
