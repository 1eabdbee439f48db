"""Whose form is it, and which cell is what: grids of labels and an edition's form in, names out.

A cell is bound when its label, or its label and the header above it, say what it is. What is said in
other words, or by one of the two alone, is bound as well and told as doubtful, with what speaks for
it; what could be two things is not bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from jixiao.adopt.expected import Expected, Page, Target
from jixiao.adopt.grids import Grid, Text
from jixiao.adopt.labels import key, likeness
from jixiao.adopt.regions import Region, keys_of, regions_of, without_echoes, year_of
from jixiao.adopt.tables import bind_listed, bind_rows
from jixiao.filing.model import Entry
from jixiao.filing.quantity import read_field
from jixiao.workbook.formula.references import Area
from jixiao.workbook.layout.plan import Box

LIKE = 0.66
"""Labels that share less say different things."""
_NUMBERS = ("money", "count", "percent", "score", "area")
_LONGEST_LIKENED = 40


class Binding(msgspec.Struct, frozen=True):
    """A name and the cells it is given; ``doubt`` is the evidence where it is not certain."""

    name: str
    box: Box
    evidence: str
    doubt: str = ""
    copied: bool = False
    """The form repeats here what it asks elsewhere."""
    inline: bool = False
    """Label and value share the cell."""


class Unbound(msgspec.Struct, frozen=True):
    """A name that should stand on one of the sheets that were recognised, and why it is not bound."""

    name: str
    why: str


class Recognition(msgspec.Struct, frozen=True):
    """What was recognised of an edition's form."""

    edition: str
    version: str
    year: int
    """The year that the form names; the edition's where it names none."""
    bindings: tuple[Binding, ...]
    unbound: tuple[Unbound, ...]
    absent: tuple[str, ...]
    """Names of sheets, or of columns beside the printed form, that this form does not have."""
    sheets: Mapping[str, tuple[str, ...]]
    """Sheet -> the pages of the form found on it."""
    noise: tuple[Box, ...] = ()
    """Rows among the indicators that are none: repeated headers, subtotals."""
    repeated: Mapping[tuple[str, ...], frozenset[str]] = {}
    """Sheets that hold the same table each, and the names that are not bound because of it."""

    @property
    def names(self) -> dict[str, str]:
        """Defined names, and what they refer to, that bind the form (see workbook/reading.py)."""
        found = {"jx.edition": f'"{self.edition}"', "jx.version": f'"{self.version}"', "jx.adopted": '"1"'}
        found |= {f"jx.{one.name}": one.box.reference() for one in self.bindings}
        if self.noise:
            found["jx.noise"] = ",".join(box.reference() for box in self.noise)
        if inline := {one.box.reference() for one in self.bindings if one.inline}:
            found["jx.inline"] = ",".join(sorted(inline))
        return found


def recognise(grids: Sequence[Grid], expected: Expected) -> Recognition:
    """Bind what the grids hold of the edition's form."""
    year = year_of(keys_of(grids), expected)
    regions = without_echoes([region for grid in grids for region in regions_of(grid, expected, year)])
    offers: dict[str, list[Binding]] = defaultdict(list)
    whys: dict[str, str] = {}
    noise: list[Box] = []
    for region in regions:
        rows = bind_rows(region)
        noise += rows.noise
        for name, box, evidence, doubt in [*rows.found, *bind_listed(region)]:
            offers[name].append(Binding(name, box, evidence, doubt))
        for binding, why in _cells(region, rows.rows):
            if binding.box.rows:
                offers[binding.name].append(binding)
            elif why:
                whys.setdefault(binding.name, why)
    bindings, doubled = _chosen(offers, regions)
    bound = {one.name for one in bindings}
    whys |= doubled
    pages = {region.page.name for region in regions}
    unbound, absent = _rest(expected, pages, bound, whys)
    sheets: dict[str, list[str]] = {grid.name: [] for grid in grids}
    for region in regions:
        if region.page.name not in sheets[region.grid.name]:
            sheets[region.grid.name].append(region.page.name)
    return Recognition(
        expected.rubric.id,
        expected.rubric.version,
        year,
        tuple(bindings),
        tuple(unbound),
        tuple(absent),
        {name: tuple(found) for name, found in sheets.items()},
        tuple(noise) if bindings else (),
        _repeated(offers, doubled),
    )


