"""What can happen to a workbook, from a number typed wrongly to a zip cut short.

A mutation is a function of a :class:`Draft` and a seeded random generator; the same seed gives the same
workbook. The vocabulary is what units really write, and what nobody should.
"""

from __future__ import annotations

import random
import re
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from fuzz.seeds import named, seeds
from oracle.form import Form
from oracle.rows import COLUMNS

NUMBERS = ("0", "1", "2", "3", "5", "9.13", "15", "80", "84.5", "100", "150", "150.01", "0.6", "0.5999",
           "1.5", "201",
           "284.77", "1000", "2257", "-1", "-0.5", "1E+3", "1e-7", "0.1", "123456789012345", "1E+20",
           "NaN", "1E+400",
           "5.000000000000001", "00012", "  7 ", "7,5", "")  # fmt: skip
WORDS = ("是", "否", "有", "无", "没有", "/", "—", "不适用", "定性", "≥80个", "≧80", "84家", "84 个",
         "＝100%", "≦100%",
         "100%", "95.5%", "１０１％", "60%", "59.99%", "≤5%", "4.2%", "5‰", "602.05万元", "6020500元",
         "1.2亿元", "602.05",
         "1,234.56", "12月", "11月", "2024年12月31日前", "2023年12月31日前", "2023-11-30", "年底前",
         "上半年", "第三季度",
         "13月40日", "约80", "80-90", "80个以上", "不低于80", "控制在5%以内", "增长5%", "下降3%",
         "降到4%", "提高到95%以上",
         "正向", "反向", "达成年度指标", "部分达成", "未达成", "第20日当天", "第 20 日当天",
         "没有重点评价", "全面", "较全面",
         "满分", "5分", "5吨", "5200公斤", "3场次", "8批", "已完成", "按时完成", "完成2023年上级下达数",
         "优", "2023", "2023年度",
         "数量指标", "成本指标", "投诉率", "群众投诉率", "控制数", "O", "1O", "½", "Ⅻ", "٣", "①",
         "１２．５", "+5", "-5", "1e3",
         "=1+1", "<b>&", "　", " ", "\n", "_x000D_", "_x0041_", "长" * 40000, "👍", "\u202e80", "0x10",
         "80\u00a0个",
         "nan", "inf", "1/0", "#DIV/0!", "true", "'5")  # fmt: skip
ERRORS = ("#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?", "#怪!")
FORMULAS = ("1+1", "NOW()", "VLOOKUP(1,A1:B2,2)", "自评表!A1", "#REF!", "SUM(", "A1:A1048576", "[1]Sheet1!A1",
            'HYPERLINK("http://x","5")', "A" * 9000)  # fmt: skip


class Draft:
    """A workbook on the operating table: its parts, and in the end its bytes."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        with zipfile.ZipFile(BytesIO(seeds()[seed])) as archive:
            self.parts = {info.filename: archive.read(info) for info in archive.infolist()}
        self.after: list[Callable[[bytes], bytes]] = []
        self.extra: list[tuple[str, bytes]] = []

    def sheet_part(self, title: str) -> str:
        return _places(self.seed)[1].get(title, "")

    def text(self, part: str) -> str:
        return self.parts.get(part, b"").decode("utf-8", "replace")

    def put(self, part: str, text: str) -> None:
        if part in self.parts:
            self.parts[part] = text.encode("utf-8", "surrogatepass")

    def packed(self) -> bytes:
        buffer = BytesIO()
        with (
            warnings.catch_warnings(),
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            warnings.simplefilter("ignore")  # a name twice is what we want
            for name, data in [*self.parts.items(), *self.extra]:
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        data = buffer.getvalue()
        for change in self.after:
            data = change(data)
        return data


@cache
def _places(seed: str) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The cells of the form that say something for the score; the parts of the sheets."""
    data = seeds()[named(seed)]
    form = Form(data)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        rels = archive.read("xl/_rels/workbook.xml.rels").decode()
        book = archive.read("xl/workbook.xml").decode()
    target: dict[str, str] = {}
    for tag in re.findall(r"<Relationship [^>]*>", rels):
        id, where = re.search(r'\bId="([^"]*)"', tag), re.search(r'Target="([^"]*)"', tag)
        assert id and where
        target[id[1]] = "xl/" + where[1].removeprefix("/xl/")
    parts = {}
    for tag in re.findall(r"<sheet [^>]*>", book):
        name, id = re.search(r'name="([^"]*)"', tag), re.search(r':id="([^"]*)"', tag)
        assert name and id
        parts[name[1]] = target[id[1]]
    cells = []
    for name in form.names:
        if name.startswith("jx.") and not name.startswith(("jx.block", "jx.column", "jx.text")):
            span = form.where(name[3:])
            if span and span[0] in parts:
                cells.append((span[0], f"{get_column_letter(span[2])}{span[1]}"))
    for name in [name for name in form.names if name.startswith("jx.block.")]:
        block = name.removeprefix("jx.block.")
        span = form.where(name[3:])
        heads = [form.where(f"column.{block}.{column}") for column in COLUMNS]
        if span:
            listed = [
                (span[0], f"{get_column_letter(head[2])}{row}")
                for row in range(span[1] + 1, span[3] + 1)
                for head in heads
                if head
            ]
            cells += listed * 2  # rows matter most
    return cells, parts


