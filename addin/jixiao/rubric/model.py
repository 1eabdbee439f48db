"""What the authority wrote, as data: the tree of indicators, their rules, the fields they need.

Every number and every official sentence stands in ``rubric_rules/<edition>/``; these classes
only give it a shape. Weights and scores are 分 (points); a :class:`Ratio` is a pure number
(``0.6``), written ``60%`` in the files.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec


class Ratio(Decimal):
    """A ratio, not a percentage: ``60%`` in a rule file is the number 0.6."""


class Earning:
    """What a completion band earns: a share of the weight, or the completion rate itself (None)."""

    def __init__(self, share: Ratio | None) -> None:
        self.share = share


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A record with closed keys: a key that is not listed here is an error in the rule file."""


# ---------------------------------------------------------------- conditions and amounts


class Condition(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """True when the answer (or the sum of the amounts) named in ``of`` equals ``equals``."""

    of: list[str]
    equals: str
    because: str


class Interval(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The ratios from one bound to the other; each bound names whether it is included."""

    over: Ratio | None = None
    at_least: Ratio | None = None
    under: Ratio | None = None
    at_most: Ratio | None = None

    def holds(self, ratio: Decimal) -> bool:
        """Whether ``ratio`` lies inside, every bound read as its key says."""
        return not (
            (self.over is not None and ratio <= self.over)
            or (self.at_least is not None and ratio < self.at_least)
            or (self.under is not None and ratio >= self.under)
            or (self.at_most is not None and ratio > self.at_most)
        )


class Quotient(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way to a ratio: the sum of some amounts over the sum of others, or a mean of rates."""

    name: str
    numerator: list[str] = []
    denominator: list[str] = []
    mean_of: list[str] = []
    each_at_most: Ratio | None = None
    substitute: str = ""
    """Not empty: this is a stand-in for the official way, and why it may be used."""


# ---------------------------------------------------------------- scoring methods (closed set)


class BandRule(Interval, frozen=True, forbid_unknown_fields=True, kw_only=True):
    points: Decimal


class Bands(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="bands"):
    """阶梯比率：比率落在哪一档，得该档的分数。"""

    ratio: list[Quotient]
    bands: list[BandRule]


class Proportional(
    Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="proportional"
):
    """按比例：得分＝比率×分值，最多得分值。"""

    ratio: list[Quotient]


class CaseScale(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much one case costs while ``of`` (a number of cases) is at most / more than so many."""

    at_most: Decimal | None = None
    over: Decimal | None = None
    each: Decimal


class Deduction(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One reason for losing points: so many cases, or an answer that is ``equals``."""

    name: str
    field: str
    each: Decimal | None = None
    equals: str | None = None
    scale_of: str | None = None
    scale: list[CaseScale] = []
    at_most: Decimal | None = None


class Deductions(
    Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="deductions"
):
    """扣分制：得分＝分值−Σ(件数×每件扣分)，扣完为止。"""

    items: list[Deduction]


class ChecklistItem(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of an indicator with its own points (分) or share of the weight.

    ``reading`` tells what the field holds: an answer (是 earns all), a number of failures (each
    costs ``each``, counted against ``base``), or points judged by the unit within 0 and all.
    """

    name: str
    field: str
    points: Decimal | None = None
    share: Ratio | None = None
    reading: Literal["answer", "failures", "judged"] = "answer"
    each: Decimal | None = None
    base: Literal["item", "weight"] = "item"
    not_applicable: list[Condition] = []
    forfeited: list[Condition] = []


class Checklist(
    Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="checklist"
):
    """分项合计：每一项按自己的分值（或占比）得分；``all_or_nothing`` 时一项不符全部不得分。"""

    items: list[ChecklistItem]
    all_or_nothing: bool = False


class Excess(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="excess"):
    """超支扣分：超支率＝(实际−预算)÷预算；不超得满分，每超一个 ``step`` 扣 ``each``，扣完为止。

    ``counting``: ``whole`` counts full steps only (4.99% costs nothing at 5%), ``begun`` counts
    every step begun.
    """

    actual: str
    limit: str
    step: Ratio
    each: Decimal
    counting: Literal["whole", "begun"]


class Limit(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="limit"):
    """不超即得分：实际不大于限额得满分，否则不得分。"""

    actual: str
    limit: str


class Judged(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="judged"):
    """酌情：满足 ``full_when`` 得满分；否则由单位在 0 与分值之间自评，并说明理由。"""

    full_when: list[Condition]


class Rows(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="rows"):
    """逐行合计：单位自设的指标逐行计分后相加。"""

    block: str


Rule = Bands | Proportional | Deductions | Checklist | Excess | Limit | Judged | Rows


# ---------------------------------------------------------------- the unit's own indicator rows


class CompletionBand(Interval, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Completion rates and what they earn: the rate itself (``ratio``) or a share of the weight."""

    earns: Earning
    """``ratio``, or a share of the weight such as ``50%``."""


class Tier(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A tier of a qualitative indicator: its share of the weight, from ``at_least`` upwards."""

    name: str
    at_least: Ratio
    at_most: Ratio
    at_most_included: bool = True
    words: list[str] = []
    """Other words for the tier that units write."""


class RowRule(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a row that the unit set itself is scored (completion rate, tiers, inverse, dates)."""

    completion: list[CompletionBand]
    inverse_met: Ratio
    """Share earned by an inverse indicator (≤ 目标) that was met."""
    inverse_missed: Literal["completion", "ratio", "zero", "declared"]
    """Inverse target missed: by the completion bands on 目标÷实际, plain ratio, nothing, or as declared."""
    inverse_words: list[str]
    """Words in a name or class that make an indicator inverse where no sign says so."""
    late: Literal["zero", "declared"]
    """A date later than its target."""
    tiers: list[Tier]
    ask_reason_below: Ratio
    ask_reason_above: Ratio
    clause: str


class Column(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    name: str
    type: str = "text"
    choices: list[str] = []
    aliases: list[str] = []


class Block(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of rows that the unit fills in with its own indicators."""

    id: str
    name: str
    indicator: str | None = None
    weight: Decimal | None = None
    row_rule: str
    qualitative: Literal["allowed", "unregulated"] = "allowed"
    classes: list[str] = []
    """The official second-level classes (数量指标 …) a row may name."""
    columns: list[Column]
    total_name: str = "合计"


# ---------------------------------------------------------------- indicators, levels, edition


class Indicator(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    name: str
    weight: Decimal
    explanation: str
    criteria: str
    clause: str
    rule: Rule
    not_applicable: list[Condition] = []
    forfeited: list[Condition] = []
    evidence: str = ""
    original: str = ""
    """What the published original lacks or misprints, and how it was restored."""
    options: list[str] = []
    """Ids of the options this rule reads; filled in by the loader."""


class Level(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: str
    weight: Decimal
    levels: list[Level] = []
    indicators: list[Indicator] = []
    original: str = ""


class Option(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An ambiguity of the official wording, the readings offered, and the one used."""

    id: str
    name: str
    question: str
    default: str
    choices: dict[str, str]
    clause: str


class Grade(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: str
    at_least: Decimal
    text: str


class Field(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing the unit is asked for. ``unit`` is 万元, 项, %, ㎡ …; amounts are kept in it."""

    label: str
    type: Literal[
        "text", "longtext", "year", "date", "money", "count", "percent", "score", "answer",
        "choice", "area",
    ]  # fmt: skip
    unit: str = ""
    choices: list[str] = []
    required: bool = False
    help: str = ""
    derived: bool = False
    """The form computes it; the unit need not fill it in."""
    amounts: list[str] = []
    """A row of amounts: the columns it has; the field ids are ``<id>.<column>``."""


class Rubric(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An edition: everything one authority prescribes for one year."""

    id: str
    title: str
    authority: str
    year: int
    version: str
    source: str
    total: Decimal
    score_places: int
    grades: list[Grade]
    options: list[Option] = []
    levels: list[Level]
    row_rules: dict[str, RowRule] = {}
    blocks: list[Block] = []
    amount_columns: dict[str, str] = {}
    """Columns of amounts: id -> printed label (``initial`` -> 年初预算数)."""
    fields: dict[str, Field]
    asked: dict[str, Field] = {}
    """The fields one by one, a row of amounts as one field per column; filled in by the loader."""
    checks: Checks
    findings: dict[str, Notice] = {}
    """The catalogue: code of a finding -> its texts. All editions share ``findings.yaml``."""


# ---------------------------------------------------------------- checks that are data


class Tie(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """勾稽: the sum of ``parts`` equals ``whole`` (or is at most it, with ``at_most``)."""

    id: str
    name: str
    whole: str
    parts: list[str]
    at_most: bool = False
    clause: str


class Overrun(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An amount that should not exceed its limit without a word of explanation."""

    name: str
    actual: str
    limit: str
    severity: Literal["错误", "警告", "提示"]
    explained_by: list[str] = []
    clause: str


class Same(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same thing stated in two places."""

    name: str
    fields: list[str]


class Result(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text that tells what was achieved, and the text of the goal it answers, if there is one."""

    field: str
    goal: str = ""


class Checks(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    ties: list[Tie] = []
    overruns: list[Overrun] = []
    same: list[Same] = []
    unit_scale: list[str] = []
    """Amounts of one order: one that is ten thousand times the others was typed in 元."""
    results: list[Result] = []
    met_words: list[str] = []
    """Words such as 已达标 that claim the full score."""
    future_words: list[str] = []
    """Words that speak of plans where results are asked."""
    unlikely_percent: Ratio | None = None
    """A percentage above this was probably typed without its decimal point."""


class Notice(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The texts of a finding; words in braces are filled in by the check."""

    severity: Literal["错误", "警告", "提示", "未检查"]
    title: str
    message: str
    remedy: str
    clause: str = ""
    """The clause where the rubric has none of its own for it."""
    missing: bool = False
    """It keeps the form from being handed in (还差什么)."""


def walk(levels: list[Level], path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Indicator]]:
    """All indicators of a tree in printed order, each with the names of its levels."""
    found: list[tuple[tuple[str, ...], Indicator]] = []
    for level in levels:
        here = (*path, level.name)
        found += walk(level.levels, here)
        found += [(here, indicator) for indicator in level.indicators]
    return found
