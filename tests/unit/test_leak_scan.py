"""The leak scan: a planted run is found in every place that a file has, and shared words are no leak."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.progress import Progress
from dataset_builder.snapshot import leak_scan
from dataset_builder.snapshot.emitted_text import readings
from dataset_builder.snapshot.leak_scan import Bodies, Leak
from dataset_builder.snapshot.leak_words import RUN, words_of

SECRET = (
    "The harbour master’s log, kept in pencil since 1961, names every vessel that ever sheltered behind the old mole. "
    "Nobody outside the office had read it until the archivist, Ana Example, opened the tin box last spring."
)
QUOTE = "every vessel that ever sheltered behind the old mole"
FREE = "A released article of its own words, long enough to hold a run of eight words and more of them."
SECRET_ID, FREE_ID = "5ec" + 29 * "0", "f" + 31 * "0"
WITHHELD = [(SECRET_ID, SECRET)]


def bodies(texts: list[tuple[str, str]]) -> list[Bodies]:
    """Each text as a batch of its own."""
    digests = [hashlib.sha256(text.encode()).hexdigest() for _, text in texts]
    return [
        Bodies(pa.array([article]), pa.array([text]), pa.array([digest]))
        for (article, text), digest in zip(texts, digests, strict=True)
    ]


def scan(
    root: Path, withheld: list[tuple[str, str]], released: Sequence[tuple[str, str]] = (), public: Sequence[str] = ()
) -> list[Leak]:
    """The leaks of the snapshot at ``root``."""
    words = [pa.array(public, pa.string())]
    return leak_scan.scan(root, bodies(withheld), bodies([*released]), public=words)


def run_numbers(text: str) -> list[int]:
    """The number of each run of eight words."""
    return words_of(pa.array([text])).runs().tolist()


def parquet(path: Path, **columns: pa.Array | list[object]) -> None:
    """A Parquet file with these columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, compression="zstd", write_page_index=True)


def plant_value(root: Path) -> None:
    parquet(root / "catalog" / "train.parquet", id=["a", "b"], title=["Mole", QUOTE])


def plant_nested(root: Path) -> None:
    kind = pa.list_(pa.struct([("rule", pa.string()), ("replacement", pa.string())]))
    edits = pa.array([[{"rule": "x", "replacement": SECRET[:90]}]], type=kind)
    parquet(root / "catalog" / "train.parquet", id=["a"], edits=edits)


def plant_foreign_body(root: Path) -> None:
    parquet(root / "articles" / "train.parquet", id=[FREE_ID], body=[SECRET])


def plant_unused_dictionary_entry(root: Path) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), pa.array(["plain", SECRET]))
    parquet(root / "catalog" / "train.parquet", id=["a", "b"], note=column)


def plant_schema_metadata(root: Path) -> None:
    table = pa.table({"id": ["a"]}).replace_schema_metadata({"sample": json.dumps({"text": SECRET})})
    pq.write_table(table, root / "train.parquet")


def plant_json(root: Path) -> None:
    (root / "datapackage.json").write_text(json.dumps({"description": SECRET.upper()}))


def plant_yaml(root: Path) -> None:
    (root / "README.md").write_text("---\n" + yaml.safe_dump({"summary": SECRET}, width=30) + "---\n")


def plant_markdown(root: Path) -> None:
    (root / "README.md").write_text("# Card\n\n> " + " **".join(SECRET.split()) + "\n", encoding="utf-8")


def plant_html(root: Path) -> None:
    (root / "report.html").write_text("<p>" + SECRET.replace("’", "&rsquo;").replace(" ", "&nbsp;") + "</p>")


def plant_percent(root: Path) -> None:
    parquet(root / "catalog" / "train.parquet", url=["https://closed.example.org/?next=" + quote(quote(QUOTE))])


def plant_percent_in_latin(root: Path) -> None:
    (root / "README.md").write_text("?t=" + quote(SECRET.replace("ever", "évèr").replace("’", ""), encoding="latin-1"))


