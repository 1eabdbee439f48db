"""The words and numbers of the reviewer's side (``batch.yaml``)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import msgspec

from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import data_folder, rule_folders
from jixiao.rubric.model import Model
from jixiao.rubric.source import read_yaml

WORDS = "batch.yaml"


class Similar(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When texts of two units are pointed out: so many characters long, so much in common."""

    at_least: Decimal
    """Per cent."""
    shortest: int


class Roster(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the columns of a 名单 may be headed."""

    unit: list[str]
    department: list[str]


class ReplyWords(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The sentences of a 退回意见; what stands in braces is filled in."""

    name: str
    title: str
    addressee: str
    opening: str
    scores: str
    scores_agree: str
    scores_missing: str
    compared: str
    request: str
    errors: str
    warnings: str
    fixed: str
    place: str
    found: str
    clause: str
    remedy: str
    state: str
    blanks: list[str]


class Words(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    families: dict[str, str]
    """First figure of a code -> what the findings of that family are called."""
    score_steps: list[int]
    """Where the columns of the chart of scores begin (分)."""
    top_findings: int
    told_apart_by: list[str]
    """Fields by which filings of one unit and year are told apart."""
    similar: Similar
    roster: Roster
    reply: ReplyWords

    def family(self, code: str) -> str:
        """The family of a code such as JX-205."""
        return self.families.get(code.rpartition("-")[2][:1], "")


@lru_cache(maxsize=8)
def batch_words(rules: str | None = None) -> Words:
    """From the folder of further editions, if it has the file, or ours. Raises :class:`RuleFileError`."""
    files = (folder / WORDS for folder in rule_folders(rules))
    file: Path = next((one for one in files if one.exists()), data_folder("rubric_rules") / WORDS)
    try:
        return msgspec.convert(read_yaml(file), Words, strict=False)
    except msgspec.ValidationError as error:
        raise RuleFileError(file, 0, f"这里的写法不能用（{error}）。") from error
