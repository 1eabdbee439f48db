"""Tables that go on over a page, put together again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from jixiao.audit.document import Document, Paragraph, Table, Words
from jixiao.audit.grid import figure
from jixiao.audit.lexicon import Lexicon

Row = tuple[Words, ...]
_RUNNING = 24
"""Characters of a running header."""
_BETWEEN = 2
"""So many lines at most stand between the parts: a page's foot, the next one's header."""
_HEADS_AT_LEAST = 3
_ENDS = "。！？!?；;"


def whole(document: Document, lexicon: Lexicon) -> Document:
    """The document, a table that goes on over the page with its heads repeated as one, without these.

    It has not ended with its total, and between its parts stands no more than a running header.
    """
    blocks: list[Paragraph | Table] = []
    between = 0
    for block in document.blocks:
        last = blocks[-between - 1] if between < len(blocks) else None
        if isinstance(block, Table) and isinstance(last, Table) and _goes_on(last, block, lexicon):
            del blocks[len(blocks) - between :]
            blocks[-1] = Table((*last.rows, *block.rows[1:]))
            between = 0
        else:
            blocks.append(_once(block.rows, lexicon) if isinstance(block, Table) else block)
            passing = isinstance(block, Paragraph) and _is_running(block, lexicon)
            between = between + 1 if passing and between < _BETWEEN else 0
    return msgspec.structs.replace(document, blocks=tuple(blocks))


def _is_running(paragraph: Paragraph, lexicon: Lexicon) -> bool:
    """No heading, no sentence and no other table's name, unless it says that the table goes on."""
    text = paragraph.text
    named = lexicon.caption(text) and "续" not in text
    return not paragraph.level and len(text) <= _RUNNING and text[-1:] not in _ENDS and not named


def _goes_on(table: Table, other: Table, lexicon: Lexicon) -> bool:
    first, again = ([cell.text for cell in one.rows[0]] for one in (table, other))
    return first == again and len(first) >= _HEADS_AT_LEAST and not _ended(table.rows, lexicon)


def _once(rows: Sequence[Row], lexicon: Lexicon) -> Table:
    """The rows, without the heads where they stand again before the table has ended with its total.

    Indicators with targets may be listed twice, first as they were planned.
    """
    heads = [cell.text for cell in rows[0]] if rows else []
    known = len(heads) >= _HEADS_AT_LEAST and not any(figure(cell) for cell in rows[0])
    known = known and not any(map(lexicon.goal, heads))
    kept: list[Row] = []
    for row in rows:
        again = known and kept and [cell.text for cell in row] == heads
        if not again or _ended(kept, lexicon):
            kept.append(row)
    return Table(tuple(kept))


def _ended(rows: Sequence[Row], lexicon: Lexicon) -> bool:
    return any(lexicon.total(cell.text) for row in rows for cell in row)
