"""Where results go: new files, words on the screen, JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.cli.exits import BadInput

if TYPE_CHECKING:
    from jixiao.verbs import Work
    from jixiao.workbook.file.file_port import FilePort


def fresh(out: Path, *suffixes: str) -> Path:
    """A file that may be made: nothing stands there, the folder does."""
    if out.suffix.lower() not in suffixes:
        raise BadInput(f"新文件“{out}”的名称要以 {' 或 '.join(suffixes)} 结尾。")
    if out.exists():
        raise BadInput(f"“{out}”已经存在，没有改动它。请换一个文件名。")
    if not out.parent.is_dir():
        raise BadInput(f"文件夹“{out.parent}”不存在，请先建好。")
    return out


def save(port: FilePort, given: argparse.Namespace) -> None:
    """Save where it was asked, and say where, and where the old file is kept."""
    from jixiao.workbook.file.saving import backups

    target: Path = given.out or given.workbook
    stood = target.exists()
    if given.out:
        port.save_as(given.out)
    elif port.changed:
        port.save()
    else:
        print(f"没有要改的，{target} 没有改动。", file=sys.stderr)
        return
    first, last = backups(target)
    kept = f"；原来的备份：{last if last.exists() else first}" if stood else ""
    print(f"已写入：{target}{kept}", file=sys.stderr)


def tell(work: Work, given: argparse.Namespace, *, scores: bool = False, findings: bool = True) -> None:
    """What a verb found, as JSON or in words."""
    from jixiao.printed import as_json

    if given.json:
        print_json(as_json(work.rubric, work.assessment, work.findings))
    else:
        say(work, scores=scores, findings=findings)


def say(work: Work, *, scores: bool = False, findings: bool = True) -> None:
    from jixiao.printed import finding_lines, headline, score_lines

    lines = headline(work.assessment)
    lines += score_lines(work.rubric, work.assessment) if scores else []
    lines += ["", *work.said] if work.said else []
    lines += ["", *finding_lines(work.findings)] if findings else []
    print("\n".join(lines))


def as_json_text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def print_json(data: dict[str, Any]) -> None:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(as_json_text(data))
