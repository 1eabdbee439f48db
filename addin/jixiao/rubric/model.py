"""What the authority wrote, as data: the tree of indicators, their rules, the fields they need.

Every number and every official sentence stands in ``rubric_rules/<edition>/``; these classes
only give it a shape. Weights and scores are 分 (points); a :class:`Ratio` is a pure number
(``0.6``), written ``60%`` in the files.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    hint: bool = False
    """The rubric does not plainly say so: a reviewer may want to look."""


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
    """按比例：得分＝比率×分值，最多得分值；``over`` 说比率超过 100% 时得满分，还是由单位自评。"""

    ratio: list[Quotient]
    over: Literal["full", "declared"] = "full"


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
    every step begun. ``no_limit``: money spent where no budget is set earns nothing, or what the
    unit declares.
    """

    actual: str
    limit: str
    step: Ratio
    each: Decimal
    counting: Literal["whole", "begun"]
    no_limit: Literal["zero", "declared"] = "zero"


class Limit(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="limit"):
    """不超即得分：实际不大于限额得满分，否则不得分。"""

    actual: str
    limit: str


class JudgedTier(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A tier of an indicator that the unit judges: the points (分) from one bound to the other."""

    name: str
    at_least: Decimal
    at_most: Decimal
    words: list[str] = []
    """Other words for the tier that units write."""


class Judged(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="judged"):
    """酌情：满足 ``full_when`` 得满分；否则由单位在 0 与分值之间自评，并说明理由。

    With ``tiers`` the unit names its tier in ``tier_field`` and scores itself within the tier's
    points; a tier of a single score is computed.
    """

    full_when: list[Condition] = []
    tier_field: str = ""
    tiers: list[JudgedTier] = []


class Rows(Model, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="method", tag="rows"):
    """逐行合计：单位自设的指标逐行计分后相加。"""

    block: str


Rule = Bands | Proportional | Deductions | Checklist | Excess | Limit | Judged | Rows


# ---------------------------------------------------------------- the unit's own indicator rows


class CompletionBand(Interval, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Completion rates and what they earn: the rate itself (``ratio``) or a share of the weight."""

    earns: Earning
    """``ratio``, or a share of the weight such as ``50%``."""
    falling_from: Ratio | None = None
    """The share falls by as much as the rate lies above this: 100%−(rate−130%), at least 0."""
    less: Decimal = Decimal(0)
    """Points (分) taken off the row after that; it keeps at least 0."""


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
    inverse_exceeded: Literal["met", "completion"] = "met"
    """An actual below the target: met like any other, or by the completion bands on 目标÷实际."""
    inverse_missed: Literal["completion", "ratio", "zero", "declared"]
    """Inverse target missed: by the completion bands on 目标÷实际, plain ratio, nothing, or as declared."""
    inverse_words: list[str]
    """Words in a name or class that make an indicator inverse where no sign says so."""
    zero_target: Literal["zero", "declared"] = "zero"
    """Inverse target of 0 (事故数 0) missed: nothing, or as declared."""
    zero_both: Literal["met", "declared"] = "met"
    """Positive target of 0 and actual of 0: met, or as declared."""
    constraint_actual: Literal["refuse", "accept"] = "refuse"
    """An actual written as a constraint (≥90%) that repeats or satisfies its target: met, or not read."""
    late: Literal["zero", "declared"]
    """A date later than its target."""
    tell_units: bool = False
    """Say so where target and actual are counted in other words (家, 个) and compared all the same."""
    tiers: list[Tier]
    ask_reason_below: Ratio | None = None
    ask_reason_above: Ratio | None = None
    above: Literal["警告", "提示"] = "警告"
    """How grave it is that a rate above ``ask_reason_above`` has no reason."""
    clause: str


FieldType = Literal[
    "text", "longtext", "year", "date", "money", "count", "percent", "score", "answer", "choice", "area"
]


class Column(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    name: str
    type: FieldType = "text"
    choices: list[str] = []
    aliases: list[str] = []
    inherit: bool = False
    """A blank cell means what the row above says (printed once, or merged over several rows)."""


class Block(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of rows that the unit fills in, with its own indicators or with amounts."""

    id: str
    name: str
    clause: str = ""
    indicator: str | None = None
    weight: Decimal | None = None
    row_rule: str = ""
    """Empty: the rows are data and are not scored; ``<block>.<column>`` is the sum of a column."""
    qualitative: Literal["allowed", "unregulated"] = "allowed"
    classes: list[str] = []
    """The official second-level classes (数量指标 …) a row may name."""
    aliases: list[str] = []
    """Other words for the block on forms that we did not make."""
    columns: list[Column]
    total_name: str = "合计"

    @property
    def inherited(self) -> list[str]:
        """Ids of the columns where a blank cell means what the row above says."""
        return [column.id for column in self.columns if column.inherit]


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
    summed: bool = False
    """The form has no score of its own for it: what its rows (rule: rows) declare is added up."""
    reasoned: bool = True
    """The form has a cell for the reason of points lost."""
    options: list[str] = []
    """Ids of the options this rule reads; filled in by the loader."""


class Level(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: str
    weight: Decimal
    levels: list[Level] = []
    indicators: list[Indicator] = []
    original: str = ""
    apart: bool = False
    """A form of its own (an annex such as 附件5) with its own points, no part of the total and the grade."""
    total_field: str = ""
    """The field in which the unit types the total of a level apart."""


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


class Cap(Interval, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The total is held at ``total_at_most`` (分) while the ratio of indicator ``of`` lies inside."""

    of: str
    total_at_most: Decimal
    clause: str


class Field(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing the unit is asked for. ``unit`` is 万元, 项, %, ㎡ …; amounts are kept in it."""

    label: str
    type: FieldType
    unit: str = ""
    choices: list[str] = []
    required: bool = False
    help: str = ""
    derived: bool = False
    """The form computes it; the unit need not fill it in."""
    yes_or_no: bool = False
    """Only 是 and 否 answer it; 有 and 无 could mean either (没有发现问题：无)."""
    amounts: list[str] = []
    """A row of amounts: the columns it has; the field ids are ``<id>.<column>``."""


class Carries(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a new form takes over from last year's: this year's field or column -> last year's."""

    fields: dict[str, str] = {}
    amounts: dict[str, str] = {}
    """Columns of amounts (``previous: actual``), in every row that has both."""
    blocks: dict[str, dict[str, str]] = {}


class Rubric(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An edition: everything one authority prescribes for one year."""

    id: str
    title: str
    authority: str
    year: int
    every_year: bool = False
    """The rules hold every year; ``year`` is the one they were written down in."""
    version: str
    source: str
    total: Decimal
    score_places: int
    sums: Literal["rounded", "exact"] = "rounded"
    """Sums of scores are made of the scores as printed, or of the exact ones and rounded then."""
    not_applicable_rows: Literal["weight_zero", "rescale"] = "weight_zero"
    """Rows with target ``/``: their weight is 0, or they keep it and the total is reckoned without it."""
    caps: list[Cap] = []
    grades: list[Grade]
    options: list[Option] = []
    levels: list[Level]
    row_rules: dict[str, RowRule] = {}
    blocks: list[Block] = []
    amount_columns: dict[str, str] = {}
    """Columns of amounts: id -> printed label (``initial`` -> 年初预算数)."""
    fields: dict[str, Field]
    rules: str = ""
    """The folder of further editions (--rules) that it was looked for in; filled in by the loader."""
    asked: dict[str, Field] = {}
    """The fields one by one, a row of amounts as one field per column; filled in by the loader."""
    carries: Carries = Carries()
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
    less: list[str] = []
    """Some or all of these may be missing in the whole, the form does not say how much;"""
    more: list[str] = []
    """some or all of these may be in it as well: the whole lies between the two sums."""
    follows: str = ""
    """Id of the tie above whose terms are mostly the same: what fails there fails here as well."""
    severity: Literal["", "警告", "提示"] = ""
    """Milder than the catalogue says, where units draw the line differently."""
    clause: str


class Rate(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rate that the form prints: ``part`` over ``whole``; without them, or over 0, there is none."""

    field: str
    part: str
    whole: str
    clause: str


class Basis(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A choice that says what a column of amounts means, and the total its ``parts`` then add up to."""

    field: str
    parts: list[str]
    totals: dict[str, str]
    """Choice -> the amount."""
    clause: str


class Expected(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Fields (or rows of amounts) that should not be left blank although nothing is computed from them."""

    name: str
    fields: list[str]
    remedy: str
    clause: str


class Stated(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number that the unit's texts may repeat: one of ``words``, then the number with its unit."""

    field: str
    words: list[str]
    units: list[str]
    """Counting words; amounts are known by 元, 万元, 亿元."""
    apart: list[str] = []
    """As with :class:`Texts`, for this number alone."""
    despite: list[str] = []
    """Words of ``Texts.apart`` that do not matter here, because the words for the number are plain enough."""
    clause: str


class Texts(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Texts in which the same number is stated again, and what makes a sentence speak of another one."""

    fields: list[str]
    openings: list[str] = []
    """What may stand before the words; anything else (下属单位, 行政) narrows them to something else."""
    links: list[str] = []
    """What may stand between the words and the number."""
    apart: list[str] = []
    """What follows one of these in a sentence may be of another year, of a plan or of a part."""
    numbers: list[Stated] = []


class Overrun(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An amount that should not exceed its limit without a word of explanation."""

    name: str
    actual: str
    limit: str
    severity: Literal["错误", "警告", "提示"]
    explained_by: list[str] = []
    words: list[str] = []
    """A sentence elsewhere explains it if it has one of these, and a word of ``Reasons.words``."""
    clause: str


class Adjustment(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An amount that changes from ``before`` to ``after`` by more than a ratio asks for a reason."""

    name: str
    before: str
    after: str
    more_than: Ratio
    severity: Literal["错误", "警告", "提示"]
    explained_by: list[str] = []
    words: list[str] = []
    """As with an :class:`Overrun`."""
    clause: str


class Reasons(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where reasons are given besides the texts meant for them; the rows' own reasons always count."""

    texts: list[str] = []
    words: list[str] = []
    """Words that give a reason (因, 追加), and do not just name the subject."""
    but: list[str] = []
    """Words that hold one of those and give no reason (因公出国)."""
    general: list[str] = []
    """Texts that tell other things too: one of these explains nothing by merely being filled in."""


class Contradicted(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words that a text may not claim (严格控制) where the ``overrun`` of this name is found."""

    words: list[str]
    texts: list[str]
    overrun: str
    clause: str


class Same(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same thing stated in two places."""

    name: str
    fields: list[str]


class Result(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text that tells what was achieved, and the text of the goal it answers, if there is one."""

    field: str
    goal: str = ""


class Approved(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The 绩效目标申报表 by which the targets were approved: how it is known, and what is compared."""

    goal: str
    """The text that repeats the approved goal."""
    goal_labels: list[str]
    """What stands before the goal."""
    columns: dict[Literal["name", "target", "weight", "sign", "unit"], list[str]]
    """name, target, weight, and sign and unit of the target: what the header of the table calls them."""
    clause: str


class Checks(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    tolerance: Decimal = Decimal(0)
    """What each term of a tie may be off by: half a unit of the last place that is printed."""
    ties: list[Tie] = []
    overruns: list[Overrun] = []
    adjustments: list[Adjustment] = []
    contradicted: list[Contradicted] = []
    reasons: Reasons = Reasons()
    rates: list[Rate] = []
    bases: list[Basis] = []
    expected: list[Expected] = []
    stated: Texts = Texts(fields=[])
    same: list[Same] = []
    unit_scale: list[str] = []
    """Amounts of one order: one that is ten thousand times the others was typed in 元."""
    results: list[Result] = []
    approved: Approved | None = None
    met_words: list[str] = []
    """Words such as 已达标 that claim the full score."""
    future_words: list[str] = []
    """Words that speak of plans where results are asked."""
    unlikely_amount: Decimal = Decimal(0)
    """An amount of ``unit_scale`` above this was probably typed in 元; 0: not looked at."""
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
    of_form: bool = False
    """It asks of a form what a report need not hold; the audit of a report leaves it out."""


def declared_cells(indicators: Iterable[Indicator]) -> list[str]:
    """Ids of the cells that a form has for these indicators: 得分, 未达标原因."""
    asked = [one for one in indicators if not one.summed]
    return [f"score.{one.id}" for one in asked] + [f"reason.{one.id}" for one in asked if one.reasoned]


def column_sums(rubric: Rubric) -> dict[str, tuple[Block, Column]]:
    """What rows of data add up to: ``<block>.<column>``, which checks read like an amount."""
    return {
        f"{block.id}.{column.id}": (block, column)
        for block in rubric.blocks
        for column in block.columns
        if not block.row_rule and column.type in ("money", "count", "area")
    }


def walk(levels: list[Level], path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Indicator]]:
    """All indicators of a tree in printed order, each with the names of its levels."""
    found: list[tuple[tuple[str, ...], Indicator]] = []
    for level in levels:
        here = (*path, level.name)
        found += walk(level.levels, here)
        found += [(here, indicator) for indicator in level.indicators]
    return found
