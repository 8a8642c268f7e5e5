"""Identifier, name, address or expression -> licence and class, value by value; and what is none."""

from __future__ import annotations

import pytest

from dataset_builder.rights.classes import rights_classes
from dataset_builder.rights.creative_commons import (
    by_cc_address,
    by_cc_identifier,
    looks_like_cc_identifier,
    of_parts,
    public_domain_tool,
)
from dataset_builder.rights.expressions import (
    MAX_EXPRESSION_LENGTH,
    ParsedExpression,
    is_meant_as_expression,
    looks_like_expression,
    parse_expression,
)
from dataset_builder.rights.known import (
    KnownLicense,
    bare_address,
    by_address,
    by_code_of_rights_statement,
    by_name,
    folded,
    listed_identifier,
)
from dataset_builder.rights.reading import MAX_STATEMENT_LENGTH, LicenseReading, lookup, plain_text, read_license

CC = "https://creativecommons.org/licenses"
BY = KnownLicense("CC-BY-4.0", "attribution", "Creative Commons Attribution 4.0", f"{CC}/by/4.0/")
ZERO = public_domain_tool("zero")


def test_the_whole_of_a_licence() -> None:
    assert of_parts(["by"], "4.0") == BY
    assert of_parts(["nc", "by", "sa"], "3.0", "fr") == KnownLicense(
        "LicenseRef-CC-BY-NC-SA-3.0-FR",
        "noncommercial-share-alike",
        "Creative Commons Attribution-NonCommercial-ShareAlike 3.0 FR",
        f"{CC}/by-nc-sa/3.0/fr/",
    )
    assert of_parts(["by"], "3.0", "de") == KnownLicense(
        "CC-BY-3.0-DE", "attribution", "Creative Commons Attribution 3.0 DE", f"{CC}/by/3.0/de/"
    )
    assert of_parts(["nd", "by"]) == KnownLicense(
        "LicenseRef-CC-BY-ND-unversioned", "no-derivatives", "Creative Commons Attribution-NoDerivatives",
        f"{CC}/by-nd/", newest="CC-BY-ND-4.0",
    )  # fmt: skip
    assert (ZERO.expression, ZERO.rights_class, ZERO.versioned) == ("CC0-1.0", "public-domain", True)
    assert ZERO.url == "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.mark.parametrize(
    ("parts", "version", "port"),
    [(["by", "sa", "nd"], "4.0", ""), (["by"], "4.0", "fr"), (["by"], "2.1", ""), (["by"], "9.9", ""),
     (["by"], "", "zz"),
     ([], "4.0", ""), (["xx"], "4.0", "")],
)  # fmt: skip
def test_what_was_never_published(parts: list[str], version: str, port: str) -> None:
    assert of_parts(parts, version, port) is None


