"""Secrets stay where they are: none of those planted here is in a snapshot, a finding, a log or an error."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from corpora import write_corpus
from dataset_builder.addresses import public_locator, without_secrets, without_secrets_of
from dataset_builder.cli import main
from dataset_builder.cli.app import app
from dataset_builder.config import load_config
from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.findings.formats import FORMATS
from dataset_builder.issues import Issue
from dataset_builder.pipeline import build
from dataset_builder.publish.address import S3Address
from dataset_builder.publish.s3.store import S3Store
from dataset_builder.publish.targets import publish
from dataset_builder.read.remote import list_remote
from dataset_builder.rehydrate.fetching import Fetching
from dataset_builder.web.visitor import Visit

PASSWORD, SIGNATURE, TOKEN = "hunter2-quay-barrel", "deadbeefcafe1234feed", "tok-7f3a9c0e51"
ENVIRONMENT = {
    "AWS_SECRET_ACCESS_KEY": "env-aws-2718281828",
    "HF_TOKEN": "hf_env3141592653",
    "GITHUB_TOKEN": "ghs_env1414213",
}
SECRETS = (PASSWORD, SIGNATURE, TOKEN, *ENVIRONMENT.values())
CONFIG = f"""\
name: harbour-notes
title: Harbour Notes
version: 1.0.0
created: 2024-11-05
licenses: [{{name: CC0-1.0}}]
contributors: [{{title: Harbour Archive}}]
sources:
  - {{name: ledger, title: The Harbour Ledger, email: rights@ledger.example.org, license: CC-BY-4.0, language: en}}
articles:
  - {{path: "memory://ada:{PASSWORD}@harbour/wire.jsonl", source: ledger}}
  - {{path: "memory://harbour/signed.jsonl?X-Amz-Signature={SIGNATURE}", source: ledger}}
  - {{path: "memory://ada:{PASSWORD}@harbour/none-*.jsonl?X-Amz-Signature={SIGNATURE}", source: ledger}}
  - {{path: "memory://ada:{PASSWORD}@harbour/scan.pdf", source: ledger}}
  - {{path: "*.txt", source: ledger}}
