"""How fast is it, against what one would use otherwise? Ratios, measured in one run.

python tests/benchmarks [--long] [scoring] [reports] [adopt] [engines] [batch] [large]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "addin")]

from benchmarks import adopt, batch, engines, reports, scoring  # noqa: E402
from benchmarks.timing import Contest, Measured, measure  # noqa: E402

SHORT = {
    "scoring": scoring.contests,
    "reports": reports.contests,
    "adopt": adopt.contests,
    "engines": engines.contests,
    "batch": batch.contests,
}
LONG = {**SHORT, "large": batch.large}
HEAD = "| 做什么 | 与什么比 | 用时之比 | 承诺 | 本软件 | 对方 | 另 |\n|---|---|---|---|---|---|---|"


def line(contest: Contest, found: Measured) -> str:
    promised = f"≤ {contest.promised:g}" if contest.promised else ""
    told = [said(found.ratio), promised, duration(found.ours), duration(found.theirs), contest.remark()]
    return f"| {' | '.join([contest.what, contest.anchor, *told])} |"


def duration(seconds: float) -> str:
    return f"{1000 * seconds:.1f} 毫秒" if seconds < 1 else f"{seconds:.1f} 秒"


def said(ratio: float) -> str:
    """A ratio of times; a small one as how many times as fast."""
    return f"{ratio:.2f}" if ratio > 0.5 else f"{ratio:.3f}（快 {1 / ratio:.0f} 倍）"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("families", nargs="*", choices=[[], *LONG], default=[], metavar="family")
    given = parser.parse_args()
    print(HEAD)
    for family in given.families or (LONG if given.long else SHORT):
        with tempfile.TemporaryDirectory() as folder:
            for contest in LONG[family](Path(folder)):
                print(line(contest, measure(contest, effort=3 if given.long else 1)), flush=True)


if __name__ == "__main__":
    main()
