"""The same quantity in the text and in a table of one document.

A figure of the text is compared only where its words name a row of the table, or the column of its
total, and say nothing more; and it is wrong only if nothing of the table is what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.audit.amounts import Stated
from jixiao.audit.checks.figures import money
from jixiao.audit.grid import Figure, Grid, Line
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import Mention
from jixiao.audit.numerals import counted
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain

_LIMIT = re.compile("[≥≤≧≦<>]")
_NAME_AT_LEAST = 4
"""A shorter name of a row may be part of many words."""
_LEADING = re.compile("^(?:全年|年内|累计|共计|共|实际|已|完成)+")
_MEASURE = re.compile("(?:的?数量|人数|户数|家数|场次|次数|个数|面积|里程|长度|数)$")
_NEAR = 2
"""So many paragraphs before and behind a table speak of it."""
_CHINESE_COUNT = "(?<![第前])(?P<number>[二两三四五六七八九十]{{1,3}})[个项家所处](?:[一-龥]{{0,4}})?{stem}"
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_UNIT = re.compile(r"单位[:：]?(亿元|万元|千元|元)|[(](亿元|万元|千元|元)[)]")
_SCALES = {"元": Decimal("0.0001"), "千元": Decimal("0.1"), "万元": Decimal(1), "亿元": Decimal(10000)}


def check_text(
    paragraphs: Sequence[Stated], tables: Sequence[Grid], lexicon: Lexicon, year: int, remarks: Remarks
) -> None:
    """All figures of a document's text that its tables know."""
    named: dict[str, list[tuple[Grid, Line]]] = {}
    for grid in tables:
        for line in grid.lines:
            name = _bare(line.label)
            if len(name) >= _NAME_AT_LEAST and not line.kind and not lexicon.subject(name):
                named.setdefault(name, []).append((grid, line))
    rows = {name: found[0] for name, found in named.items() if len(found) == 1}
    reached = {stem: (name, *found) for name, found in rows.items() if (stem := _counted_as(name))}
    for one in paragraphs:
        for mention in one.mentions:
            if found := reached.get(_counted_as(mention.words)):
                _check_reached(mention, *found, lexicon, remarks)
        for name, (grid, line) in rows.items():
            if name in one.paragraph.text:
                _check_row(one, name, grid, line, lexicon, remarks)
        for grid in tables:
            if one.paragraph.text[-40:] in grid.caption:
                _check_number(one, grid, lexicon, remarks)
            _check_totals(one, grid, lexicon, remarks)


def _bare(label: str) -> str:
    return re.sub(r"^[^一-龥A-Za-z0-9“]+|^[一二三四五六七八九十]{1,3}、|^\d{1,2}[.、]|\([^()]*\)$", "", label)


# ---------------------------------------------------------------- a row by its name


def _check_row(one: Stated, name: str, grid: Grid, line: Line, lexicon: Lexicon, remarks: Remarks) -> None:
    """甲项目预算 50 万元，支出 42 万元: what follows a row's name in its clause, and goes on with it."""
    about = False
    last: Mention | None = None
    for mention in one.mentions:
        between = one.paragraph.text[last.end if last else 0 : mention.start]
        if name in between:
            about = mention.words.startswith(name)
            rest = mention.words[len(name) :]
        else:
            about = about and bool(re.match(r"^[,，、(（]", between)) and last is not None
            rest = mention.words
        last = mention
        if about and not mention.about:
            _check_cell(mention, re.sub("^(?:项目|工程)", "", rest), name, grid, line, lexicon, remarks)


def _check_cell(
    mention: Mention, words: str, name: str, grid: Grid, line: Line, lexicon: Lexicon, remarks: Remarks
) -> None:
    for place, figure in line.figures.items():
        head = grid.heads[place]
        if mention.money and not _same_amount(head, words, lexicon):
            continue
        if mention.percent and not (head and _rate(head) and _rate(head) == _rate(words)):
            continue
        if not mention.money and not mention.percent:
            return
        if all(not _equal(mention, other, grid, at) for at, other in line.figures.items()):
            _remark(mention, figure, name, grid, place, remarks)
        return


