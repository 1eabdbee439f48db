"""The verbs that put the add-in into Excel, and look after it there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jixiao.cli.arguments import Verbs, verb, verbs_of
from jixiao.cli.exits import DONE, FOUND, BadInput
from jixiao.cli.output import fresh
from jixiao.troubles import whole


def arguments(verbs: Verbs) -> None:
    """What may be written behind each verb."""
    built = verbs_of(verbs.add_parser("addin", help="Excel 加载项：build 生成 .xlam 文件"))
    build = verb(built, "build", _build_addin, "生成 Excel 加载项（功能区按钮和工作表函数）")
    build.add_argument("out", metavar="新文件.xlam", type=Path)
    build.add_argument("--minimal", action="store_true", help="不带函数说明；Excel 提示修复文件时用来查原因")
    bundle = verb(
        verbs, "bundle", _bundle, "做一个离线安装包：在能上网的电脑上做，到不能上网的电脑上双击 install.cmd"
    )
    bundle.add_argument("out", metavar="新文件夹", type=Path)
    bundle.add_argument("--python", metavar="版本", default="", help="那台电脑上的 Python 版本，如 3.12")
    bundle.add_argument(
        "--runtime", metavar="嵌入包.zip", type=Path, help="带上 python.org 的嵌入包，那台电脑就不用装 Python"
    )
    verb(verbs, "install", _install, "把加载项装进 Excel（不需要管理员权限）")
    verb(verbs, "uninstall", _uninstall, "从 Excel 里去掉加载项")
    verb(verbs, "doctor", _doctor, "检查加载项装得对不对")


def _build_addin(given: argparse.Namespace) -> None:
    from jixiao.excel.xlam.build import build

    out = fresh(given.out, ".xlam")
    with _excel_troubles(), whole(out):
        out.write_bytes(build(minimal=given.minimal))
    print(f"已生成加载项：{out}\n它用这个 Python：{sys.executable}，只能在这台电脑上用。")


def _bundle(given: argparse.Namespace) -> None:
    from jixiao.excel.bundle import bundle

    with _excel_troubles():
        wheels = bundle(given.out, python=given.python, runtime=given.runtime)
    print(f"已做好离线安装包：{given.out}（{len(wheels)} 个安装文件）")
    print("把整个文件夹复制到要装的电脑上，双击里面的 install.cmd；说明在“说明.txt”。")


def _install(given: argparse.Namespace) -> None:
    from jixiao.excel.install import install
    from jixiao.excel.machine import this_machine

    with _excel_troubles():
        written = install(this_machine())
    print("已装好。打开 Excel，功能区里有“绩效自评”；右键点工作簿，“发送到”里也有。写了这些文件：")
    print(*written, sep="\n")


def _uninstall(given: argparse.Namespace) -> None:
    from jixiao.excel.install import uninstall
    from jixiao.excel.machine import this_machine

    with _excel_troubles():
        removed = uninstall(this_machine())
    print(
        "已从 Excel 里去掉，删了这些文件：" if removed else "没有装过，什么都没有改动。", *removed, sep="\n"
    )


def _doctor(given: argparse.Namespace) -> int:
    from jixiao.excel.doctor import trials
    from jixiao.excel.machine import this_machine

    with _excel_troubles():
        tried = list(trials(this_machine()))
    for one in tried:
        print(f"{'正常' if one.fine else '有问题'}　{one.said}")
    return DONE if all(one.fine for one in tried) else FOUND


@contextmanager
def _excel_troubles() -> Iterator[None]:
    """What can keep the add-in from being made, put in or taken out is said as wrong input is."""
    from jixiao.excel.install import CannotInstall
    from jixiao.excel.runtime import CannotBundle
    from jixiao.excel.xlam.hardened import CannotBuild

    try:
        yield
    except (CannotBuild, CannotBundle, CannotInstall) as error:
        raise BadInput(str(error)) from error
