"""Reasons: where the unit explains an amount that asks for it."""

from __future__ import annotations

import re

from jixiao.checking.case import Case, said
from jixiao.filing.quantity import as_text, tidy
from jixiao.rubric.model import Adjustment, Overrun

SENTENCE = re.compile(r"[。；;！!？?\n]")


def reason_for(case: Case, rule: Overrun | Adjustment) -> str:
    """Where a reason is given: anything in a text meant for it, elsewhere a sentence that speaks of it."""
    meant = next((field for field in rule.explained_by if said(case.text(field))), "")
    if meant or not rule.words:
        return case.label(meant) if meant else ""
    reasons = case.rubric.checks.reasons
    texts = [(case.label(field), case.text(field)) for field in reasons.texts]
    for score in case.assessment.rows:
        # Typed beside the row's name, a reason need not repeat it.
        reason = said(as_text(case.row(score)["reason"].raw))
        texts += [(f"{case.row_label(score)}的偏差原因", f"{score.name}{reason}")] if reason else []
    for label, text in texts:
        for sentence in SENTENCE.split(tidy(text)):
            said_so = sentence
            for word in reasons.but:
                said_so = said_so.replace(word, "")
            if _holds(sentence, rule.words) and _holds(said_so, reasons.words):
                return label
    return ""


def _holds(sentence: str, words: list[str]) -> bool:
    return any(word in sentence for word in words)
