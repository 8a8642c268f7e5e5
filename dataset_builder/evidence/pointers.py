"""Where an answer says that terms stand: ``rel=license`` links and RSL documents, in markup and ``Link`` headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dataset_builder.web.addresses import AddressError, parse_address
from dataset_builder.web.exchange import Answer

#: https://rslstandard.org/rsl: the media type of a licence document.
RSL = "application/rsl+xml"
_MOST_LINKS = 200
#: RFC 8288: ``<target>; name=value; …``.
_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]{0,500}\"|[^\s,;]{1,500}))*)")
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s,;]+))")


@dataclass(frozen=True, slots=True)
class Pointer:
    """An address, what it is said to be (license or rsl), and the address of who says so."""

    role: str
    url: str
    by: str


def header_pointers(answer: Answer) -> Iterator[Pointer]:
    """Those of the ``Link`` header."""
    for target, rest in _LINK.findall(answer.header("link")[:20_000]):
        said = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)}
        yield from _pointer(answer, target, said.get("rel", ""), said.get("type", ""))


def page_pointers(answer: Answer) -> Iterator[Pointer]:
    """Those of the page's markup; nothing where the answer is no page."""
    if "html" not in answer.header("content-type").lower():
        return
    from dataset_builder.read.html.charset import decode_page
    from dataset_builder.read.html.tree import parse_page

    tree = parse_page(decode_page(answer.body, None).text).tree
    if tree is None:
        return
    links = (element for element in tree.iter("link", "a", "area") if element.get("rel"))
    for element in islice(links, _MOST_LINKS):
        yield from _pointer(answer, element.get("href") or "", element.get("rel") or "", element.get("type") or "")


def _pointer(answer: Answer, target: str, relations: str, kind: str) -> Iterator[Pointer]:
    if not {"license", "licence"} & set(relations.lower().split()) or not target:
        return
    role = "rsl" if kind.strip().lower() == RSL else "license"
    try:
        yield Pointer(role, parse_address(answer.url).join(target).url, answer.url)
    except AddressError:
        return
