"""Where a tag may stand: a wrong place would lose words or give a file that Word cannot open."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterator
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from jixiao.report.errors import BadTemplate

_TAG = re.compile(r"\{(?P<kind>[{%])(?P<unit>p|r|tr|tc)?(?=\s)\s*(?P<words>[^{}%]*?)\s*[}%]\}")


def check_places(document: Any, blocks: Collection[str], name: str) -> None:
    """Refuse tags in places where they cannot stand. ``blocks`` are those that are no words.

    A page break that stands in the paragraph of such a tag is moved behind it, so that it stays.
    Raises :class:`BadTemplate`.
    """
    for paragraph in _paragraphs(document):
        text = "".join(one.text or "" for one in paragraph.iter(qn("w:t")))
        for tag in _TAG.finditer(text):
            _check(tag, text, paragraph, blocks, name)
        if re.search(r"\{[{%]p\s", text):
            _keep_section(paragraph)


def _paragraphs(document: Any) -> Iterator[Any]:
    yield from document.element.body.iter(qn("w:p"))
    for section in document.sections:
        for part in (section.header, section.footer, section.even_page_footer, section.first_page_footer):
            yield from part._element.iter(qn("w:p"))


def _check(tag: re.Match[str], text: str, paragraph: Any, blocks: Collection[str], name: str) -> None:
    said, words, unit = tag[0], tag["words"], tag["unit"]
    if tag["kind"] == "{" and words in blocks:
        parent = paragraph.getparent().tag.rpartition("}")[2]
        if unit != "p":
            raise BadTemplate(name, f"“{said}”要写成 {{{{p {words} }}}}，单独占一段。")
        if text.strip() != said or parent not in ("body", "sdtContent"):
            raise BadTemplate(name, f"“{said}”要单独占一段，前后不能有别的字，也不能放在表格、页眉页脚里。")
    elif tag["kind"] == "{" and unit:
        raise BadTemplate(name, f"“{said}”要写成 {{{{ {words} }}}}，不带 {unit}。")
    elif unit in ("r", "tc"):
        raise BadTemplate(
            name, f"“{said}”不能用，循环写成 {{%p … %}}（一段一段）或 {{%tr … %}}（一行一行）。"
        )
    elif unit == "p" and text.strip() != said:
        raise BadTemplate(name, f"“{said}”要单独占一段，前后不能有别的字。")
    elif unit == "tr" and _row_text(paragraph).strip() != said:
        raise BadTemplate(name, f"“{said}”要单独占表格的一行，那一行不能有别的字。")


def _row_text(paragraph: Any) -> str:
    row = next((one for one in paragraph.iterancestors() if one.tag == qn("w:tr")), None)
    return "" if row is None else "".join(one.text or "" for one in row.iter(qn("w:t")))


def _keep_section(paragraph: Any) -> None:
    """The paragraph of the tag goes when it is filled in; a section that ends with it must not."""
    section = paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    if section is None:
        return
    section.getparent().remove(section)
    behind = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    properties.append(copy.deepcopy(section))
    behind.append(properties)
    paragraph.addnext(behind)
