"""The tags that a Word template may hold, and the check of a template before anything is rendered.

A template needs names, loops over lists, and conditions; nothing else is let through, so that a
template can neither run programs nor end in an error half way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from jixiao.report.errors import BadTemplate
from jixiao.report.load import CHART
from jixiao.report.model import Report
from jixiao.report.sentences import complaint
from jixiao.report.word.opening import open_template
from jixiao.report.word.places import check_places
from jixiao.rubric.source import did_you_mean

DEEPEST = 8
"""How deep conditions may be nested."""
_NEARLY = re.compile(r"[{｛]{1,2}\s*(\w+)\s*[}｝]{1,2}")
"""A tag with one brace, or with full-width ones."""
HEADING, LINES = "标题", "内容"
"""What an item of a list has."""
FIXED = {
    "报告标题": "报告的标题",
    "单位名称": "单位名称",
    "章": "一级标题的编号，自动接着数：一、",
    "节": "二级标题的编号：（一）",
    "目": "三级标题的编号：1.",
    "款": "四级标题的编号：（1）",
    CHART: "得分图，生成时加 --charts 才有",
}
"""Tags that every report has, and what they stand for."""
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If,
    nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip


def tags_of(report: Report) -> dict[str, frozenset[str]]:
    """Every tag; a list or table with the tags that its items have, a text with none."""
    texts = dict.fromkeys(
        [*FIXED, *report.passages, *(one.id for one in report.attachments)], frozenset[str]()
    )
    lists = dict.fromkeys(report.lists, frozenset({HEADING, LINES}))
    tables = {id: frozenset(column.tag for column in table.columns) for id, table in report.tables.items()}
    return texts | lists | tables


class Checked(msgspec.Struct, frozen=True):
    """A template that can be rendered, and the tags that it uses."""

    template: DocxTemplate
    tags: frozenset[str]


def checked_template(data: bytes, name: str, report: Report) -> Checked:
    """A Word file all of whose tags can be filled in; raises :class:`BadTemplate` for any other."""
    template = open_template(data, name)
    blocks = {CHART, *(one.id for one in report.attachments)}
    check_places(template.docx, blocks, name)
    check, used = _Check(tags_of(report), name), set[str]()
    environment = ImmutableSandboxedEnvironment()
    for xml in _texts_of(template):
        try:
            tree = environment.parse(re.sub("<w:p([ >])", r"\n<w:p\1", template.patch_xml(xml)))
        except TemplateSyntaxError as error:
            raise BadTemplate(name, f"{complaint(error)}{_near(error)}") from error
        except (TemplateError, RecursionError) as error:
            said = complaint(error) if isinstance(error, TemplateError) else "if 套得太深，请分开写。"
            raise BadTemplate(name, said) from error
        check.visit(tree, {}, 0)
        used |= {one.name for one in tree.find_all(nodes.Name)} & check.tags.keys()
    if not used:
        raise BadTemplate(
            name, "里面没有标签，生成的报告会没有内容。请用 jixiao new 版本 模板.docx 另做一份来改。"
        )
    return Checked(template, frozenset(used))


def _texts_of(template: DocxTemplate) -> list[str]:
    """The XML of all parts that hold tags."""
    found = [template.get_xml()]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        found += [template.get_part_xml(part) for _, part in template.get_headers_footers(uri)]
    parts = template.docx.part.package.iter_parts()
    found += [template.get_part_xml(one) for one in parts if str(one.partname).endswith("/footnotes.xml")]
    properties = template.docx.core_properties
    return found + [properties.title, properties.subject, properties.author, properties.comments]


def _near(error: TemplateSyntaxError) -> str:
    """The words of the template around a mistake, as far as they can be told."""
    lines = (error.source or "").split("\n")[: error.lineno]
    tags = re.findall(r"\{[{%][^{}]*[%}]?\}?", re.sub(r"<[^>]*>", "", "".join(lines)))
    return f"大约在“{''.join(tags[-2:])}”前后。" if tags else ""


class _Check:
    """Walks the tree of a template; ``bound`` are loop variables and what they have."""

    def __init__(self, tags: Mapping[str, frozenset[str]], name: str) -> None:
        self.tags, self.name = tags, name

    def visit(self, node: nodes.Node, bound: dict[str, frozenset[str]], depth: int) -> None:
        if not isinstance(node, _ALLOWED):
            raise self.wrong("标签里只能写名称，以及 for … in …、if …。不能写算式、函数和引号，请改掉。")
        if isinstance(node, nodes.TemplateData):
            if any(mark in node.data for mark in ("{{", "}}", "{%", "%}")):
                raise self.wrong("有一处花括号没有成对，请核对：标签写成 {{ 名称 }}。")
            for found in _NEARLY.finditer(re.sub(r"<[^>]*>", "", node.data)):
                if found[1] in self.tags:
                    raise self.wrong(f"“{found[0]}”要用两个半角花括号：{{{{ {found[1]} }}}}。")
        elif isinstance(node, nodes.For):
            self.loop(node, bound, depth)
        elif isinstance(node, nodes.Getattr):
            self.attribute(node, bound)
        elif isinstance(node, nodes.Name):
            self.plain(node.name, bound)
        elif isinstance(node, nodes.If):
            if depth > DEEPEST:
                raise self.wrong("if 套得太深，请分开写。")
            depth += 1
            self.condition(node.test, bound)
            for one in [*node.body, *node.elif_, *node.else_]:
                self.visit(one, bound, depth)
        else:
            for one in node.iter_child_nodes():
                self.visit(one, bound, depth)

    def loop(self, node: nodes.For, bound: dict[str, frozenset[str]], depth: int) -> None:
        target, over = node.target, node.iter
        if (
            not (isinstance(target, nodes.Name) and isinstance(over, nodes.Name))
            or node.test
            or node.recursive
        ):
            raise self.wrong("循环要写成 for 行 in 表的标签，例如 {%tr for 行 in 绩效指标表 %}。")
        if bound:
            raise self.wrong("循环里不能再套循环，请分开写。")
        self.known(over.name, self.tags)
        if not self.tags[over.name]:
            raise self.wrong(f"“{over.name}”是一段文字，不能用 for 逐行取，请直接写 {{{{ {over.name} }}}}。")
        for one in [*node.body, *node.else_]:
            self.visit(one, {**bound, target.name: self.tags[over.name]}, depth + 1)

    def attribute(self, node: nodes.Getattr, bound: dict[str, frozenset[str]]) -> None:
        if not isinstance(node.node, nodes.Name) or node.node.name not in bound:
            raise self.wrong(
                f"“.{node.attr}”不能这样写：点号只用在 for 里起的名字后面，例如 {{{{ 行.得分 }}}}。"
            )
        has = bound[node.node.name]
        if node.attr not in has:
            known = "、".join(sorted(has))
            raise self.wrong(
                f"“{node.node.name}.{node.attr}”不存在{did_you_mean(node.attr, has)}这里可以写：{known}。"
            )

    def plain(self, name: str, bound: dict[str, frozenset[str]]) -> None:
        if name in bound:
            raise self.wrong(f"“{name}”后面要写明取哪一栏：{'、'.join(sorted(bound[name]))}。")
        self.known(name, self.tags)
        if self.tags[name]:
            raise self.wrong(f"“{name}”有许多行，要用 {{%p for 行 in {name} %}} 或 {{%tr for … %}} 逐行取。")

    def condition(self, test: nodes.Node, bound: dict[str, frozenset[str]]) -> None:
        if isinstance(test, nodes.Not):
            self.condition(test.node, bound)
        elif isinstance(test, nodes.And | nodes.Or):
            self.condition(test.left, bound)
            self.condition(test.right, bound)
        elif isinstance(test, nodes.Name) and test.name not in bound:
            self.known(test.name, self.tags)
        else:
            self.visit(test, bound, 1)

    def known(self, name: str, tags: Mapping[str, frozenset[str]]) -> None:
        if name not in tags:
            raise self.wrong(
                f"没有“{name}”这个标签{did_you_mean(name, tags)}"
                f"别的版本的模板不能用在这里。这个版本的标签：{'、'.join(tags)}。"
            )

    def wrong(self, message: str) -> BadTemplate:
        return BadTemplate(self.name, message)
