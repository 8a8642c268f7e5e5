"""Records become rows one by one or as columns, with the same result."""

from __future__ import annotations

from dataset_builder.issues import Issue
from dataset_builder.read.record import RawRecord, batch_of, to_batches
from dataset_builder.records import Claim, Origin

CLAIM = Claim("title", "Ferry late", Origin.DECLARED, "front-matter", line=2)
SECRET = Claim(
    "url", "https://ledger.example.org/a?X-Amz-Signature=0123456789abcdef0123456789abcdef", Origin.DECLARED, "column"
)


def record(number: int, **members: object) -> RawRecord:
    sha256 = f"{number:064x}"
    return RawRecord(sha256, 10, "text/plain", "ledger", f"wire.jsonl#L{number}", "The bell rang.", **members)  # type: ignore[arg-type]


RECORDS = [
    record(1),
    record(2, claims=(CLAIM, CLAIM), flags=("odd",)),
    record(3, issues=(Issue("wire.jsonl", 3, code="no-title", found="no title"),), charset="utf-8"),
    record(4, claims=(SECRET,), url=SECRET.value, fetched_at="2024-10-30"),
]


def test_columns_and_rows_agree():
    (rows,) = to_batches((it.as_row() for it in RECORDS), 10)
    assert batch_of(RECORDS).equals(rows, check_metadata=True)
    assert batch_of([]).num_rows == 0


def test_what_grants_access_is_gone_from_a_public_record():
    (row,) = batch_of([RECORDS[3].public()]).to_pylist()
    assert "0123456789abcdef" not in str(row)
    assert "address-with-secret" in str(row["raw_findings"])
