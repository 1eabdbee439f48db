"""What a report claims of the fields of the form, wherever it says so: in its text or in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec

from jixiao.audit.amounts import ATTRIBUTE, Amount, Stated, titled
from jixiao.audit.checks.scores import Points, kind_of, led, of_score, points_in, points_of
from jixiao.audit.document import HEADING, Document, Words
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import Mention, mentions
from jixiao.audit.names import Names
from jixiao.audit.outline import Section, outline
from jixiao.rubric.model import Rubric

_HEADS = ("人", "名", "个")
_POINT = re.compile("[一二三四五六七八九十]是")
_LEAD = re.compile("[^,，。;；:：]+[:：]")
"""财政拨款支出情况：年初预算……，支出……: what this sentence is of."""
_SUM = re.compile("[合共总]计")
_FULL = Decimal(100)
_YEAR = re.compile(r"((?:19|20)\d\d)年")


class Claim(msgspec.Struct, frozen=True):
    """One place that states a value; ``slack`` is half a unit of its last printed place.

    ``field`` is that of the form (``budget.total.actual``, ``score.<id>``, ``total``), or
    ``weight.<id>`` and ``level.<name>`` for what the form does not ask.
    """

    field: str
    value: Decimal
    slack: Decimal
    document: str
    words: Words
    start: int
    end: int

    @property
    def place(self) -> str:
        return self.words.place(self.start)


def of_mention(field: str, mention: Mention, document: str) -> Claim:
    words = mention.paragraph.words
    return Claim(field, mention.value, mention.slack, document, words, mention.start, mention.end)


# ---------------------------------------------------------------- amounts


class Amounts:
    """Which field an amount of the text is, told by its subject and basis."""

    def __init__(self, rubric: Rubric, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.fields: dict[tuple[str, str], str] = {}
        for id, field in rubric.fields.items():
            subject = lexicon.subject(field.label)
            if field.type != "money" or not subject or field.derived or not _named(field.label, lexicon):
                continue
            if not field.amounts:
                self.fields.setdefault((subject, "actual"), id)
            for column in field.amounts:
                basis = lexicon.basis(rubric.amount_columns[column])
                self.fields.setdefault((subject, basis), f"{id}.{column}")
        self._counts = {
            field.label.rpartition("·")[2]: id for id, field in rubric.fields.items() if field.type == "count"
        }
        self._wholes = {part: one.whole for one in lexicon.words.identities for part in one.parts}

    def claims(self, paragraphs: Sequence[Stated], document: str, year: int) -> Iterator[Claim]:
        """The amounts whose words say nothing else than what they are of: no project, no unit below."""
        for one in paragraphs:
            narrower, told = -1, False
            for number, amount in enumerate(one.amounts):
                before = one.amounts[number - 1] if number else None
                told = self._told(amount, before, told)
                if self._lexicon.without_known(amount.mention.words):
                    narrower = amount.mention.end  # 甲项目预算 50 万元，实际支出 42 万元
                elif narrower >= 0 and "。" not in one.paragraph.text[narrower : amount.mention.start]:
                    told = False
                if self._on_counted(one, amount.mention) or self._of_point(amount.mention):
                    told = False
                field = self.fields.get((amount.subject, amount.basis))
                if field and told and self._whole(amount) and _of_year(amount.mention, year):
                    yield of_mention(field, amount.mention, document)

    def _on_counted(self, one: Stated, amount: Mention) -> bool:
        """Bare 支出 after a number of others than the staff: 供养 1245 人，支出 1268 万元."""
        return self._lexicon.general(amount.words) and any(
            other.sentence == amount.sentence and other.start < amount.start and not other.percent
            and not (other.unit in _HEADS and self._lexicon.head_count(other.words))
            for other in one.others
        )  # fmt: skip

    def _of_point(self, amount: Mention) -> bool:
        """Bare 支出 of what its sentence names: 一是食堂改造，支出 251 万元; 新馆项目偏慢，支出 35 万元."""
        sentence = amount.paragraph.text[: amount.start].rpartition("。")[2]
        subject = self._lexicon.subject(amount.words)
        named = subject and not (self._lexicon.only_kind(amount.words) or self._lexicon.general(amount.words))
        lead = _LEAD.match(sentence)
        of_other = lead and self._lexicon.subject(lead[0]) not in ("", "总支出", "总收入")
        return not named and bool(of_other or _POINT.search(sentence) or self._undertaking.search(sentence))

    @cached_property
    def _undertaking(self) -> re.Pattern[str]:
        ends = "|".join(self._lexicon.words.undertakings.ends)
        return re.compile(rf"^[^,，。;；0-9]{{2,}}(?:{ends})(?!支出|资金|经费)[^,，。;；0-9]*[,，]")

    def others(self, paragraphs: Sequence[Stated], document: str, year: int) -> Iterator[Claim]:
        """Head counts and execution rates of the whole unit."""
        for one in paragraphs:
            narrower = -1
            for mention in one.others:
                if mention.about or not _of_year(mention, year):
                    continue
                name = self._lexicon.head_count(mention.words) if mention.unit in _HEADS else ""
                if mention.unit in _HEADS and not name:
                    narrower = mention.sentence  # 局机关编制 12 人，在职 11 人
                elif name and narrower != mention.sentence and not self._wider(one, mention, name):
                    yield of_mention(self._counts.get(name, f"count.{name}"), mention, document)
                elif mention.percent and (
                    self._rate_of_part(one, mention)
                    or self._narrower(one, mention)
                    or self._of_point(mention)
                ):
                    continue
                elif mention.percent and ATTRIBUTE.match(one.paragraph.text, mention.end):
                    continue  # 执行率 100% 的 29 个: which ones
                elif mention.percent and (rate := self._lexicon.rate(mention.words)):
                    yield of_mention(f"rate.{rate}", mention, document)

    def _wider(self, one: Stated, count: Mention, name: str) -> bool:
        """实有人数 241 人，其中在职 172 人: all that are there, the retired too."""
        return any(
            other.sentence == count.sentence and other.start > count.start and other.value < count.value
            and other.unit in _HEADS and self._lexicon.head_count(other.words) == name
            and self._lexicon.basis(other.words) != "previous"
            for other in one.others
        )  # fmt: skip

    def _rate_of_part(self, one: Stated, rate: Mention) -> bool:
        """A rate that names nothing, after an amount of a part only: 基本支出 62 万元，执行率 99%."""
        if one.item and any(amount.subject == one.item for amount in one.amounts):
            return True
        subjects = [
            amount.subject
            for amount in one.amounts
            if amount.mention.sentence == rate.sentence and amount.mention.start < rate.start
        ]
        if not subjects or self._lexicon.subject(rate.words):
            return False
        of_item = bool(subjects[-1]) and subjects[-1] not in self._lexicon.words.subjects
        return of_item or subjects[-1] in self._wholes

    def _narrower(self, one: Stated, rate: Mention) -> bool:
        """After an amount of something in its sentence: 甲项目安排 300 万元，支出 195 万元，执行率 65%."""
        near = (
            amount.mention for amount in one.amounts
            if amount.mention.sentence == rate.sentence and amount.mention.start < rate.start
        )  # fmt: skip
        return any(self._lexicon.without_known(mention.words) for mention in near)

    def _told(self, amount: Amount, before: Amount | None, told: bool) -> bool:
        mention = amount.mention
        if mention.about or mention.value < 0 or amount.listed:
            return False
        rest = self._lexicon.without_known(mention.words)
        if rest or self._lexicon.several(mention.words):
            return False
        if self._lexicon.subject(mention.words):
            return True
        if _SUM.search(mention.words):
            return False  # 年初结转 38 万元，本年收入 1262 万元，合计 1300 万元
        return before is not None and told and before.mention.sentence == mention.sentence

    def _whole(self, amount: Amount) -> bool:
        """Not a part of something narrower: 基本支出 of the general budget only is another amount."""
        within = amount.within
        if within is None:
            return True
        if within.subject == amount.subject:
            return within.basis != amount.basis
        return within.subject in ("总支出", "总收入") or self._wholes.get(amount.subject) == within.subject


def _named(label: str, lexicon: Lexicon) -> bool:
    """A label that names nothing but a subject."""
    return not lexicon.without_known(label.rpartition("表的")[2])


def _of_year(mention: Mention, year: int) -> bool:
    said = _YEAR.findall(mention.paragraph.text[: mention.start])
    return not said or int(said[-1]) == year


# ---------------------------------------------------------------- scores and weights


def score_claims(document: Document, names: Names, lexicon: Lexicon) -> Iterator[Claim]:
    """Scores and weights in the text: of a section told by its heading, of items told by name."""
    root = outline(document)
    other = [id(one) for parent in root.walk() for one in _other_scheme(parent, names, lexicon)]
    titles = {
        id(document.paragraphs[number]): title
        for number, (title, one) in titled(document.paragraphs, lexicon).items()
        if one
    }
    totals: list[tuple[str, Claim]] = []
    for section in root.walk():
        if id(section) in other:
            continue
        if key := _key(section, names):
            yield from _points(key, points_of(section, lexicon), document.name)
        for paragraph in section.own:
            if lead := names.find(led(paragraph)):
                yield from _points(lead, points_in([paragraph], lexicon), document.name)
            for claim in _items(mentions(paragraph), names, lexicon, document.name):
                if claim.field != "total":
                    yield claim
                    continue
                project = _project(claim, section, lexicon) or titles.get(id(paragraph), "")
                totals.append((project, claim))
    several = len({project for project, _ in totals if project}) > 1
    yield from (claim for project, claim in totals if not (several and project))


def _project(total: Claim, section: Section, lexicon: Lexicon) -> str:
    """What bears the score, in its words or in the heading: 档案数字化项目绩效自评得分 95 分."""
    ends = "|".join(lexicon.words.undertakings.ends)
    clause = re.split("[,，。;；:：]", total.words.text[: total.start])[-1]
    title = _unnumbered(section.head.text) if section.head is not None and section.head.level else ""
    found = re.match(rf"[^,，。;；:：]{{2,}}(?:{ends})", clause) or re.fullmatch(rf".{{2,}}(?:{ends})", title)
    return found[0] if found else ""


def _key(section: Section, names: Names) -> str:
    if section.head is None:
        return ""
    title = section.head.text[len(section.head.number) :]
    return names.find(re.split("[,，。:：(]", _unnumbered(title))[0])


def _other_scheme(parent: Section, names: Names, lexicon: Lexicon) -> Iterator[Section]:
    """Sections whose weights make a hundred together with some that the edition does not know."""
    told = [(one, points_of(one, lexicon).weight) for one in parent.parts]
    weighed = [(one, weight.value) for one, weight in told if weight is not None]
    whole = sum((weight for _, weight in weighed), Decimal(0)) == _FULL
    if whole and not all(_key(one, names) for one, _ in weighed):
        yield from (inner for one, _ in weighed for inner in one.walk())


def _points(key: str, points: Points, document: str) -> Iterator[Claim]:
    if points.weight:
        yield of_mention(f"weight.{key}", points.weight, document)
    if points.score:
        yield of_mention(key, points.score, document)


def _unnumbered(text: str) -> str:
    return HEADING.sub("", text)


def _items(found: Sequence[Mention], names: Names, lexicon: Lexicon, document: str) -> Iterator[Claim]:
    """Scores of items by name; none where most of the names are of another way of scoring."""
    kinds = [kind_of(one, lexicon) for one in found if one.unit == "分" and not one.about]
    known = [bool(names.find(name)) for kind, name in kinds if kind == "item"]
    if known.count(False) > known.count(True) or _other_weights(found, names, lexicon):
        return
    item = last = ""
    for number, one in enumerate(found):
        if one.unit != "分" or one.about:
            continue
        before, (kind, name) = last, kind_of(one, lexicon)
        last = kind
        if kind in ("item", "item weight"):
            item = names.find(name)
            if item:
                yield of_mention(item if kind == "item" else f"weight.{item}", one, document)
        elif kind == "own" and item and before != "item" and found[number - 1].sentence == one.sentence:
            yield of_mention(item, one, document)
            item = ""
        elif kind == "total" and not _of_results(found[:number], one):
            yield of_mention(names.find(name) or "total", one, document)


def _of_results(before: Sequence[Mention], total: Mention) -> bool:
    """办结率 98%、满意率 95%，综合得分 96.8 分: the score of these, given by somebody else."""
    near = [one for one in before if one.sentence == total.sentence]
    return any(one.percent for one in near) and not any("自评" in one.clause for one in (*near, total))


def _other_weights(found: Sequence[Mention], names: Names, lexicon: Lexicon) -> bool:
    """产出指标 48 分（满分 50 分）、效益指标 28 分（满分 30 分）: by a scheme with weights of its own."""
    told: list[bool] = []
    whole_told: list[bool] = []
    item, whole = "", Decimal(0)
    for one in (one for one in found if one.unit == "分"):
        kind, name = kind_of(one, lexicon)
        if kind == "item":
            item = names.find(name)
        elif kind == "weight" and item and of_score(one):
            told.append(names.weights[item] == one.value)
            item = ""
        elif kind == "item weight" and (named := names.find(name)):
            whole_told.append(names.weights[named] == one.value)
        whole += one.value if kind in ("weight", "item weight") else 0
    if whole == _FULL and not all([*told, *whole_told]):
        return True
    return told.count(False) > told.count(True)
