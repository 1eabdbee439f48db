"""A report's file as a document, without trusting it: .docx, or text in UTF-8 or GB18030."""

from __future__ import annotations

from jixiao.audit.document import Document
from jixiao.audit.errors import CannotReadReport
from jixiao.audit.reading import read_text
from jixiao.workbook.errors import Encrypted, TooLarge, Unsafe, WorkbookError
from jixiao.workbook.file.package import unpack_any

LARGEST_TEXT = 10 * 1024 * 1024
"""Bytes; the longest reports have a hundredth of it."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_report(data: bytes, name: str) -> Document:
    """The document in a file's bytes. Raises :class:`CannotReadReport`."""
    if not data.strip():
        raise CannotReadReport(f"“{name}”是空的，没有可以核对的内容。请检查是不是选错了文件。")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise CannotReadReport(f"“{name}”加了密码，无法读取。请用 Word 打开，去掉密码，另存后再试。")
        raise CannotReadReport(
            f"“{name}”是旧格式（.doc）或其他程序的文件，无法读取。请用 Word 或 WPS 打开，另存为 .docx 再试。"
        )
    if data.startswith(b"%PDF"):
        raise CannotReadReport(
            f"“{name}”是 PDF，无法直接核对。请用 Word 或 WPS 打开另存为 .docx，或把文字复制到 .txt 再试。"
        )
    document = _word(data, name) if data.startswith(b"PK") else _text(data, name)
    if not document.blocks:
        raise CannotReadReport(
            f"“{name}”里没有文字（可能是扫描的图片），没有可以核对的内容。请先识别成文字再试。"
        )
    return document


def _word(data: bytes, name: str) -> Document:
    try:
        package = unpack_any(data, name)
    except Encrypted as error:
        raise CannotReadReport(f"“{name}”加了密码，无法读取。请去掉密码，另存后再试。") from error
    except (TooLarge, Unsafe) as error:
        raise CannotReadReport(
            f"“{name}”大得不正常，或者含有不安全的内容，没有打开。请用 Word 打开它，另存为新的 .docx 再试。"
        ) from error
    except WorkbookError as error:
        raise CannotReadReport(
            f"“{name}”已损坏或没有传完整。请重新拷贝一份，或用 Word 打开、修复，另存为 .docx 再试。"
        ) from error
    if "word/document.xml" not in package:
        raise CannotReadReport(f"“{name}”不是 Word 文档。请选择 .docx 或 .txt 的自评报告。")
    from jixiao.audit.word_reading import read_docx

    try:
        return read_docx(data, name)
    except Exception as error:  # whatever python-docx stumbles over, the file is no good document
        raise CannotReadReport(f"“{name}”已损坏。请用 Word 打开、修复，另存为 .docx 再试。") from error


def _text(data: bytes, name: str) -> Document:
    if len(data) > LARGEST_TEXT:
        raise CannotReadReport(f"“{name}”超过 10 MB，不像自评报告。请只留下报告的文字再试。")
    for coding in ("utf-8-sig", "gb18030", *(["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else [])):
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return read_text(text, name)
    raise CannotReadReport(
        f"“{name}”不是文字文件，或者编码认不出来。请选择 .docx，或用记事本另存为 UTF-8 的 .txt 再试。"
    )
