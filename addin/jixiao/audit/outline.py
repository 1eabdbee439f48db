"""The sections of a report: headings with what stands below them, and numbered paragraphs as sections."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from jixiao.audit.document import HEADING, Document, Paragraph, Table, is_part, numbered


class Section(msgspec.Struct):
    """A heading (or a numbered paragraph, its own text), its paragraphs and tables, its sections."""

    head: Paragraph | None
    level: int
    body: list[Paragraph | Table] = []
    parts: list[Section] = []

    @property
    def own(self) -> list[Paragraph]:
        """Its own paragraphs, the numbered one itself included."""
        return [block for block in self.body if isinstance(block, Paragraph)]

    def walk(self) -> Iterator[Section]:
        yield self
        for part in self.parts:
            yield from part.walk()


def outline(document: Document) -> Section:
    """The whole document as a tree; what comes before the first heading belongs to its root."""
    root = Section(None, -1)
    open_sections = [root]
    for block in document.blocks:
        level = _level(block) if isinstance(block, Paragraph) else 0
        part = isinstance(block, Paragraph) and is_part(block.text)
        if not level and not part:
            open_sections[-1].body.append(block)
            continue
        assert isinstance(block, Paragraph)
        while open_sections[-1].level >= level:
            open_sections.pop()
        section = Section(block, level, [] if block.level else [block])
        open_sections[-1].parts.append(section)
        open_sections.append(section)
    return root


def _level(block: Paragraph) -> int:
    """A long paragraph that begins with a number counts as a section of that level too."""
    if block.level:
        return block.level
    found = HEADING.match(block.text)
    return numbered(found) if found else 0