Mutation = Callable[[Draft, random.Random], None]


def _cell(draft: Draft, dice: random.Random) -> tuple[str, str]:
    sheet, cell = dice.choice(_places(draft.seed)[0])
    return draft.sheet_part(sheet), cell


def _with_cell(draft: Draft, part: str, cell: str, change: Callable[[str], str]) -> None:
    """Change the XML of one cell; a cell that is not there is put into its row, if that is there."""
    text = draft.text(part)
    found = re.search(rf'<c r="{cell}"[^>]*?(?:/>|>.*?</c>)', text, re.DOTALL)
    if found:
        draft.put(part, text[: found.start()] + change(found[0]) + text[found.end() :])


def _typed(dice: random.Random, old: str) -> str:
    """The cell with something else in it, its look mostly as it was."""
    head = re.match(r'<c r="[A-Z]+\d+"(?: s="\d+")?', old)
    assert head
    start = head[0]
    kind = dice.choices(("number", "text", "shared", "bool", "error", "formula", "date", "empty"),
                        (30, 40, 2, 4, 4, 8, 3, 6))[0]  # fmt: skip
    value = escape(dice.choice(WORDS))
    if kind == "number":
        return f"{start}><v>{dice.choice(NUMBERS)}</v></c>"
    if kind == "text":
        how = dice.choice(("inlineStr", "inlineStr", "str", "rich"))
        if how == "str":
            return f'{start} t="str"><v>{value}</v></c>'
        if how == "rich":
            return f'{start} t="inlineStr"><is><r><t>{value[:1]}</t></r><r><t>{value[1:]}</t></r></is></c>'
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    if kind == "shared":
        return f'{start} t="s"><v>{dice.choice((0, 1, 5, 99999))}</v></c>'
    if kind == "bool":
        return f'{start} t="b"><v>{dice.choice(("0", "1", "true", "2", ""))}</v></c>'
    if kind == "error":
        return f'{start} t="e"><v>{dice.choice(ERRORS)}</v></c>'
    if kind == "date":
        day = dice.choice(("2023-11-30", "2024-12-31T00:00:00", "1899-12-31", "2023-02-30", "9999-12-31"))
        return f'{start} t="d"><v>{day}</v></c>'
    if kind == "formula":
        stored = dice.choice(("", f"<v>{dice.choice(NUMBERS)}</v>"))
        return f"{start}><f>{escape(dice.choice(FORMULAS))}</f>{stored}</c>"
    return dice.choice(("", f"{start}/>", f"{start}><v></v></c>", f"{start}></c>"))


def retype(draft: Draft, dice: random.Random) -> None:
    part, cell = _cell(draft, dice)
    _with_cell(draft, part, cell, lambda old: _typed(dice, old))


