"""JSON-LD in a page: parsed within bounds, references resolved, the article's own node found.

JSON-LD 1.1 in HTML is specified in https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents; the vocabulary
is schema.org's. Only its statements about the article are read: ``articleBody`` is never the body, as measured it is
worse than the extracted text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dataset_builder.issues import Issue
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text
from dataset_builder.visible import one_line

Node = dict[str, Any]

#: Wrappers that hide a script from software that is no longer in use, and the semicolon of a script.
_WRAPPERS = ("<!--", "//<![CDATA[", "<![CDATA[", "-->", "//]]>", "]]>", ";", "//")

#: A script with one of these words that cannot be read may forbid what is granted elsewhere.
_RIGHTS = re.compile(r"licen[cs]e|copyright|usageinfo|usageterms|rights|creditText", re.IGNORECASE)
_LICENSE = ("license", "licence")


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The JSON-LD of a page.

    Attributes:
        nodes: the nodes that stand for themselves: members of a script, a list or ``@graph``, and main entities.
        by_id: every node that has an ``@id`` and says more than that.
        issues: scripts that could not be read.
        unread_rights: whether something of them was not read that speaks of rights.
    """

    nodes: tuple[Node, ...] = ()
    by_id: dict[str, Node] | None = None
    issues: tuple[Issue, ...] = ()
    unread_rights: bool = False

    def articles(self) -> list[Node]:
        """The nodes that are articles, in the order of the page."""
        return [node for node in self.nodes if types_of(node) & html_rules().article_types]

    def pages(self) -> list[Node]:
        """The nodes that are web pages."""
        return [node for node in self.nodes if types_of(node) & html_rules().page_types]

    def text(self, value: Any) -> str:
        """A member's value as text: names of objects, all of a list; references are followed once."""
        texts = [plain_text(text) for text in self._texts(value, 4)]
        return "; ".join(dict.fromkeys(text for text in texts if text))

    def organisation(self, value: Any) -> bool:
        """Whether a member names organisations and no person."""
        items = [item for item in (value if isinstance(value, list) else [value])[:100] if isinstance(item, dict)]
        known = [(self.by_id or {}).get(str(item.get("@id")), item) for item in items]
        return bool(known) and all(
            any(name.endswith("Organization") for name in types_of(node)) and "Person" not in types_of(node)
            for node in known
        )

    def _texts(self, value: Any, depth: int) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list) and depth:
            for item in value[:100]:
                yield from self._texts(item, depth - 1)
        elif isinstance(value, dict) and depth:
            yield from self._texts(self._telling(value), depth - 1)

    def _telling(self, node: Node) -> Any:
        """What an object says in one value: its name, its value, or the same of the object that it refers to."""
        for member in ("@value", "@list", "name", "legalName"):
            if node.get(member):
                return node[member]
        names = [name for member in ("givenName", "familyName") if isinstance(name := node.get(member), str)]
        reference = node.get("@id")
        if names or not isinstance(reference, str):
            return " ".join(names) or node.get("url")
        known = (self.by_id or {}).get(reference)
        if known is not None and known is not node and any(known.get(member) for member in ("name", "legalName")):
            return known.get("name") or known.get("legalName")
        return reference if "://" in reference else None


def read_json_ld(scripts: list[str]) -> LinkedData:
    """Read the contents of a page's ``<script type="application/ld+json">`` elements."""
    nodes: list[Node] = []
    by_id: dict[str, Node] = {}
    issues: list[Issue] = []
    unread = False
    for script in scripts:
        if not script.strip():
            continue
        root, issue = _load(script)
        if issue:
            issues.append(issue)
        standing, whole = ([], False) if issue else _standing(root)
        unread = unread or (not whole and bool(_RIGHTS.search(script)))
        if issue:
            continue
        nodes += standing
        for node in _every(root):
            if isinstance(name := node.get("@id"), str) and len(node) > 1:
                by_id.setdefault(name, node)
    return LinkedData(tuple(nodes), by_id, tuple(issues), unread)


def types_of(node: Node) -> frozenset[str]:
    """The node's types without their vocabulary's address."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return frozenset(local_name(item) for item in values if isinstance(item, str))


def types_in(value: str | None) -> frozenset[str]:
    """The types in an attribute of microdata or RDFa, without their vocabulary's address."""
    return frozenset(local_name(item) for item in value.split()) if value else frozenset()


