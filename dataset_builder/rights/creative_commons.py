"""Creative Commons by address and by identifier: every family, version and jurisdiction port.

Most ports (CC-BY-3.0-FR, -ES, -BR …) are not in SPDX's list; they become ``LicenseRef-CC-…``. The data is
``schema/rights/creative-commons.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from dataset_builder.rights.known import KnownLicense, bare_address, folded, table

#: https://creativecommons.org/licenses/FAMILY/VERSION/PORT/deed.LANGUAGE; the tail names no other licence.
_ADDRESS = re.compile(
    r"(?:[a-z]{2}\.)?creativecommons\.org/licen[sc]es/(?P<family>[a-z]{2}(?:-[a-z]{2}){0,2})"
    r"(?:/(?P<version>\d\.\d))?(?:/(?P<port>[a-z]{2,8}))?(?:/(?:deed|legalcode|rdf)[a-z0-9._-]*)?/?(?:#.*)?"
)
_PUBLIC_DOMAIN = re.compile(
    r"(?:[a-z]{2}\.)?creativecommons\.org/(?:publicdomain|licenses)/"
    r"(?P<tool>zero|mark|certification|publicdomain)(?:/1\.0)?(?:/[a-z]{2,3})?(?:/(?:deed|legalcode)[a-z0-9._-]*)?/?(?:#.*)?"
)
_IDENTIFIER = re.compile(
    r"(?:licenseref-)?(?P<prefix>cc-?)?(?P<family>(?:by|nc|sa|nd)(?:-?(?:by|nc|sa|nd)){0,3})-?v?"
    r"(?P<version>\d(?:\.\d)?)?(?:-(?P<port>(?!deed|licen)[a-z]{2,8}))?(?:-(?:license|licence|deed))?"
)
_ZERO = re.compile(
    r"(?:cc-?(?:0|zero)|creative-commons-(?:cc-?)?(?:0|zero))(?:-?v?1(?:\.0)?)?(?:-universal)?(?:-public-domain-dedication)?"
)
_MARK = re.compile(r"(?:cc-)?(?:pdm|pd-mark|public-domain-mark)(?:-?v?1(?:\.0)?)?")
_NO_PORT = frozenset({"international", "intl", "int", "unported", "generic", "universal"})
_ORDER = ("by", "nc", "sa", "nd")


def by_cc_address(url: str) -> KnownLicense | None:
    """The licence of a creativecommons.org address, or None where it names none that exists."""
    address = bare_address(url)
    if match := _PUBLIC_DOMAIN.fullmatch(address):
        return public_domain_tool(match["tool"])
    if match := _ADDRESS.fullmatch(address):
        port = match["port"] or ""
        if port in {"deed", "rdf"} or port.startswith("legal"):
            port = ""
        return of_parts(match["family"].split("-"), match["version"] or "", port)
    return None


def by_cc_identifier(text: str) -> KnownLicense | None:
    """The licence of an identifier in any spelling (``CC-BY-4.0``, ``cc by nc sa 3.0 fr``, ``CCBY``), or None."""
    name = folded(text).replace("/", "-")
    if _ZERO.fullmatch(name):
        return public_domain_tool("zero")
    if _MARK.fullmatch(name):
        return public_domain_tool("mark")
    if name == "cc-pddc":
        return public_domain_tool("certification")
    match = _IDENTIFIER.fullmatch(name)
    if match is None or not (match["prefix"] or (match["version"] and match["family"].count("-"))):
        return None
    port = match["port"] or ""
    version = match["version"] or ""
    parts = re.findall(r"by|nc|sa|nd", match["family"])
    return of_parts(parts, f"{version}.0" if len(version) == 1 else version, "" if port in _NO_PORT else port)


def looks_like_cc_identifier(text: str) -> bool:
    """Whether ``text`` is written as a Creative Commons identifier, and nothing else, whether or not it exists."""
    match = _IDENTIFIER.fullmatch(folded(text).replace("/", "-"))
    return match is not None and bool(match["prefix"])


def public_domain_tool(tool: str) -> KnownLicense:
    """CC0, the public domain mark, or the old dedication, by its path at creativecommons.org."""
    tools = table("creative-commons")["public_domain"]
    row = tools["certification" if tool == "publicdomain" else tool]
    return KnownLicense(row["expression"], "public-domain", row["name"], row["url"])


def of_parts(elements: Iterable[str], version: str = "", port: str = "") -> KnownLicense | None:
    """The licence with these elements, or None where Creative Commons never published it.

    Without a version the class is still known; the expression is then ``LicenseRef-CC-…-unversioned``.
    """
    data = table("creative-commons")
    present = set(elements)
    family = "-".join(element for element in _ORDER if element in present)
    row = data["families"].get(family)
    if row is None or (version and version not in row["versions"]):
        return None
    if port and port not in data["ports"].get(version, ()):
        return None
    if version == "2.1" and not port:
        return None  # 2.1 exists in ports only
    if not version:
        url = f"https://creativecommons.org/licenses/{family}/"
        name, newest = f"CC-{family.upper()}", row["versions"][-1]
        return KnownLicense(
            f"LicenseRef-{name}-unversioned", row["class"], _title(family), url, newest=f"{name}-{newest}"
        )
    identifier = "-".join(["CC", family.upper(), version, *([port.upper()] if port else [])])
    listed = identifier in _spdx_listed() or (not port and family.startswith("by"))
    url = f"https://creativecommons.org/licenses/{family}/{version}/{f'{port}/' if port else ''}"
    title = " ".join([_title(family), version, *([port.upper()] if port else [])])
    return KnownLicense(identifier if listed else f"LicenseRef-{identifier}", row["class"], title, url)


@cache
def _spdx_listed() -> frozenset[str]:
    data = table("creative-commons")
    return frozenset(data["spdx_ports"]) | frozenset(data["spdx_without_by"])


def _title(family: str) -> str:
    names = {"by": "Attribution", "nc": "NonCommercial", "sa": "ShareAlike", "nd": "NoDerivatives"}
    return "Creative Commons " + "-".join(names[part] for part in family.split("-"))
