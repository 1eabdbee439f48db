"""Which rows of a sheet belong to which page of the form, and which label stands where in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from jixiao.adopt.expected import Expected, Page
from jixiao.adopt.grids import Grid, Text
from jixiao.adopt.labels import key, label_and_rest, placed_in, years_in

_SWITCH = 2.0
"""Labels of another page that it takes to believe that another form begins."""
_LABELS_AT_LEAST = 3
"""Fewer labels are a coincidence and no form."""
_OFFICIAL_AT_LEAST, _OURS_AT_LEAST = 0.2, 0.5
"""Share of a page's labels: of an official one that may be split; of one that only our own workbook has."""
_ECHO, _REPEATED = 0.6, 0.9


def keys_of(grids: Iterable[Grid]) -> frozenset[str]:
    """All that the texts of some sheets say."""
    return frozenset(text.key for grid in grids for text in grid.texts)


def year_of(keys: Iterable[str], expected: Expected) -> int:
    """The year of the forms: that which makes most labels with a year those of the edition."""
    dated = {said: years for said in keys if (years := years_in(said))}
    years = sorted({year for found in dated.values() for year in found}, reverse=True)

    def fits(year: int) -> int:
        meant = (expected.meanings(placed_in(said, year)) for said in dated)
        return sum(one in expected.all_labels for words in meant for one in words)

    return max((expected.rubric.year, *years), key=fits)


class Region:
    """Some rows of a sheet that hold a page of the form."""

    def __init__(self, grid: Grid, page: Page, expected: Expected, year: int, top: int, bottom: int) -> None:
        self.grid, self.page, self.expected, self.year = grid, page, expected, year
        self.top, self.bottom = top, bottom
        self.texts = [text for text in grid.texts if top <= text.area.top <= bottom]
        self.likened: dict[str, tuple[Text, ...]] = {}
        """Labels that are not written as the form prints them, but much like it."""

    def keys(self, text: Text) -> tuple[str, ...]:
        """What a text may mean on the form."""
        return self._meant[text.key]

    @cached_property
    def _meant(self) -> Mapping[str, tuple[str, ...]]:
        return {
            said: self.expected.meanings(placed_in(said, self.year))
            for said in {text.key for text in self.texts}
        }

    @cached_property
    def _said(self) -> Mapping[str, list[Text]]:
        found: dict[str, list[Text]] = defaultdict(list)
        for text in self.texts:
            for one in self.keys(text):
                found[one].append(text)
        for text, words in self._joined():
            for one in self.expected.meanings(placed_in(words, self.year)):
                if one in self.page.labels and text not in found[one]:
                    found[one].append(text)
        return found

    @cached_property
    def _begun(self) -> Mapping[str, list[Text]]:
        """Texts by the label that stands before their colon."""
        found: dict[str, list[Text]] = defaultdict(list)
        for text in self.texts:
            for one in self._openings.get(text.text, ()):
                found[one].append(text)
        return found

    @cached_property
    def _openings(self) -> Mapping[str, tuple[str, ...]]:
        """By texts that go on after a colon, what stands before it."""
        told = (
            (text, *label_and_rest(text.text)) for text in self.texts if ":" in text.text or "：" in text.text
        )
        return {
            text.text: self.expected.meanings(placed_in(key(label), self.year))
            for text, label, rest in told
            if label and rest
        }

    def _joined(self) -> Iterable[tuple[Text, str]]:
        """Labels under a wider one, together with it: 预算数（万元） over 年初 and 全年."""
        tops = {(text.area.bottom + 1, column): text for text in self.texts
                for column in range(text.area.left, text.area.right + 1)
                if text.area.right > text.area.left}  # fmt: skip
        for text in self.texts:
            over = tops.get((text.area.top, text.area.left))
            if over is not None and over.area.right >= text.area.right:
                yield text, over.key + text.key
                yield text, text.key + over.key

    def said(self, label: str) -> list[Text]:
        """The cells that say a label and nothing else."""
        return self._said.get(label) or list(self.likened.get(label, ()))

    def begun(self, label: str) -> list[Text]:
        """The cells that begin with a label and a colon, and go on."""
        return self._begun.get(label, [])

    def begins(self, text: Text) -> list[str]:
        """The labels of the page with which a text begins and after which it goes on."""
        return [one for one in self._openings.get(text.text, ()) if one in self.page.labels]

    def is_label(self, text: Text) -> bool:
        return not self.page.labels.isdisjoint(self.keys(text)) or bool(self.begins(text))

    @cached_property
    def labels(self) -> set[tuple[int, int]]:
        """The cells that are labels of the page: never a place to fill in."""
        return {(text.area.top, text.area.left) for text in self.texts if self.is_label(text)}

    @cached_property
    def merged(self) -> bool:
        """Whether any label of the form stands in merged cells, as most do where merging was kept."""
        return any((area.top, area.left) in self.labels for area in self.grid.merges)

    @cached_property
    def _lines(self) -> Mapping[int, set[str]]:
        lines: dict[int, set[str]] = defaultdict(set)
        for label, texts in self._said.items():
            if label in self.page.labels:
                for text in texts:
                    for row in range(text.area.top, text.area.bottom + 1):
                        lines[row].add(label)
        return lines

    def line(self, row: int) -> set[str]:
        """The labels of the page that stand in a row."""
        return self._lines.get(row, set())

    @cached_property
    def known(self) -> frozenset[str]:
        """The labels of the page that were found."""
        return frozenset(label for label in self.page.labels if label in self._said or label in self._begun)