@pytest.mark.parametrize(
    ("url", "expression"),
    [
        (f"{CC}/by/4.0/", "CC-BY-4.0"),
        ("HTTP://www.creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
        ("es.creativecommons.org/licences/by-sa/2.5/es/", "LicenseRef-CC-BY-SA-2.5-ES"),
        (f"{CC}/by/4.0/deed.pt_BR", "CC-BY-4.0"),
        (f"{CC}/by/4.0/legalcode", "CC-BY-4.0"),
        (f"{CC}/by/4.0/rdf", "CC-BY-4.0"),
        (f"{CC}/by/3.0/legalcode#terms", "CC-BY-3.0"),
        (f"{CC}/by/4.0/?ref=chooser-v1", "CC-BY-4.0"),
        (f"{CC}/by/", "LicenseRef-CC-BY-unversioned"),
        (f"{CC}/by-nc-nd/2.0/uk/", "LicenseRef-CC-BY-NC-ND-2.0-UK"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.fr", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("https://creativecommons.org/licenses/publicdomain/", "CC-PDDC"),
        ("https://creativecommons.org/publicdomain/certification/1.0/us/", "CC-PDDC"),
        (f"{CC}/by/4.0/and/more", None),
        (f"{CC}/by/4.0/zz/", None),
        (f"{CC}/xx/4.0/", None),
        ("https://creativecommons.example.org/licenses/by/4.0/", None),
        ("https://creativecommons.org/", None),
    ],
)
def test_addresses_of_creative_commons(url: str, expression: str | None) -> None:
    found = by_cc_address(url)
    assert (found.expression if found else None) == expression


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"), ("cc by 4", "CC-BY-4.0"), ("CCBY4.0", "CC-BY-4.0"),
        ("cc_by-sa_3.0", "CC-BY-SA-3.0"),
        ("CC BY NC SA 3.0 fr", "LicenseRef-CC-BY-NC-SA-3.0-FR"), ("LicenseRef-CC-BY-3.0-FR", "LicenseRef-CC-BY-3.0-FR"),
        ("CC BY 3.0 Unported License", "CC-BY-3.0"), ("by-sa-4.0", "CC-BY-SA-4.0"),
        ("cc/by/4.0", "CC-BY-4.0"), ("CC BYNCND 4.0", "CC-BY-NC-ND-4.0"), ("cc by v4.0", "CC-BY-4.0"),
        ("CC0", "CC0-1.0"), ("CC Zero v1.0 Universal", "CC0-1.0"), ("creative commons zero", "CC0-1.0"),
        ("CC0-1.0-public-domain-dedication", "CC0-1.0"), ("PDM 1.0", "CC-PDM-1.0"), ("cc-pddc", "CC-PDDC"),
        ("by", None), ("by 4.0", None), ("CC-BY-5.0", None), ("CC-XX-4.0", None), ("CC", None), ("CC0 2.0", None),
    ],
)  # fmt: skip
def test_identifiers_of_creative_commons(text: str, expression: str | None) -> None:
    found = by_cc_identifier(text)
    assert (found.expression if found else None) == expression


def test_what_is_written_as_an_identifier_whether_or_not_it_exists() -> None:
    assert looks_like_cc_identifier("CC BY 9.9")
    assert looks_like_cc_identifier("cc/by/4.0")
    assert not looks_like_cc_identifier("by-sa-4.0")
    assert not looks_like_cc_identifier("CC BY 4.0 for members")


@pytest.mark.parametrize(
    ("text", "name"),
    [("  Apache_2.0. ", "apache-2.0"), ("GNU  –  GPL", "gnu-gpl"), ("(MIT)", "mit"), ("“MIT”,", "mit"), ("-x-", "x"),
     ("Straße", "strasse")],
)  # fmt: skip
def test_a_name_as_it_is_looked_up(text: str, name: str) -> None:
    assert folded(text) == name


@pytest.mark.parametrize(
    ("url", "address"),
    [(" HTTPS://WWW.Example.org/A/?q=1 ", "example.org/a"), ("example.org/a?x#Part", "example.org/a#part"),
     ("ftp://example.org", "example.org")],
)  # fmt: skip
def test_an_address_without_what_does_not_matter(url: str, address: str) -> None:
    assert bare_address(url) == address


@pytest.mark.parametrize(
    ("url", "expression"),
    [
        ("https://opensource.org/licenses/MIT", "MIT"), ("https://opensource.org/license/mit", "MIT"),
        ("https://spdx.org/licenses/Apache-2.0.html", "Apache-2.0"), ("https://spdx.org/licenses/MIT.json", "MIT"),
        ("https://opensource.org/licenses/mit-license.php", "MIT"),
        ("https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/", "OGL-UK-2.0"),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/", "LicenseRef-OGL-UK-unversioned"),
        ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "LicenseRef-rightsstatements-InC-1.0"),
        ("https://rightsstatements.org/page/NoC-US/1.0/?language=en", "LicenseRef-rightsstatements-NoC-US-1.0"),
        ("https://rightsstatements.org/data/UND", "LicenseRef-rightsstatements-UND-1.0"),
        ("https://rightsstatements.org/vocab/XYZ/1.0/", None), ("https://example.org/licenses/MIT", None),
        ("https://spdx.org/licenses/No-Such-1.0", None),
    ],
)  # fmt: skip
def test_addresses_of_other_licences(url: str, expression: str | None) -> None:
    found = by_address(url)
    assert (found.expression if found else None) == expression


