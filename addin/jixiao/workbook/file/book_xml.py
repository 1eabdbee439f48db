"""``workbook.xml``: the list of sheets, the defined names, and whether all must be calculated anew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

import msgspec

from jixiao.workbook.errors import BadName, BadSheetName, Damaged, MacroStripped, NameExists, NotAWorkbook
from jixiao.workbook.file.package import Package
from jixiao.workbook.file.relations import (
    OFFICE,
    Relation,
    content_type,
    declare,
    drop_part,
    free_name,
    relate,
    related,
    relations,
)
from jixiao.workbook.file.styles_xml import EMPTY
from jixiao.workbook.file.xml_spans import (
    Node,
    Splice,
    append_child,
    attribute_text,
    element_text,
    set_attributes,
    splice,
    tree_of,
    whole,
)
from jixiao.workbook.formula.references import parse_area

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_BEFORE_NAMES = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "AlternateContent", "revisionPtr",
)  # fmt: skip
_NAME = re.compile(r"(?!\d)[\w\\][\w.\\?]{0,254}")
_R1C1 = re.compile(r"[RrCc]\d*|[Rr]\d*[Cc]\d*")


class Sheet(msgspec.Struct, frozen=True):
    """A sheet in the workbook's list; ``part`` is empty if it has no cells (a chart sheet)."""

    name: str
    part: str


