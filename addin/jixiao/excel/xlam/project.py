"""A VBA project that holds nothing but compressed source, as [MS-OVBA] describes it; Excel compiles it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Literal

import msgspec

from jixiao.excel.xlam.compound import write_compound
from jixiao.excel.xlam.compression import compress

CODE_PAGE, ENCODING = 936, "gbk"
"""That of a Chinese Windows, as its Excel would write it; only the functions' descriptions need it."""
ENGLISH = 0x409
LIBRARIES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0"
    r"#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0"
    r"#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}
"""What the sources refer to (IRibbonControl is Office's)."""
_WORKBOOK, _SHEET = "0{00020819-0000-0000-C000-000000000046}", "0{00020820-0000-0000-C000-000000000046}"
_CLASS = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
_SEED = 0x5D
"""The format encrypts with a random byte; ours is always the same, so that a rebuild is identical."""


class Module(msgspec.Struct, frozen=True):
    kind: Literal["Module", "Class", "Document"]
    name: str
    source: str
    """With its attributes, without the VERSION header of a .cls; lines end in \\n."""

    @property
    def stored(self) -> bytes:
        return ("\r\n".join(self.source.splitlines()) + "\r\n").encode(ENCODING)


def document(name: str, *, sheet: bool = False) -> Module:
    """The module that Excel keeps for the workbook or for a sheet; no code in it."""
    lines = [f'Attribute VB_Name = "{name}"', f'Attribute VB_Base = "{_SHEET if sheet else _WORKBOOK}"']
    settled = dict.fromkeys(("PredeclaredId", "Exposed", "Customizable"), True)
    for key in (
        "GlobalNameSpace",
        "Creatable",
        "PredeclaredId",
        "Exposed",
        "TemplateDerived",
        "Customizable",
    ):
        lines.append(f"Attribute VB_{key} = {settled.get(key, False)}")
    return Module("Document", name, "\n".join(lines))


def standard(text: str) -> Module:
    """A .bas file."""
    return Module("Module", _named(text), text)


def class_module(text: str) -> Module:
    """A .cls file: without its header, with the attributes that only the project stores."""
    lines = text.splitlines()
    lines = lines[lines.index("END") + 1 :]
    lines.insert(1, f'Attribute VB_Base = "{_CLASS}"')
    exposed = next(at for at, line in enumerate(lines) if line.startswith("Attribute VB_Exposed"))
    lines[exposed + 1 : exposed + 1] = [
        "Attribute VB_TemplateDerived = False",
        "Attribute VB_Customizable = False",
    ]
    return Module("Class", _named(text), "\n".join(lines))


def _named(text: str) -> str:
    return text.split('Attribute VB_Name = "', 1)[1].split('"', 1)[0]


def vba_project(name: str, modules: Sequence[Module], id: str) -> bytes:
    """vbaProject.bin. Raises ValueError where two modules, or one and the project, have one name."""
    names = [name.lower(), *(module.name.lower() for module in modules)]
    if len(set(names)) < len(names):
        raise ValueError(f"project and modules need different names: {names}")
    storage = {"dir": compress(_dir(name, modules)), "_VBA_PROJECT": bytes.fromhex("cc61ffff000100")}
    storage |= {module.name: compress(module.stored) for module in modules}
    wide = b"".join(_text(m.name) + b"\0" + _wide(m.name) + b"\0\0" for m in modules) + b"\0\0"
    return write_compound({"VBA": storage, "PROJECT": _project(name, modules, id), "PROJECTwm": wide})


def _text(text: str) -> bytes:
    return text.encode(ENCODING)


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


# ---------------------------------------------------------------- the dir stream, 2.3.4.2


def _record(id: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", id, len(data)) + data


def _number(id: int, number: int) -> bytes:
    return _record(id, struct.pack("<I", number))


def _twice(id: int, wide_id: int, text: str) -> bytes:
    """A text as bytes and again as UTF-16."""
    return _record(id, _text(text)) + _record(wide_id, _wide(text))


def _dir(name: str, modules: Sequence[Module]) -> bytes:
    windows32, version = 1, struct.pack("<HIIH", 0x09, 4, 1, 1)
    head = _number(0x01, windows32) + _number(0x02, ENGLISH) + _number(0x14, ENGLISH)
    head += _record(0x03, struct.pack("<H", CODE_PAGE)) + _record(0x04, _text(name))
    head += _twice(0x05, 0x40, "") + _twice(0x06, 0x3D, "")  # description, help file
    head += _number(0x07, 0) + _number(0x08, 0) + version + _twice(0x0C, 0x3C, "")
    for library, where in LIBRARIES.items():
        path = _text(where)
        head += _twice(0x16, 0x3E, library)
        head += _record(0x0D, struct.pack("<I", len(path)) + path + bytes(6))
    head += _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    return head + b"".join(map(_dir_module, modules)) + _record(0x10)


def _dir_module(module: Module) -> bytes:
    named = _twice(0x19, 0x47, module.name) + _twice(0x1A, 0x32, module.name) + _twice(0x1C, 0x48, "")
    source_at_once = _number(0x31, 0)
    kind = _record(0x21 if module.kind == "Module" else 0x22)
    return named + source_at_once + _number(0x1E, 0) + _record(0x2C, b"\xff\xff") + kind + _record(0x2B)


# ---------------------------------------------------------------- the PROJECT stream, 2.3.1


def _project(name: str, modules: Sequence[Module], id: str) -> bytes:
    unprotected, no_password, visible = bytes(4), bytes(1), b"\xff"
    lines = [f'ID="{id}"', *map(_listed, modules), f'Name="{name}"', 'HelpContextID="0"']
    lines += ['VersionCompatible32="393222000"', f'CMG="{_encrypted(unprotected, id)}"']
    lines += [f'DPB="{_encrypted(no_password, id)}"', f'GC="{_encrypted(visible, id)}"', ""]
    lines += ["[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000", ""]
    lines += ["[Workspace]", *(f"{module.name}=0, 0, 0, 0, C" for module in modules)]
    return _text("\r\n".join([*lines, ""]))


def _listed(module: Module) -> str:
    return f"{module.kind}={module.name}" + ("/&H00000000" if module.kind == "Document" else "")


def _encrypted(data: bytes, id: str) -> str:
    """Data encryption, 2.4.3.2."""
    key = sum(_text(id)) & 0xFF
    out = [_SEED, _SEED ^ 2, _SEED ^ key]
    encrypted2, encrypted1, plain1 = out[1], out[2], key
    ignored = bytes((_SEED & 6) // 2)
    for plain in ignored + struct.pack("<I", len(data)) + data:
        byte = plain ^ (encrypted2 + plain1 & 0xFF)
        out.append(byte)
        encrypted2, encrypted1, plain1 = encrypted1, byte, plain
    return bytes(out).hex().upper()
