"""Files behind an fsspec address (``s3://bucket/wire-*.jsonl.gz``): their list. The stream of each opens as any other.

An address is what dataset.yaml says and nobody else. Addresses of this machine's disk are refused: a corpus names its
files by their paths below it, so that nobody's other files come into a snapshot.
"""

from __future__ import annotations

from dataset_builder.addresses import public_locator, without_secrets_of
from dataset_builder.issues import Issue
from dataset_builder.visible import one_line

_LOCAL = frozenset({"file", "local"})
_WEB = frozenset({"http", "https"})
_GLOB = frozenset("*?[")


def list_remote(address: str) -> list[str] | Issue:
    """The addresses that ``address`` stands for, in the order of their code points, or why there are none."""
    shown = one_line(public_locator(address))
    protocols = {part.partition("://")[0].lower() for part in address.split("::")}
    if protocols & _LOCAL:
        expected = "a path below the corpus"
        return Issue(shown, code="path-outside", found=shown, expected=expected)
    # In an address of the web a question mark begins the query, of a signature mostly.
    if not _GLOB & set(address.partition("?")[0] if protocols & _WEB else address):
        return [address]
    try:
        import fsspec  # type: ignore[import-untyped]

        filesystem, path = fsspec.core.url_to_fs(address)
        return sorted(filesystem.unstrip_protocol(found) for found in filesystem.glob(path))
    except Exception as error:  # whatever an implementation of fsspec raises: no package, no network, no right
        found = one_line(without_secrets_of(f"{type(error).__name__}: {error}", address))
        hint = "install the fsspec implementation of this address, or copy the files into the corpus"
        return Issue(shown, code="unreadable-file", found=found, expected="files", hint=hint)
