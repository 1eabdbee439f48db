"""Errors of the report; the messages are Chinese, complete, and say what to do."""

from __future__ import annotations


class ReportError(Exception):
    """The report cannot be written."""


class BadTemplate(ReportError):
    """A Word template that cannot be used; nothing was rendered."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"报告模板“{name}”不能用：{message}")