def _same_amount(head: str, words: str, lexicon: Lexicon) -> bool:
    basis = _basis(words, lexicon)
    if len(words) > 1 and words == re.sub(r"[(].*?[)]", "", head):
        return True
    return bool(basis) and basis == _basis(head, lexicon) and not lexicon.without_known(words)


def _basis(words: str, lexicon: Lexicon) -> str:
    bare = re.sub(r"[(].*?[)]", "", words)
    return lexicon.basis(bare) or ("actual" if bare.removesuffix("数") in ("支出", "实际支出") else "")


def _rate(words: str) -> str:
    found = re.search(r"([一-龥]{2}率)(?:[(]%[)])?(?:为|是|达|达到)?$", words)
    return found[1] if found else ""


def _counted_as(name: str) -> str:
    """走访企业 of 全年走访企业, 走访企业数; empty where it is too short to tell."""
    bare = _MEASURE.sub("", _LEADING.sub("", name))
    return bare if len(bare) >= _NAME_AT_LEAST else ""


def _check_reached(
    mention: Mention, name: str, grid: Grid, line: Line, lexicon: Lexicon, remarks: Remarks
) -> None:
    """走访企业 47 家, where the table of indicators says that 45 家 were reached."""
    goals = {place: one for place, one in line.figures.items() if lexicon.goal(grid.heads[place])}
    place = next((at for at in goals if lexicon.goal(grid.heads[at]) == "reached"), None)
    if place is None or mention.about or not _counted(mention) or goals[place].unit != mention.unit:
        return
    if len(goals) < 2 or _LIMIT.match(goals[place].text):
        return  # a target, slipped out of its column
    told = mention.value / mention.scale
    if not re.match("[≥≤<>]", goals[place].text) and all(one.value != told for one in line.figures.values()):
        _remark(mention, goals[place], name, grid, place, remarks)


# ---------------------------------------------------------------- totals


def _check_totals(one: Stated, grid: Grid, lexicon: Lexicon, remarks: Remarks) -> None:
    totals = [line for line in grid.lines if line.kind == "total"]
    if len(totals) != 1 or not grid.sound:
        return
    total = totals[0]
    told = dict(_of_parts(one, grid))
    for mention in one.mentions:
        if mention.about:
            continue
        place = told.get(mention.start)
        if place is None and _counted(mention):
            place = next((at for at in total.figures if _is_count(mention, grid.heads[at], lexicon)), None)
        if place is None and mention.money and _speaks_of(one, grid):
            place = next((at for at, other in total.figures.items() if _slip(mention, other, grid, at)), None)
        if place is None or place not in total.figures:
            continue
        if any(_equal(mention, other, grid, at) for line in grid.lines for at, other in line.figures.items()):
            continue
        _remark(mention, total.figures[place], total.label, grid, place, remarks)


def _of_parts(one: Stated, grid: Grid) -> Iterator[tuple[int, int]]:
    """Where the text tells every row of a column by name, what it tells before them is their total."""
    rows = [line for line in grid.lines if not line.kind]
    names = [_bare(line.label) for line in rows]
    if len(rows) < 2 or not all(name and name in one.paragraph.text for name in names):
        return
    for place in range(len(grid.heads)):
        hits = [
            number
            for number, mention in enumerate(one.mentions)
            for line, name in zip(rows, names, strict=True)
            if mention.words.endswith(name)
            and place in line.figures
            and _equal(mention, line.figures[place], grid, place)
        ]
        if len(hits) == len(rows) and hits == list(range(hits[0], hits[0] + len(hits))) and hits[0]:
            whole, first = one.mentions[hits[0] - 1], one.mentions[hits[0]]
            between = one.paragraph.text[whole.end : first.start]
            if whole.unit == first.unit and re.search("其中|包括|分别", between):
                yield whole.start, place


def _counted(mention: Mention) -> bool:
    return bool(mention.unit) and not (mention.money or mention.percent or mention.unit == "分")


