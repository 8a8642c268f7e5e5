"""The line that shows progress: rate, time left, and silence where nobody looks."""

from __future__ import annotations

import io

import pytest

from dataset_builder.cli.progress import ProgressLine, duration, line, shown
from dataset_builder.progress import Progress, silent


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def watched() -> tuple[Terminal, Clock, ProgressLine]:
    terminal, clock = Terminal(), Clock()
    return terminal, clock, ProgressLine(terminal, clock)


def test_what_ends_within_a_second_shows_nothing() -> None:
    terminal, clock, show = watched()
    for step in range(9):
        clock.now += 0.1
        show(Progress("read", step, 9))
    show.clear()
    assert terminal.getvalue() == ""


def test_rate_and_time_left_are_those_of_the_step() -> None:
    terminal, clock, show = watched()
    show(Progress("read", 0, None))
    clock.now += 10
    show(Progress("process", 0, 4000))
    clock.now += 5
    show(Progress("process", 1000, 4000))
    assert terminal.getvalue().endswith("\r\x1b[Kprocess  1,000 of 4,000  25%  200/s  15 s left")
    show.clear()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_lines_do_not_follow_each_other_too_fast_and_a_new_step_is_told_at_once() -> None:
    terminal, clock, show = watched()
    clock.now += 2
    for done in range(100):
        clock.now += 0.001
        show(Progress("read", done, 100))
    assert terminal.getvalue().count("\r") == 1
    show(Progress("write", 0, 100))
    assert "write" in terminal.getvalue()


def test_a_line_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    terminal, clock, show = watched()
    clock.now += 2
    show(Progress("a step with a very long name", 3, 100_000_000))
    assert len(terminal.getvalue().removeprefix("\r\x1b[K")) == 29


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Progress("scan", 0), "scan"),
        (Progress("read", 12), "read  12  6.0/s"),
        (Progress("read", 12, 0), "read  12  6.0/s"),
        (Progress("read", 12, 12), "read  12 of 12  100%  6.0/s"),
        (Progress("link", 12, 24, "passes"), "link  12 of 24 passes  50%  6.0 passes/s  2 s left"),
        (Progress("send", 12_000, 36_000, "bytes"), "send  12.0 kB of 36.0 kB  33%  6.0 kB/s  4 s left"),
    ],
)
def test_less_is_shown_where_less_is_known(event: Progress, text: str) -> None:
    assert line(event, event.done, 2.0) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (99, "99 s"), (720, "12 min"), (11_100, "3 h 05 min")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_it_is_quiet_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert shown(False, Terminal())
    assert not shown(True, Terminal())
    assert not shown(False, io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not shown(False, Terminal())


def test_silence_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    silent(Progress("read", 1))
    assert capsys.readouterr() == ("", "")
