"""Counts of indicators: in the text against the tables, classes against their sum, bands of completion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from jixiao.audit.document import Document, Paragraph
from jixiao.audit.mentions import Mention, mentions
from jixiao.audit.numerals import NUMBER, counted
from jixiao.audit.remark import Remarks
from jixiao.audit.tables import IndicatorTable
from jixiao.filing.quantity import plain

_NAMED = re.compile(r"(?P<name>[一-龥]{2,10}?)(?:指标?)?(?:共计?|共有|有|为|合计|共设置)?$")
_AFTER = re.compile(r"(?P<name>[一-龥]{2,8}?)指标")
_BAND = re.compile(
    r"完成率[^;；。]{0,40}?的?(?:指标)?(?:有|共|为)?(?P<count>\d+)个"
    r"(?:[,，]?(?:共|各|合计)?得分?(?:为|共)?(?P<points>\d+(?:\.\d+)?)(?:分|(?=[;；。,，])))?"
)
_WHOLE = re.compile(r"(?P<after>\d+)个[一-龥]{0,8}指标|指标?(?:共|共有|有|为)?(?P<before>\d+)个")
_SUM = re.compile(r"合计(?:自评)?(?:得分)?(?:为|共)?(?P<sum>\d+(?:\.\d+)?)分")
_OWN = re.compile(r"得分?为?(?P<sum>\d+(?:\.\d+)?)分(?=[。；;])")
_KIND = "(?:职能|业务|内设|行政|综合)?(?:科室|股室|处室|机构|部门|科|股|处|室)"
_BELOW = re.compile(
    rf"(?:直属|所属|下属|下辖)(?:事业|预算|二级|基层)*单位(?:共|有)*(?P<before>{NUMBER})[个家][,，]?(?:[:：]|分别(?:为|是)[:：]?|即[:：]?)"
    rf"(?P<listed>[^,，。;；:：、\d]{{2,24}}(?:、[^,，。;；:：、\d]{{2,24}})+)(?=[。；;,，]|$)"
)
"""直属事业单位 3 个，即甲中心、乙站、丙所."""
_UNITS = re.compile(
    rf"(?:内设|下设|设有|设立|设)(?:机构)?(?:"
    rf"(?P<names>[^,，。;；:：、\d]{{2,12}}(?:、[^,，。;；:：、\d]{{2,16}})+?)(?:共计?)?(?P<after>{NUMBER})个{_KIND}"
    rf"|(?P<before>{NUMBER})个{_KIND}[,，]?(?:[:：]|分别(?:为|是)[:：]?|即[:：]?)"
    rf"(?P<listed>[^,，。;；:：、\d]{{2,16}}(?:、[^,，。;；:：、\d]{{2,16}})+)(?=[。；;,，]|$))"
)
"""内设办公室、财务股等 8 个股室 leaves some out; without 等 all are told."""
ZERO = Decimal(0)


def check_counts(document: Document, tables: Sequence[IndicatorTable], remarks: Remarks) -> None:
    """What the text of one document says of the numbers of indicators."""
    listed = [_counts(table) for table in tables]
    classes = sorted({name for counts in listed for name in counts}, key=len, reverse=True)
    for paragraph in document.paragraphs:
        if "个" not in paragraph.text and "项" not in paragraph.text:
            continue
        for one in mentions(paragraph):
            if one.unit in ("个", "项") and not one.about:
                _check_listed(one, classes, listed, remarks)
        _check_bands(paragraph, remarks)
        for units in (*_UNITS.finditer(paragraph.text), *_BELOW.finditer(paragraph.text)):
            _check_units(paragraph, units, remarks)


def _check_units(paragraph: Paragraph, found: re.Match[str], remarks: Remarks) -> None:
    """So many offices as are listed; 和 may be part of a name or stand between two."""
    told = found.groupdict()
    names = (told.get("names") or told["listed"]).split("、")
    if any(re.search("等|其中|包括", name) for name in names):
        return
    number = int(counted(told.get("after") or told["before"]))
    most = len(names) + len(re.findall("[和及与]", names[-1]))
    if not len(names) <= number <= most:
        start, end = found.span("after" if told.get("after") else "before")
        remarks.add(
            "JX-716", (paragraph.words, start, end + 1), stated=f"{number}个", expected=f"{len(names)}个",
            name="列出的名称",
        )  # fmt: skip


def _check_listed(
    one: Mention, classes: Sequence[str], listed: Sequence[Counter[str]], remarks: Remarks
) -> None:
    """数量指标 2 个: at least one table must list so many, if any lists indicators of that class."""
    found = _NAMED.search(one.words) if re.search("指标?[共有为合计设置]*$", one.words) else None
    found = found or _AFTER.match(one.paragraph.text[one.end :])
    if not found:
        return
    name = next((known for known in classes if found["name"].endswith(known)), "")
    numbers = {counts[name] for counts in listed if counts[name]} if name else set()
    if numbers and int(one.value) not in numbers:
        remarks.add(
            "JX-716", one, stated=f"{int(one.value)}个",
            expected="或".join(f"{number}个" for number in sorted(numbers)), name=f"{name}指标",
        )  # fmt: skip


def _counts(table: IndicatorTable) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in table.rows:
        if row.name in ("/", "") or row.text("target") in ("/",):
            continue
        names = {row.level2.removesuffix("指标"), row.level1.partition("(")[0].removesuffix("指标")}
        counts.update(name for name in names if name)
    return counts


def _check_bands(paragraph: Paragraph, remarks: Remarks) -> None:
    """完成率…的 n 个，得 m 分；…: the counts are all indicators, the points are their sum."""
    text = paragraph.text
    bands = list(_BAND.finditer(text))
    whole = _WHOLE.search(text[: bands[0].start()]) if len(bands) > 1 else None
    if whole is None:
        return
    words, start, end = paragraph.words, bands[0].start(), bands[-1].end()
    told = [int(band["count"]) for band in bands]
    count = int(whole["after"] or whole["before"])
    if sum(told) != count:
        remarks.add(
            "JX-712", (words, start, end), stated=f"{sum(told)}个", expected=f"{count}个",
            sum="＋".join(map(str, told)),
        )  # fmt: skip
    total = _SUM.search(text, end) or next(reversed(list(_OWN.finditer(text[:start]))), None)
    if total is None or any(band["points"] is None for band in bands):
        return
    points = [Decimal(band["points"]) for band in bands]
    each = [number * one for number, one in zip(told, points, strict=True)]
    expected = Decimal(total["sum"])
    if expected not in (sum(points, ZERO), sum(each, ZERO)):
        remarks.add(
            "JX-709", (words, min(start, total.start()), max(end, total.end())),
            stated=f"{plain(expected)}分", expected=f"{plain(sum(points, ZERO))}分",
            sum="＋".join(map(plain, points)),
        )  # fmt: skip
