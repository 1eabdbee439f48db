"""The audit of the published reports: what must be said (必报), and what must not (不报).

The numbers TR-…, TT-…, LD-… are the rows of the answer key; a place is a line of the sample.
"""

from __future__ import annotations

import random
import re
import unicodedata
from pathlib import Path

import pytest

from jixiao.audit.audit import audit
from jixiao.audit.edition import edition_of
from jixiao.audit.reading import read_text
from jixiao.audit.remark import Remark
from jixiao.rubric.load import edition_folders, load_rubric, rule_folders

SAMPLES = Path(__file__).parents[2] / "shared" / "domain" / "samples"
PUBLISHED = pytest.mark.skipif(not SAMPLES.is_dir(), reason="没有公开报告的全文（项目以外的样本）")
REPORT, FORM, BOTH = "tianhe-2023-report.txt", "tianhe-2023-form.txt", "loudi-2023-report-and-forms.txt"
SERIOUS = {"错误", "警告"}


def text_of(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def audited(*texts: str, edition: str = "guangzhou-2023") -> list[Remark]:
    documents = [read_text(text, f"文件{number}") for number, text in enumerate(texts, 1)]
    return audit(documents, load_rubric(edition))


def places(remarks: list[Remark]) -> set[tuple[str, str, str]]:
    """Severity, code and place of each remark: ``错误, JX-701, 第 59 行``."""
    return {(str(one.finding.severity), one.finding.code, one.finding.place) for one in remarks}


@PUBLISHED
def test_the_text_of_a_published_report() -> None:
    """TR-14 to TR-17, TR-25 to TR-27 are said; TR-01 to TR-13, TR-18 to TR-24, TR-28 to TR-45 are not."""
    assert places(audited(text_of(REPORT))) == {
        ("错误", "JX-701", "第 59 行"),
        ("错误", "JX-702", "第 59 行"),
        ("错误", "JX-314", "第 97 行"),
        ("警告", "JX-713", "第 96 行"),
        ("警告", "JX-714", "第 88 行"),
    }
    quotes = [one.quote for one in audited(text_of(REPORT)) if one.finding.code == "JX-701"]
    assert quotes == ["71.45%", "10.56%", "6.15%"]


@PUBLISHED
def test_a_published_form_whose_cells_have_slipped() -> None:
    """TT-07 and TT-10 are in the one remark on the table; TT-14 and TT-15 are said by themselves."""
    found = audited(text_of(FORM))
    slipped = [one for one in found if one.finding.code == "JX-722"]
    assert len(slipped) == 1 and slipped[0].finding.severity == "警告"
    lines = {int(number) for number in re.findall(r"第 (\d+) 行", slipped[0].finding.place)}
    assert {19, 22, 23, 24} <= lines and lines <= {*range(19, 25), 28, *range(30, 33), 37, 39, *range(42, 47)}
    others = [one for one in found if one.finding.code != "JX-722" and one.finding.severity != "提示"]
    assert places(others) == {("错误", "JX-711", "第 31 行"), ("错误", "JX-711", "第 33 行")}


@PUBLISHED
def test_the_published_report_beside_its_form() -> None:
    """TX-02: the score of one indicator differs; all other scores, amounts and the total agree (TX-01)."""
    found = [one for one in audited(text_of(REPORT), text_of(FORM)) if one.finding.code == "JX-707"]
    assert [(one.quote, one.finding.expected) for one in found] == [("0.5", "1.5分")]
    assert found[0].finding.place == "文件2 第 31 行、文件1 第 116 行"


@PUBLISHED
def test_a_published_report_with_both_forms() -> None:
    """LD-17, LD-31, LD-34, LD-37, LD-38, LD-45 are said; the rest is not, or as 提示."""
    found = places(audited(text_of(BOTH), edition="loudi-2023"))
    assert {one for one in found if one[0] in SERIOUS} == {
        ("警告", "JX-504", "第 45 行"),  # LD-17
        ("警告", "JX-505", "第 60 行"),  # LD-31
        ("警告", "JX-505", "第 191 行"),
        ("警告", "JX-403", "第 91 行、第 90 行"),
        ("警告", "JX-407", "第 166 行、第 165 行"),  # LD-34
        ("错误", "JX-205", "第 317 行"),  # LD-37
        ("警告", "JX-307", "第 318 行、第 315 行"),
        ("警告", "JX-316", "第 364 行、第 365 行、第 374 行、第 375 行"),  # LD-38
        ("错误", "JX-205", "第 427 行"),  # LD-45
        ("警告", "JX-307", "第 428 行、第 425 行"),
        ("警告", "JX-209", "第 398 行"),  # LD-49
    }
    assert {one[1:] for one in found if one[0] not in SERIOUS} == {
        ("JX-308", "第 298 行、第 295 行"),  # LD-46
        ("JX-308", "第 308 行、第 305 行"),  # LD-47
        ("JX-403", "第 111 行、第 110 行"),  # LD-30
        ("JX-717", "第 68 行"),  # LD-22
        ("JX-718", "第 50 行"),  # LD-15
        ("JX-719", "第 58 行"),  # LD-16
        ("JX-719", "第 66 行"),
    }


@PUBLISHED
def test_blank_forms_say_nothing() -> None:
    assert audited(text_of("yueyang-2024-blank-forms.txt"), edition="yueyang-2024") == []


@PUBLISHED
@pytest.mark.parametrize(
    ("name", "edition"),
    [
        (REPORT, "guangzhou-2023"),
        (FORM, "guangzhou-2023"),
        (BOTH, "loudi-2023"),
        ("yueyang-2024-blank-forms.txt", "yueyang-2024"),
    ],
)
def test_the_edition_is_told_by_the_text(name: str, edition: str) -> None:
    rubrics = [load_rubric(one) for one in sorted(edition_folders(rule_folders()))]
    assert edition_of([read_text(text_of(name), name)], rubrics).id == edition


# ---------------------------------------------------------------- text out of pictures and PDFs


def spaced(line: str, dice: random.Random) -> list[str]:
    return ["".join(sign + (" " if dice.random() < 0.1 else "") for sign in line)]


def broken(line: str, dice: random.Random) -> list[str]:
    """Lines of a page: broken anywhere, with empty lines and page numbers between."""
    pieces = []
    while len(line) > (40 if pieces else 60):
        at = dice.randint(28, 38)
        pieces.append(line[:at])
        line = line[at:]
        pieces += [""] * (dice.random() < 0.2) + [f"- {dice.randint(1, 20)} -", ""] * (dice.random() < 0.1)
    return [*pieces, line]


def wide(line: str, dice: random.Random) -> list[str]:
    return [line.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789%.,()"})]


def marked(line: str, dice: random.Random) -> list[str]:
    return [f"**{line}**" if dice.random() < 0.3 else line]


@PUBLISHED
@pytest.mark.parametrize("change", [spaced, broken, wide, marked])
@pytest.mark.parametrize(("name", "edition"), [(REPORT, "guangzhou-2023"), (BOTH, "loudi-2023")])
def test_how_the_text_was_taken_out_changes_nothing(name: str, edition: str, change) -> None:
    def said(text: str) -> list[tuple[str, str]]:
        found = audited(text, edition=edition)
        tidy = (unicodedata.normalize("NFKC", one.quote) for one in found)
        return sorted(
            (one.finding.code, re.sub(r"[\s*]", "", text)) for one, text in zip(found, tidy, strict=True)
        )

    text = text_of(name)
    expected = said(text)
    for seed in range(3):
        dice = random.Random(seed)
        lines = [
            [line] if "\t" in line or not line.strip() or line.startswith("#") else change(line, dice)
            for line in text.splitlines()
        ]
        assert said("\n".join(one for several in lines for one in several)) == expected
