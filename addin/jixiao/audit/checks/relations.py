"""All that the quantities of a paragraph are said to be to one another."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.audit.amounts import Stated
from jixiao.audit.checks.averages import check_averages
from jixiao.audit.checks.growth import check_growth
from jixiao.audit.checks.lists import check_lists
from jixiao.audit.checks.ratios import check_ratios
from jixiao.audit.checks.remainders import check_remainders
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import Everywhere, terms_of


def check_relations(paragraphs: Sequence[Stated], lexicon: Lexicon, year: int, remarks: Remarks) -> None:
    """Every paragraph of one document of a report on ``year``."""

    everywhere = Everywhere(paragraphs, lexicon, year)
    for one in paragraphs:
        terms = terms_of(one, lexicon, year)
        check_growth(terms, one, everywhere, lexicon, remarks)
        check_ratios(terms, everywhere, lexicon, remarks)
        check_remainders(terms, everywhere, lexicon, remarks)
        check_averages(terms, everywhere, lexicon, remarks)
        check_lists(terms, lexicon, remarks)
