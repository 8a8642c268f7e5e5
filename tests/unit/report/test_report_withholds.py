"""What a snapshot withholds, its report does not hold: neither in its words nor in its packed rows."""

from __future__ import annotations

import gzip
import re
from base64 import b64decode
from pathlib import Path

import pytest

from corpora import article, write_corpus
from dataset_builder.pipeline import build
from dataset_builder.report.write import write_report

pytest.importorskip("vl_convert", reason="vl-convert-python is not installed: no report can be drawn")


def everything_in(page: str) -> str:
    """The page and what is packed in it."""
    packed = re.findall(r'type="application/octet-stream" id="[^"]+">([^<]+)<', page)
    assert packed
    return page + "".join(gzip.decompress(b64decode(text)).decode() for text in packed)


@pytest.mark.parametrize("audience", ["public", "private"])
def test_no_sentence_of_a_withheld_article(tmp_path: Path, audience: str) -> None:
    snapshot = build(write_corpus(tmp_path / "corpus", articles=3), tmp_path / "out", audience=audience).out
    words = everything_in(write_report(snapshot, tmp_path / "a.html").path.read_text(encoding="utf-8"))
    assert "ledger/0000.txt" in words
    withheld = [line[:45] for number in range(3) for line in article(1000 + number).splitlines()[1:-1]]
    assert [line for line in withheld if line in words] == []