def _chosen(
    offers: Mapping[str, Sequence[Binding]], regions: Sequence[Region]
) -> tuple[list[Binding], dict[str, str]]:
    """One cell for each name; a name with two cells of equal right is bound to neither."""
    chosen: list[Binding] = []
    doubled: dict[str, str] = {}
    for name, offered in offers.items():
        if len(offered) == 1:
            chosen.append(offered[0])
            continue
        best = _best(offered)
        if len({one.box for one in best}) > 1 and not best[0].copied:
            places = "、".join(_place(one.box) for one in best)
            doubled[name] = f"有 {len(best)} 处都像：{places}，分不清是哪一处"
        else:
            chosen.append(best[0])
    cells: dict[Box, list[Binding]] = defaultdict(list)
    for one in chosen:
        if "." in one.name and one.name.partition(".")[0] in ("block", "blockend", "column"):
            continue
        cells[one.box].append(one)
    for shared in cells.values():
        own = [one for one in shared if not one.copied]
        sure = [one for one in own if not one.doubt]
        for one in own if len(own) > 1 else ():
            if len(sure) != 1 or one is not sure[0]:
                chosen.remove(one)
                doubled[one.name] = f"{_place(one.box)} 同时像几项，没有认"
    return chosen, doubled


def _repeated(
    offers: Mapping[str, Sequence[Binding]], doubled: Iterable[str]
) -> dict[tuple[str, ...], frozenset[str]]:
    """Sheets of which most names are found on each of the others as well."""
    alike: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name in doubled:
        alike[tuple(dict.fromkeys(one.box.sheet for one in _best(offers[name])))].add(name)
    there = {name: {one.box.sheet for one in offered} for name, offered in offers.items()}
    return {
        sheets: frozenset(names)
        for sheets, names in alike.items()
        if len(sheets) > 1 and 2 * len(names) > sum(not one.isdisjoint(sheets) for one in there.values())
    }


def _best(offered: Sequence[Binding]) -> list[Binding]:
    """The offers that no other one beats: the form's own cell before a copy, certain before doubtful."""
    rank = min((one.copied, bool(one.doubt)) for one in offered)
    return [one for one in offered if (one.copied, bool(one.doubt)) == rank]


def _rest(
    expected: Expected, pages: set[str], bound: set[str], whys: Mapping[str, str]
) -> tuple[list[Unbound], list[str]]:
    """What of the recognised pages is not bound and why, and what this form does not have at all."""
    unbound: dict[str, str] = {}
    absent: list[str] = []
    for page in expected.pages:
        for name, screen in _names(page):
            if name in bound or name in unbound:
                continue
            if page.name in pages and not screen:
                unbound[name] = whys.get(name, "没有找到这一栏")
            elif name not in absent:
                absent.append(name)
    return [Unbound(*one) for one in unbound.items()], [one for one in absent if one not in unbound]


def _names(page: Page) -> Iterator[tuple[str, bool]]:
    for target in page.targets:
        yield from ((name, target.screen or name in target.copies) for name in target.names)
    for rows in page.rows:
        yield f"block.{rows.block.id}", False
        yield from ((f"column.{rows.block.id}.{one}", one in rows.screen) for one in rows.columns)
    for listed in page.listed:
        yield f"block.{listed.block.id}", False


# ---------------------------------------------------------------- single cells


def _cells(region: Region, rows: set[int]) -> Iterator[tuple[Binding, str]]:
    """The cells of a region, by what is written as the form writes it, then by what is much like it.

    A cell that is not found is an empty box with the reason.
    """
    left: list[Target] = []
    taken: set[tuple[int, int]] = set()
    for target in region.page.targets:
        found, _ = _find(target, region)
        if found is None:
            left.append(target)
            continue
        taken.add((found[0].row, found[0].column))
        yield from ((one, "") for one in _bindings(target, region, *found))
    if left:
        _liken(region, left, taken, rows)
    for target in left:
        found, why = _find(target, region)
        if found is None:
            yield from ((Binding(name, Box("", 0, 0, 0, 0), ""), why) for name in target.names)
        else:
            yield from ((one, "") for one in _bindings(target, region, *found))


def _bindings(target: Target, region: Region, box: Box, evidence: str, doubt: str) -> list[Binding]:
    inline = (box.row, box.column) in region.labels
    return [Binding(name, box, evidence, doubt, name in target.copies, inline) for name in target.names]


Found = tuple[Box, str, str]
"""The cell, what speaks for it, and what against."""