def restyle(draft: Draft, dice: random.Random) -> None:
    """Another number format: what was a number is a percentage, a date, a text."""
    part, cell = _cell(draft, dice)
    style = dice.choice((*range(90), 4000, 10**12))
    _with_cell(
        draft, part, cell, lambda old: re.sub(r'(<c r="[A-Z]+\d+")(?: s="\d+")?', rf'\1 s="{style}"', old)
    )


def change_type(draft: Draft, dice: random.Random) -> None:
    part, cell = _cell(draft, dice)
    kind = dice.choice(("n", "s", "b", "e", "str", "d", "inlineStr", "", "怪"))
    _with_cell(draft, part, cell, lambda old: re.sub(r' t="\w*"', "", old, count=1).replace(
        "<c ", f'<c t="{kind}" ', 1))  # fmt: skip


def swap_cells(draft: Draft, dice: random.Random) -> None:
    part, one = _cell(draft, dice)
    _, other = _cell(draft, dice)
    text = draft.text(part)
    held = {
        cell: re.search(rf'<c r="{cell}"([^>]*?)(?:/>|>(.*?)</c>)', text, re.DOTALL) for cell in (one, other)
    }
    first, second = held[one], held[other]
    if first and second and one != other:
        _with_cell(draft, part, one, lambda _: second[0].replace(f'r="{other}"', f'r="{one}"'))
        _with_cell(draft, part, other, lambda _: first[0].replace(f'r="{one}"', f'r="{other}"'))


def unaddressed(draft: Draft, dice: random.Random) -> None:
    """Cells and rows without their addresses, as some programs write them; or with wrong ones."""
    part, cell = _cell(draft, dice)
    text = draft.text(part)
    what = dice.randrange(4)
    if what == 0:
        text = re.sub(r'<c r="[A-Z]+\d+"', "<c", text)
    elif what == 1:
        text = text.replace(f'<c r="{cell}"', f'<c r="{cell.lower()}"')
    elif what == 2:
        text = text.replace(
            f'<c r="{cell}"', f'<c r="{dice.choice(("A0", "XFE1", "ZZZZ9", "A1048577", "B2", ""))}"'
        )
    else:
        text = re.sub(
            r'<row r="(\d+)"', lambda m: f'<row r="{dice.choice((m[1], m[1], m[1], "3", "x"))}"', text
        )
    draft.put(part, text)


def merges(draft: Draft, dice: random.Random) -> None:
    part, cell = _cell(draft, dice)
    text = draft.text(part)
    other = dice.choice((_cell(draft, dice)[1], "A1", "XFD1048576", "A1:B2", "?"))
    if dice.random() < 0.3:
        text = re.sub(r"<mergeCells.*?</mergeCells>", "", text, flags=re.DOTALL)
    elif "</mergeCells>" in text:
        text = text.replace("</mergeCells>", f'<mergeCell ref="{cell}:{other}"/></mergeCells>')
    draft.put(part, text)


def names(draft: Draft, dice: random.Random) -> None:
    part = "xl/workbook.xml"
    text = draft.text(part)
    all_names = list(re.finditer(r"<definedName [^>]*>[^<]*</definedName>", text))
    if not all_names:
        return
    one = dice.choice(all_names)
    whole, inner = one[0], one[0][one[0].index(">") + 1 : one[0].rindex("<")]
    sheet, cell = dice.choice(_places(draft.seed)[0])
    absolute = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cell)
    other = dice.choice(all_names)[0]
    new = dice.choice((
        "", whole.replace(inner, "#REF!"), whole.replace(inner, f"{sheet}!{absolute}"),
        whole.replace(inner, f"'{sheet}'!{cell}"), whole.replace(inner, f"没有!{absolute}"),
        whole.replace(inner, inner + ":$XFD$1048576"), whole.replace(inner, f"{sheet}!$A$1:$Z$1048576"),
        whole.replace(inner, f"{sheet}!{absolute}:$A$1"), whole.replace(inner, f"{inner},{inner}"),
        whole.replace(inner, f"OFFSET({inner},1,0)"), whole.replace(inner, ""), whole + whole, whole + other,
        whole.replace("<definedName ", '<definedName localSheetId="0" '),
        whole.replace('name="jx.', 'name="JX.'), whole.replace('name="jx.', 'name="'),
        whole.replace(inner, inner.replace("$", "")), whole.replace(inner, "=" + inner),
        whole.replace(inner, f"[1]{inner}"), whole.replace(inner, escape(dice.choice(WORDS))),
    ))  # fmt: skip
    draft.put(part, text[: one.start()] + new + text[one.end() :])


