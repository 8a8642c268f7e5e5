"""From a folder to a stream of records: which files are articles, and which reader takes each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from dataset_builder.addresses import public_locator
from dataset_builder.config import ArticleGlob, Config
from dataset_builder.config_check import CONFIG_NAME, UNDECLARED
from dataset_builder.issues import Issue
from dataset_builder.nearest import nearest_hint
from dataset_builder.read.context import InputFile
from dataset_builder.read.delimited import read_csv
from dataset_builder.read.feed import read_feed
from dataset_builder.read.html.reader import read_html
from dataset_builder.read.json_documents import read_json
from dataset_builder.read.jsonl import read_jsonl
from dataset_builder.read.metadata import METADATA_NAMES, FolderMetadata
from dataset_builder.read.parquet import read_parquet
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.remote import list_remote
from dataset_builder.read.safe_open import outside, regular_file, safe_name
from dataset_builder.read.streams import inner_suffix, is_remote
from dataset_builder.read.text import read_text
from dataset_builder.read.warc.reader import read_warc
from dataset_builder.read.warc.wacz import read_wacz
from dataset_builder.records import split_locator
from dataset_builder.visible import one_line

Reader = Callable[[InputFile], Iterator[RawRecord | Rejection]]

#: Suffix -> reader. A new input form is one file beside this one and one line here.
READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".ninjs": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
    ".warc": read_warc,
    ".wacz": read_wacz,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}

#: What ``build-dataset evidence`` keeps beside the articles.
_EVIDENCE = ".evidence.warc.gz"
#: Names that describe a folder and are no articles, whatever their suffix.
_ABOUT = ("readme", "license", "licence", "changelog", "contributing", "notice", "copying")


@dataclass
class Corpus:
    """The files of a corpus, listed and matched; :meth:`records` reads them in the order of their paths."""

    config: Config
    files: list[InputFile] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    refused: list[Rejection] = field(default_factory=list)

    @classmethod
    def open(cls, config: Config, *, skip: Path | None = None) -> Corpus:
        """List the corpus.

        Args:
            skip: a folder to leave out, where the snapshot will be written.
        """
        corpus = cls(config)
        locators = corpus._list(skip.resolve() if skip else None)
        extra = frozenset(_extra_names(config))
        metadata = FolderMetadata.read(config.folder, locators, extra)
        corpus.issues += metadata.issues
        for locator in locators:
            if (matched := corpus._match(locator)) is not None:
                corpus._add(locator, matched, metadata, extra)
        for glob in config.articles:
            if is_remote(glob.path):
                corpus._add_remote(glob, extra)
        corpus.issues += metadata.unused()
        corpus.issues += corpus._empty_globs(locators)
        return corpus

    @property
    def forms(self) -> list[str]:
        """The suffixes that a reader takes."""
        return sorted(READERS)

    def records(self) -> Iterator[RawRecord | Rejection]:
        """Read every file; a record of an unknown source, or with an error among its findings, is rejected later."""
        yield from self.refused
        known = {source.name for source in self.config.sources}
        for file in self.files:
            for item in read_input(file):
                yield item if isinstance(item, Rejection) else check_source(item, known)

    def _add(self, locator: str, glob: ArticleGlob, metadata: FolderMetadata, extra: frozenset[str]) -> None:
        path = self.config.folder / locator
        issue = safe_name(locator) or outside(path, self.config.folder, locator) or regular_file(path, locator)
        if issue:
            self.refused.append(Rejection(issue))
            metadata.of(locator)
            return
        self.files.append(
            InputFile(
                path,
                locator,
                glob.source,
                dict(glob.fields),
                metadata.of(locator),
                extra,
                self._default_source(),
                preset=glob.preset,
                limits=self.config.build.limits,
            )
        )

    def _add_remote(self, glob: ArticleGlob, extra: frozenset[str]) -> None:
        """The files behind an fsspec address; metadata files speak of files beside them only."""
        found = list_remote(glob.path)
        if isinstance(found, Issue):
            self.refused.append(Rejection(found))
            return
        entry = InputFile(
            Path(),
            "",
            glob.source,
            dict(glob.fields),
            extra=extra,
            default_source=self._default_source(),
            preset=glob.preset,
            limits=self.config.build.limits,
        )
        for address in found:
            locator = public_locator(address)
            if inner_suffix(locator) in READERS:
                self.files.append(replace(entry, locator=locator, address=address))
            else:
                self.issues.append(_no_reader(locator))

    def _default_source(self) -> str:
        sources = self.config.sources
        return sources[0].name if len(sources) == 1 else UNDECLARED

    def _list(self, skip: Path | None) -> list[str]:
        """Every file below the corpus as a locator, in the order of the names' code points."""
        found: list[str] = []
        for folder, subfolders, names in os.walk(self.config.folder):
            here = Path(folder)
            subfolders[:] = sorted(name for name in subfolders if self._enter(here / name, skip))
            prefix = here.relative_to(self.config.folder)
            found += [(prefix / name).as_posix() for name in names if not name.startswith(".")]
        return sorted(found)

    def _enter(self, folder: Path, skip: Path | None) -> bool:
        locator = folder.relative_to(self.config.folder).as_posix()
        if folder.name.startswith(".") or (skip is not None and folder.resolve() == skip):
            return False
        if folder.is_symlink() and (issue := outside(folder, self.config.folder, one_line(locator))):
            self.issues.append(issue)
            return False
        if folder.is_symlink():
            self.issues.append(
                Issue(one_line(locator), code="folder-link-skipped", found="a symbolic link to a folder")
            )
            return False
        if (folder / "manifest.json.sha256").is_file() and (folder / "manifest.json").is_file():
            self.issues.append(Issue(one_line(locator), code="snapshot-folder-skipped", found="a snapshot"))
            return False
        return True

    def _match(self, locator: str) -> ArticleGlob | None:
        """The first entry of ``articles`` that takes the file; in a bare folder, every file that a reader knows."""
        name = PurePosixPath(locator).name
        if name in (CONFIG_NAME, *METADATA_NAMES) or name.endswith(_EVIDENCE):
            return None
        readable = inner_suffix(locator) in READERS
        for glob in self.config.articles:
            if glob_matches(glob.path, locator):
                if not readable:
                    self.issues.append(_no_reader(locator))
                return glob if readable else None
        if not readable or name.lower().startswith(_ABOUT):
            return None
        if not self.config.articles:
            return ArticleGlob("**/*")
        self.issues.append(
            Issue(one_line(locator), code="file-not-matched", found="a file that no entry of articles takes")
        )
        return None

    def _empty_globs(self, locators: list[str]) -> list[Issue]:
        return [
            Issue(CONFIG_NAME, glob.line, field="articles", code="glob-matches-nothing", found=one_line(glob.path))
            for glob in self.config.articles
            if not is_remote(glob.path)
            if not any(glob_matches(glob.path, locator) for locator in locators)
        ]