def _find(target: Target, region: Region) -> tuple[Found | None, str]:
    """The cell of a target, or why there is none."""
    for number, label in enumerate(target.labels):
        spots = region.said(label.key)
        begun = not spots and (target.alone or target.inline)
        if begun:
            spots = region.begun(label.key)
        if not spots:
            continue
        spot, doubt = _one_of(spots, label.above, label.below, region)
        if spot is None:
            return None, f"“{label.key}”有 {len(spots)} 处，分不清是哪一处"
        if number:
            doubt = doubt or f"没有找到“{target.labels[0].key}”，按同一行的“{_short(spot.text)}”认的"
        doubt = doubt or _likened(label.key, spot, region)
        if target.alone or target.inline:
            box = _beside(spot, region, begun=begun, inline=target.inline)
            if box is None or not (begun or target.inline or _takes(target, box, region)):
                return None, f"“{_short(spot.text)}”旁边没有可以填的格子"
            if (farther := _farther(target, box, region)) is not None:
                box, doubt = farther, doubt or "标签旁边的格子空着，按同一行里填的内容认的"
            return (box, f"标签“{_short(spot.text)}”", doubt), ""
        found = _crossing(target, spot, region)
        if found is not None and not _takes(target, found[0], region):
            box = found[0]
            words = _short(region.grid.text_at(box.row, box.column))
            return None, f"{_place(box)} 里写的是“{words}”，不是数；是填的内容的，请改成数再试"
        if found is not None:
            box, head = found
            doubt = doubt or _likened(target.column, head, region)
            return (box, f"“{_short(spot.text)}”一行、“{_short(head.text)}”一列", doubt), ""
        return None, f"找到了“{_short(spot.text)}”，上面没有“{target.column}”一列"
    heads = region.said(target.column) if target.column else []
    if len(heads) == 1 and _only(target, region.page) and not target.alone:
        below = _free(region, heads[0].area.bottom + 1, heads[0].area.left)
        if below is not None:
            doubt = f"没有找到行的标签，按表头“{_short(heads[0].text)}”下面的一格认的"
            return (below, f"表头“{_short(heads[0].text)}”", doubt), ""
    return None, f"没有找到“{target.labels[0].key if target.labels else target.column}”"


def _only(target: Target, page: Page) -> bool:
    """No other cell stands under a header of these words."""
    return sum(one.column == target.column for one in page.targets) == 1 and not any(
        target.column in keys for rows in page.rows for keys in rows.columns.values()
    )


def _one_of(
    spots: Sequence[Text], above: Iterable[str], below: Iterable[str], region: Region
) -> tuple[Text | None, str]:
    """Of several cells with the same words the one whose neighbours are those of the form."""
    if len(spots) == 1:
        return spots[0], ""

    def support(spot: Text) -> int:
        up = {row for row in range(max(spot.area.top - 3, 1), spot.area.top)}
        down = {row for row in range(spot.area.bottom + 1, spot.area.bottom + 4)}
        return sum(any(one in region.line(row) for row in up) for one in above) + sum(
            any(one in region.line(row) for row in down) for one in below
        )

    ranked = sorted(spots, key=support, reverse=True)
    if support(ranked[0]) == support(ranked[1]):
        return None, ""
    first = ranked[0]
    place = Box(region.grid.name, first.area.top, first.area.left).address(absolute=False)
    return first, f"“{_short(first.text)}”有 {len(spots)} 处，按上下的栏目认了 {place} 这一处"


def _beside(spot: Text, region: Region, *, begun: bool, inline: bool) -> Box | None:
    """The cell for what a label asks: at its right, or below, or the label's own (填表人：张三)."""
    own = Box(region.grid.name, spot.area.top, spot.area.left)
    if begun or (inline and not any(mark in spot.text for mark in "：:")):
        return own
    right = _free(region, spot.area.top, spot.area.right + 1)
    if right is not None:
        return right
    return own if inline else _free(region, spot.area.bottom + 1, spot.area.left)


def _takes(target: Target, box: Box, region: Region) -> bool:
    """A cell of words is no place for a number: it is a label that we do not know."""
    spec = region.expected.rubric.asked.get(target.names[0])
    if spec is None or spec.type not in _NUMBERS:
        return True
    text = region.grid.text_at(box.row, box.column)
    return not key(text) or len(text) <= 2 or any(map(str.isdigit, text))