def sheets(draft: Draft, dice: random.Random) -> None:
    part = "xl/workbook.xml"
    text = draft.text(part)
    listed = list(re.finditer(r"<sheet [^>]*?/>", text))
    if not listed:
        return
    one, other = dice.choice(listed)[0], dice.choice(listed)[0]
    title = re.search(r'name="([^"]*)"', one)
    assert title
    what = dice.randrange(8)
    if what == 0:
        text = text.replace(one, "")
    elif what == 1:
        text = text.replace(one, one + one)
    elif what == 2:
        text = text.replace(one, other + one) if dice.random() < 0.5 else text.replace(one, other)
    elif what == 3:
        text = text.replace(
            one, one.replace(title[1], dice.choice(("数据 '23", "a", "", "x" * 40, "自评表", "A!B")))
        )
    elif what == 4:  # as a program renames it, references and all
        text = re.sub(rf"(?<![^>,'\"]){re.escape(title[1])}(?=['\"!])", "改过的名", text)
    elif what == 5:
        text = text.replace(
            one, one.replace("<sheet ", f'<sheet state="{dice.choice(("hidden", "veryHidden", "?"))}" ')
        )
    elif what == 6:
        order = [found[0] for found in listed]
        dice.shuffle(order)
        text = text.replace("".join(found[0] for found in listed), "".join(order))
    else:
        text = text.replace(one, re.sub(r':id="[^"]*"', f':id="{dice.choice(("rId1", "rId999", ""))}"', one))
    draft.put(part, text)


def rows(draft: Draft, dice: random.Random) -> None:
    """A row of the sheet gone, twice, or pushed down with everything below but without the names."""
    part, _ = _cell(draft, dice)
    text = draft.text(part)
    listed = list(re.finditer(r"<row [^>]*?(?:/>|>.*?</row>)", text, re.DOTALL))
    if not listed:
        return
    one = dice.choice(listed)
    what = dice.randrange(3)
    if what == 0:
        text = text[: one.start()] + text[one.end() :]
    elif what == 1:
        text = text[: one.start()] + one[0] + text[one.start() :]
    else:
        by = dice.choice((1, 2, 5, 1000))
        below = text[one.start() :]
        below = re.sub(r'(<row r=")(\d+)', lambda m: f"{m[1]}{int(m[2]) + by}", below)
        below = re.sub(r'(<c r="[A-Z]+)(\d+)', lambda m: f"{m[1]}{int(m[2]) + by}", below)
        text = text[: one.start()] + below
    draft.put(part, text)


def _some_part(draft: Draft, dice: random.Random) -> str:
    first = (
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    )
    named = [name for name in first if name in draft.parts]
    return dice.choice([*named, *draft.parts])


def drop_part(draft: Draft, dice: random.Random) -> None:
    draft.parts.pop(_some_part(draft, dice), None)


def other_bytes(draft: Draft, dice: random.Random) -> None:
    part = _some_part(draft, dice)
    data = bytearray(draft.parts[part])
    what = dice.randrange(5)
    if what == 0:
        data = bytearray()
    elif what == 1:
        del data[dice.randrange(len(data) + 1) :]
    elif what == 2 and data:
        for _ in range(dice.choice((1, 3, 20))):
            data[dice.randrange(len(data))] = dice.randrange(256)
    elif what == 3:
        data = bytearray(draft.parts[_some_part(draft, dice)])
    else:
        data = bytearray(dice.randbytes(dice.choice((1, 100, 5000))))
    draft.parts[part] = bytes(data)


