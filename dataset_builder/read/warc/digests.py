"""WARC-Block-Digest and WARC-Payload-Digest (ISO 28500:2017, 5.8 and 5.9): ``algorithm:value``, base 32 or hex."""

from __future__ import annotations

import base64
import binascii
import hashlib

#: Bytes of each algorithm's digest; the standard names no list, archives use these.
_ALGORITHMS = {"sha1": 20, "sha-1": 20, "md5": 16, "sha256": 32, "sha-256": 32, "sha512": 64, "sha-512": 64}


def matches(labelled: str, *contents: bytes) -> bool | None:
    """Whether one of ``contents`` has the digest; None for a digest that cannot be checked.

    Several contents are given for a payload, as tools disagree on whether it is digested with its chunk sizes.
    """
    algorithm, _, value = labelled.strip().partition(":")
    expected = _decode(value.strip(), _ALGORITHMS.get(algorithm.lower(), 0))
    if expected is None:
        return None
    name = algorithm.lower().replace("-", "")
    return any(hashlib.new(name, content, usedforsecurity=False).digest() == expected for content in contents)


def _decode(value: str, size: int) -> bytes | None:
    """The digest's bytes, None where ``value`` is no digest of ``size`` bytes."""
    if not size:
        return None
    try:
        if len(value) == 2 * size:
            return bytes.fromhex(value)
        found = base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except (ValueError, binascii.Error):
        return None
    return found if len(found) == size else None
