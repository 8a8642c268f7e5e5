"""How many words some texts have: what stands between white space, as ``str.split`` sees it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Of the bytes of ASCII, which ``str.split`` takes for white space.
_SPACES = np.array([chr(code).isspace() for code in range(128)] + [False] * 128)
#: Texts that are looked at together.
_TOGETHER = 256


def count_words(texts: pa.Array) -> int:
    """The words of all ``texts`` (strings or nulls) together."""
    plain = pc.fill_null(pc.string_is_ascii(texts), False)
    others = texts.filter(pc.invert(plain)).drop_null().to_pylist()
    return _in_ascii(texts.filter(plain)) + sum(len(text.split()) for text in others)


def _in_ascii(texts: pa.Array) -> int:
    """A word begins where a letter follows a space; between two texts stands one."""
    words = 0
    for first in range(0, len(texts), _TOGETHER):
        joined = "\n".join(texts.slice(first, _TOGETHER).to_pylist())
        spaces = _SPACES[np.frombuffer(f"\n{joined}".encode(), np.uint8)]
        words += int(np.count_nonzero(spaces[:-1] & ~spaces[1:]))
    return words