class Book:
    """The workbook part and what it holds together."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._sheets: tuple[list[Relation], list[tuple[str, str]], list[Sheet]] | None = None
        """What the list of sheets was made of, and the list; it is asked for again and again."""
        self.part = _main_part(package)
        _refuse_stripped(package, self.part)

    @property
    def root(self) -> Node:
        """For changes."""
        return self._package.tree(self.part)

    @property
    def _read(self) -> Element:
        """For reading alone."""
        return self._package.derived(self.part, tree_of)

    @property
    def from_1904(self) -> bool:
        """Days count from 1904, as old Macintosh workbooks do."""
        return any(one.get("date1904") in ("1", "true") for one in self._read.iterfind("{*}workbookPr"))

    def styles(self) -> str:
        """The styles part; a workbook without one gets one."""
        found = self.find("styles")
        if found:
            return found
        part = "xl/styles.xml"
        self._package.put(part, EMPTY)
        declare(self._package, part, _STYLES_TYPE)
        relate(self._package, self.part, "styles", part)
        return part

    def find(self, kind: str) -> str:
        """The one part of a kind that belongs to the workbook; empty if there is none.

        Raises Damaged where there should be one: a workbook without its shared texts would read as empty.
        """
        named = (r.part for r in relations(self._package, self.part) if r.kind == kind and r.part)
        part = next(named, "")
        if part:
            self._package.get(part)
        return part

    def sheets(self) -> list[Sheet]:
        """All sheets in order. Raises Damaged where the file lacks one, or two have the same name."""

        def listed(_: bytes) -> list[tuple[str, str]]:
            return [(one.get("name", ""), _relation(one)) for one in self._read.iterfind("{*}sheets/*")]

        links = relations(self._package, self.part)
        named = self._package.derived(self.part, listed)
        if self._sheets is not None and self._sheets[0] is links and self._sheets[1] is named:
            return self._sheets[2]
        found = {r.id: r for r in links}
        if any(relation not in found or found[relation].part not in self._package for _, relation in named):
            raise _damaged(self._package)
        if len({name.lower() for name, _ in named}) < len(named):
            raise _damaged(self._package)
        parts = {r.id: r.part if r.kind == "worksheet" else "" for r in found.values()}
        self._sheets = (links, named, [Sheet(name, parts[relation]) for name, relation in named])
        return self._sheets[2]

    def names(self) -> dict[str, str]:
        """Defined names of the whole workbook."""
        found = self._read.iterfind("{*}definedNames/*")
        return {one.get("name", ""): one.text or "" for one in found if one.get("localSheetId") is None}

    def all_names(self) -> dict[str, str]:
        """All names, those of single sheets too: name in lower case -> everything it may refer to."""
        found: dict[str, str] = {}
        for one in self._read.iterfind("{*}definedNames/*"):
            name, text = one.get("name", "").lower(), one.text or ""
            found[name] = f"{found[name]},{text}" if name in found else text
        return found

    def set_name(self, name: str, refers_to: str, *, hidden: bool = False) -> None:
        """Define a name of the whole workbook or change what it refers to. Raises BadName."""
        text = _named_text(name, refers_to)
        root = self.root
        old = self._named(name)
        if old is None:
            self._append_names({name: refers_to}, b' hidden="1"' if hidden else b"")
            return
        empty = old.close == old.end
        new = append_child(old, text) if empty else [Splice(old.inner, old.close, text)]
        self._package.put(self.part, splice(root.data, new))

    def add_names(self, names: Mapping[str, str]) -> None:
        """Define names of the whole workbook. Raises NameExists or BadName before anything has changed."""
        known = {name.lower() for name in self.names()}
        for name in names:
            if name.lower() in known:
                raise NameExists(f"工作簿里已有名称“{name}”，没有改动。请在“名称管理器”里先删除它。")
        self._append_names(names)

    def _append_names(self, names: Mapping[str, str], more: bytes = b"") -> None:
        if not names:
            return
        root = self.root
        tag = f"{root.prefix}definedName".encode()
        xml = b"".join(
            b"<" + tag + b' name="' + attribute_text(name) + b'"' + more + b">" + _named_text(name, refers_to)
            + b"</" + tag + b">"
            for name, refers_to in names.items()
        )  # fmt: skip
        holder = root.child("definedNames")
        if holder is not None:
            splices = append_child(holder, xml)
        else:
            outer = f"{root.prefix}definedNames".encode()
            at = max(node.end for node in root.children if node.local in _BEFORE_NAMES)
            splices = [Splice(at, at, b"<" + outer + b">" + xml + b"</" + outer + b">")]
        self._package.put(self.part, splice(root.data, splices))

    def remove_name(self, name: str) -> None:
        """Remove a name of the whole workbook; one that does not exist is no error."""
        old = self._named(name)
        holder = self.root.child("definedNames")
        if old is None or holder is None:
            return
        gone = old if len(holder.children) > 1 else holder
        self._package.put(self.part, splice(self.root.data, [Splice(gone.start, gone.end, b"")]))

    def add_sheet(self, name: str, *, hidden: bool, widths: Sequence[float] = ()) -> None:
        """Add an empty sheet at the end; ``hidden`` keeps it out of Excel's list too. Raises BadSheetName.

        With ``widths`` its columns have these, and it prints in landscape, one page wide.
        """
        self._check_sheet_name(name)
        root = self.root
        strict = root.get("xmlns" + (f":{root.prefix[:-1]}" if root.prefix else "")) == STRICT
        part = free_name(self._package, "xl/worksheets/sheet{}.xml")
        namespace = STRICT if strict else TRANSITIONAL
        self._package.put(
            part,
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="'
            + namespace.encode() + b'">' + (_laid_out(widths) if widths else _CELLS) + b"</worksheet>",
        )  # fmt: skip
        declare(self._package, part, _SHEET_TYPE)
        relation = relate(self._package, self.part, "worksheet", part)
        holder = root.child("sheets")
        if holder is None:
            raise _damaged(self._package)
        identity = max((whole(n.get("sheetId")) for n in holder.children), default=0) + 1
        state = ' state="veryHidden"' if hidden else ""
        office = STRICT_OFFICE if strict else OFFICE.rstrip("/")
        xml = (
            f'<{root.prefix}sheet name="'.encode() + attribute_text(name)
            + f'" sheetId="{identity}"{state} xmlns:r="{office}" r:id="{relation}"/>'.encode()
        )  # fmt: skip
        self._package.put(self.part, splice(root.data, append_child(holder, xml)))

    def remove_sheet(self, name: str) -> None:
        """Take a sheet off the list, and the names that belong to it alone."""
        root = self.root
        listed = root.child("sheets")
        nodes = listed.children if listed is not None else []
        at = next(n for n, node in enumerate(nodes) if node.get("name").lower() == name.lower())
        cuts = [Splice(nodes[at].start, nodes[at].end, b"")]
        own = [node for node in self._names() if node.get("localSheetId") == str(at)]
        holder = root.child("definedNames")
        if holder is not None and own:
            gone = own if len(own) < len(holder.children) else [holder]
            cuts += [Splice(node.start, node.end, b"") for node in gone]
        for node in self._names():
            if whole(node.get("localSheetId")) > at:
                cuts.append(set_attributes(node, {"localSheetId": str(whole(node.get("localSheetId")) - 1)}))
        views = root.child("bookViews")
        for node in views.children if views is not None else []:
            shown = {key: whole(node.get(key)) for key in ("activeTab", "firstSheet")}
            moved = {key: str(tab - 1) for key, tab in shown.items() if tab and tab >= at}
            cuts += [set_attributes(node, dict(moved))] if moved else []
        self._package.put(self.part, splice(root.data, cuts))

    def forget_calculation_order(self) -> None:
        """Remove the calculation chain, which would name the wrong cells; Excel makes a new one."""
        part = self.find("calcChain")
        if part:
            drop_part(self._package, self.part, part)

    def calculate_on_load(self) -> None:
        """Let Excel calculate everything when it opens the file."""
        root = self.root
        old = root.child("calcPr")
        if old is not None:
            if old.get("fullCalcOnLoad") in ("1", "true"):
                return
            new = set_attributes(old, {"fullCalcOnLoad": "1"})
        else:
            before = [n.end for n in root.children if n.local in (*_BEFORE_NAMES, "definedNames")]
            at = max(before, default=root.inner)
            new = Splice(at, at, f'<{root.prefix}calcPr fullCalcOnLoad="1"/>'.encode())
        self._package.put(self.part, splice(root.data, [new]))

    def _names(self) -> list[Node]:
        holder = self.root.child("definedNames")
        return holder.children if holder is not None else []

    def _named(self, name: str) -> Node | None:
        whole = (n for n in self._names() if "localSheetId" not in n.attributes)
        return next((n for n in whole if n.get("name").lower() == name.lower()), None)

    def _check_sheet_name(self, name: str) -> None:
        if any(sheet.name.lower() == name.lower() for sheet in self.sheets()):
            raise BadSheetName(f"工作簿里已有名为“{name}”的工作表，不能再加一张同名的。请先把它改名。")
        bad = not name.strip() or len(name.encode("utf-16-le")) > 62 or name[0] == "'" or name[-1] == "'"
        if bad or re.search(r"[\[\]:*?/\\\x00-\x1f]", name):
            raise BadSheetName(
                f"“{name}”不能用作工作表名：要有 1 至 31 个字，不能有 [ ] : * ? / \\，首尾不能是单引号。"
            )


_CELLS = b"<sheetData></sheetData>"


def _laid_out(widths: Sequence[float]) -> bytes:
    """What a sheet holds around its cells so that the columns have these widths and print on one page."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    return (
        b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><cols>' + columns.encode() + b"</cols>" + _CELLS
        + b'<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    )  # fmt: skip


