"""RSS and Atom files: one entry, one article; entries are parsed one at a time and forgotten.

lxml reads them as a stream: no entity is expanded, nothing is fetched, broken XML is read up to its break.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, BinaryIO

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.read.html.fragment import fragment_license_claims, has_html, with_html_body
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.streams import StreamError, open_stream
from dataset_builder.read.tabular import RowReader
from dataset_builder.records import Claim, Origin
from dataset_builder.resources import schema_file
from dataset_builder.visible import one_line

_ROOTS = frozenset({"rss", "RDF", "feed", "channel"})
#: Attributes by which RDF/XML names what an element is about or refers to.
_RESOURCE = tuple(f"{{http://www.w3.org/1999/02/22-rdf-syntax-ns#}}{name}" for name in ("resource", "about"))


def read_feed(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield one record or rejection an entry."""
    try:
        with open_stream(file) as stream:
            yield from _entries(RowReader(file), stream)
    except StreamError as error:
        yield Rejection(error.issue)


def _entries(rows: RowReader, stream: BinaryIO) -> Iterator[RawRecord | Rejection]:
    from lxml import etree

    channel: dict[str, str] = {}
    number, open_entries, root = 0, 0, ""
    parser = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for event, element in parser:
            root = root or element.tag.rpartition("}")[2]
            if root not in _ROOTS:
                break
            if _name(element) in _rules().entries:
                open_entries += 1 if event == "start" else -1
                if event == "end" and open_entries:
                    yield _within(rows, element, number + 1)
                if event == "end" and open_entries == 0:
                    number += 1
                    yield _record(rows, _values(element, channel), number, _licenses(element))
                    _forget(element)
            elif event == "end" and not open_entries:
                _note_channel(channel, element)
    except etree.XMLSyntaxError as error:
        found = one_line(str(error))
        yield Rejection(Issue(rows.file.locator, row=number + 1, code="feed-invalid", found=found, expected="XML"))
        return
    if root not in _ROOTS:
        found, expected = f"<{one_line(root)}>", "<rss>, <rdf:RDF> or <feed>"
        yield Rejection(Issue(rows.file.locator, 1, code="feed-invalid", found=found, expected=expected))


def _within(rows: RowReader, entry: Any, number: int) -> Rejection:
    """The loss of an entry that stands in another: only one side by side with it is an article of its own."""
    name = one_line(entry.tag.rpartition("}")[2])
    found, expected = f"<{name}> within <{name}>", "entries side by side"
    return Rejection(Issue(rows.file.locator, row=number, code="broken-line", found=found, expected=expected))


def _record(rows: RowReader, values: dict[str, str], number: int, licenses: list[str]) -> RawRecord | Rejection:
    """The record of an entry; its own ``licenses`` take the place of the channel's."""
    teaser, unused = values.pop("_teaser", None), values.pop("_unused", "")
    if licenses:
        values["license_url"] = licenses[0]
    if "body" not in values:
        expected = "content or a description"
        found = one_line(values.get("title", "an entry"))
        return Rejection(Issue(rows.file.locator, row=number, code="feed-empty-entry", found=found, expected=expected))
    record = rows.record(values, row=number)
    if isinstance(record, RawRecord):
        claims = [Claim("license_url", address, Origin.EMBEDDED, "feed:license") for address in licenses[1:]]
        claims += fragment_license_claims(unused, rows.file.limits) if "licen" in unused.lower() else []
        record = replace(record, claims=tuple(dict.fromkeys((*record.claims, *claims))))
    if has_html(values["body"]):
        record = with_html_body(record, rows.file.limits)
    if isinstance(record, Rejection):
        return Rejection(replace(record.issue, row=number))
    if teaser is None:
        return record
    issue = Issue(rows.file.locator, row=number, code="feed-teaser", found="no content", expected="the article's text")
    return replace(record, issues=(*record.issues, issue))


