"""Errors in rule files. They are never blamed on the accountant's data.

RuleError                规则文件错误
├── EditionNotFound      没有这个版本
└── RuleFileError        文件里写错了，带 文件:行
"""

from __future__ import annotations

from pathlib import Path


class RuleError(Exception):
    """The rules cannot be used; the message is Chinese and complete."""


class EditionNotFound(RuleError):
    pass


class RuleFileError(RuleError):
    """``file`` line ``line`` (from 1; 0 when the whole file is meant) is wrong."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        self.file, self.line, self.message = file, line, message
        where = f"{file}:{line}" if line else str(file)
        super().__init__(f"规则文件错误：{where}：{message}")