def test_identifiers_in_lists() -> None:
    assert listed_identifier("https://spdx.org/licenses/Apache-2.0.html") == "apache-2.0"
    assert listed_identifier("https://example.org/x") == ""


def test_statements_of_rightsstatements_org() -> None:
    american = by_code_of_rights_statement("noc-us")
    assert american == KnownLicense(
        "LicenseRef-rightsstatements-NoC-US-1.0", "public-domain", american.name if american else "",
        "http://rightsstatements.org/vocab/NoC-US/1.0/", "US",
    )  # fmt: skip
    reserved = by_code_of_rights_statement("InC")
    assert reserved is not None
    assert (reserved.rights_class, reserved.jurisdiction) == ("in-copyright", "")
    assert by_code_of_rights_statement("nope") is None
    assert by_name()[folded(american.name if american else "")] == american
    assert by_name()[folded(reserved.expression)] == reserved


def test_names_and_the_hubs_identifiers() -> None:
    assert by_name()["mit"].rights_class == "attribution"
    assert by_name()["apache-2.0"].expression == "Apache-2.0"
    assert not [name for name, known in by_name().items() if known.rights_class not in rights_classes()]
    assert not [name for name, known in by_name().items() if known.jurisdiction not in ("", "US")]


@pytest.mark.parametrize(
    ("text", "worth", "meant"),
    [
        ("MIT AND CC0-1.0", True, True), ("mit or cc0-1.0", True, True), ("MIT", False, True), ("MIT OR", True, True),
        ("free and open to all", True, False), ("Free AND open to all", True, True),
        ("FREE AND OPEN TO ALL", True, False), ("MIT & CC0 or x", False, False), ("a or b, c d", False, False),
        ("(" * 20 + "a or b", True, False), ("(" * 21 + "a or b", False, False), ("with all my heart", True, True),
    ],
)  # fmt: skip
def test_what_looks_like_an_expression(text: str, worth: bool, meant: bool) -> None:
    assert looks_like_expression(text) is worth
    if text.count("(") < 20:
        assert is_meant_as_expression(text) is meant


def test_an_expression_has_a_length() -> None:
    fits = "a or " + "b" * (MAX_EXPRESSION_LENGTH - 5)
    assert looks_like_expression(fits)
    assert not looks_like_expression(fits + "b")


def table(text: str) -> KnownLicense | None:
    return {
        "by": BY, "zero": ZERO, "sa": of_parts(["by", "sa"], "4.0"), "nc": of_parts(["by", "nc"], "4.0"),
    }.get(text.casefold())  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expression", "rights_class"),
    [
        ("by", "CC-BY-4.0", "attribution"),
        ("BY and zero", "CC-BY-4.0 AND CC0-1.0", "attribution"),
        ("by OR zero", "CC-BY-4.0 OR CC0-1.0", "public-domain"),
        ("sa AND nc", "CC-BY-SA-4.0 AND CC-BY-NC-4.0", "noncommercial-share-alike"),
        ("sa OR nc", "CC-BY-SA-4.0 OR CC-BY-NC-4.0", "share-alike"),
        ("(by OR nc) AND sa", "(CC-BY-4.0 OR CC-BY-NC-4.0) AND CC-BY-SA-4.0", "share-alike"),
        ("by AND by", "CC-BY-4.0", "attribution"),
        ("by WITH Some-exception", "CC-BY-4.0 WITH Some-exception", "attribution"),
    ],
)
def test_expressions_are_solved(text: str, expression: str, rights_class: str) -> None:
    found = parse_expression(text, table)
    assert (found.expression, found.rights_class, found.unknown) == (expression, rights_class, ())


