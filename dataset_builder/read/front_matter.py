"""YAML front matter: the block between two ``---`` lines at the very beginning of a text file."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataset_builder.issues import Issue
from dataset_builder.strict_yaml import Document, YamlError, parse_yaml

#: An article's own facts fit many times over.
MAX_BYTES = 65_536

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FrontMatter:
    """``values`` and the payload that follows them; ``issue`` is set where the block cannot be read."""

    payload: bytes
    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    issue: Issue | None = None


def split_front_matter(content: bytes, path: str) -> FrontMatter:
    """Cut the front matter off ``content``; the rest is the payload that identifies the article, byte for byte."""
    text = content.removeprefix(_BOM)
    if not text.startswith((b"---\n", b"---\r\n")):
        return FrontMatter(content)
    end = _closing_line(text)
    if end is None:
        found = "front matter that opens with --- and does not close"
        expected = f"a second --- line within {MAX_BYTES} bytes"
        return FrontMatter(b"", issue=Issue(path, 1, code="front-matter-invalid", found=found, expected=expected))
    block_end, payload_start = end
    block = text[text.index(b"\n") + 1 : block_end]
    try:
        document = parse_yaml(block.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = block.count(b"\n", 0, error.start) + 2
        issue = Issue(path, line, code="front-matter-invalid", found="a byte that is not UTF-8", expected="UTF-8")
        return FrontMatter(b"", issue=issue)
    except YamlError as error:
        line = error.line + 1
        issue = Issue(path, line, code="front-matter-invalid", found=error.found, expected=error.expected)
        return FrontMatter(b"", issue=issue)
    return _mapping(document, text[payload_start:], path)


def _closing_line(text: bytes) -> tuple[int, int] | None:
    """Where the block ends and where the payload begins."""
    position = text.index(b"\n") + 1
    while position < min(len(text), MAX_BYTES):
        line_end = text.find(b"\n", position)
        next_line = len(text) if line_end < 0 else line_end + 1
        if text[position:next_line].rstrip(b"\r\n") == b"---":
            return position, next_line
        position = next_line
    return None


def _mapping(document: Document, payload: bytes, path: str) -> FrontMatter:
    if document.value is None:
        return FrontMatter(payload)
    if not isinstance(document.value, dict):
        found = "front matter that is no mapping"
        issue = Issue(path, 2, code="front-matter-invalid", found=found, expected="lines of the form field: value")
        return FrontMatter(b"", issue=issue)
    lines = {key: document.line((key,)) + 1 for key in document.value}
    return FrontMatter(payload, document.value, lines)