"""
#: Addresses whose secret is hidden from who looks for it in the clear, and what is published of them.
HIDDEN = {
    f"https://ledger.example.org/1?a=b&tok\u00aden={TOKEN}": "https://ledger.example.org/1?a=b&token=***",
    f"https://ledger.example.org/2?\u200btoken={TOKEN}": "https://ledger.example.org/2?token=***",
    f"https://ledger.example.org/3#access_token={TOKEN}": "https://ledger.example.org/3#access_token=***",
    f"https://ledger.example.org/4?%74oken={TOKEN}&page=2": "https://ledger.example.org/4?%74oken=***&page=2",
    f"https://ledger.example.org/5?token='{TOKEN}'": "https://ledger.example.org/5?token=***",
    f"https://ledger.example.org/6?token[]={TOKEN}": "https://ledger.example.org/6?token[]=***",
    f"https://ledger.example.org/7?next=https%3A%2F%2Fada%3A{PASSWORD}%40gazette.example.org": (
        "https://ledger.example.org/7?next=https%3A%2F%2Fgazette.example.org"
    ),
    f"//ada:{PASSWORD}@ledger.example.org/8": None,
    f"https://ada:{PASSWORD} x@ledger.example.org/9?token=a\n{TOKEN}": "https://ledger.example.org/9?token=***",
}
TEXT = "The lamps of Port Callow were counted twice on Monday, and nobody found the {} one that was missing."


def planted(folder: Path) -> None:
    memory = fsspec.filesystem("memory")
    for number, name in enumerate(
        (f"ada:{PASSWORD}@harbour/wire.jsonl", f"harbour/signed.jsonl?X-Amz-Signature={SIGNATURE}")
    ):
        row = {
            "title": f"Lamps counted {number}",
            "date": "2024-10-30",
            "body": TEXT.format(("red", "green")[number]),
            "url": f"https://ada:{PASSWORD}@ledger.example.org/{number}?page=2&access_token={TOKEN}",
            "license_url": f"https://creativecommons.org/licenses/by/4.0/?token={TOKEN}",
        }
        broken = '{"title": "no body", "url": "https://ada:' + PASSWORD + '@ledger.example.org/"'
        memory.pipe(f"/{name}", (json.dumps(row) + "\n" + broken + "\n").encode())
    memory.pipe(f"/ada:{PASSWORD}@harbour/scan.pdf", b"%PDF")
    folder.mkdir()
    (folder / "dataset.yaml").write_text(CONFIG)
    (folder / "a.txt").write_text(
        f"---\ntitle: Pier\ndate: 2024-10-01\nurl: https://ledger.example.org/pier?sig={TOKEN}\n---\n{TEXT.format('blue')}\n"
    )


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    planted(tmp_path / "corpus")
    yield tmp_path / "corpus"
    memory = fsspec.filesystem("memory")
    for place in ("/harbour", f"/ada:{PASSWORD}@harbour"):
        memory.rm(place, recursive=True)


def hide(folder: Path) -> None:
    rows = [
        {"title": f"Hidden {number}", "date": "2024-10-30", "body": TEXT.format(f"hidden {number}"), "url": url}
        for number, url in enumerate(HIDDEN)
    ]
    odd = {"body": TEXT.format("odd"), "date": "2024-10-30", "title": list(HIDDEN)}
    elsewhere = {"body": TEXT.format("far"), "date": "2024-10-30", "source": f"https://ada:{PASSWORD}@far.example.org"}
    lines = [json.dumps(row) + "\n" for row in [*rows, odd, elsewhere]]
    (folder / "hidden.jsonl").write_text("".join(lines), encoding="utf-8")
    config = folder / "dataset.yaml"
    entry = "  - {path: hidden.jsonl, source: ledger}\n"
    config.write_text(config.read_text(encoding="utf-8") + entry, encoding="utf-8")


def test_a_secret_does_not_hide_in_how_an_address_is_written(corpus: Path, tmp_path: Path) -> None:
    hide(corpus)
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["build", str(corpus), "--out", str(out), "--allow-rejected", "--json"])
    assert ran.exit_code == 0, ran.output
    assert_clean(ran.output, "what the build says")
    for path in sorted(out.rglob("*.parquet")):
        assert_clean(str(pq.read_table(path, partitioning=None).to_pylist()), path)
    rows = pq.read_table(out / "catalog", partitioning=None).to_pylist()
    hidden = [row for row in rows if (row["title"] or "").startswith("Hidden")]
    assert sorted(str(row["url"]) for row in hidden) == sorted(str(public) for public in HIDDEN.values())
    for row in hidden:
        assert [seen["url"] for seen in row["provenance"]["sightings"]] == [row["url"]]
    checked = CliRunner().invoke(app, ["check", str(corpus), "--json"])
    assert "address-with-secret" in checked.output
    assert_clean(checked.output, "the findings")


def assert_clean(text: str, where: object) -> None:
    assert not [secret for secret in SECRETS if secret in text], where


def test_no_secret_is_in_any_file_of_a_snapshot(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["build", str(corpus), "--out", str(out), "--allow-rejected"])
    assert ran.exit_code == 0, ran.output
    assert_clean(ran.output, "what the build says")
    for path in sorted(out.rglob("*")):
        if path.suffix == ".parquet":
            assert_clean(str(pq.read_table(path, partitioning=None).to_pylist()), path)
        elif path.is_file():
            assert_clean(path.read_bytes().decode("utf-8", "replace"), path)
    page = tmp_path / "report.html"
    assert CliRunner().invoke(app, ["report", str(out), "--out", str(page)]).exit_code == 0
    assert_clean(page.read_text(encoding="utf-8"), "the report")
    rows = pq.read_table(next((out / "catalog").rglob("*.parquet")), partitioning=None).to_pylist()
    assert sorted(row["url"] for row in rows) == [
        "https://ledger.example.org/0?page=2&access_token=***",
        "https://ledger.example.org/1?page=2&access_token=***",
        "https://ledger.example.org/pier?sig=***",
    ]
    assert sorted(row["provenance"]["locator"] for row in rows) == [
        "a.txt",
        "memory:///harbour/signed.jsonl#L1",
        "memory://harbour/wire.jsonl#L1",
    ]


@pytest.mark.parametrize("form", ["text", "json", *sorted(FORMATS)])
def test_no_secret_is_in_a_finding(corpus: Path, form: str) -> None:
    ran = CliRunner().invoke(app, ["check", str(corpus), "--output-format", form])
    assert ran.exit_code == 1, "the broken lines"
    assert "address-with-secret" in ran.output
    assert_clean(ran.output, form)


@pytest.mark.parametrize("reference", ["a.txt", "0000000000", "https://ledger.example.org/0"])
def test_no_secret_is_in_an_explanation(corpus: Path, reference: str) -> None:
    for arguments in ([], ["--json"]):
        assert_clean(CliRunner().invoke(app, ["explain", reference, str(corpus), *arguments]).output, reference)


def test_what_is_published_of_the_configuration_holds_none(tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text(
        CONFIG.replace("email:", f"path: 'https://ada:{PASSWORD}@ledger.example.org/', email:")
    )
    with pytest.raises(ConfigError) as refused:
        load_config(tmp_path)
    assert [issue.code for issue in refused.value.issues] == ["secret-in-config"]
    assert_clean(str(refused.value) + str(refused.value.issues), "the refusal")


def test_the_digest_of_the_configuration_knows_no_secret(tmp_path: Path) -> None:
    digests = set()
    for password in ("one-password", "another-password"):
        (tmp_path / "dataset.yaml").write_text(CONFIG.replace(PASSWORD, password))
        digests.add(load_config(tmp_path).sha256)
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("s3://bucket/wire.jsonl", "s3://bucket/wire.jsonl"),
        (f"ftp://ada:{PASSWORD}@host/a.txt", "ftp://host/a.txt"),
        (
            f"simplecache::https://ada:p@ss@host/a.jsonl?X-Amz-Signature={SIGNATURE}",
            "simplecache::https://host/a.jsonl",
        ),
        ("ledger/a?.txt", "ledger/a?.txt"),
    ],
)
def test_the_public_part_of_an_address(address: str, public: str) -> None:
    assert public_locator(address) == public


@pytest.mark.parametrize("slashes", ["", "/", "\\", "///"])
def test_a_name_before_the_host_goes_however_many_slashes_there_are(slashes: str) -> None:
    assert without_secrets(f"See https:{slashes}ada:{PASSWORD}@host/a.txt") == f"See https:{slashes}host/a.txt"


@pytest.mark.parametrize(
    "text",
    [
        "https://ledger.example.org/a?page=2#top",
        "https://ledger.example.org/@ada/a",
        "mailto:ada@ledger.example.org",
        "a: b@c, https://ledger.example.org",
    ],
)
def test_honest_addresses_stay(text: str) -> None:
    assert without_secrets(text) == text


def test_an_error_that_repeats_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"memory://ada:{PASSWORD}@harbour/*.jsonl?sig={SIGNATURE}"

    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(f"403 for user ada with {PASSWORD}: {address} ({SIGNATURE})")

    monkeypatch.setattr(fsspec, "get_filesystem_class", refuse)
    found = list_remote(address)
    assert isinstance(found, Issue)
    assert_clean(str(found), "the finding")
    assert_clean(without_secrets_of(f"cannot open {address}", address), "the words")


#: What is given as an argument where another thing is asked for, or an address with more in it than it should have.
KEY = "wJalr/XUtnFEMI+quay"
LONG = "quay-barrel-" * 40
REFUSED = [
    ["publish", "{out}", f"https://ada:{PASSWORD}@harbour.example.org/x"],
    ["publish", "{out}", f"https://ada:{LONG}@harbour.example.org/x"],
    ["publish", "{out}", f"s3://AKIA:{PASSWORD}@bucket/prefix"],
    ["publish", "{out}", f"s3://AKIA:{KEY}@bucket/prefix"],
    ["publish", "{out}", f"s3://bucket/x?X-Amz-Signature={SIGNATURE}"],
    ["publish", "{out}", f"hf://datasets/ada:{PASSWORD}@org/name"],
    ["publish", "{out}", f"hf://datasets/org/name?token={TOKEN}"],
    ["publish", "{out}", "--doi", f"https://ada:{PASSWORD}@harbour.example.org/"],
    ["publish", "{out}", "--doi", f"https://:{PASSWORD}@harbour.example.org/"],
    ["publish", "{out}", "--doi", f"https://harbour.example.org/?token={TOKEN}"],
    ["publish", "{out}", "--doi", f"https://ada:{PASSWORD}@[::1/"],
    ["publish", "{out}", "--doi", f"https://ada:{PASSWORD}@harbour.example.org:99999/"],
    ["verify", f"https://ada:{PASSWORD}@harbour.example.org/x"],
    ["verify", f"https://ada:{PASSWORD}@harbour.example.org/x", "--output-format", "github"],
    ["verify", f"https://ada:{PASSWORD}@harbour.example.org/x", "--output-format", "sarif"],
    ["verify", f"s3://bucket/x?X-Amz-Signature={SIGNATURE}"],
    ["check", f"s3://AKIA:{PASSWORD}@bucket/corpus"],
    ["build", f"https://ada:{PASSWORD}@harbour.example.org/corpus"],
    ["cite", "{out}", "--repository", f"https://ada:{PASSWORD}@hf.co/x/y"],
    ["cite", "{out}", "--repository", "org/name", "--revision", f"https://ada:{LONG}@hf.co/x/y"],
    ["withdraw", f"https://ada:{PASSWORD}@gazette.example.org/x?token={TOKEN}", "{corpus}"],
    ["withdraw", f"https://ada:{LONG}@gazette.example.org/x", "{corpus}"],
    ["withdraw", "0" * 32, "{corpus}", "--purge", f"https://ada:{PASSWORD}@harbour.example.org/x"],
    ["explain", f"https://ada:{PASSWORD}@gazette.example.org/x?token={TOKEN}", "{corpus}"],
    ["explain", f"https://ada:{LONG}@gazette.example.org/x", "{corpus}"],
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A corpus without a secret, and its snapshot."""
    root = tmp_path_factory.mktemp("plain")
    folder = write_corpus(root / "corpus", articles=2)
    return folder, build(folder, root / "out").out


