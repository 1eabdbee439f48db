"""Errors of the audit; the messages are Chinese, complete, and say what to do."""

from __future__ import annotations


class AuditError(Exception):
    """The report cannot be audited."""


class CannotReadReport(AuditError):
    """A file that is no report we can read."""


class EditionUnclear(AuditError):
    """Neither the text nor the user says which edition's rules a report was written by."""
