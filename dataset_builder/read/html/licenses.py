"""What a page says about its rights in markup, and what each statement covers.

A licence beside a picture covers the picture: its claim comes with ``license_scope`` image, and counts for no text.
Claims that speak of one licence share origin and rule; ``license_scope`` binds to the licence of the same rule. What
may speak of something else has the scope unknown: it can narrow and grants nothing. What cannot be read is a statement
that nobody knows (:func:`unread_rights`), so that no default takes its place.
Opt-outs (TDMRep, ``noai``) never grant anything; they are passed on as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from dataset_builder.read.html.json_ld import LinkedData, Node, local_name, types_of
from dataset_builder.read.html.own_nodes import scoped_nodes
from dataset_builder.read.html.places import COMMENT, Places
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text, visible_text
from dataset_builder.records import Claim, Origin
from dataset_builder.rights.members import UNREAD, member_claims
from dataset_builder.visible import one_line

#: The fields that are read for a licence.
STATEMENTS = frozenset({"license", "license_url", "rights_statement", "usage_terms", "copyright_notice"})

_Stated = tuple[str, list[Claim]]
_SCOPE_ORDER = ("text", "page", "unknown")
_ADDRESS = ("http://", "https://")
#: Pages name a handful of licences, galleries one for each picture; a page of thousands is out to cost time.
_MOST_STATEMENTS = 300
_CONFIDENCE = {"text": 0.95, "page": 0.9, "unknown": 0.5, "image": 0.3}


def license_claims(
    tree: Any, data: LinkedData, url: str | None, *, addresses: tuple[str, ...] = (), titles: tuple[str, ...] = ()
) -> list[Claim]:
    """Every statement that may cover the text, as claims; pictures' licences only where no other is.

    Args:
        url: the base of relative addresses.
        addresses: the page's own addresses, as far as they are known.
        titles: the page's own titles, as headings and metadata beside JSON-LD give them.
    """
    stated = [*_of_nodes(data, scoped_nodes(data, addresses, titles)), *_of_markup(tree, url, Places(tree, addresses))]
    if data.unread_rights:
        stated.append(("page", unread_rights("JSON-LD")))
    return _widest(stated)


def whole_license_claims(tree: Any) -> list[Claim]:
    """The same of HTML that is a body as a whole."""
    return _widest(list(_of_markup(tree, None, Places(tree, whole=True))))


def unread_rights(what: str) -> list[Claim]:
    """The mark of a part of the page that could not be read and may have spoken of rights."""
    return _statement(UNREAD, "page", f"unread:{what}", what)


def _widest(stated: list[_Stated]) -> list[Claim]:
    for scopes in (_SCOPE_ORDER, ("image",)):
        claims = [claim for scope in scopes for found, group in stated if found == scope for claim in group]
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


def _of_nodes(data: LinkedData, nodes: Iterable[tuple[str, Node]]) -> Iterator[_Stated]:
    """What the nodes say that may be the page's own, and the licences of pictures."""
    for scope, node in nodes:
        yield from _of_node(data, node, scope)
    media = html_rules().media_types
    pictures = [node for node in ((data.by_id or {}).values()) if types_of(node) & media]
    pictures += [node for node in data.nodes if types_of(node) & media]
    pictures += [picture for node in data.articles() for picture in _pictures_of(node)]
    for picture in pictures:
        yield from _of_node(data, picture, "image")


def _of_node(data: LinkedData, node: Node, scope: str) -> Iterator[_Stated]:
    members: dict[str, list[Any]] = {}
    for name, value in node.items():
        members.setdefault(local_name(name).replace("licence", "license"), []).append(value)
    document = {name: values if len(values) > 1 else values[0] for name, values in members.items()}
    for claim in member_claims(document, "schema.org", nodes=data.by_id):
        if claim.field == "license" or (claim.field in STATEMENTS and scope != "image"):
            rule = claim.rule if scope == "page" and claim.field != "license" else f"{claim.rule}@{scope}"
            yield scope, _statement(_whole(claim.value), scope, rule, claim.value, field=claim.field)


def _pictures_of(article: Node) -> list[Node]:
    images = article.get("image")
    images = images if isinstance(images, list) else [images]
    return [image for image in images[:100] if isinstance(image, dict)]


def _of_markup(tree: Any, url: str | None, places: Places) -> Iterator[_Stated]:
    """``rel=license``, microdata, RDFa and ``<meta>``; the scope of each is where it stands."""
    found = 0
    for element in tree.xpath("//*[@rel or @property or @itemprop or self::meta]"):
        for rule, field in _named(element):
            found += 1
            if found > _MOST_STATEMENTS:
                yield "page", unread_rights("many statements")
                return
            value = _value(element, url)
            scope = places.scope(element) if value else COMMENT
            if scope != COMMENT:
                rule = rule if scope == "page" and rule.startswith("meta:") else f"{rule}@{scope}"
                yield scope, _statement(value, scope, rule, visible_text(element) or value, field=field)


def _named(element: Any) -> Iterator[tuple[str, str]]:
    """The rule and the field of each statement of rights that the element makes."""
    rules = html_rules()
    if (element.get("type") or "").strip().lower() == "application/rsl+xml":
        return
    relations = {local_name(name) for name in (element.get("rel") or "").lower().split()}
    if relations & {"license", "licence"}:
        yield "rel-license", "license"
    for attribute in ("itemprop", "property"):
        names = dict.fromkeys(local_name(name) for name in (element.get(attribute) or "").lower().split())
        fields = {rules.rights_names[name]: name for name in names if name in rules.rights_names}
        yield from ((f"{attribute}:{name}", field) for field, name in fields.items())
    for attribute in ("name", "property", "itemprop", "http-equiv") if element.tag == "meta" else ():
        mapping = rules.meta.get((element.get(attribute) or "").strip().lower())
        if mapping is not None and mapping.field in STATEMENTS:
            yield f"meta:{mapping.name}", mapping.field


def _value(element: Any, url: str | None) -> str:
    """What a statement names: the address of a link or a resource, a content, else the words that can be seen."""
    for attribute in ("href", "resource", "src"):
        if address := plain_text(element.get(attribute) or ""):
            return _resolve(url, address)
    content = element.get("content")
    return _whole(content) if content is not None else _whole(visible_text(element))


def _whole(words: str) -> str:
    """``words`` without markup; where they are too long to be kept whole, a reservation could stand in the rest."""
    return plain_text(words) if len(words) < html_rules().limits.value_characters else UNREAD


def _statement(value: str, scope: str, rule: str, evidence: str, *, field: str = "license") -> list[Claim]:
    confidence = _CONFIDENCE[scope]
    field = "license_url" if field == "license" and value.startswith(_ADDRESS) else field
    shown = one_line(evidence)
    return [
        Claim(field, value, Origin.EMBEDDED, rule, shown, confidence=confidence),
        Claim("license_scope", scope, Origin.EMBEDDED, rule, shown, confidence=confidence),
    ]


def _resolve(base: str | None, href: str) -> str:
    """The address in full; without a base it stays as it stands, which is a statement that nobody knows."""
    try:
        address = urljoin(base or "https:", href) if base or href.startswith("//") else href
    except ValueError:
        return href
    return address if address.startswith(_ADDRESS) else href
