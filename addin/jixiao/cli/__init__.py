"""The command line: arguments in, a verb run, words or JSON out.

Exit codes: 0 done (check: no 错误); 1 check or lint found 错误; 2 bad usage or input, one Chinese
message on stderr. Modules are imported by the verb that needs them: a start must not be slow.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from jixiao.cli import addin, forms, many, reports, rules
from jixiao.cli.arguments import Parser, verbs_of
from jixiao.cli.exits import DONE, REFUSED, BadInput
from jixiao.troubles import expected, fault, file_trouble

PATIENCE = 1.0
"""Seconds after which a verb says that it is still at work."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a GBK console cannot show every sign; none may stop us
            stream.reconfigure(errors="replace")
    try:
        given = parser().parse_args(arguments)
        with nullcontext() if given.tells_progress else _patience():
            code: int | None = given.verb(given)
        return DONE if code is None else code
    except BadInput as error:
        print(error, file=sys.stderr)
    except expected() as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # the reader (less, head) has seen enough
        sys.stdout = open(os.devnull, "w")
        return DONE
    except OSError as error:
        print(file_trouble(error), file=sys.stderr)
    except KeyboardInterrupt:
        print("已停止，没有写完的文件没有改动。", file=sys.stderr)
    except Exception:
        print(fault(), file=sys.stderr)
    return REFUSED


def parser() -> argparse.ArgumentParser:
    """All verbs with their arguments."""
    parser = Parser(
        prog="jixiao",
        description="部门整体支出绩效自评：填表、计分、校验。不写 -o 或 --in-place 时，只显示，不改动文件。",
    )
    parser.add_argument("--rules", metavar="文件夹", help="另一些评分版本所在的文件夹；也可以写在命令后面")
    verbs = verbs_of(parser)
    for family in (forms, reports, many, addin, rules):
        family.arguments(verbs)
    return parser


@contextmanager
def _patience() -> Iterator[None]:
    """A word on stderr when a verb takes longer than a moment."""
    said = threading.Timer(PATIENCE, lambda: print("正在处理，请稍候……", file=sys.stderr))
    said.daemon = True
    said.start()
    try:
        yield
    finally:
        said.cancel()
