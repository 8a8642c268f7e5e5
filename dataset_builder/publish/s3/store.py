"""``s3://BUCKET/PREFIX``: every key is written once, under the condition that it is not there."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, BinaryIO, cast

from dataset_builder.addresses import without_secrets
from dataset_builder.errors import MissingDependencyError, OutsideError, UsageError
from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.address import S3Address
from dataset_builder.publish.patience import TRIES
from dataset_builder.publish.release import ReleaseFile, counted_bytes
from dataset_builder.publish.s3.faults import PRECONDITION, code_of, explained
from dataset_builder.publish.s3.object_stream import ObjectStream
from dataset_builder.publish.store import Stored

#: Amazon S3 User Guide, "Uploading objects": the most that one conditional write takes.
MOST_BYTES = 5 * 1024**3
_CHUNK = 1024 * 1024
_ABSENT = frozenset({"NoSuchKey", "404"})
#: GetPublicAccessBlock, "PublicAccessBlockConfiguration": with all four, nobody outside can read.
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@contextmanager
def s3_store(address: S3Address) -> Iterator[S3Store]:
    """The bucket's keys below the prefix, by the credentials and the region of the environment.

    Raises:
        MissingDependencyError: boto3 is not installed.
        UsageError: there is no such bucket, or no right to see it.
    """
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise MissingDependencyError(
            "s3:// needs boto3, which is not installed",
            expected="the extra s3",
            hint='pip install "news-dataset-builder[s3]"',
        ) from None
    retries = {"mode": "standard", "total_max_attempts": TRIES}
    settings = Config(retries=retries, connect_timeout=30, read_timeout=120)
    with explained("open the bucket", str(address)), _endpoint_refused(address):
        client = boto3.session.Session().client("s3", config=settings)
    try:
        with explained("open the bucket", str(address)), _endpoint_refused(address):
            client.head_bucket(Bucket=address.bucket)
        yield S3Store(client, address)
    finally:
        client.close()


@contextmanager
def _endpoint_refused(address: S3Address) -> Iterator[None]:
    """An endpoint that is no address is a ``ValueError`` of boto3 that repeats it; nothing of it is shown here."""
    try:
        yield
    except ValueError:
        raise UsageError(
            "the endpoint that is set for S3 is no address",
            expected="AWS_ENDPOINT_URL as https://HOST or https://HOST:PORT",
            hint="mend AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 or endpoint_url of the profile, or unset it",
            place=str(address),
        ) from None


@dataclass(frozen=True)
class S3Store:
    """See :class:`dataset_builder.publish.store.Store`."""

    client: Any
    place: S3Address

    @property
    def address(self) -> str:
        """As the caller wrote it."""
        return str(self.place)

    def missing_gate(self) -> str:
        """The gate of a bucket is its block of public access, read back here."""
        with explained("read the bucket's block of public access", self.address):
            try:
                block = self.client.get_public_access_block(Bucket=self.place.bucket)["PublicAccessBlockConfiguration"]
            except self.client.exceptions.ClientError as error:
                if code_of(error) != "NoSuchPublicAccessBlockConfiguration":
                    raise
                block = {}
        missing = [name for name in _BLOCKS if not block.get(name)]
        return f"the bucket does not block public access ({', '.join(missing)})" if missing else ""

    def alone(self, *, make: bool) -> AbstractContextManager[bool]:  # noqa: ARG002 - a prefix is not made
        """Every write has a condition of its own, so that nobody has to be kept out."""
        return nullcontext(True)

    def leftovers(self) -> list[Stored]:
        """None: an object is there whole or not at all, and under the name of its version."""
        return []

    def sweep(self) -> None:
        """There is nothing."""

    def listing(self, below: str) -> dict[str, int]:
        """Keys below a folder of the prefix."""
        start = self._key(f"{below}/" if below else "")
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.place.bucket, Prefix=start)
        with explained("list what is there", self.address):
            things = [one for page in pages for one in page.get("Contents", ())]
        # A key that ends where the folder begins is how consoles draw an empty folder.
        return {one["Key"][len(start) :]: one["Size"] for one in things if one["Key"] != start}

    def peek(self, path: str, most: int) -> bytes | None:
        """The first bytes of an object, if there is one."""
        with explained(f"read {path}", self.address):
            try:
                with self._stream(path) as stream:
                    return stream.read(most)
            except self.client.exceptions.ClientError as error:
                if code_of(error) in _ABSENT:
                    return None
                raise

    @contextmanager
    def open(self, path: str, generation: str = "") -> Iterator[BinaryIO]:
        """An object as a stream, to its end."""
        with explained(f"read {path}", self.address), self._stream(path, generation) as stream:
            yield cast("BinaryIO", stream)

    def _stream(self, path: str, generation: str = "") -> io.BufferedReader:
        which = {"VersionId": generation} if generation else {}
        get = partial(self.client.get_object, Bucket=self.place.bucket, Key=self._key(path), **which)
        return io.BufferedReader(ObjectStream(get, path, self.address), _CHUNK)

    def add_version(self, folder: str, files: Sequence[ReleaseFile], on_progress: OnProgress = silent) -> None:
        """One conditional write after the other; the manifest and its seal are the last."""
        there = self.listing(folder)
        for file in counted_bytes(files, "send", on_progress):
            if file.path not in there:
                self._add(f"{folder}/{file.path}", file)

    def _add(self, path: str, file: ReleaseFile) -> None:
        if file.bytes > MOST_BYTES:
            raise UsageError(
                f"{file.path} has {file.bytes} bytes",
                expected=f"at most {MOST_BYTES} for one object",
                place=self.address,
            )
        with explained(f"write {path}", self.address), file.source.open("rb") as stream:
            try:
                self.client.put_object(
                    Bucket=self.place.bucket,
                    Key=self._key(path),
                    Body=stream,
                    ContentLength=file.bytes,
                    IfNoneMatch="*",
                    Metadata={"sha256": file.sha256},
                )
            except self.client.exceptions.ClientError as error:
                if code_of(error) not in PRECONDITION:
                    raise
        # Whose write it was, ours after a lost answer or another's, the reading back will tell.

    def replace(self, path: str, content: bytes, before: bytes | None) -> None:
        """Write under the condition that the object is still the one that was read."""
        condition = {"IfNoneMatch": "*"}
        with explained(f"write {path}", self.address):
            if before is not None:
                with self._stream(path) as stream:
                    etag = cast("ObjectStream", stream.raw).etag
                    condition = {"IfMatch": etag if stream.read() == before else '"changed"'}
            try:
                self.client.put_object(Bucket=self.place.bucket, Key=self._key(path), Body=content, **condition)
            except self.client.exceptions.ClientError as error:
                if code_of(error) not in PRECONDITION:
                    raise
                if self._sha256(path) != sha256(content).hexdigest():
                    raise OutsideError(
                        f"{path} was written by somebody else meanwhile", hint="call again", place=self.address
                    ) from error

    def _sha256(self, path: str) -> str:
        with self.open(path) as stream:
            return sha256(stream.read()).hexdigest()

    def generations(self) -> list[Stored]:
        """Every generation of every key below the prefix, and the markers of deleted ones."""
        start = self._key("")
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.place.bucket, Prefix=start)
        with explained("list the generations", self.address):
            return sorted(
                (
                    Stored(one["Key"][len(start) :], one.get("Size", 0), one["VersionId"], kind == "DeleteMarkers")
                    for page in pages
                    for kind in ("Versions", "DeleteMarkers")
                    for one in page.get(kind, ())
                ),
                key=lambda thing: (thing.path, thing.generation),
            )

    def erase(self, things: Iterable[Stored]) -> None:
        """Delete generations for good; a bucket without generations calls the only one ``null``."""
        with explained("delete", self.address):
            for thing in things:
                self.client.delete_object(
                    Bucket=self.place.bucket, Key=self._key(thing.path), VersionId=thing.generation
                )

    def load_line(self, pattern: str) -> str:
        """The line of Python that loads the Parquet files of ``pattern``."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
        endpoint = without_secrets(endpoint, whole=True)
        options = f', storage_options={{"client_kwargs": {{"endpoint_url": "{endpoint}"}}}}' if endpoint else ""
        return f'load_dataset("parquet", data_files="{self.address}/{pattern}", split="train"{options})'

    def _key(self, path: str) -> str:
        return f"{self.place.prefix}/{path}" if self.place.prefix else path
