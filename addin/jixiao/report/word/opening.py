"""Opening a Word file that somebody else saved, without trusting it."""

from __future__ import annotations

import io
import re

from docxtpl import DocxTemplate

from jixiao.report.errors import BadTemplate
from jixiao.workbook.errors import WorkbookError
from jixiao.workbook.file.package import unpack_any

_EXTERNAL = re.compile(rb'<Relationship\b(?=[^>]*TargetMode="External")[^>]*>')
_MAY_LEAD_OUT = b"/hyperlink"


def open_template(data: bytes, name: str) -> DocxTemplate:
    """A Word file that may be rendered; raises :class:`BadTemplate` for any other."""
    try:
        package = unpack_any(data, name)
    except WorkbookError as error:
        raise BadTemplate(
            name,
            "它不是 Word 文档（.docx），或者已经损坏、加了密码、大得不正常。"
            "请用 Word 打开它，另存为 .docx 再试。",
        ) from error
    if "word/document.xml" not in package:
        raise BadTemplate(name, "它不是 Word 文档（.docx）。请选择在 Word 里改好、另存为 .docx 的模板。")
    if any(part.lower().endswith("vbaproject.bin") for part in package.parts):
        raise BadTemplate(name, "里面有宏。请用 Word 另存为不带宏的 .docx 再试。")
    for part, content in package.parts.items():
        for link in _EXTERNAL.findall(content) if part.endswith(".rels") else ():
            if _MAY_LEAD_OUT not in link:
                raise BadTemplate(
                    name,
                    "它引用了文件以外的内容（图片、模板或对象）。请在 Word 里改成嵌入的，或者删掉，再试。",
                )
    template = DocxTemplate(io.BytesIO(data))
    try:
        template.init_docx()
    except Exception as error:  # whatever python-docx stumbles over, the file is no good template
        raise BadTemplate(name, "它已经损坏。请用 Word 打开它，另存为 .docx 再试。") from error
    return template
