"""What a page says about its rights in markup, and what each statement covers.

A licence beside a picture covers the picture: its claim comes with ``license_scope`` image, and counts for no text.
Claims that speak of one licence share origin and rule; ``license_scope`` binds to the licence of the same rule.
Opt-outs (TDMRep, ``noai``) never grant anything; they are passed on as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from dataset_builder.read.html.json_ld import LinkedData, Node, types_of
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text, visible_text
from dataset_builder.records import Claim, Origin
from dataset_builder.visible import one_line

_SCOPE_ORDER = ("text", "page", "unknown", "image")
_ADDRESS = ("http://", "https://")
#: Pages name a handful of licences; a page of thousands is out to cost time.
_MOST_LINKS = 100
_PARAGRAPHS = frozenset({"p", "li", "td", "dd", "small", "figcaption", "blockquote"})
_WORD = re.compile(r"\w+")
_CONFIDENCE = {"text": 0.95, "page": 0.9, "unknown": 0.5, "image": 0.3}


def license_claims(tree: Any, data: LinkedData, article: Node | None, url: str | None) -> list[Claim]:
    """The licence statement with the widest scope over the text, as claims; pictures' licences only where no other is.

    Statements that contradict each other within one scope are all returned.
    """
    stated = [*_of_nodes(data, article), *_of_links(tree, url)]
    for scope in _SCOPE_ORDER:
        claims = [claim for found, group in stated if found == scope for claim in group]
        if claims:
            return list(dict.fromkeys(claims))
    return []


def opt_out_claims(tree: Any) -> Iterator[Claim]:
    """``noai`` and its like in the robots directives of the page."""
    rules = html_rules()
    for element in tree.iter("meta"):
        name = (element.get("name") or "").strip().lower()
        if name not in rules.robots_names:
            continue
        words = {word.strip() for word in (element.get("content") or "")[:1_000].lower().split(",")}
        reserved = [word for word in rules.reservations if word in words]
        if reserved:
            evidence = one_line(plain_text(element.get("content") or ""))
            yield Claim("content_usage", ", ".join(reserved), Origin.EMBEDDED, f"meta:{name}", evidence)
    for element in tree.iter("link"):
        if (element.get("type") or "").strip().lower() == "application/rsl+xml" and (href := element.get("href")):
            yield Claim("usage_terms", plain_text(href), Origin.EMBEDDED, "link:rsl", "application/rsl+xml")


def _of_nodes(data: LinkedData, article: Node | None) -> Iterator[tuple[str, list[Claim]]]:
    """``license`` of the article's node, the page's node and of pictures."""
    media = html_rules().media_types
    scoped = [("text", article)] if article is not None else []
    scoped += [("page", node) for node in data.pages()]
    scoped += [("image", node) for node in (data.by_id or {}).values() if types_of(node) & media]
    scoped += [("image", node) for node in data.nodes if types_of(node) & media]
    scoped += [("image", node) for node in _pictures_of(article)]
    for scope, node in scoped:
        value = node.get("license")
        named = (
            value if isinstance(value, str) else (value or {}).get("url") or (value or {}).get("@id") if value else ""
        )
        text = plain_text(named) if isinstance(named, str) else data.text(value)
        if text:
            yield scope, _statement(text, scope, f"json-ld:license@{scope}", text)


def _pictures_of(article: Node | None) -> list[Node]:
    images = (article or {}).get("image")
    images = images if isinstance(images, list) else [images]
    return [image for image in images[:100] if isinstance(image, dict)]


def _of_links(tree: Any, url: str | None) -> Iterator[tuple[str, list[Claim]]]:
    """``rel=license`` on links; its scope is where it stands."""
    for tag in ("link", "a", "area"):
        licensed = (element for element in tree.iter(tag) if "licen" in (element.get("rel") or "").lower())
        for element in islice(licensed, _MOST_LINKS):
            relations = (element.get("rel") or "").lower().split()
            kind = (element.get("type") or "").strip().lower()
            if not {"license", "licence"} & set(relations) or kind == "application/rsl+xml":
                continue
            address = _resolve(url, element.get("href") or "")
            if address:
                scope = "page" if tag == "link" else _scope(element)
                yield scope, _statement(address, scope, f"rel-license@{scope}", visible_text(element) or address)


def _scope(element: Any) -> str:
    """What a link speaks of: pictures beside pictures, the page in its footer or head, the text within the article."""
    rules = html_rules()
    if _beside_media(element):
        return "image"
    for ancestor in element.iterancestors():
        if ancestor.tag in rules.media_ancestors or _words(ancestor) & rules.media_words:
            return "image"
        if ancestor.tag in rules.page_ancestors:
            return "page"
        if ancestor.tag in ("article", "main"):
            return "text"
    return "page"


def _beside_media(element: Any) -> bool:
    """Whether the paragraph around a link holds a picture or speaks of one."""
    around = next((above for above in element.iterancestors() if above.tag in _PARAGRAPHS), None)
    if around is None:
        return False
    words = set(_WORD.findall(visible_text(around).lower()))
    return bool(words & html_rules().media_mentions) or next(around.iter("img", "picture", "video"), None) is not None


def _words(element: Any) -> set[str]:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return set(names.replace("-", " ").replace("_", " ").split())


def _statement(value: str, scope: str, rule: str, evidence: str) -> list[Claim]:
    confidence = _CONFIDENCE[scope]
    field = "license_url" if value.startswith(_ADDRESS) else "license"
    shown = one_line(evidence)
    return [
        Claim(field, value, Origin.EMBEDDED, rule, shown, confidence=confidence),
        Claim("license_scope", scope, Origin.EMBEDDED, rule, shown, confidence=confidence),
    ]


def _resolve(base: str | None, href: str) -> str:
    try:
        address = urljoin(base or "", plain_text(href))
    except ValueError:
        return ""
    return address if address.startswith(_ADDRESS) else ""
