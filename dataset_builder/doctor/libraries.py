"""The libraries that the distribution asks for, and those of its extras."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from dataset_builder.doctor.diagnosis import Diagnosis, State

DISTRIBUTION = "news-dataset-builder"


def examine_libraries() -> Iterator[Diagnosis]:
    """The libraries that are always needed: those that are absent or of another version, and how many are right."""
    needed = _requirements("")
    judged = [_judged("libraries", it.name, [it], State.ERROR, f'pip install "{it}"') for it in needed]
    wrong = [entry for entry in judged if entry.state is not State.OK]
    right = ", ".join(entry.found for entry in judged if entry.state is State.OK)
    yield Diagnosis("libraries", f"{len(judged) - len(wrong)} of {len(judged)}", State.OK, right)
    yield from wrong


def examine_extras() -> Iterator[Diagnosis]:
    """Every extra: whether all its libraries are there."""
    for extra in _extras():
        asked = [requirement for requirement in _requirements(extra) if requirement not in _requirements("")]
        yield _judged("extras", extra, asked, State.NOTE, f'pip install "{DISTRIBUTION}[{extra}]"')


def _judged(area: str, subject: str, asked: list[Requirement], worst: State, install: str) -> Diagnosis:
    found, wrong = [], False
    for requirement in asked:
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            found.append(f"{requirement.name} is not installed")
            wrong = True
            continue
        fits = requirement.specifier.contains(installed, prereleases=True)
        found.append(f"{requirement.name} {installed}" + ("" if fits else f", {requirement.specifier} is asked for"))
        wrong = wrong or not fits
    mend = f"python -m {install}" if wrong else ""
    return Diagnosis(area, subject, worst if wrong else State.OK, ", ".join(found), mend)


def _requirements(extra: str) -> list[Requirement]:
    """What holds on this machine with ``extra``, or without any."""
    parsed = (Requirement(text) for text in requires(DISTRIBUTION) or ())
    return [entry for entry in parsed if entry.marker is None or entry.marker.evaluate({"extra": extra})]


def _extras() -> list[str]:
    from importlib.metadata import metadata

    return sorted(metadata(DISTRIBUTION).get_all("Provides-Extra") or ())