def local_name(name: str) -> str:
    """A type's or member's name without its vocabulary: ``license`` of ``cc:license``."""
    return re.split(r"[/#:]", name.rstrip("/"))[-1]


def address_of(node: Node) -> str:
    """The address of the page that the node stands for, ``""`` where it names none."""
    return next(iter(addresses_of(node)), "")


def addresses_of(node: Node) -> list[str]:
    """All addresses by which the node may name the page that it stands for."""
    found = []
    for member in ("url", "mainEntityOfPage", "@id"):
        value = node.get(member)
        for item in (value if isinstance(value, list) else [value])[:10]:
            if isinstance(item, dict):
                item = item.get("@id") or item.get("url")
            if isinstance(item, str) and item.strip().startswith(("http://", "https://")):
                found.append(item.strip())
    return found


def same_page(first: str, second: str) -> bool:
    """Whether two addresses name one page: scheme, ``www.``, query, fragment and a last slash do not count."""
    return bool(first) and page_key(first) == page_key(second)


def page_key(address: str) -> tuple[str, str]:
    """What tells one page from another: host and path."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    except ValueError:
        return "", address


def main_article(data: LinkedData, addresses: tuple[str, ...]) -> Node | None:
    """The article that facts are read from: the one with an address of the page's own, else the first.

    Whether what it says of rights counts is asked in :mod:`dataset_builder.read.html.own_nodes`.
    """
    articles = data.articles()
    for node in articles:
        if any(same_page(address_of(node), address) for address in addresses):
            return node
    return articles[0] if articles else None


def _load(script: str) -> tuple[Any, Issue | None]:
    limit = html_rules().limits.json_characters
    if len(script) > limit:
        found = f"a script of {len(script)} characters"
        return None, Issue(code="json-ld-invalid", found=found, expected=f"at most {limit} characters")
    stripped = script.strip()
    for wrapper in _WRAPPERS:
        stripped = stripped.removeprefix(wrapper).removesuffix(wrapper).strip()
    try:
        return json.loads(stripped, strict=False, object_pairs_hook=_object), None
    except json.JSONDecodeError as error:
        near = one_line(stripped[max(0, error.pos - 20) : error.pos + 20], 60)
        found = f"{error.msg} near {near!r}"
    except RecursionError:
        found = "nesting without end"
    except ValueError:  # Python converts no integer of more than 4,300 digits
        found = "a number of thousands of digits"
    return None, Issue(code="json-ld-invalid", found=found, expected="JSON-LD")


def _object(pairs: list[tuple[str, Any]]) -> Node:
    """An object; of a name that is there twice the last value holds, but of what speaks of rights all do."""
    node = dict(pairs)
    if len(node) < len(pairs):
        values: dict[str, list[Any]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        node |= {name: said for name, said in values.items() if len(said) > 1 and _RIGHTS.search(name)}
    return node


def _standing(root: Any) -> tuple[list[Node], bool]:
    """The nodes that stand for themselves, and whether those are all; what is nested in links or comments does not."""
    found: list[Node] = []
    pending: list[tuple[Any, int]] = [(root, 6)]
    whole = True
    while pending and len(found) < html_rules().limits.json_nodes:
        value, depth = pending.pop()
        whole = whole and bool(depth or not isinstance(value, (list, dict)))
        if isinstance(value, list) and depth:
            pending += [(item, depth - 1) for item in reversed(value)]
        elif isinstance(value, dict) and depth:
            if "@type" in value or any(local_name(name) in _LICENSE for name in value):
                found.append(value)
            pending += [(value[key], depth - 1) for key in ("mainEntity", "@graph") if key in value]
    return found, whole and not pending


def _every(root: Any) -> Iterator[Node]:
    limits = html_rules().limits
    pending: list[tuple[Any, int]] = [(root, limits.json_depth)]
    seen = 0
    while pending and seen < limits.json_nodes:
        value, depth = pending.pop()
        seen += 1
        if isinstance(value, dict):
            yield value
            value = list(value.values())
        if isinstance(value, list) and depth:
            pending += [(item, depth - 1) for item in value if isinstance(item, (dict, list))]
