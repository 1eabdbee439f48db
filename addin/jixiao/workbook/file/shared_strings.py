"""The texts that cells share (``sharedStrings.xml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.workbook.file.plain_xml import NotPlain, inside, plain_text
from jixiao.workbook.file.values import decode_text
from jixiao.workbook.file.xml_spans import tree_of

_TEXT = re.compile(r'<t(?: xml:space="preserve")?>([^<]*+)</t>')
_TOKEN = re.compile(
    r'<si>(?:<t/>|<t(?: xml:space="preserve")?>([^<]*+)</t>'
    r'|((?:<r>(?:<rPr>(?:<(?!/rPr)[^<>]*+>)*+</rPr>)?<t(?: xml:space="preserve")?>[^<]*+</t></r>)++))'
    r"(?:<phoneticPr [^<>]*/>)?</si>|(.+)",
    re.DOTALL,
)
"""A text in one piece, or in runs of rich text; or (the last group) anything else and all that follows."""


def read_strings(data: bytes) -> dict[str, str]:
    """The shared strings by the number that cells name them by, as it is written there.

    Runs of rich text are joined, reading aids (phonetic) left out.

    Raises ValueError and DoctypeError.
    """
    try:
        texts = _plain(data)
    except NotPlain:
        texts = list(_any(data))
    return {str(number): decode_text(text) for number, text in enumerate(texts)}


def _plain(data: bytes) -> list[str]:
    """The texts where they are plainly written, as Excel and WPS do; raises :class:`NotPlain`."""
    _, _, table = inside(data, "<sst", "</sst>", last="</sst>").partition(">")
    found = _TOKEN.findall(table)
    if any(other for _, _, other in found[-1:]):
        raise NotPlain
    return [plain_text("".join(_TEXT.findall(runs)) if runs else whole) for whole, runs, _ in found]


def _any(data: bytes) -> Iterator[str]:
    root = tree_of(data)
    space = root.tag[: root.tag.find("}") + 1]
    text, run = f"{space}t", f"{space}r"
    for item in root.iterfind(f"{space}si"):
        said = [part.text or "" for part in item if part.tag == text]
        said += [one.text or "" for part in item if part.tag == run for one in part.iterfind(text)]
        yield "".join(said)
