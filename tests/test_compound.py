"""The compound file and the compression of VBA source, read back by readers that are not ours."""

from io import BytesIO

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oletools.olevba import decompress_stream

from jixiao.excel.xlam.compound import write_compound
from jixiao.excel.xlam.compression import compress

NAMES = st.text("abcXYZ_0139", min_size=1, max_size=31)
SIZES = [0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 8192, 200_000]


def noise(size: int) -> bytes:
    return bytes((at * 2654435761 >> 7) & 0xFF for at in range(size))


def read(file: bytes) -> dict[tuple[str, ...], bytes]:
    with olefile.OleFileIO(BytesIO(file), raise_defects=olefile.DEFECT_INCORRECT) as compound:
        assert not compound.parsing_issues
        return {tuple(path): compound.openstream(path).read() for path in compound.listdir()}


@pytest.mark.parametrize("size", SIZES)
def test_a_stream_of_every_boundary_size_comes_back(size):
    data = noise(size)
    assert read(write_compound({"one": data})) == {("one",): data}


def test_small_and_large_streams_and_storages_come_back_together():
    tree = {f"s{size}": noise(size) for size in SIZES} | {"VBA": {f"m{size}": noise(size) for size in SIZES}}
    expected = {(f"s{size}",): noise(size) for size in SIZES}
    expected |= {("VBA", f"m{size}"): noise(size) for size in SIZES}
    assert read(write_compound(tree)) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(NAMES.map(str.lower), st.binary(max_size=9000), max_size=9),
    st.dictionaries(NAMES.map(str.upper), st.binary(max_size=300), max_size=9),
)
def test_whatever_is_put_in_comes_back(streams, inner):
    tree = {"VBA storage": inner, **streams} if inner else streams
    expected = {(name,): data for name, data in streams.items()}
    expected |= {("VBA storage", name): data for name, data in inner.items()}
    assert read(write_compound(tree)) == expected


def test_a_name_longer_than_the_format_holds_is_refused():
    with pytest.raises(ValueError, match="31"):
        write_compound({"x" * 32: b""})


def test_a_file_beyond_the_allocation_table_is_refused():
    with pytest.raises(ValueError, match="larger"):
        write_compound({"one": bytes(7_500_000)})


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=6000) | st.text("ab \r\n", max_size=6000).map(str.encode))
def test_compressed_source_is_decompressed_the_same(data):
    found = bytes(decompress_stream(bytearray(compress(data))))
    assert found.rstrip(b"\0") == data.rstrip(b"\0") and found[: len(data)] == data


@pytest.mark.parametrize("size", [1, 4095, 4096, 4097, 8192, 50_000])
def test_source_of_every_boundary_size_is_decompressed_the_same(size):
    data = (b"Sub A()\r\n    MsgBox 1\r\nEnd Sub\r\n" * (size // 30 + 1))[:size]
    assert bytes(decompress_stream(bytearray(compress(data)))) == data


def test_repetitive_source_shrinks():
    assert len(compress(b"    Exit Function\r\n" * 400)) < 800