def _is_count(mention: Mention, head: str, lexicon: Lexicon) -> bool:
    """抽检产品 840 批次 below the head 抽检批次; 编制数 187 人 below the head 编制数."""
    count = lexicon.head_count(mention.words) if mention.unit in ("人", "名", "个") else ""
    if count:
        return count == lexicon.head_count(head)
    stem = head.removesuffix(mention.unit)
    return stem != head and len(stem) > 1 and mention.words.startswith(stem)


def _speaks_of(one: Stated, grid: Grid) -> bool:
    return one.paragraph.text[-40:] in grid.caption


def _slip(mention: Mention, figure: Figure, grid: Grid, place: int) -> bool:
    """The same digits with two neighbours swapped: a slip of the typist's, not another figure."""
    said = re.sub(r"\D", "", plain(mention.value / mention.scale).rstrip("0"))
    there = re.sub(r"\D", "", plain(figure.value).rstrip("0"))
    if len(said) < _NAME_AT_LEAST or len(said) != len(there) or said == there:
        return False
    apart = [at for at in range(len(said)) if said[at] != there[at]]
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1
    return swapped and said[apart[0]] == there[apart[1]] and said[apart[1]] == there[apart[0]]


# ---------------------------------------------------------------- how many rows


def _check_number(one: Stated, grid: Grid, lexicon: Lexicon, remarks: Remarks) -> None:
    """共 5 个项目 right before a table that lists them."""
    head = next((head for head in grid.heads if re.fullmatch(lexicon.words.tables.counted, head)), "")
    rows = [line for line in grid.lines if not line.kind]
    stem = re.sub("名称$", "", head)
    if (
        len(stem) < 2
        or len(rows) < 2
        or not grid.sound
        or re.search(lexicon.words.tables.partial, grid.caption)
    ):
        return
    told = [
        mention
        for mention in one.mentions
        if mention.unit in ("个", "项", "家", "所", "处")
        and not mention.about
        and (mention.words.endswith((stem, f"{stem}共", f"{stem}有")) or _follows(mention, stem))
    ]
    if not told:
        for found in re.finditer(_CHINESE_COUNT.format(stem=re.escape(stem)), one.paragraph.text):
            if counted(found["number"]) != len(rows) and "其中" not in one.paragraph.text[: found.start()]:
                remarks.add("JX-716", (one.paragraph.words, *found.span()), stated=found[0],
                            expected=f"{len(rows)}个", name=stem)  # fmt: skip
    if len(told) != 1 or told[0].value == len(rows) or "其中" in told[0].clause:
        return
    remarks.add("JX-716", told[0], stated=told[0].quote, expected=f"{len(rows)}{told[0].unit}", name=stem)


def _follows(mention: Mention, stem: str) -> bool:
    return bool(re.match(rf"^[一-龥]{{0,4}}{re.escape(stem)}", mention.paragraph.text[mention.end :]))


# ---------------------------------------------------------------- comparing


def _scale(grid: Grid, place: int) -> Decimal | None:
    """What one unit of a column is in 万元, if the table says so."""
    found = _UNIT.search(grid.heads[place]) or _UNIT.search("".join(grid.heads)) or _last(grid.caption)
    return _SCALES[found[1] or found[2]] if found else None


def _last(caption: str) -> re.Match[str] | None:
    found = list(_UNIT.finditer(caption))
    return found[-1] if found else None


def _equal(mention: Mention, figure: Figure, grid: Grid, place: int) -> bool:
    if mention.percent:
        return abs(mention.value * 100 - figure.value) <= mention.slack * 100 + figure.slack
    if not mention.money:
        return mention.value == figure.value
    known = _scale(grid, place)
    for scale in [known] if known is not None else _SCALES.values():
        if abs(mention.value - figure.value * scale) <= mention.slack + figure.slack * scale:
            return True
    return False


def _remark(mention: Mention, figure: Figure, name: str, grid: Grid, place: int, remarks: Remarks) -> None:
    head = grid.heads[place]
    remarks.add(
        "JX-707", mention, stated=mention.quote if not mention.money else money(mention),
        expected=f"{figure.text}（{head}）" if head else figure.text, name=name,
        other=figure.cell.place(), also=[mention.place, figure.cell.place()],
    )  # fmt: skip
