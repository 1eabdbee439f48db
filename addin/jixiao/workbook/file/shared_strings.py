"""The texts that cells share (``sharedStrings.xml``)."""

from __future__ import annotations

from jixiao.workbook.file.values import decode_text
from jixiao.workbook.file.xml_spans import safe_parser


def read_strings(data: bytes) -> list[str]:
    """The shared strings: runs of rich text joined, reading aids (phonetic) left out."""
    parser = safe_parser()
    strings: list[str] = []
    texts: list[str] = []
    kept: list[str] = []
    phonetic = False

    def opened(name: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "si":
            kept.clear()
        elif local == "rPh":
            phonetic = True
        texts.clear()

    def closed(name: str) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "t" and not phonetic:
            kept.append("".join(texts))
        elif local == "rPh":
            phonetic = False
        elif local == "si":
            strings.append(decode_text("".join(kept)))

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler = texts.append
    parser.Parse(data, True)
    return strings