def other_xml(draft: Draft, dice: random.Random) -> None:
    """Still XML, mostly: another encoding, other prefixes, comments, elements gone or twice."""
    part = _some_part(draft, dice)
    text = draft.text(part)
    tags = list(re.finditer(r"<[A-Za-z:]+[^<>]*/>", text))
    what = dice.randrange(9)
    if what == 0 and tags:
        one = dice.choice(tags)
        text = (
            text[: one.start()]
            + dice.choice(("", one[0] * 2, f"<!-- {one[0].replace('--', '')} -->"))
            + text[one.end() :]
        )
    elif what == 1:
        text = re.sub(r"<\?xml[^>]*\?>", "", text)
        draft.parts[part] = ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")
        return
    elif what == 2:
        text = re.sub(r"<\?xml[^>]*\?>", '<?xml version="1.0" encoding="GBK"?>', text)
        draft.parts[part] = text.encode("gbk", "xmlcharrefreplace")
        return
    elif what == 3:
        attributes = list(re.finditer(r' [A-Za-z:]+="[^"]*"', text))
        if attributes:
            one = dice.choice(attributes)
            name = one[0].split("=")[0]
            new = dice.choice(
                ("", f'{name}=""', f'{name}="{"9" * 30}"', f'{name}="-1"', f'{name}="x"', one[0] * 2)
            )
            text = text[: one.start()] + new + text[one.end() :]
    elif what == 4:
        text = re.sub(
            r">([^<]*)<",
            lambda m: f"><![CDATA[{m[1]}]]><" if m[1] and "&" not in m[1] else m[0],
            text,
            count=50,
        )
    elif what == 5:
        text = "\ufeff" + text
    elif what == 6:
        head = text.index(">") + 1 if text.startswith("<?xml") else 0
        evil = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        text = text[:head] + evil + text[head:]
    elif what == 7:
        text = text.replace("><", ">\n  <")
    else:
        deep = 1500
        text = re.sub(r"(</[A-Za-z:]+>\s*)$", "<extLst>" * deep + "</extLst>" * deep + r"\1", text)
    draft.put(part, text)


def zip_members(draft: Draft, dice: random.Random) -> None:
    what = dice.randrange(6)
    name = dice.choice(list(draft.parts))
    if what == 0:
        draft.extra.append((name, draft.parts[name]))
    elif what == 1:
        draft.extra.append(
            (dice.choice(("../x.xml", "/x", "a\\b", "C:x", "x" * 200, "媒体/图.png", name.upper())), b"x")
        )
    elif what == 2:
        renamed = {
            dice.choice((key, key.upper())) if key == name else key: data for key, data in draft.parts.items()
        }
        draft.parts = renamed
    elif what == 3:
        order = list(draft.parts.items())
        dice.shuffle(order)
        draft.parts = dict(order)
    elif what == 4:
        draft.after.append(
            lambda data: dice.randbytes(37) + data if dice.random() < 0.5 else data + dice.randbytes(37)
        )
    else:
        draft.after.append(lambda data: data[: dice.randrange(len(data))])


def zip_bytes(draft: Draft, dice: random.Random) -> None:
    def flipped(data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(dice.choice((1, 1, 4))):
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        return bytes(changed)

    draft.after.append(flipped)


MUTATIONS: dict[Mutation, int] = {
    retype: 60, restyle: 8, change_type: 4, swap_cells: 6, unaddressed: 2, merges: 3, names: 8,
    sheets: 3, rows: 3,
    drop_part: 1, other_bytes: 2, other_xml: 4, zip_members: 2, zip_bytes: 1,
}  # fmt: skip
"""How often each is taken."""


def mutated(number: int) -> tuple[bytes, str]:
    """Workbook ``number``, and what was done to it."""
    dice = random.Random(number)
    seed = dice.choice(list(seeds()))
    draft = Draft(seed)
    taken = dice.choices(list(MUTATIONS), list(MUTATIONS.values()), k=dice.choice((1, 2, 3, 5, 8, 13, 21)))
    for mutation in taken:
        mutation(draft, dice)
    return draft.packed(), f"{number}: {seed}；{'、'.join(one.__name__ for one in taken)}"
