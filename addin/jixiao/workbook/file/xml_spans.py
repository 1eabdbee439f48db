"""Where things stand in the bytes of an XML part, so that an edit touches those bytes and no others.

A part is scanned by expat, which tells the byte offset of every tag; an edit is a list of splices.
Whatever is not spliced keeps its quotes, white space, comments, prefixes and attribute order: taking
out what was put in gives the very bytes there were before. A document type declaration is refused by
the scanner itself, so there are no entities to expand and nothing to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pyexpat import ParserCreate, XMLParserType
from typing import NamedTuple
from xml.etree import ElementTree

_OPEN_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_DEEPEST = 256
_PROLOG = re.compile(rb"\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+<!DOCTYPE", re.DOTALL | re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"""^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*("[^"]*"|'[^']*')""")


class DoctypeError(ValueError):
    """The XML has a document type declaration."""


class Splice(NamedTuple):
    """Replace the bytes from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: bytes


class Node:
    """An element with the place where it stands.

    ``start`` is the offset of its ``<``, ``end`` the offset after it; ``close`` is where the closing
    tag starts (for ``<a/>`` it equals ``end``).
    """

    __slots__ = ("attributes", "children", "close", "data", "end", "name", "start", "texts")

    def __init__(self, data: bytes, name: str, attributes: dict[str, str], start: int) -> None:
        self.data = data
        self.name = name
        self.attributes = attributes
        self.start = start
        self.close = self.end = start
        self.children: list[Node] = []
        self.texts: list[str] = []

    @property
    def text(self) -> str:
        """The element's own text, without that of its children."""
        return "".join(self.texts)

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """``x:`` where the element is written ``<x:row>``, else empty."""
        before, colon, _ = self.name.rpartition(":")
        return before + colon

    @property
    def inner(self) -> int:
        """The offset after the opening tag."""
        return open_tag_end(self.data, self.start)

    @property
    def xml(self) -> bytes:
        return self.data[self.start : self.end]

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def local_attribute(self, local: str) -> str:
        """The attribute of this name with whatever prefix (``r:id``)."""
        for name, value in self.attributes.items():
            if name.rpartition(":")[2] == local and ":" in name and not name.startswith("xmlns:"):
                return value
        return ""

    def child(self, local: str) -> Node | None:
        return next((node for node in self.children if node.local == local), None)

    def all(self, local: str) -> list[Node]:
        return [node for node in self.children if node.local == local]

    def walk(self) -> Iterator[Node]:
        yield self
        for node in self.children:
            yield from node.walk()


def open_tag_end(data: bytes, start: int) -> int:
    """The offset after the opening tag that starts here."""
    found = _OPEN_TAG.match(data, start)
    if found is None:  # expat has seen a tag here
        raise AssertionError(data[start : start + 80])
    return found.end()


def element_end(data: bytes, start: int, at: int, childless: bool) -> tuple[int, int]:
    """Where the closing tag starts and where the element ends; ``at`` is expat's offset at its end."""
    if childless and data[at - 2 : at] == b"/>" and open_tag_end(data, start) == at:
        return at, at
    return at, data.index(b">", at) + 1


