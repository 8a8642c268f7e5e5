"""What is fuzzed: a parser by name, inputs to begin with, and a function that feeds it and checks what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Takes any bytes; an exception is a find, and so is what takes seconds.
Feed = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """One parser.

    Attributes:
        name: as in ``run_fuzz.py --only NAME``, and the folder of its kept inputs.
        seeds: inputs to mutate.
        prepare: imports the parser and returns its feed; called once a process, so that what it imports can be
            instrumented.
        code: the parser itself: modules or packages below ``dataset_builder``, or paths of rules in ``schema``. They
            are what coverage guides by, and executions count for them as they are now.
        library: the library that does the work behind the parser; empty where all of it is ours.
        longest: bytes of an input at most.
    """

    name: str
    seeds: tuple[bytes, ...]
    prepare: Callable[[], Feed]
    code: tuple[str, ...]
    library: str = ""
    longest: int = 512

    @property
    def executions(self) -> int:
        """How many executions count as done: a million for a parser of ours, 20,000 behind a library."""
        return 20_000 if self.library else 1_000_000

    @property
    def modules(self) -> list[str]:
        """The Python of ``code``, as names to import."""
        return [f"dataset_builder.{name}" for name in self.code if "/" not in name]


def text_of(data: bytes) -> str:
    """Any bytes as text; what is no UTF-8 becomes lone surrogates, which hostile JSON can bring, too."""
    return data.decode("utf-8", "surrogateescape")