def read_input(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """What the reader of the file's form yields; a file that holds no article at all is a finding.

    From here on no address of a record carries what grants access.
    """
    nothing = True
    for item in READERS[inner_suffix(file.locator)](file):
        nothing = False
        shown = item.public()
        yield _bounded(shown, file.limits.article_characters) if isinstance(shown, RawRecord) else shown
    if nothing:
        yield Rejection(Issue(file.locator, code="empty-file", found="no article", expected="at least one"))


def _bounded(record: RawRecord, largest: int) -> RawRecord | Rejection:
    if len(record.text or "") <= largest:
        return record
    path, line, row = split_locator(record.locator)
    found, expected = f"{len(record.text or ''):,} characters", f"at most {largest:,}"
    return Rejection(Issue(path, line, row, "body", code="article-too-large", found=found, expected=expected))


def _no_reader(locator: str) -> Issue:
    found = f"a file of the form {one_line(Path(locator).suffix) or 'without suffix'}"
    expected = "one of " + ", ".join(sorted(READERS))
    return Issue(one_line(locator), code="form-not-supported", found=found, expected=expected)


def glob_matches(pattern: str, locator: str) -> bool:
    """Whether ``locator`` matches ``pattern``; ``**`` stands for any number of folders, ``*`` stays within one."""
    return _match_parts(PurePosixPath(pattern).parts, PurePosixPath(locator).parts)


def _match_parts(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    reachable = {0}
    for step in pattern:
        if step == "**":
            reachable = set(range(min(reachable), len(parts) + 1)) if reachable else set()
        else:
            reachable = {i + 1 for i in reachable if i < len(parts) and fnmatchcase(parts[i], step)}
    return len(parts) in reachable


def _extra_names(config: Config) -> list[str]:
    import json

    return [json.loads(text)["name"] for text in config.extra_fields]


def check_source(record: RawRecord, known: Set[str]) -> RawRecord | Rejection:
    """``record``, if its source is one of the ``known``."""
    if record.source in known:
        return record
    path, line, row = split_locator(record.locator)
    found = f"the source {one_line(record.source)!r}" if record.source else "no source"
    hint = nearest_hint(record.source, known)
    if record.source == UNDECLARED:
        found, hint = (
            "no source",
            "name the source in the article, its metadata, or the entry of articles in dataset.yaml",
        )
    expected = "one of " + ", ".join(sorted(known)[:20])
    return Rejection(
        Issue(path, line, row, field="source", code="unknown-source", found=found, expected=expected, hint=hint)
    )