def _values(entry: Any, channel: dict[str, str]) -> dict[str, str]:
    """The entry's fields; ``_teaser`` where its body is only a summary, ``_unused`` for a summary beside a body."""
    children: dict[str, list[Any]] = {}
    for child in entry:
        if isinstance(child.tag, str):
            children.setdefault(_name(child), []).append(child)
    rules = _rules()
    values = dict(channel)
    for field, names in rules.fields.items():
        if text := _first(children, names):
            values[field] = text
    content, summary = _first(children, rules.content), _first(children, rules.summary)
    if content or summary:
        values["body"] = content or summary
    if content and summary and not has_html(summary):
        values["summary"] = summary
    if content and summary:
        values["_unused"] = summary
    if summary and not content:
        values["_teaser"] = "yes"
    return values


def _licenses(entry: Any) -> list[str]:
    """The addresses of an entry's own licences, by element, by ``rdf:resource`` and by link (RFC 4946)."""
    names = _rules().fields["license_url"]
    elements = [address for child in entry if _name(child) in names for address in _addresses(child)]
    links = [address for child in entry if (address := _license_link(child))]
    return list(dict.fromkeys([*elements, *links]))


def _addresses(element: Any) -> list[str]:
    """What a licence's element names: its text, else the resources that it or an element in it refers to (RDF/XML)."""
    if text := "".join(element.itertext()).strip():
        return [text]
    return [node.get(name) for node in element.iter() for name in _RESOURCE if node.get(name)]


def _license_link(element: Any) -> str:
    linked = _name(element) == "atom:link" and "license" in (element.get("rel") or "").split()
    return (element.get("href") or "") if linked else ""


def _first(children: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    for name in names:
        elements = children.get(name, [])
        text = _link(elements, "alternate") if name == "atom:link" else "; ".join(filter(None, map(_text, elements)))
        if text:
            return text
    return ""


def _link(elements: list[Any], relation: str) -> str:
    return next((e.get("href") or "" for e in elements if (e.get("rel") or "alternate") == relation), "")


def _text(element: Any) -> str:
    """The element's value: markup of Atom's type xhtml as markup, the name of Atom's persons, else its text."""
    from lxml import etree

    if element.get("type") == "xhtml" or (len(element) and _name(element) == "atom:content"):
        return "".join(etree.tostring(child, encoding="unicode") for child in element).strip()
    names = [child for child in element if _name(child) == "atom:name"]
    return "".join((names[0] if names else element).itertext()).strip()


def _note_channel(channel: dict[str, str], element: Any) -> None:
    name = _name(element)
    if address := _license_link(element):
        channel.setdefault("license_url", address)
    for field, names in _rules().channel.items():
        if name in names and field not in channel and (text := _text(element) or "; ".join(_addresses(element))):
            channel[field] = text


def _forget(entry: Any) -> None:
    entry.clear()
    while entry.getprevious() is not None:
        del entry.getparent()[0]


@dataclass(frozen=True, slots=True)
class _Rules:
    namespaces: dict[str, str]
    entries: frozenset[str]
    fields: dict[str, tuple[str, ...]]
    content: tuple[str, ...]
    summary: tuple[str, ...]
    channel: dict[str, tuple[str, ...]]


def _name(element: Any) -> str:
    """``prefix:name`` with the prefix of ``schema/read/feed.yaml``, whatever prefix the file uses."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag.rpartition("}")
    prefix = _rules().namespaces.get(namespace.removeprefix("{"), "?" if namespace else "")
    return f"{prefix}:{local}" if prefix else local


@cache
def _rules() -> _Rules:
    import yaml

    raw = yaml.safe_load(schema_file("read", "feed.yaml").read_text(encoding="utf-8"))
    return _Rules(
        namespaces=raw["namespaces"],
        entries=frozenset(raw["entries"]),
        fields={field: tuple(names) for field, names in raw["fields"].items()},
        content=tuple(raw["content"]),
        summary=tuple(raw["summary"]),
        channel={field: tuple(names) for field, names in raw["channel"].items()},
    )