def _farther(target: Target, start: Box, region: Region) -> Box | None:
    """Where merged cells were taken apart: the first cell of the row that holds what the label asks for."""
    if region.merged:
        return None
    spec = region.expected.rubric.asked.get(target.names[0])
    column = start.column
    while (box := _free(region, start.row, column)) is not None:
        cell = region.grid.cells.get((box.row, box.column))
        if cell is not None and cell.raw not in (None, ""):
            fits = spec is None or not read_field(Entry(cell.raw), spec.type).why
            return box if fits and column > start.column else None
        column += 1
    return None


def _free(region: Region, row: int, column: int) -> Box | None:
    """A cell inside the table that is no label."""
    if column > region.grid.right or not region.top <= row <= region.bottom:
        return None
    area = region.grid.area(row, column)
    if (area.top, area.left) in region.labels:
        return None
    return Box(region.grid.name, area.top, area.left)


def _crossing(target: Target, spot: Text, region: Region) -> tuple[Box, Text] | None:
    """The cell in the row of a label and below the header of the column, the nearest one above.

    A label that stands beside its header, over header and row or in the first of their rows only, means
    the row below all headers of the cells that the form has in this row.
    """
    head = _head(target, spot, region, spot.area.top - 1)
    if head is not None:
        box = _free(region, spot.area.top, head.area.left)
        return (box, head) if box else None
    bottom = _extent(spot, region)
    head = _head(target, spot, region, bottom - 1)
    if head is None:
        return None
    beside = [
        one for one in region.page.targets if one.row == target.row and one.labels[:1] == target.labels[:1]
    ]
    found = (_head(one, spot, region, bottom - 1) for one in beside)
    row = max(one.area.bottom for one in found if one is not None) + 1
    box = _free(region, row, head.area.left) if row <= bottom else None
    return (box, head) if box else None


def _head(target: Target, spot: Text, region: Region, lowest: int) -> Text | None:
    """The header of a target that ends nearest above, or at, a row, at the right of the label."""
    heads = [
        head
        for head in region.said(target.column)
        if head.area.bottom <= lowest
        and head.area.left > spot.area.left
        and _same_header(head.area, target, region)
    ]
    return max(heads, key=lambda one: one.area.bottom, default=None)


def _extent(spot: Text, region: Region) -> int:
    """The last row that a label is for: those merged with it, or left empty below it."""
    row = spot.area.bottom
    while (
        row < region.bottom
        and spot.area.top == spot.area.bottom
        and region.grid.at(row + 1, spot.area.left) is None
    ):
        row += 1
    return row


def _same_header(area: Area, target: Target, region: Region) -> bool:
    """The row of a header is the row that the form means, and not another one with the same word."""
    rivals = region.page.headers[target.column]
    if len(rivals) == 1:
        return True
    here = region.line(area.bottom) | region.line(area.top)
    own = len(here & target.header) / len(target.header)
    others = (len(here & one) / min(len(one), len(target.header)) for one in rivals if one != target.header)
    return own >= max(others, default=0)


# ---------------------------------------------------------------- labels in other words


def _liken(region: Region, targets: Sequence[Target], taken: set[tuple[int, int]], rows: set[int]) -> None:
    """Pair labels that were not found with words that say nothing yet, where both like each other best."""
    wanted = {label.key for target in targets for label in target.labels[:1] if not region.said(label.key)}
    wanted |= {target.column for target in targets if target.column and not region.said(target.column)}
    wanted -= {label for label in wanted if region.begun(label)}
    unknown = [
        text
        for text in region.texts
        if (text.area.top, text.area.left) not in region.labels | taken
        and text.area.top not in rows
        and len(text.key) <= _LONGEST_LIKENED
    ]
    pairs = {
        (want, place): alike
        for want in wanted
        for place, text in enumerate(unknown)
        if (alike := max(likeness(want, one) for one in region.keys(text))) >= LIKE
    }
    for (want, place), alike in pairs.items():
        rivals = [other for pair, other in pairs.items() if (pair[0] == want) != (pair[1] == place)]
        if alike > max(rivals, default=0):
            region.likened[want] = (unknown[place],)


def _likened(label: str, spot: Text, region: Region) -> str:
    if label in region.likened:
        return f"表上写“{_short(spot.text)}”，规则里是“{label}”"
    return ""


def _place(box: Box) -> str:
    return box.reference().replace("$", "")


def _short(text: str) -> str:
    """A text of the form as evidence: on one line, and not too long."""
    line = "".join(text.split())
    return line if len(line) <= 24 else line[:23] + "…"