@pytest.mark.parametrize("arguments", REFUSED, ids=lambda arguments: " ".join(arguments)[:60])
def test_an_argument_that_is_refused_is_repeated_without_its_secret(
    plain: tuple[Path, Path], arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.replace("{corpus}", str(plain[0])).replace("{out}", str(plain[1])) for word in arguments]
    for more in ([], ["--json"] if "--output-format" not in words else []):
        monkeypatch.setattr(sys, "argv", ["build-dataset", *words, *more])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 2
        shown = capsys.readouterr()
        text = "".join((shown.out + shown.err).split())
        assert text
        assert_clean(text, words)
        assert not [secret for secret in (KEY, "quay-barrel-quay") if secret in text], text


def test_the_python_error_holds_none_either(plain: tuple[Path, Path]) -> None:
    for address in (f"https://ada:{PASSWORD}@harbour.example.org/x", f"hf://datasets/org/name?token={TOKEN}"):
        with pytest.raises(UsageError) as refused:
            publish(plain[1], address)
        assert_clean(f"{refused.value!r} {refused.value} {refused.value.args}", address)


@pytest.mark.parametrize("name", ["INVENIORDM_TOKEN", "ZENODO_TOKEN"])
@pytest.mark.parametrize("odd", ["é", "中", "\nX-Evil: 1", " x", "\x7f"])
def test_a_token_that_no_header_takes(
    plain: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, name: str, odd: str
) -> None:
    monkeypatch.setenv(name, f"{TOKEN}{odd}{TOKEN}")
    place = "zenodo" if name == "ZENODO_TOKEN" else "https://127.0.0.1:9/"
    ran = CliRunner().invoke(app, ["publish", str(plain[1]), "--doi", place, "--corpus", str(plain[0])])
    assert ran.exit_code == 2, ran.output
    assert f"{name} holds what is no token" in ran.output
    assert_clean(ran.output, odd)


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        ("localhost:9000", 2),
        (f"ht!tp:/ada:{PASSWORD}@127", 2),
        (f"http://ada:{PASSWORD}@[::1", 2),
        (f"http://ada:{PASSWORD}@127.0.0.1:9/p?token={TOKEN}", 3),
    ],
)
def test_an_endpoint_with_a_secret_or_that_is_none(
    plain: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, endpoint: str, code: int
) -> None:
    pytest.importorskip("boto3", reason="boto3 is not installed; it is in the extra s3")
    monkeypatch.setattr("dataset_builder.publish.s3.store.TRIES", 1)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ENVIRONMENT["AWS_SECRET_ACCESS_KEY"])
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for arguments in (["publish", str(plain[1]), "s3://harbour/notes"], ["verify", "s3://harbour/notes"]):
        ran = CliRunner().invoke(app, arguments)
        assert ran.exit_code == code, (ran.output, ran.exception)
        assert_clean(ran.output, arguments)


