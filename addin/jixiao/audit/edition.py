"""Which edition a report was written by, told by the names and labels that it uses, city and year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from jixiao.audit.document import Document, Table
from jixiao.audit.lexicon import lexicon
from jixiao.audit.names import normal
from jixiao.rubric.model import Rubric, walk

_LEAST = 4
"""A report that uses fewer names of an edition is not known to be by it."""
_NEAR = 0.7
"""Editions whose names are used so nearly as often are told apart by the city."""
_MOST = 0.45
"""A report that uses so many of all names of an edition may be said to be by it."""
_CLEARLY = 2
"""A report that uses so many times as many of the names that only another edition has is by the other."""
_TITLE = 5
"""A title is among so many paragraphs."""
_YEAR = re.compile(r"(20\d\d)年(?:度)?")


def edition_of(documents: Sequence[Document], rubrics: Sequence[Rubric]) -> Rubric | None:
    """The one edition that fits; None where none does, or several do."""
    text = normal("".join(map(_text, documents)))
    used = _used(text, rubrics)
    most = max(used.values(), default=0)
    likely = [one for one in rubrics if used[one.id] >= max(most * _NEAR, _LEAST)]
    cities = {one.id: text.count(city) if (city := _city(one)) else 0 for one in likely}
    year = report_year(documents)
    best = sorted(likely, key=lambda one: (-cities[one.id], one.year != year, -used[one.id]))
    if len(best) == 1 or best and _rank(best[0], cities, used, year) > _rank(best[1], cities, used, year):
        first = best[0]
        if cities[first.id] or used[first.id] >= len(_names(first)) * _MOST:
            return first
    return None


def nearest(documents: Sequence[Document], rubrics: Sequence[Rubric]) -> Rubric:
    """The edition whose words a report uses most: by them a report of no known edition is read."""
    used = _used(normal("".join(map(_text, documents))), rubrics)
    return max(rubrics, key=lambda one: used[one.id])


def _used(text: str, rubrics: Sequence[Rubric]) -> dict[str, int]:
    """How many names of each edition a text uses."""
    return {one.id: sum(name in text for name in _names(one)) for one in rubrics}


def better_edition(documents: Sequence[Document], given: Rubric, rubrics: Sequence[Rubric]) -> Rubric | None:
    """The edition that a report looks like, where it does not look like the one that it was given."""
    text = normal("".join(map(_text, documents)))
    own = _names(given)

    def more(other: Rubric) -> int:
        names = _names(other)
        theirs, ours = (sum(name in text for name in some) for some in (names - own, own - names))
        named = _city(other) and text.count(_city(other)) >= _LEAST and _city(given) not in text
        clear = theirs > _LEAST and theirs >= ours * _CLEARLY
        return theirs if clear or named and _city(given) else 0

    kind = next(filter(None, map(_kind, _titles(documents))), "")
    if kind and kind != _kind(given.title):
        fitting = (one for one in rubrics if _kind(one.title) == kind and surely(documents, one))
        if first := next(fitting, None):
            return first
    best = max((one for one in rubrics if one.id != given.id), key=more, default=None)
    return best if best is not None and more(best) else None


def surely(documents: Sequence[Document], rubric: Rubric) -> bool:
    """Whether the documents name the city of an edition, if it is of one, or use most of its names."""
    text = normal("".join(map(_text, documents)))
    names = _names(rubric)
    return _city(rubric) in text or sum(name in text for name in names) >= len(names) * _MOST


def _titles(documents: Sequence[Document]) -> list[str]:
    """The lines at the beginning that say what report this is."""
    first = [block.text for one in documents for block in one.paragraphs[:_TITLE]]
    return [text for text in first if re.search(r"(?:报告|自评表)$", text)]


def _kind(title: str) -> str:
    """What a title says is assessed: the whole unit or a project; empty where it says neither."""
    kinds = lexicon().words.assessed
    return next((kind for kind, words in kinds.items() if any(one in title for one in words)), "")


def _rank(one: Rubric, cities: dict[str, int], used: dict[str, int], year: int) -> tuple[int, bool, int]:
    return cities[one.id], one.year == year, used[one.id]


def report_year(documents: Sequence[Document]) -> int:
    """The year that a report's title says, or that it mostly speaks of; 0 where it names none."""
    titled = next((found for title in _titles(documents) if (found := _YEAR.search(title))), None)
    if titled is not None:
        return int(titled[1])
    years = Counter(_YEAR.findall("".join(map(_text, documents))))
    return int(years.most_common(1)[0][0]) if years else 0


def _names(rubric: Rubric) -> set[str]:
    words = [one.name for _, one in walk(rubric.levels)]
    words += [name for path, _ in walk(rubric.levels) for name in path]
    words += [column.name for block in rubric.blocks for column in block.columns]
    words += [name for block in rubric.blocks for name in block.classes]
    words += [field.label.rpartition("·")[2] for field in rubric.fields.values() if field.type != "longtext"]
    return {name for name in map(normal, words) if len(name) > 3}


def _city(rubric: Rubric) -> str:
    found = re.match(r"(?P<city>[一-龥]{2,6}?)[市县区]财政局", rubric.authority)
    return found["city"] if found else ""


def _text(document: Document) -> str:
    return "".join(
        "".join(cell.text for row in block.rows for cell in row) if isinstance(block, Table) else block.text
        for block in document.blocks
    )
