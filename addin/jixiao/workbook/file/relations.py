"""Which part belongs to which (relationships) and what each part is (content types)."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from urllib.parse import unquote

import msgspec

from jixiao.workbook.file.package import Package
from jixiao.workbook.file.xml_spans import Node, Splice, append_child, attribute_text, splice, tree_of

TYPES = "[Content_Types].xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


class Relation(msgspec.Struct, frozen=True):
    """``kind`` is the last word of the type (``comments``); ``part`` is empty for a link outside."""

    id: str
    kind: str
    part: str


def relations_part(owner: str) -> str:
    """The part that holds an owner's relationships; the package itself is the owner ``""``."""
    folder, name = posixpath.split(owner)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relations(package: Package, owner: str) -> list[Relation]:
    """What a part refers to; targets may be written relative to it or absolute."""
    part = relations_part(owner)

    def read(data: bytes) -> list[Relation]:
        return [
            Relation(
                node.get("Id", ""),
                node.get("Type", "").rpartition("/")[2],
                _target(owner, node.get("TargetMode", ""), node.get("Target", "")),
            )
            for node in tree_of(data).iterfind("{*}Relationship")
        ]

    return package.derived(part, read) if part in package else []


def related(package: Package, owner: str, kind: str) -> list[str]:
    """Names of the existing parts that an owner refers to as ``kind``."""
    return [r.part for r in relations(package, owner) if r.kind == kind and r.part in package]


def relate(package: Package, owner: str, kind: str, part: str) -> str:
    """Let an owner refer to a part; gives the relationship's id."""
    taken = {relation.id.lower() for relation in relations(package, owner)}
    new = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rid{n}" not in taken)
    place = relations_part(owner)
    if place not in package:
        package.put(
            place, _DECLARATION + b'<Relationships xmlns="' + _RELATIONSHIPS.encode() + b'"></Relationships>'
        )
    root = package.tree(place)
    target = posixpath.relpath(part, posixpath.dirname(owner) or ".")
    base = _STRICT_OFFICE if any(_STRICT_OFFICE in node.get("Type") for node in root.children) else OFFICE
    xml = (
        f'<{root.prefix}Relationship Id="{new}" Type="{base}{kind}" '.encode()
        + b'Target="' + attribute_text(target) + b'"/>'
    )  # fmt: skip
    package.put(place, splice(root.data, append_child(root, xml)))
    return new


def unrelate(package: Package, owner: str, part: str) -> list[str]:
    """Take away an owner's references to a part; gives their ids. An emptied relationships part goes too."""
    gone = [relation.id for relation in relations(package, owner) if relation.part.lower() == part.lower()]
    place = relations_part(owner)
    if gone:
        root = package.tree(place)
        left = [node for node in root.children if node.get("Id") not in gone]
        if left:
            cuts = [Splice(n.start, n.end, b"") for n in root.children if n.get("Id") in gone]
            package.put(place, splice(root.data, cuts))
        else:
            package.drop(place)
    return gone


def content_type(package: Package, part: str) -> str:
    """What kind of content a part holds."""
    fallback = ""
    name = f"/{part}".lower()
    for node in package.derived(TYPES, tree_of):
        kind = node.tag.rpartition("}")[2]
        if kind == "Override" and node.get("PartName", "").lower() == name:
            return node.get("ContentType", "")
        if kind == "Default" and name.endswith("." + node.get("Extension", "").lower()):
            fallback = node.get("ContentType", "")
    return fallback


def declare(package: Package, part: str, kind: str) -> None:
    """Say what a new part holds."""
    root = package.tree(TYPES)
    xml = f'<{root.prefix}Override PartName="/{part}" ContentType="{kind}"/>'.encode()
    package.put(TYPES, splice(root.data, append_child(root, xml)))


def declare_extension(package: Package, extension: str, kind: str) -> None:
    """Say what all parts with an extension hold, unless that was said before."""
    root = package.tree(TYPES)
    if not any(node.get("Extension").lower() == extension for node in root.all("Default")):
        package.put(TYPES, splice(root.data, append_child(root, _default(root, extension, kind))))


def drop_part(package: Package, owner: str, part: str) -> list[str]:
    """Remove a part, what its owner and the content types say of it; gives the ids that referred to it.

    A content type for a whole extension goes only where :func:`declare_extension` put it (behind all
    overrides) and no part needs it any more.
    """
    gone = unrelate(package, owner, part)
    package.drop(part)
    root = package.tree(TYPES)
    extension = part.rpartition(".")[2].lower()
    needed = any(name.lower().endswith("." + extension) for name in package.parts)
    cuts, seen_override = [], False
    for node in root.children:
        seen_override = seen_override or node.local == "Override"
        ours = not needed and seen_override and node.xml == _default(root, extension, node.get("ContentType"))
        if ours or node.get("PartName").lower() == f"/{part}".lower():
            cuts.append(Splice(node.start, node.end, b""))
    package.put(TYPES, splice(root.data, cuts))
    own = relations_part(part)
    if own in package:
        package.drop(own)
    return gone


def free_name(package: Package, pattern: str) -> str:
    """The first part name of a pattern (``xl/comments{}.xml``) that nothing uses."""
    return next(name for n in range(1, len(package.parts) + 2) if (name := pattern.format(n)) not in package)


def _default(root: Node, extension: str, kind: str) -> bytes:
    return f'<{root.prefix}Default Extension="{extension}" ContentType="{kind}"/>'.encode()


@lru_cache(maxsize=4096)
def _target(owner: str, mode: str, target: str) -> str:
    if mode.lower() == "external":
        return ""
    target = unquote(target.partition("#")[0])
    joined = target[1:] if target.startswith("/") else posixpath.join(posixpath.dirname(owner), target)
    return posixpath.normpath(joined) if joined else ""
