"""Errors of the audit; the messages are Chinese, complete, and say what to do."""

from __future__ import annotations


class AuditError(Exception):
    """The report cannot be audited."""


class CannotReadReport(AuditError):
    """A file that is no report we can read."""
