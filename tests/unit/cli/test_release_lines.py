"""What is released must fit a screen, however many sources a corpus has."""

from __future__ import annotations

from dataset_builder.cli.release import release_lines
from dataset_builder.describe.facts import LicenseRow


def rows(number: int) -> list[LicenseRow]:
    return [
        LicenseRow(f"paper-{n:05}", "CC-BY-4.0", "attribution", "full", "attribution-full", n + 1)
        for n in range(number)
    ]


def test_few_are_shown_in_their_order() -> None:
    assert release_lines(rows(3)) == [f"  released {n + 1}: paper-{n:05}, CC-BY-4.0" for n in range(3)]


def test_of_many_the_largest_are_shown_and_no_article_is_left_out() -> None:
    lines = release_lines(rows(100_000))
    assert len(lines) == 21
    assert lines[0] == "  released 100000: paper-99999, CC-BY-4.0"
    told = sum(int(line.split()[1].rstrip(":")) for line in lines)
    assert told == sum(range(100_001))
