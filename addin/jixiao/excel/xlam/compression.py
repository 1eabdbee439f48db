"""The compression of VBA source, [MS-OVBA] 2.4.1: chunks of 4096 bytes, of copies and literals."""

from __future__ import annotations

import struct

CHUNK = 4096


def compress(data: bytes) -> bytes:
    """``data`` as a CompressedContainer."""
    container = bytearray(b"\x01")
    for start in range(0, len(data), CHUNK):
        plain = data[start : start + CHUNK]
        packed = _chunk(plain)
        if len(packed) > CHUNK:  # noise; a chunk that is stored is always a whole one
            container += struct.pack("<H", 0x3FFF) + plain.ljust(CHUNK, b"\0")
        else:
            container += struct.pack("<H", 0xB000 | len(packed) - 1) + packed
    return bytes(container)


def _chunk(data: bytes) -> bytes:
    """Groups of eight tokens, each group with a byte that tells which of them are copies."""
    packed = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        flags, flags_at = 0, len(packed)
        packed.append(0)
        for bit in range(8):
            if at >= len(data):
                break
            source, length = _longest(data, at, seen)
            if length:
                flags |= 1 << bit
                shift = 16 - _offset_bits(at)
                packed += struct.pack("<H", (at - source - 1) << shift | length - 3)
            else:
                packed.append(data[at])
            for position in range(at, at + max(length, 1)):
                seen.setdefault(data[position : position + 3], []).append(position)
            at += max(length, 1)
        packed[flags_at] = flags
    return bytes(packed)


def _longest(data: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """Where the longest repetition of what follows ``at`` began, and its length; 0 where there is none."""
    most = min((0xFFFF >> _offset_bits(at)) + 3, len(data) - at)
    best, source = 0, 0
    for candidate in reversed(seen.get(data[at : at + 3], ()) if most >= 3 else ()):
        length = 3
        while length < most and data[candidate + length] == data[at + length]:
            length += 1
        if length > best:
            best, source = length, candidate
            if length == most:
                break
    return source, best


def _offset_bits(at: int) -> int:
    """How many bits of a copy token hold the offset, at this place of a chunk."""
    return max(4, (at - 1).bit_length()) if at else 4
