"""Damage to bytes, drawn from a seeded generator: what libFuzzer does to an input, without libFuzzer."""

from __future__ import annotations

import random

_SCRAPS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b[2J", b"\r\n", b"\n", b"'", b'"',
    b"<", b">", b"{", b"}", b"[", b"]", b"(", b")", b"\\", b"&#xD800;", b"\\u0000", b"---\n", b"::", b"../", b"%0A",
    b"99999999999999999999", b"-1", b"1e999", b"*a", b"&a", b"!!x", b"\xe2\x80\xa8", b"\xcc\x81", b"#",
)  # fmt: skip


def mutated(draw: random.Random, seeds: list[bytes], limit: int = 65_536) -> bytes:
    """One of ``seeds`` with one to five places damaged, at most ``limit`` bytes."""
    content = bytearray(draw.choice(seeds))
    for _ in range(draw.randint(1, 5)):
        at = draw.randint(0, len(content))
        kind = draw.randrange(7)
        if kind == 0 and content:
            content[min(at, len(content) - 1)] ^= 1 << draw.randrange(8)
        elif kind == 1:
            del content[at : at + draw.randint(1, 40)]
        elif kind == 2:
            content[at:at] = draw.choice(_SCRAPS) * draw.choice((1, 1, 1, 2, 50))
        elif kind == 3:
            content[at:at] = content[at : at + draw.randint(1, 200)] * draw.choice((1, 1, 3))
        elif kind == 4 and content:
            content[min(at, len(content) - 1)] = draw.randrange(256)
        elif kind == 5:
            other = draw.choice(seeds)
            start = draw.randint(0, len(other))
            content[at:at] = other[start : start + draw.randint(1, 100)]
        elif draw.random() < 0.2:
            del content[at:]
    return bytes(content[:limit])
