"""Nothing needs a network: every verb does its work where there is none."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.seeds import NAMELESS, seeds
from jixiao import cli

BOOK, FOREIGN = "自评表.xlsx", "别处发来的.xlsx"
RUNS = {
    "demo": ["-o", "演示"], "editions": [], "new": ["loudi-2023", "空.xlsx"], "export": [BOOK, "内容.yaml"],
    "fill": ["guangzhou-2023", "内容.yaml", "新.xlsx"], "score": [BOOK, "--in-place", "--overwrite"],
    "check": [BOOK, "--in-place"], "clear": [BOOK], "undo": [BOOK], "report": [BOOK, "-o", "报告.docx",
    "--charts"],
    "audit": ["报告.docx", "--workbook", BOOK], "addin build": ["绩效自评.xlam"], "rules lint": [],
    "adopt": [FOREIGN, "绑定.xlsx"], "batch": [".", "-o", "汇总.xlsx"], "bundle": ["离线安装包"],
    "rules show": ["guangzhou-2023"], "install": [], "doctor": [], "uninstall": [],
}  # fmt: skip
FETCHES = {"bundle"}
"""Made where there is a network, for machines where there is none; without one it says so."""
ONLY_ON_WINDOWS = {"install", "doctor", "uninstall"}
TOLD = """
import errno, os, socket, sys
def told(event, given):
    if event == "socket.connect" and given[0].family != socket.AF_UNIX or event == "socket.getaddrinfo":
        print("! asked for a network:", event, given[1], file=sys.stderr)
        if os.environ["NETWORK"] == "blocked":
            raise OSError(errno.ENETUNREACH, "no network here")
sys.addaudithook(told)
"""
"""In every Python that is started, workers as well."""
SCRIPT = """
import errno, json, socket, sys
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError as error:
    assert error.errno == errno.ENETUNREACH, error
print("= start 0", file=sys.stderr)
from jixiao.cli import main
for verb, options in json.loads(sys.argv[1]).items():
    print("=", verb, main([*verb.split(), *options]), file=sys.stderr)
"""


def verbs(parser: argparse.ArgumentParser) -> set[str]:
    """All verbs of the command line, ``rules lint`` as one."""
    found = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                inner = verbs(one)
                found |= {f"{name} {two}" for two in inner} or {name}
    return found


def test_every_verb_is_tried() -> None:
    assert verbs(cli.parser()) == set(RUNS)


@pytest.mark.parametrize("how", ["unshared", "blocked"])
def test_every_verb_works_without_a_network(how: str, tmp_path: Path) -> None:
    private = ["unshare", "-rn"] if how == "unshared" else []
    if private and subprocess.run([*private, "true"], capture_output=True).returncode:
        pytest.skip("this machine does not let us take the network away")
    (tmp_path / BOOK).write_bytes(seeds()["guangzhou-2023 填好"])
    (tmp_path / FOREIGN).write_bytes(seeds()[f"guangzhou-2023 填好{NAMELESS}"])
    (tmp_path / "told").mkdir()
    (tmp_path / "told" / "sitecustomize.py").write_text(TOLD)
    path = os.pathsep.join([str(tmp_path / "told"), *sys.path])
    environment = os.environ | {"PYTHONPATH": path, "HOME": str(tmp_path), "NETWORK": how}
    done = subprocess.run(
        [*private, sys.executable, "-c", SCRIPT, json.dumps(RUNS)],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    own, *said = re.split(r"^= ", done.stderr, flags=re.MULTILINE)
    assert "! asked" in own  # our own try
    _, *codes = (one.splitlines()[0].rsplit(" ", 1) for one in said)
    assert [verb for verb, _ in codes] == list(RUNS) and "程序出错" not in done.stderr
    refused = {verb for verb, code in codes if code == "2"}
    assert refused <= FETCHES | (ONLY_ON_WINDOWS if os.name != "nt" else set()), done.stderr
    asked = {verb for (verb, _), before in zip(codes, said, strict=False) if "! asked" in before}
    assert asked <= FETCHES, done.stderr
    assert "没有读出 0 个" in done.stdout  # what a worker lacks, it does not tell on the screen
