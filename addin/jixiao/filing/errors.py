"""Errors in a filing that was written as a file (YAML or JSON)."""

from __future__ import annotations


class FilingFileError(Exception):
    """Line ``line`` of the file (from 1; 0 where no line can be named) cannot be read as a filing."""

    def __init__(self, name: str, line: int, message: str) -> None:
        self.name, self.line, self.message = name, line, message
        where = f"{name}:{line}" if line else name
        super().__init__(f"填报文件错误：{where}：{message}")