def test_an_expression_with_an_unknown_part_is_unknown_as_a_whole() -> None:
    assert parse_expression("by AND poem AND song", table) == ParsedExpression(
        None, "undetermined", (BY,), ("poem", "song")
    )
    assert parse_expression("by WITH approval", table) == ParsedExpression(None, "undetermined", (BY,), ("approval",))
    assert parse_expression("by AND zero", table).parts == (BY, ZERO)
    assert parse_expression("by by", table).unknown == ("by by",)
    for broken in ("by AND", "AND", "(by", ""):
        assert parse_expression(broken, table) == ParsedExpression(None, "undetermined", (), ())


def test_the_whole_of_a_reading() -> None:
    assert read_license("cc-by 4.0") == LicenseReading(
        "cc-by 4.0", "CC-BY-4.0", "attribution", "permissive", f"{CC}/by/4.0/", "grant"
    )
    american = read_license("http://rightsstatements.org/vocab/NoC-US/1.0/")
    assert (american.jurisdiction, american.rights_class, american.kind) == ("US", "public-domain", "grant")
    reserved = read_license("http://rightsstatements.org/vocab/InC/1.0/")
    assert (reserved.kind, reserved.family, reserved.rights_class) == ("reservation", None, "in-copyright")
    both = read_license("MIT AND CC-BY-4.0")
    assert (both.license_url, both.family, both.expression) == (None, "permissive", "MIT AND CC-BY-4.0")


def test_what_grants_nothing_says_so() -> None:
    reading = read_license("http://rightsstatements.org/vocab/UND/1.0/", field="usage_terms", line=4)
    assert (reading.kind, reading.rights_class) == ("unknown", "undetermined")
    (issue,) = reading.findings
    assert (issue.code, issue.field, issue.line) == ("license-grants-nothing", "usage_terms", 4)
    assert issue.found == "http://rightsstatements.org/vocab/UND/1.0/"


def test_a_licence_without_its_version() -> None:
    reading = read_license("CC BY-SA")
    assert (reading.expression, reading.rights_class) == ("LicenseRef-CC-BY-SA-unversioned", "share-alike")
    (issue,) = reading.findings
    assert (issue.code, issue.field, issue.found) == ("license-version-missing", "license", "CC BY-SA")
    assert issue.hint == "write for example CC-BY-SA-4.0"


@pytest.mark.parametrize(
    ("family", "newest"),
    [("OGL", "OGL-UK-3.0"), ("CC SA", "CC-SA-2.0"), ("CC NC-ND", "CC-NC-ND-2.0"), ("CC BY", "CC-BY-4.0")],
)
def test_the_version_that_is_proposed_exists(family: str, newest: str) -> None:
    asked = read_license(family)
    assert [issue.hint for issue in asked.findings] == [f"write for example {newest}"]
    answered = read_license(newest)
    assert (answered.findings, answered.rights_class) == ((), asked.rights_class)