def plant_references(root: Path) -> None:
    cell = "".join(f"&#{ord(letter)};" if letter in "aeiou" else letter for letter in QUOTE)
    parquet(root / "catalog" / "train.parquet", author=pa.array([cell]).dictionary_encode())


def plant_references_twice(root: Path) -> None:
    parquet(root / "catalog" / "train.parquet", author=[QUOTE.replace("e", "&amp;eacute;")])


def plant_visible(root: Path) -> None:
    parquet(root / "catalog" / "train.parquet", author=["\\u{ad}".join(QUOTE)])


def plant_behind_a_block(root: Path) -> None:
    (root / "findings.jsonl").write_bytes(b"x " * ((1 << 21) - 20) + SECRET.encode() + b"\n")


PLANTS = [
    plant_value, plant_nested, plant_foreign_body, plant_unused_dictionary_entry, plant_schema_metadata, plant_json,
    plant_percent, plant_percent_in_latin, plant_references, plant_references_twice,
    plant_visible, plant_yaml, plant_markdown, plant_html, plant_behind_a_block,
]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_leak_is_found_and_named(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    plant(tmp_path)
    leaks = scan(tmp_path, WITHHELD, [(FREE_ID, FREE)])
    assert leaks
    assert {leak.article for leak in leaks} == {SECRET_ID}
    assert all((tmp_path / leak.path).is_file() for leak in leaks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain & simple 50% \\", []), ("a%20b", ["a b"]), ("a%2520b", ["a%20b", "a b"]),
        ("a%252520b", ["a%2520b", "a%20b"]),
        ("&eacute;", ["é"]), ("&#101;", ["e"]), ("&amp;eacute;", ["&eacute;", "é"]), ("?a=1&b=%c3%b1", ["?a=1&b=ñ"]),
        ("%f1a", ["ña", "\ufffda"]), ("\\u00f1\\u{e9}\\xe1\\n", ["ñéá "]), ("\\u{110000}", [" {110000}"]),
    ],
)  # fmt: skip
def test_how_a_text_may_be_read(text: str, expected: list[str]) -> None:
    assert readings(pa.array(["quay", text])) == expected


