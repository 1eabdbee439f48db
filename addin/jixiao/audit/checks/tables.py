"""All tables of a document that hold figures, whatever they are about."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.audit.checks.across import check_across
from jixiao.audit.checks.score_columns import check_score_columns
from jixiao.audit.checks.sums import check_sums
from jixiao.audit.grid import Grid
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks


def check_tables(tables: Sequence[Grid], lexicon: Lexicon, remarks: Remarks) -> None:
    for grid in tables:
        check_score_columns(grid, lexicon, remarks)
        check_sums(grid, lexicon, remarks)
        check_across(grid, lexicon, remarks)