@pytest.mark.parametrize(
    ("statement", "code", "found"),
    [
        ("", "license-empty", "nothing"), ("...", "license-empty", "nothing"),
        ("unknown", "license-unknown", "unknown"),
        ("CC-BY-9.9", "license-unknown", "CC-BY-9.9"), ("Poetic", "license-unknown", "Poetic"),
        ("CC0-like", "license-unknown", "CC0-like"), ("CC BY-SA 9.9", "license-unknown", "CC BY-SA 9.9"),
        ("MIT AND Poetic-1", "license-unknown", "Poetic-1"), ("MIT OR", "license-unknown", "MIT OR"),
        ("z" * (MAX_STATEMENT_LENGTH + 1), "license-statement-long", "more than 4000 characters"),
        ("Do as the poets do", "license-unknown", "Do as the poets do"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(statement: str, code: str, found: str) -> None:
    reading = read_license(statement, field="f", line=3)
    (issue,) = reading.findings
    assert (issue.code, issue.found, issue.field, issue.line) == (code, found, "f", 3)
    assert (reading.expression, reading.rights_class, reading.kind) == (None, "undetermined", "unknown")
    assert len(reading.statement) <= 200
    assert not reading.nearest or issue.hint == f"the nearest known licence is {reading.nearest}"


def test_a_statement_of_the_greatest_length_is_read() -> None:
    assert read_license("CC0-1.0" + " " * (MAX_STATEMENT_LENGTH - 7)).expression == "CC0-1.0"


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("<https://creativecommons.org/licenses/by/4.0/>", "CC-BY-4.0"),
        ("license:https://spdx.org/licenses/MIT", "MIT"),
        ("URL:https://opensource.org/licenses/MIT.", "MIT"), ("https://spdx.org/licenses/CC-BY-4.0", "CC-BY-4.0"),
        ("GPL-2.0+", "GPL-2.0-only"), ("x" * 121, None), ("https://example.org/x+", None), ("poem+", None),
        ("cc-by-4.0+", "CC-BY-4.0"), ("unlicense.org", "Unlicense"),
    ],
)  # fmt: skip
def test_a_licence_by_whatever_name(text: str, expression: str | None) -> None:
    found = lookup(text)
    if expression == "GPL-2.0-only":
        assert found is not None
        assert found.expression.startswith("GPL-2.0")
    else:
        assert (found.expression if found else None) == expression


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("CC&nbsp;BY &amp; MIT", "CC BY & MIT"), ("<b>CC</b>BY", "CC BY"), ("℗ 2024", "© 2024"),
        ("a\u200bb\u202ec", "abc"), ("a\u0378b\ue000c", "abc"),
        ("a\tb\x0bc\rd", "a b c d"), ("  a \n\n  b  ", "a\nb"), ("‘a’ “b” c‑d", "'a' \"b\" c-d"),
        ('<a href="https://x.example.org/l">here</a>', "https://x.example.org/l here"), ("ﬁne", "fine"),
    ],
)  # fmt: skip
def test_a_statement_without_its_markup(raw: str, text: str) -> None:
    assert plain_text(raw) == text


def test_prose_in_outline() -> None:
    reserved = read_license("© 2024 Harbour Media. All rights reserved. No text and data mining.")
    assert (reserved.kind, reserved.rights_class, reserved.holder) == ("reservation", "in-copyright", "Harbour Media")
    assert reserved.expression == "LicenseRef-all-rights-reserved"
    assert len(reserved.opt_outs) == 1
    notice = read_license("© 2024 Harbour Media")
    assert (notice.kind, notice.rights_class, notice.holder) == ("notice", "in-copyright", "Harbour Media")
    granted = read_license("© 2024 Harbour Media, CC BY 4.0")
    assert (granted.kind, granted.expression, granted.holder) == ("grant", "CC-BY-4.0", "Harbour Media")
    assert granted.statement == "© 2024 Harbour Media, CC BY 4.0"
    twice = read_license("Creative Commons BY-SA (CC BY-SA 4.0)")
    assert (twice.expression, twice.findings) == ("CC-BY-SA-4.0", ())
    doubted = read_license("© 2024 Harbour Media. Maybe CC BY 4.0.")
    assert (doubted.kind, doubted.expression, doubted.holder) == ("unknown", None, "Harbour Media")
    mistyped = read_license("Open Goverment Licence v3")
    assert (mistyped.expression, mistyped.nearest) == (None, "OGL-UK-3.0")
    picture = read_license("Photo: Ana Example / CC BY 2.0")
    assert (picture.scope, picture.expression) == ("image", "CC-BY-2.0")
    hedged = read_license("CC BY 4.0 for members only")
    assert (hedged.expression, hedged.findings[0].code, hedged.nearest) == (None, "license-hedged", "CC-BY-4.0")
    vague = read_license("The last paragraph of the article puts it under CC BY 4.0.")
    assert (vague.heard, vague.expression) == ("CC-BY-4.0", None)
    two = read_license("Published under CC BY-SA 4.0 and CC BY-NC 4.0.")
    assert two.rights_class in ("noncommercial-share-alike", "undetermined")