def test_the_line_that_loads_from_a_bucket_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://ada:{PASSWORD}@s3.example.org?token={TOKEN}")
    line = S3Store(None, S3Address("harbour", "notes")).load_line("v1.0.0/articles/*")
    assert "https://s3.example.org" in line
    assert_clean(line, "the line")


def test_an_original_that_is_not_fetched_is_named_without_the_archives_token() -> None:
    """The parameter has a name that nobody lists; the address came from the caller, so all of its query goes."""
    entry = {"id": "a" * 32, "url": "https://ledger.example.org/1", "provenance": {"fetched_at": None}}
    for query in (f"token={TOKEN}", f"ticket={TOKEN}", f"page=1&X-Amz-Signature={TOKEN}"):
        place = f"https://archive.example.org/{{timestamp}}/{{url}}?{query}"
        fetching = Fetching(place, Refusing())  # type: ignore[arg-type]
        fetching._of_archive(entry)
        assert [issue.code for issue in fetching.issues] == ["original-not-fetched"]
        assert "https://ledger.example.org/1" in fetching.issues[0].found
        assert_clean(str(fetching.issues), query)


class Refusing:
    """A visitor whom no host answers."""

    def visit(self, url: str, headers: Any) -> Visit:
        return Visit(url, failure=f"no answer from {url}")


@pytest.mark.parametrize(
    "words",
    [
        "no article is known as https://ledger.example.org/a?page=2#top",
        "the folder /data/a=b/100%@home is not there",
        "try hf://datasets/org/name@v1.0.0, s3://bucket/prefix or https://localhost:8080/x",
        "load_dataset('parquet', data_files='C:/a/b@c')",
    ],
)
def test_honest_words_of_an_error_stay(words: str) -> None:
    assert UsageError(words, expected=words, hint=words, place=words).hint == words
