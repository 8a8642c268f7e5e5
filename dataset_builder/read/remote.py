"""Files behind an fsspec address (``s3://bucket/wire-*.jsonl.gz``): their list, and each one's bytes.

An address is what dataset.yaml says and nobody else. It names a store elsewhere: a corpus names its own files by their
paths below it, so that nobody's other files come into a snapshot. Hence ``schema/read/protocols.yaml``, and hence no
chains: in ``simplecache://::/home/ada/x.txt`` fsspec takes the part without a protocol for a file of this machine.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

from dataset_builder.addresses import public_locator, without_secrets_of
from dataset_builder.errors import UsageError
from dataset_builder.issues import Issue
from dataset_builder.read.public_web import VARIABLE, PrivateAddressError, web_filesystem
from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.visible import one_line

_WEB = frozenset({"http", "https"})
_GLOB = frozenset("*?[")
_T = TypeVar("_T")


class RemoteError(OSError):
    """A file behind an address could not be read; its words hold no secret of the address, ``hint`` mends it."""

    def __init__(self, error: Exception, address: str) -> None:
        private = next((it for it in _causes(error) if isinstance(it, PrivateAddressError)), None)
        if private is None:
            found = f"{type(error).__name__}: {error}"
            self.hint = "install the fsspec implementation of this address, or copy the file into the corpus"
        else:
            found = str(private.strerror)
            self.hint = f"copy the file into the corpus, or set {VARIABLE}=1 if everybody may read what is there"
        super().__init__(one_line(without_secrets_of(found, address)))


def list_remote(address: str) -> list[str] | Issue:
    """The addresses that ``address`` stands for, in the order of their code points, or why there are none."""
    shown = one_line(public_locator(address))
    protocol = _protocol(address)
    if protocol not in _protocols():
        expected = f"a path below the corpus, or one address of {', '.join(_protocols())}"
        hint = "copy the files into the corpus, and name them by their path below it"
        return Issue(shown, code="path-outside", found=shown, expected=expected, hint=hint)
    # In an address of the web a question mark begins the query, of a signature mostly.
    if not _GLOB & set(address.partition("?")[0] if protocol in _WEB else address):
        return [address]
    try:
        filesystem, path = _store(address)
        return sorted(filesystem.unstrip_protocol(found) for found in filesystem.glob(path))
    except UsageError:
        raise
    except Exception as error:  # whatever an implementation of fsspec raises: no package, no network, no right
        reason = RemoteError(error, address)
        return Issue(shown, code="unreadable-file", found=str(reason), expected="files", hint=reason.hint)


def open_remote(address: str) -> io.RawIOBase:
    """The file's bytes, seekable.

    Raises:
        RemoteError: now or when it is read, whatever the implementation raises.
    """

    def opened() -> Any:
        filesystem, path = _store(address)
        return filesystem.open(path, "rb")

    return _Remote(_asked(address, opened), address)


def _protocol(address: str) -> str:
    return address.partition("://")[0].lower()


@cache
def _protocols() -> tuple[str, ...]:
    return tuple(read_yaml(schema_file("read", "protocols.yaml"))["protocols"])


def _store(address: str) -> tuple[Any, str]:
    """The file system of an address and its path there; fsspec's own functions would follow a chain."""
    import fsspec  # type: ignore[import-untyped]

    protocol = _protocol(address)
    implementation = fsspec.get_filesystem_class(protocol)
    path = implementation._strip_protocol(address)
    if protocol in _WEB:
        return web_filesystem(), path
    return implementation(**implementation._get_kwargs_from_urls(address)), path


def _asked(address: str, question: Callable[[], _T]) -> _T:
    try:
        return question()
    except UsageError:
        raise
    except Exception as error:
        raise RemoteError(error, address) from None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class _Remote(io.RawIOBase):
    """A file of fsspec of which every fault is a :class:`RemoteError`."""

    def __init__(self, file: Any, address: str) -> None:
        self._file = file
        self._address = address

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """As the file is."""
        return bool(self._file.seekable())

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all."""
        content: bytes = _asked(self._address, lambda: self._file.read(size))
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """The new position."""
        position: int = _asked(self._address, lambda: self._file.seek(offset, whence))
        return position

    def tell(self) -> int:
        """The position."""
        return int(self._file.tell())

    def close(self) -> None:
        """Close the file as well."""
        if not self.closed:
            super().close()
            self._file.close()
