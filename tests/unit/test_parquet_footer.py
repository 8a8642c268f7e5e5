"""Footers that lie about their column chunks are refused before Arrow touches them; there it would end the process."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.errors import CorpusError
from dataset_builder.parquet_bounds import grows_beyond
from dataset_builder.parquet_footer import footer_fault
from dataset_builder.validate import validate_table

NESTED = pa.table(
    {
        "title": ["Ferry", None, "Pier"],
        "tags": [["a", "b"], [], None],
        "place": [{"name": "Saltby", "at": [1, 2]}, None, {"name": None, "at": None}],
        "count": [1, 2, 3],
        "digest": pa.array([b"0" * 16] * 3, pa.binary(16)),
        "day": pa.array([1, 2, 3], pa.date32()),
        "share": [0.5, None, 1.0],
        "kept": [True, False, None],
    }
)
#: ``SchemaElement``: repetition_type (OPTIONAL, then REQUIRED), name.
OPTIONAL, REQUIRED = b"\x25\x02\x18\x05title", b"\x25\x00\x18\x05title"


def written(**options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(NESTED, sink, **options)
    return sink.getvalue()


def fault(content: bytes) -> str:
    raw = io.BytesIO(content)
    raw.seek(5)
    found = footer_fault(raw, pq.ParquetFile(io.BytesIO(content)).metadata)
    assert raw.tell() == 5
    return found


@pytest.mark.parametrize(
    "options",
    [{}, {"row_group_size": 1, "version": "1.0"}, {"write_page_index": True, "write_statistics": False}],
)
def test_honest_files_have_no_fault(options: dict[str, object]) -> None:
    assert fault(written(**options)) == ""


@pytest.fixture
def lying(tmp_path: Path) -> Path:
    content = written()
    assert content.count(OPTIONAL) == 1
    path = tmp_path / "lying.parquet"
    path.write_bytes(content.replace(OPTIONAL, REQUIRED))
    return path


def test_arrow_ends_the_process_over_it(lying: Path) -> None:
    """Should Arrow learn better, parquet_footer may go."""
    code = "import sys, pyarrow.parquet as pq; pq.ParquetFile(sys.argv[1]).metadata.row_group(0).column(0)"
    ran = subprocess.run([sys.executable, "-c", code, str(lying)], check=False, capture_output=True, text=True)
    assert ran.returncode == -6
    assert "histogram size mismatch" in ran.stderr


def test_a_lie_is_named(lying: Path) -> None:
    assert fault(lying.read_bytes()) == "size statistics that contradict the schema of the column 'title'"


def test_whoever_asks_for_bounds_is_told(lying: Path) -> None:
    with pytest.raises(pa.ArrowInvalid, match="contradict the schema"):
        grows_beyond(lying)


def test_validation_ends_with_a_finding(lying: Path) -> None:
    with pytest.raises(CorpusError, match="contradict the schema of the column 'title'"):
        validate_table(lying, {"fields": [{"name": "title", "type": "string"}]})


def test_a_chunk_of_another_type_than_its_column() -> None:
    content = written(row_group_size=3)
    metadata = pq.ParquetFile(io.BytesIO(content)).metadata
    other = pq.ParquetFile(io.BytesIO(_written_as(pa.table({"title": [1]})))).metadata
    assert footer_fault(io.BytesIO(content), metadata) == ""
    assert footer_fault(io.BytesIO(content), other).startswith("a chunk of another type than its column 'title'")


def test_more_columns_than_the_schema() -> None:
    content = _written_as(pa.table({"title": ["a"], "body": ["b"]}))
    other = pq.ParquetFile(io.BytesIO(_written_as(pa.table({"title": ["a"]})))).metadata
    assert footer_fault(io.BytesIO(content), other) == "a row group with more columns than the schema"


@pytest.mark.parametrize("footer", [b"", b"\xff" * 40, b"\x49\xfc\xff\xff\xff\x0f" + b"\0" * 9, b"\x1c" * 90])
def test_bytes_that_are_no_thrift(footer: bytes) -> None:
    metadata = pq.ParquetFile(io.BytesIO(written())).metadata
    found = footer_fault(io.BytesIO(footer + len(footer).to_bytes(4, "little") + b"PAR1"), metadata)
    assert found == "a footer that cannot be followed"


def _written_as(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()
