"""Clusters of near copies: what meets, what does not, and that nothing depends on the way there."""

import datetime
import pickle
import random
import re
import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pytest

from dataset_builder.copies import COPIES_SCHEMA, NearCopies, sign

WORDS = random.Random(11).sample([f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdfglmnrst"], 500)
DAY = datetime.date(2024, 5, 1)


def text(seed: int, length: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def edited(original: str, share: float, seed: int = 5) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) if chance.random() < share else word for word in original.split())


def articles(*rows: tuple[str, str | None, int | None]) -> pa.Table:
    """Rows of (id, body, days after the first of May 2024)."""
    dates = [None if days is None else DAY + datetime.timedelta(days=days) for _, _, days in rows]
    return pa.table(
        {
            "id": pa.array([row[0] for row in rows], pa.string()),
            "body": pa.array([row[1] for row in rows], pa.string()),
            "date": pa.array(dates, pa.date32()),
            "source": pa.array(["ledger"] * len(rows), pa.string()),
        }
    )


def clusters(table: pa.Table, **options: float) -> dict[str, tuple[str | None, float | None]]:
    """id -> (representative, similarity)."""
    copies = NearCopies(**options)
    copies.add(table)
    result = copies.finish()
    result.validate(full=True)
    assert result.schema == COPIES_SCHEMA
    return {row["id"]: (row["cluster_representative"], row["similarity"]) for row in result.to_pylist()}


def test_copies_meet_and_strangers_do_not() -> None:
    found = clusters(articles(("b", text(1), 3), ("a", edited(text(1), 0.03), 1), ("c", text(2), 0), ("d", None, 0)))
    assert found["a"] == ("a", 1.0)
    representative, similarity = found["b"]
    assert representative == "a"
    assert similarity is not None
    assert 0.85 < similarity < 1
    assert found["c"] == found["d"] == (None, None)


def test_the_representative_is_the_earliest_then_the_smallest_id_and_undated_come_last() -> None:
    body = text(3)
    rows = [("a", body, None), ("c", body + " x", 2), ("b", body + " y", 2), ("d", body + " z", 9)]
    assert {representative for representative, _ in clusters(articles(*rows)).values()} == {"b"}
    assert {representative for representative, _ in clusters(articles(*rows[:1], ("z", body, None))).values()} == {"a"}


@pytest.mark.parametrize("part", [0.25, 0.4, 0.6])
def test_a_shortened_reprint_meets_its_original(part: float) -> None:
    original = text(4, 900)
    reprint = edited(" ".join(original.split()[: int(900 * part)]), 0.02)
    found = clusters(articles(("long", original, 1), ("short", reprint, 2), ("other", text(5, 900), 1)))
    assert found["short"][0] == found["long"][0] == "long"
    assert found["other"] == (None, None)


def test_a_page_of_briefs_is_no_copy_of_each_brief() -> None:
    briefs = [text(seed, 60) for seed in range(20, 28)]
    rows = [(f"brief{n}", brief, 1) for n, brief in enumerate(briefs)]
    found = clusters(articles(*rows, ("page", " ".join(briefs), 2)))
    assert set(found.values()) == {(None, None)}


def test_a_shared_footer_makes_no_copies() -> None:
    footer = text(6, 60)
    rows = [(f"{n:03}", f"{text(100 + n, 300)} {footer}", 1) for n in range(120)]
    assert set(clusters(articles(*rows)).values()) == {(None, None)}


def test_case_punctuation_and_quotes_do_not_matter() -> None:
    plain = text(7)
    words = plain.split()
    fancy = "“" + "”,\u00a0“".join(words[:200]).title() + " … " + "\n\n".join(words[200:])
    assert clusters(articles(("a", plain, 1), ("b", fancy, 2)))["b"] == ("a", 1.0)


SPANISH = "El niño corrió detrás del camión; según su abuela, jamás llegó a la estación número tres de aquella región."
VIETNAMESE = (
    "Cảng đã đóng cửa từ sáng sớm vì gió lớn, và những người đánh cá trở về nhà với những chiếc giỏ trống rỗng."
)
KOREAN = "항구는 월요일 아침부터 강한 바람 때문에 문을 닫았고 어부들은 빈 바구니를 들고 집으로 돌아왔다."


@pytest.mark.parametrize("original", [SPANISH, VIETNAMESE, KOREAN, "ガス会社は月曜日に港でパンを配った。"])
@pytest.mark.parametrize(
    "spelled",
    [
        lambda text: unicodedata.normalize("NFD", text),
        "\u00ad".join,
        lambda text: re.sub(r"(\w)", "\\1\u034f\ufe0f", text),
        lambda text: text.upper(),
        lambda text: re.sub(r"([a-z])", lambda match: chr(ord(match[1]) + 0xFEE0), text),
    ],
    ids=["decomposed", "soft hyphens", "ignorables", "capitals", "fullwidth"],
)
def test_another_spelling_is_the_same_text(original: str, spelled: Callable[[str], str]) -> None:
    one, other = unicodedata.normalize("NFC", original), spelled(original)
    assert one != other or original in (KOREAN, "ガス会社は月曜日に港でパンを配った。")
    assert clusters(articles(("a", one, 1), ("b", other, 2)))["b"] == ("a", 1.0)


@pytest.mark.parametrize(
    "sample",
    [
        "港口委员会星期一在奥斯陆宣布渔业禁令将于五月开始实施渔民对此表示反对",
        "ท่าเรือแห่งใหม่เปิดให้บริการในวันจันทร์และชาวประมงไม่พอใจ",
    ],
)
def test_scripts_without_spaces_are_compared_by_character(sample: str) -> None:
    body = "".join(random.Random(1).choices(sample, k=400))
    other = "".join(random.Random(2).choices(sample, k=400))
    changed = body[:200] + body[205:]
    found = clusters(articles(("a", body, 1), ("b", changed, 2), ("c", sample, 1), ("d", other[:30], 2)))
    assert found["b"][0] == "a"
    assert found["d"] == (None, None)


def test_order_batches_and_workers_do_not_matter() -> None:
    rows = [(f"{n:03}{k}", edited(text(n), 0.04 * k, seed=n + k), n + k) for n in range(30) for k in range(4)]
    table = articles(*rows)
    whole = NearCopies()
    whole.add(table)
    expected = whole.finish()
    shuffled = table.take(random.Random(1).sample(range(len(rows)), len(rows)))
    one, other = NearCopies(), NearCopies()
    for number, batch in enumerate(shuffled.to_batches(max_chunksize=7)):
        (one, other)[number % 2].add(batch)
    one.merge(pickle.loads(pickle.dumps(other)))
    assert one.finish().equals(expected)
    signed = NearCopies()
    for batch in shuffled.to_batches(max_chunksize=11):
        signed.add(pickle.loads(pickle.dumps(sign(batch))))
    assert signed.finish().equals(expected)
    assert expected.column("duplicate_cluster").null_count < len(rows)


@pytest.mark.parametrize(
    "body", ["", " ", "\x00", "x", "…", "🎉", "\u202e\u202d", "a" * 300_000, "a " * 100_000, "é" * 5_000, "。" * 100]
)
def test_odd_bodies_are_taken_in(body: str) -> None:
    found = clusters(articles(("a", body, 1), ("b", text(8), 1), ("c", None, None), ("d", body + "!", 2)))
    assert found["b"] == found["c"] == (None, None)


def test_nothing_at_all_is_an_empty_table() -> None:
    assert NearCopies().finish().equals(COPIES_SCHEMA.empty_table())
    assert clusters(articles()) == {}


def test_the_threshold_decides() -> None:
    rows = articles(("a", text(9), 1), ("b", edited(text(9), 0.12), 2))
    assert clusters(rows, threshold=0.6)["b"][0] == "a"
    assert clusters(rows, threshold=0.95)["b"][0] is None
