"""An object as a stream that ends where the object does: what a cut connection did not bring is asked for again.

botocore tries a request again until its answer's headers are there. What breaks later is left to the caller: amid the
body a read raises, or gives too little; amid the headers the length is missing, and an empty object seems to arrive.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

from dataset_builder.errors import OutsideError
from dataset_builder.publish.patience import wait_before

#: ``GetObject`` with more of its arguments, such as ``Range``.
Get = Callable[..., dict[str, Any]]


class ObjectStream(io.RawIOBase):
    """The bytes of one object.

    Raises:
        botocore.exceptions.ClientError: from the constructor: it is not there, or may not be read.
        OutsideError: the connection is cut again and again.
    """

    def __init__(self, get: Get, path: str, address: str) -> None:
        from botocore.exceptions import IncompleteReadError, ResponseStreamingError
        from urllib3.exceptions import HTTPError

        self._cut = (HTTPError, IncompleteReadError, ResponseStreamingError, OSError)
        self._get = get
        self._path = path
        self._address = address
        self._at = 0
        self._tries = 0
        self._size = 0
        self._answer = self._asked()
        self.etag = str(self._answer["ETag"])

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer``; 0 at the end of the object and no earlier."""
        while self._at < self._size:
            try:
                chunk: bytes = self._answer["Body"].read(min(len(buffer), self._size - self._at))
            except self._cut:
                chunk = b""
            if chunk:
                buffer[: len(chunk)] = chunk
                self._at += len(chunk)
                self._tries = 0
                return len(chunk)
            self._wait()
            self._answer["Body"].close()
            self._answer = self._asked(Range=f"bytes={self._at}-", IfMatch=self.etag)
        return 0

    def close(self) -> None:
        """Leave the connection."""
        if not self.closed and hasattr(self, "_answer"):
            self._answer["Body"].close()
        super().close()

    def _asked(self, **more: str) -> dict[str, Any]:
        while True:
            answer = self._get(**more)
            begins = str(answer.get("ContentRange", "bytes 0-"))
            if "ContentLength" in answer and "ETag" in answer and begins.startswith(f"bytes {self._at}-"):
                self._size = self._at + int(answer["ContentLength"])  # a length that was cut itself is corrected so
                return answer
            answer["Body"].close()
            self._wait()

    def _wait(self) -> None:
        wait = wait_before(self._tries, None)
        if wait is None:
            raise OutsideError(
                f"could not read {self._path}: the connection was cut", hint="call again", place=self._address
            )
        self._tries += 1
        time.sleep(wait)