def regions_of(grid: Grid, expected: Expected, year: int) -> list[Region]:
    """The rows of a sheet, page by page of the form; rows that are of no page are left out."""
    votes = _votes(grid, expected, year)
    if not votes:
        return []
    rows = sorted(votes)
    choice = _best(rows, votes, len(expected.pages))
    found: list[Region] = []
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or choice[place] != choice[start]:
            top = rows[start] if found else 1
            bottom = rows[place] - 1 if place < len(rows) else grid.bottom
            found.append(Region(grid, expected.pages[choice[start]], expected, year, top, bottom))
            start = place
    return [one for one in found if len(one.known) >= _least(one.page)]


def _least(page: Page) -> float:
    share = _OFFICIAL_AT_LEAST if page.official else _OURS_AT_LEAST
    return max(_LABELS_AT_LEAST, share * len(page.labels))


def without_echoes(regions: Sequence[Region]) -> list[Region]:
    """The regions but those that only repeat a few labels of another one (a table of 三公经费 beside it)."""
    return [
        one
        for one in regions
        if not any(
            one.page is other.page
            and len(one.known) < _ECHO * len(other.known)
            and len(one.known & other.known) >= _REPEATED * len(one.known)
            for other in regions
        )
    ]


def _votes(grid: Grid, expected: Expected, year: int) -> dict[int, list[float]]:
    """Row -> how much it says for each page; a label of several pages says less."""
    votes: dict[int, list[float]] = {}
    for text in grid.texts:
        words = expected.meanings(placed_in(text.key, year))
        if of := {number for one in words for number in expected.homes.get(one, ())}:
            row = votes.setdefault(text.area.top, [0.0] * len(expected.pages))
            for number in of:
                row[number] += 1 / len(of) + (0.1 if expected.pages[number].official else 0)
    return votes


def _best(rows: Sequence[int], votes: Mapping[int, Sequence[float]], pages: int) -> list[int]:
    """The page of each row, so that most labels fit and pages change seldom."""
    score = [0.0] * pages
    ways: list[list[int]] = []
    for row in rows:
        highest = max(score)
        top = score.index(highest)
        # a row that could be of either page, such as the signatures, belongs to the upper one
        least = highest - _SWITCH
        came = [page if one > least else top for page, one in enumerate(score)]
        score = [max(one, least) + vote for one, vote in zip(score, votes[row], strict=True)]
        ways.append(came)
    page = score.index(max(score))
    choice = [page]
    for came in reversed(ways[1:]):
        page = came[page]
        choice.append(page)
    return choice[::-1]