def _named_text(name: str, refers_to: str) -> bytes:
    """What a name refers to, as the part holds it; raises BadName."""
    if not _NAME.fullmatch(name) or _R1C1.fullmatch(name) or parse_area(name):
        raise BadName(f"“{name}”不能用作名称。名称以文字开头，不能有空格和标点，也不能像单元格地址。")
    return element_text(refers_to.removeprefix("="))


def _relation(sheet: Element) -> str:
    """The ``r:id`` of a sheet, whatever its prefix."""
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _main_part(package: Package) -> str:
    found = related(package, "", "officeDocument")
    if not found:
        raise _damaged(package)
    if "spreadsheetml" not in content_type(package, found[0]) and "ms-excel" not in content_type(
        package, found[0]
    ):
        raise NotAWorkbook(f"“{package.label}”不是 Excel 工作簿。请选择由 Excel 或 WPS 保存的 .xlsx 文件。")
    if package.derived(found[0], tree_of).tag.rpartition("}")[2] != "workbook":
        raise _damaged(package)
    return found[0]


def _refuse_stripped(package: Package, part: str) -> None:
    lost = any(r.kind == "vbaProject" and r.part not in package for r in relations(package, part))
    plain = (
        package.label.lower().endswith(".xlsm") and "macroenabled" not in content_type(package, part).lower()
    )
    if lost or plain:
        raise MacroStripped(
            f"“{package.label}”里的宏已被去掉（多半是邮件系统或杀毒软件处理过），Excel 也会拒绝打开它。"
            "请重新索取原文件，或把扩展名改成 .xlsx 后再试。"
        )


def _damaged(package: Package) -> Damaged:
    return Damaged(
        f"“{package.label}”已损坏：找不到工作表目录。请用 Excel 打开它，选“打开并修复”，另存后再试。"
    )
