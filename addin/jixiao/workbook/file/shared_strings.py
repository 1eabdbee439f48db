"""The texts that cells share (``sharedStrings.xml``)."""

from __future__ import annotations

from jixiao.workbook.file.values import decode_text
from jixiao.workbook.file.xml_spans import tree_of


def read_strings(data: bytes) -> list[str]:
    """The shared strings: runs of rich text joined, reading aids (phonetic) left out.

    Raises ValueError and DoctypeError.
    """
    root = tree_of(data)
    space = root.tag[: root.tag.find("}") + 1]
    text, run = f"{space}t", f"{space}r"
    strings = []
    for item in root.iterfind(f"{space}si"):
        said = [part.text or "" for part in item if part.tag == text]
        said += [one.text or "" for part in item if part.tag == run for one in part.iterfind(text)]
        strings.append(decode_text("".join(said)))
    return strings
