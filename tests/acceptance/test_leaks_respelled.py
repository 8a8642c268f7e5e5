"""A withheld text in another spelling is the same text: in a field of the catalog, in an address, in a copy."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from html.entities import codepoint2name
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest

from corpora import write_corpus
from dataset_builder.errors import CorpusError
from dataset_builder.pipeline import build

SPANISH = (
    "Según la gaceta, el señor Odón Pérez vendió anteayer nueve campanas de latón al pequeño museo de Vexmú. "
    "Guardó además la décima bajo su colchón durante más de treinta años y jamás contó a nadie que tenía una grieta. "
    "El museo enseñará las diez en otoño, con grieta y colchón, a quien llame primero; así lo confirmó su hija Inés."
)
VIETNAMESE = (
    "Người gác đèn biển cho biết ông đã bán chín chiếc chuông đồng cho viện bảo tàng nhỏ ở thị trấn bên sông. "
    "Ông giữ chiếc thứ mười dưới gầm giường suốt ba mươi năm và không kể với ai về vết nứt của nó."
)
CHINESE = (
    "灯塔看守人上星期把九口铜钟卖给了镇上的小博物馆，只有本报知道这件事。三十年来他一直把第十口钟藏在床底下，"
    "从来没有告诉任何人钟上有一道裂缝。博物馆打算明年春天展出全部十口钟，连同裂缝和那张床，先打电话的人可以先看。"
)
THAI = (
    "คนเฝ้าประภาคารขายระฆังทองเหลืองเก้าใบให้พิพิธภัณฑ์เล็กในเมืองเมื่อสัปดาห์ก่อนและเก็บใบที่สิบไว้ใต้เตียงมาสามสิบปี"
    "โดยไม่เคยบอกใครว่ามีรอยร้าวพิพิธภัณฑ์จะแสดงระฆังทั้งสิบใบในฤดูใบไม้ผลิปีหน้าพร้อมรอยร้าวและเตียงให้ผู้ที่โทรมาก่อนได้ชม"
    "ลูกสาวของเขายืนยันเรื่องนี้กับหนังสือพิมพ์เพียงฉบับเดียวและขอให้ทุกคนสวมหมวกในวันเปิดงานเพราะหลังคาอาคารเก่ายังรั่วอยู่"
)


def corpus_with(tmp_path: Path, body: str, **fields: str) -> Path:
    """A corpus with one more withheld article."""
    corpus = write_corpus(tmp_path / "corpus", articles=2)
    with (corpus / "wire.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"title": "Bells", "source": "gazette", "body": body, **fields}) + "\n")
    return corpus


def refused(corpus: Path, out: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        build(corpus, out)
    assert {issue.code for issue in caught.value.issues} == {"withheld-text-leaked"}
    assert not out.exists()


def fullwidth(text: str) -> str:
    return re.sub("[A-Za-z]", lambda match: chr(ord(match[0]) + 0xFEE0), text)


#: Each in one of the two fields.
SPELLINGS = [
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: re.sub(r"\b(\w\w)", "\\1\u00ad", text),
    lambda text: re.sub(r"\b(\w)", "\\1\u034f", text),
    lambda text: re.sub(r"\b(\w)", "\\1\ufe0f", text),
    lambda text: re.sub(r"\b(\w)", "\\1\u0331", text),
    fullwidth,
    lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    lambda text: "".join(f"&{codepoint2name[ord(letter)]};" if letter in "áéíóúñ" else letter for letter in text),
]
NAMES = ["decomposed", "soft hyphens", "joiners", "variations", "accents", "fullwidth", "references", "entities"]


@pytest.mark.parametrize(("field", "spelled"), [*zip(["author", "attribution"] * 4, SPELLINGS, strict=True)], ids=NAMES)
def test_another_spelling_in_a_field_of_the_catalog(tmp_path: Path, field: str, spelled: Callable[[str], str]) -> None:
    refused(corpus_with(tmp_path, SPANISH, **{field: spelled(SPANISH)}), tmp_path / "out")


@pytest.mark.parametrize(
    ("body", "field"), [*((CHINESE, field) for field in ("title", "author", "rights_holder")), (THAI, "title")]
)
def test_a_script_without_blanks(tmp_path: Path, body: str, field: str) -> None:
    refused(corpus_with(tmp_path, body, **{field: body}), tmp_path / "out")


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("灯塔看守人卖出九口铜钟，第十口藏在床底下三十年", "灯塔看守人"),
        ("คนเฝ้าประภาคารขายระฆังทองเหลืองเก้าใบให้พิพิธภัณฑ์เล็ก", "คนเฝ้าประภาคาร"),
    ],
)
def test_a_headline_and_a_name_without_blanks_are_no_leak(tmp_path: Path, title: str, author: str) -> None:
    corpus = corpus_with(tmp_path, f"{title}。{CHINESE}{THAI}", title=title, author=author)
    assert build(corpus, tmp_path / "out").accounts.withheld == 3


@pytest.mark.parametrize(
    ("body", "field", "encoded"),
    [
        (SPANISH, "url", quote), (CHINESE, "url", quote), (SPANISH, "canonical_url", quote),
        (SPANISH, "url", lambda text: quote(quote(text))),
    ],
    ids=["spanish", "chinese", "canonical", "twice"],
)  # fmt: skip
def test_a_text_within_an_address(tmp_path: Path, body: str, field: str, encoded: Callable[[str], str]) -> None:
    refused(corpus_with(tmp_path, body, **{field: f"https://gazette.example.org/?t={encoded(body)}"}), tmp_path / "out")


@pytest.mark.parametrize(
    ("text", "composed", "decomposed"),
    [(SPANISH, "gazette", "ledger"), (SPANISH, "ledger", "gazette"), (VIETNAMESE, "gazette", "ledger")],
)
def test_a_decomposed_copy_takes_the_terms_of_the_withheld_one(
    tmp_path: Path, text: str, composed: str, decomposed: str
) -> None:
    corpus = write_corpus(tmp_path / "corpus", articles=2)
    (corpus / composed / "bells.txt").write_text(unicodedata.normalize("NFC", text) + "\n", encoding="utf-8")
    (corpus / decomposed / "bells.txt").write_text(unicodedata.normalize("NFD", text) + "\n", encoding="utf-8")
    build(corpus, tmp_path / "out")
    rows = [row for file in sorted(tmp_path.glob("out/catalog/*.parquet")) for row in pq.read_table(file).to_pylist()]
    bells = [row for row in rows if row["provenance"]["locator"].endswith("bells.txt")]
    assert [row["release"] for row in bells] == ["metadata"] * 2
    assert len({row["duplicate_cluster"] for row in bells} - {None}) == 1