def test_how_far_the_scan_is(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(FREE)
    some = Bodies(pa.array(["a", "b"]), pa.array([SECRET, QUOTE]), pa.array(["1" * 64, "2" * 64]))
    told: list[Progress] = []
    assert leak_scan.scan(tmp_path, [some, *bodies([("c", FREE)])], on_progress=told.append) != []
    assert [(entry.done, entry.total) for entry in told if entry.step == "scan texts"] == [(0, 3), (2, 3), (3, 3)]
    first = next(entry for entry in told if entry.step == "scan files")
    assert (first.done, first.total, first.unit) == (0, len(FREE), "bytes")


def test_a_texts_number_is_the_beginning_of_its_digest() -> None:
    texts = bodies([("a", SECRET), ("b", QUOTE)])
    numbers = leak_scan._numbers_of(texts)
    assert numbers.tolist() == [int(each.sha256[0].as_py()[:16], 16) for each in texts]
    assert numbers.dtype == np.uint64


def test_column_statistics_are_looked_at(tmp_path: Path) -> None:
    parquet(tmp_path / "train.parquet", id=["a"], title=[QUOTE])
    assert {"statistics", "title"} <= {leak.place for leak in scan(tmp_path, WITHHELD)}


def test_a_clean_snapshot_has_no_leak(tmp_path: Path) -> None:
    parquet(tmp_path / "articles" / "train.parquet", id=[FREE_ID], body=[FREE], title=["Free"])
    (tmp_path / "README.md").write_text(f"# Card\n\n{FREE}\n")
    assert scan(tmp_path, WITHHELD, [(FREE_ID, FREE)]) == []


def test_words_that_a_released_article_has_of_its_own_are_no_leak(tmp_path: Path) -> None:
    body = f"As the log says: {QUOTE}. {FREE}"
    parquet(tmp_path / "articles" / "train.parquet", id=[FREE_ID], body=[body])
    (tmp_path / "README.md").write_text(f"> {QUOTE}\n")
    assert scan(tmp_path, WITHHELD, [(FREE_ID, body)]) == []
    assert scan(tmp_path, WITHHELD, [(FREE_ID, FREE)]) != []


def test_a_title_is_no_leak_and_what_goes_beyond_it_is(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(QUOTE)
    assert scan(tmp_path, WITHHELD, public=[QUOTE]) == []
    (tmp_path / "README.md").write_text(QUOTE + " Nobody")
    assert scan(tmp_path, WITHHELD, public=[QUOTE]) == [Leak("README.md", "byte 0", SECRET_ID, 1)]


def test_no_run_reaches_from_one_value_into_the_next(tmp_path: Path) -> None:
    words = QUOTE.split()
    parquet(tmp_path / "train.parquet", id=["a", "b"], title=[" ".join(words[:4]), " ".join(words[4:])])
    assert scan(tmp_path, WITHHELD) == []


def test_seven_words_are_no_leak(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(" ".join(QUOTE.split()[: RUN - 1]))
    assert scan(tmp_path, WITHHELD) == []


def test_nothing_withheld_is_nothing_to_leak(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(SECRET)
    assert scan(tmp_path, []) == []
    assert scan(tmp_path, [("51" + 30 * "0", "Seven words are not enough for it.")]) == []


WORDS = st.lists(st.sampled_from(["a", "quay", "Été", "7", "wreck", "порт", "the"]), min_size=0, max_size=40)
GAPS = st.sampled_from([" ", "\n", ", ", " — ", "’ ", "\u00a0", " (", "; “"])


@given(WORDS, GAPS, GAPS)
def test_what_stands_between_words_makes_no_difference(words: list[str], one: str, other: str) -> None:
    first = run_numbers(one.join(words))
    second = run_numbers(other.join(word.upper() for word in words))
    assert first == second
    assert len(first) == max(0, len(words) - RUN + 1)


@given(WORDS, WORDS)
def test_the_numbers_tell_runs_apart(one: list[str], other: list[str]) -> None:
    def runs(words: list[str]) -> list[tuple[str, ...]]:
        return [tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)]

    known = dict(zip(runs(one), run_numbers(" ".join(one)), strict=True))
    for run, number in zip(runs(other), run_numbers(" ".join(other)), strict=True):
        assert known.get(run, number) == number
        assert (run in known) or (number not in known.values())


TEXTS = st.lists(st.lists(st.sampled_from(["a", "quay", "Été", "7"]), max_size=25), min_size=1, max_size=4)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_the_scan_finds_what_sets_of_words_find(
    tmp_path_factory: pytest.TempPathFactory, kept: list[list[str]], shown: list[list[str]]
) -> None:
    def runs(texts: list[list[str]]) -> set[tuple[str, ...]]:
        return {tuple(text[place : place + RUN]) for text in texts for place in range(len(text) - RUN + 1)}

    root = tmp_path_factory.mktemp("snapshot")
    parquet(root / "train.parquet", title=[" ".join(text) for text in shown])
    secrets = [(f"{number:032x}", ", ".join(text)) for number, text in enumerate(kept)]
    found = {leak.article for leak in scan(root, secrets) if leak.place == "title"}
    assert found == {f"{number:032x}" for number, text in enumerate(kept) if runs([text]) & runs(shown)}


def test_a_body_that_is_a_withheld_one_as_well_is_nobodys_own(tmp_path: Path) -> None:
    parquet(tmp_path / "articles" / "train.parquet", id=[FREE_ID], body=[SECRET])
    mixed_up = bodies([(FREE_ID, FREE)])
    mixed_up[0] = Bodies(mixed_up[0].ids, mixed_up[0].texts, bodies(WITHHELD)[0].sha256)
    assert {leak.place for leak in leak_scan.scan(tmp_path, bodies(WITHHELD), mixed_up)} >= {"body"}
