"""The verb on a folder of filings."""

from __future__ import annotations

import argparse
from pathlib import Path

from jixiao.cli.arguments import Verbs, verb
from jixiao.cli.exits import DONE, REFUSED, BadInput


def arguments(verbs: Verbs) -> None:
    """What may be written behind each verb."""
    batch = verb(verbs, "batch", _batch, "批量审核：一个文件夹里的全部自评表，写成一份汇总")
    batch.set_defaults(tells_progress=True)
    batch.add_argument("folder", metavar="文件夹", type=Path)
    batch.add_argument("-o", dest="out", metavar="汇总.xlsx", type=Path, required=True)
    batch.add_argument(
        "--jobs", metavar="N", type=int, default=0, help="同时审核几份；不写的，有几个处理器就几份"
    )
    batch.add_argument(
        "--scheduler", metavar="地址", default="", help="交给已有的 Dask 集群审核，例如 tcp://10.0.0.1:8786"
    )
    batch.add_argument("--resume", action="store_true", help="接着上次没有做完的；没有变的文件不再审核")
    batch.add_argument("--roster", metavar="名单.xlsx", type=Path, help="应报单位名单，用来找出缺报的")
    batch.add_argument(
        "--replies", metavar="文件夹", type=Path, help="给每个有错误的单位写一份退回意见（Word），放在这里"
    )
    batch.add_argument(
        "--previous", metavar="上次汇总.xlsx", type=Path, help="与上次比较：改正了什么，还有什么，新出了什么"
    )


def _batch(given: argparse.Namespace) -> int:
    if given.out.suffix.lower() != ".xlsx":
        raise BadInput(f"汇总“{given.out}”的名称要以 .xlsx 结尾。")
    if given.jobs < 0:
        raise BadInput("--jobs 后面写同时审核几份，例如 2。")
    try:
        from jixiao.batch.batch import Order, batch
    except ModuleNotFoundError as error:
        if error.name not in {"numpy", "pandas", "pebble", "tqdm", "xlsxwriter"}:
            raise
        raise BadInput(
            f'批量审核还要装 {error.name}。请在命令行运行：python -m pip install "jixiao[batch]"，再试一次。'
        ) from error
    outcome = batch(
        Order(
            folder=given.folder,
            out=given.out,
            jobs=given.jobs,
            scheduler=given.scheduler,
            resume=given.resume,
            rules=given.rules,
            roster=given.roster,
            previous=given.previous,
            replies=given.replies,
        )
    )
    print(*outcome.lines(), f"汇总：{given.out}", sep="\n")
    return REFUSED if outcome.stopped else DONE
