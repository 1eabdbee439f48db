"""The report of an edition as data (``report.yaml``): its outline, its sentences, its tables.

A sentence is a jinja2 template over what :mod:`jixiao.report.facts` offers; it holds words only,
every number comes from a field or a score. The id of a passage, table or list is the tag by which
a Word template names the place where it belongs.
"""

from __future__ import annotations

from typing import Literal

from jixiao.rubric.model import Model


class TableColumn(Model, frozen=True, kw_only=True):
    """A column: ``tag`` names it in the Word template, ``text`` is a sentence over ``row``."""

    tag: str
    header: str = ""
    """Printed above it; empty: the tag."""
    text: str
    width: float = 1
    """Relative to the other columns."""
    merge: bool = False
    """Equal texts one above the other become one cell."""
    align: Literal["left", "center", "right"] = "left"


class Table(Model, frozen=True, kw_only=True):
    """A row per item of ``of`` (an expression); ``total`` is a last row, ``<`` joins the cell to its left."""

    of: str
    columns: list[TableColumn]
    total: list[str] = []


class Listing(Model, frozen=True, kw_only=True):
    """A heading and paragraphs per item of ``of`` (an expression), which they call ``one``."""

    of: str
    heading: str
    text: list[str]


class Part(Model, frozen=True, kw_only=True):
    """A heading, what stands below it (ids of passages, tables and lists), and its own parts."""

    heading: str
    body: list[str] = []
    parts: list[Part] = []


class Attachment(Model, frozen=True, kw_only=True):
    """A sheet of the workbook that the report carries with it."""

    id: str
    label: str
    """附件1"""
    holds: str
    """A field that stands on the sheet."""


class Report(Model, frozen=True, kw_only=True):
    """Everything that an edition's report says besides what the unit fills in."""

    title: str
    """A line of its own where it is broken."""
    label: str = ""
    """附件2: what stands above the title, if anything does."""
    passages: dict[str, list[str]] = {}
    """Tag -> its paragraphs; one that comes out empty is left out."""
    tables: dict[str, Table] = {}
    lists: dict[str, Listing] = {}
    outline: list[Part]
    attachments: list[Attachment] = []
    measures: dict[str, str] = {}
    """Indicator -> what to do about points lost there; ``default`` for the others."""
    personal: list[str] = []
    """Fields that the public version leaves out."""
