"""Names of targets."""

from __future__ import annotations

import pytest

from dataset_builder.errors import UsageError
from dataset_builder.publish.address import FolderAddress, HubAddress, S3Address, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hf://datasets/harbour/notes", HubAddress("harbour/notes")),
        ("hf://datasets/harbour/notes_1.2@v1.2.0", HubAddress("harbour/notes_1.2", "v1.2.0")),
        ("hf://datasets/a/b@refs/pr/1", HubAddress("a/b", "refs/pr/1")),
        ("s3://harbour", S3Address("harbour")),
        ("s3://harbour/a/b/", S3Address("harbour", "a/b")),
    ],
)
def test_names_that_are_taken(text: str, expected: object) -> None:
    assert parse_address(text) == expected
    assert parse_address(str(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "hf://harbour/notes",
        "hf://datasets/notes",
        "hf://datasets/harbour/no--tes",
        "hf://datasets/harbour/no..tes",
        "hf://datasets/harbour/notes.git",
        "hf://datasets/harbour/-notes",
        "hf://datasets/harbour/no tes",
        "hf://datasets/harbour/notes/more",
        f"hf://datasets/harbour/{'n' * 97}",
        "hf://datasets/harbour/notes@",
        "hf://datasets/harbour/notes@a..b",
        "hf://datasets/harbour/notés",
        "s3://Harbour/notes",
        "s3://h/notes",
        "s3://harbour/../notes",
        "s3://harbour//notes",
        "s3://harbour/no\x1b[31mtes",
        "s3://har_bour",
        "gs://harbour/notes",
        "https://huggingface.co/datasets/harbour/notes",
        "",
        " ",
    ],
)
def test_names_that_are_not(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert caught.value.expected
    assert "\x1b" not in str(caught.value)


def test_whatever_the_hubs_client_refuses_is_refused() -> None:
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    names = ["a/b", "a/b.", "a/.b", "a/b-", "a-/b", "-a/b", "a/b_", "_a/b", "a/b.git", "a/b--c", "a.b/c"]
    taken = 0
    for name in [*names, "a/" + "b" * 96]:
        try:
            parse_address(f"hf://datasets/{name}")
        except UsageError:
            continue
        taken += 1
        try:
            validate_repo_id(name)
        except HFValidationError as error:
            raise AssertionError(name) from error
    assert taken > 3


def test_anything_else_is_a_folder() -> None:
    assert isinstance(parse_address("out/published"), FolderAddress)