def as_utf8(data: bytes) -> bytes:
    """The part in UTF-8, which offsets and splices count on; most parts are already."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16").encode()
    elif data[:4] == b"<\0?\0" or data[:4] == b"\0<\0?":
        text = data.decode("utf-16-le" if data[0] else "utf-16-be").encode()
    else:
        found = _DECLARED_ENCODING.match(data[:200])
        name = found.group(2)[1:-1].decode("ascii", "replace").lower() if found else "utf-8"
        if name in ("utf-8", "utf8", "us-ascii", "ascii"):
            return data
        try:
            text = data.decode(name).encode()
        except (LookupError, UnicodeError):
            return data
    return _DECLARED_ENCODING.sub(rb'\1 encoding="UTF-8"', text, count=1)


def has_doctype(data: bytes) -> bool:
    """Whether a document type declaration stands before the first element."""
    head = data[:64]
    if b"\0" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.replace(b"\0", b"")[2 if head[:2] in (b"\xff\xfe", b"\xfe\xff") else 0 :]
    return bool(_PROLOG.match(data.removeprefix(b"\xef\xbb\xbf")))


def safe_parser() -> XMLParserType:
    """An expat parser that knows no document types and no entities but the five of XML itself."""

    def refuse(*_: object) -> None:
        raise DoctypeError("<!DOCTYPE")

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def refuse_too_deep(path: list[Node]) -> None:
    """Raise ValueError for elements nested deeper than any program writes them."""
    if len(path) > _DEEPEST:
        raise ValueError("too deep")


def whole(text: str) -> int:
    """A count or index in an attribute; 0 for what is none."""
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else 0


def check_well_formed(data: bytes) -> None:
    """Raise ``ExpatError`` or :class:`DoctypeError` unless this is XML."""
    safe_parser().Parse(as_utf8(data), True)


def tree_of(data: bytes) -> ElementTree.Element:
    """The same XML for reading alone: several times as fast, and without places.

    Raises ValueError and DoctypeError.
    """
    if b"<!DOCTYPE" in data:
        raise DoctypeError("<!DOCTYPE")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error


class Tree:
    """Makes nodes of what expat tells; a scan may listen for itself in between."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.parser = safe_parser()
        self.path = [Node(data, "", {}, 0)]
        """The elements that are open, from the outermost in; the first holds the root."""

    def listen(self) -> None:
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.opened, self.closed
        self.parser.CharacterDataHandler = self.said

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(self.data, name, attributes, self.parser.CurrentByteIndex)
        self.path[-1].children.append(node)
        self.path.append(node)
        refuse_too_deep(self.path)

    def closed(self, _: str) -> None:
        node = self.path.pop()
        childless = not node.children and not node.texts
        node.close, node.end = element_end(self.data, node.start, self.parser.CurrentByteIndex, childless)

    def said(self, text: str) -> None:
        self.path[-1].texts.append(text)

    def root(self) -> Node:
        """Read it all."""
        self.listen()
        self.parser.Parse(self.data, True)
        return self.path[0].children[0]


def parse(data: bytes) -> Node:
    """The root element with all that is in it; ``data`` must be UTF-8 (see :func:`as_utf8`)."""
    return Tree(data).root()


def splice(data: bytes, splices: Iterable[Splice]) -> bytes:
    """The data with all splices made; insertions at one place keep their order."""
    pieces: list[bytes] = []
    at = 0
    for start, end, text in sorted(splices, key=lambda change: (change.start, change.end)):
        if start < at:
            raise AssertionError("overlapping splices")
        pieces += (data[at:start], text)
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)


def set_attributes(node: Node, changes: dict[str, str | None]) -> Splice:
    """Renew, add or (None) take away attributes in the opening tag, leaving the others as written."""
    return Splice(node.start, node.inner, change_tag(node.data[node.start : node.inner], changes))


def change_tag(tag: bytes, changes: dict[str, str | None]) -> bytes:
    """The same as :func:`set_attributes` for the text of one opening tag."""
    left = dict(changes)
    splices = []
    for found in _ATTRIBUTE.finditer(tag):
        name = found.group(1).decode()
        if name in left:
            value = left.pop(name)
            if value is None:
                splices.append(Splice(found.start(), found.end(), b""))
            else:
                splices.append(Splice(found.start(2), found.end(2), b'"' + attribute_text(value) + b'"'))
    added = b"".join(
        b" " + k.encode() + b'="' + attribute_text(v) + b'"' for k, v in left.items() if v is not None
    )
    tail = len(tag) - (2 if tag.endswith(b"/>") else 1)
    splices.append(Splice(tail, tail, added))
    return splice(tag, splices)


def append_child(node: Node, xml: bytes, changes: dict[str, str | None] | None = None) -> list[Splice]:
    """Put ``xml`` behind the last child, with the attributes of ``node`` changed on the way."""
    tag = change_tag(node.data[node.start : node.inner], changes or {})
    if node.close == node.end:
        closing = b"</" + node.name.encode() + b">"
        return [Splice(node.start, node.end, tag[:-2].rstrip() + b">" + xml + closing)]
    splices = [Splice(node.close, node.close, xml)]
    return [Splice(node.start, node.inner, tag), *splices] if changes else splices


def attribute_text(value: str) -> bytes:
    """Text as it stands between the double quotes of an attribute."""
    escaped = element_text(value).replace(b'"', b"&quot;")
    return escaped.replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")


def element_text(value: str) -> bytes:
    """Text as it stands between tags; a carriage return is kept from becoming a line feed."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;").encode()
