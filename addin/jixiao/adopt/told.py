"""What was recognised, in words: a table of what is certain, doubtful, not found, and not on this form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jixiao.adopt.expected import Expected
from jixiao.adopt.recognise import Binding, Recognition
from jixiao.rubric.model import Rubric, walk


def repeated(recognition: Recognition) -> list[str]:
    """That a table was found several times, so that nothing of it is read, and what to do."""
    return [
        f"{'、'.join(f'“{sheet}”' for sheet in sheets)}是同样的表，一共 {len(sheets)} 份，分不清该用哪一份，"
        "都没有认、没有读。一个文件里只能放一份：请每份各存成一个文件，或者删去不用的，再试一次；"
        "几份都要审的，把这些文件放进一个文件夹，运行 jixiao batch。"
        for sheets in recognition.repeated
    ]


def doubts(recognition: Recognition, expected: Expected) -> list[str]:
    """Every doubtful binding with its evidence, one a line."""
    if not any(one.doubt for one in recognition.bindings):
        return []
    names = _labels(expected.rubric)
    return [
        f"拿不准：{_called(one.name, names)} → {_place(one)}（{one.doubt}）"
        for one in _shown(recognition)
        if one.doubt
    ]


def unread(recognition: Recognition, expected: Expected) -> list[str]:
    """What was not recognised and why, one a line, but for the tables that are there several times."""
    known = frozenset().union(*recognition.repeated.values())
    left = {name: why for name, why in _unbound(recognition).items() if name not in known}
    names = _labels(expected.rubric) if left else {}
    return [f"{_called(name, names)}：{why}" for name, why in left.items()]


def _brief(recognition: Recognition) -> list[Binding]:
    """What is told line by line: the columns of a block stand in the block's own line, unless in doubt."""
    return [one for one in _shown(recognition) if one.doubt or not one.name.startswith("column.")]


def summary(recognition: Recognition) -> str:
    shown = _brief(recognition)
    doubtful = sum(bool(one.doubt) for one in shown)
    return f"认出 {len(shown) - doubtful} · 拿不准 {doubtful} · 没有认出 {len(_unbound(recognition))}"


def table(recognition: Recognition, expected: Expected) -> list[str]:
    """The whole table, for the screen."""
    rubric, names = expected.rubric, _labels(expected.rubric)
    lines = [f"按“{rubric.title}”（{rubric.id}）认的：{summary(recognition)}"]
    if recognition.year != rubric.year and not rubric.every_year:
        lines.append(
            f"注意：表上写的是 {recognition.year} 年度，评分规则是 {rubric.year} 年度的；"
            "规则有变动的，请换对应的版本。"
        )
    for sheet, pages in recognition.sheets.items():
        lines.append(f"工作表“{sheet}”：{'、'.join(pages) if pages else '不是自评表，没有动'}")
    shown = _brief(recognition)
    lines += _section("填了几份的表", repeated(recognition))
    lines += _section("拿不准的，请核对", doubts(recognition, expected))
    lines += _section("没有认出的（表上有这张表，没有找到这一栏）", unread(recognition, expected))
    lines += _section(
        "认出的",
        [f"{_called(one.name, names)} → {_place(one)}（{one.evidence}）" for one in shown if not one.doubt],
    )
    if absent := [_called(name, names) for name in recognition.absent if _told(name)]:
        lines += _section("这份表上没有的（别处要用时另填）", ["、".join(dict.fromkeys(absent))])
    if recognition.noise:
        rows = "、".join(f"{box.sheet} 第 {box.row} 行" for box in recognition.noise)
        lines += _section("指标行中间不算指标的行", [rows])
    return lines


def as_json(recognition: Recognition, expected: Expected) -> dict[str, object]:
    names = _labels(expected.rubric)
    return {
        "edition": recognition.edition,
        "year": recognition.year,
        "recognised": [
            {
                "name": one.name,
                "label": _called(one.name, names),
                "place": _place(one),
                "evidence": one.evidence,
            }
            for one in _shown(recognition)
            if not one.doubt
        ],
        "doubtful": [
            {"name": one.name, "label": _called(one.name, names), "place": _place(one), "evidence": one.doubt}
            for one in _shown(recognition)
            if one.doubt
        ],
        "not_recognised": [
            {"name": name, "label": _called(name, names), "why": why}
            for name, why in _unbound(recognition).items()
        ],
        "absent": [name for name in recognition.absent if _told(name)],
    }


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}：", *(f"  {line}" for line in lines)] if lines else []


def _told(name: str) -> bool:
    return not name.startswith("blockend.")


def _shown(recognition: Recognition) -> Iterator[Binding]:
    return (one for one in recognition.bindings if _told(one.name))


def _unbound(recognition: Recognition) -> dict[str, str]:
    return {one.name: one.why for one in recognition.unbound if _told(one.name)}


def _place(one: Binding) -> str:
    return one.box.reference().replace("$", "")


def _called(name: str, labels: Mapping[str, str]) -> str:
    return labels.get(name, name)


def _labels(rubric: Rubric) -> dict[str, str]:
    """What the user calls everything that has a name."""
    found = {"total": "总分", "grade": "评价等级"}
    for field, spec in rubric.asked.items():
        row, _, column = field.rpartition(".")
        printed = rubric.amount_columns.get(column, "")
        amount = row in rubric.fields and field not in rubric.fields and printed not in spec.label
        found[field] = f"{spec.label}·{printed}" if amount else spec.label
    for _, one in walk(rubric.levels):
        found[f"score.{one.id}"] = f"{one.name}·得分"
        found[f"reason.{one.id}"] = f"{one.name}·未达标原因"
    for block in rubric.blocks:
        found[f"block.{block.id}"] = f"{block.name}各行"
        found |= {
            f"column.{block.id}.{column.id}": f"{block.name}·{column.name}一列" for column in block.columns
        }
    return found
