"""The licence of the whole: solved for the expression, the Hub, the folder of texts, and what cannot stand together."""

from __future__ import annotations

from dataset_builder.config import Source
from dataset_builder.issues import issue_kinds
from dataset_builder.resources import read_json, schema_files
from dataset_builder.rights.collection import OVERVIEW, LicensedPart, collection_license, conjunction, hub_license
from dataset_builder.rights.license_texts import LEGAL_BASIS, identifiers, license_texts, permission_notes

BY = LicensedPart("CC-BY-4.0", "attribution", 3, "permissive")
ZERO = LicensedPart("CC0-1.0", "public-domain", 2, "permissive")
ALIKE = LicensedPart("CC-BY-SA-4.0", "share-alike", 1, "sharealike")
NONCOMMERCIAL = LicensedPart("CC-BY-NC-4.0", "noncommercial", 7, "noncommercial", ("a1", "b2"))
PERMITTED = LicensedPart("LicenseRef-permission-lantern", "permission", 1, "permitted")


def test_every_text_keeps_its_licence() -> None:
    terms = collection_license([ALIKE, BY, ZERO, BY], ["CC-BY-4.0"])
    assert terms.expression == "CC-BY-4.0 AND CC-BY-SA-4.0 AND CC0-1.0"
    assert terms.hub == ("cc-by-4.0", "cc-by-sa-4.0", "cc0-1.0")
    assert (terms.hub_name, terms.hub_link) == ("", "")
    assert terms.families == ("permissive", "sharealike")
    assert terms.conditions == ("attribution", "share-alike")
    assert terms.compilation == "CC-BY-4.0"
    assert terms.issues == ()


def test_one_licence_is_one_identifier() -> None:
    assert collection_license([BY]).hub == "cc-by-4.0"


def test_what_the_hub_does_not_know_is_other_with_a_name_and_a_file() -> None:
    lantern = Source("lantern", permission="Letter of 3 May", permission_scope="full", permission_expires="2025-01-31")
    terms = collection_license([BY, PERMITTED], notes=permission_notes([lantern]))
    assert terms.hub == "other"
    assert terms.hub_name == "cc-by-4.0-and-licenseref-permission-lantern"
    files = dict(terms.texts)
    assert terms.hub_link.removeprefix("LICENSES/") in files
    said = files["LicenseRef-permission-lantern.txt"]
    assert all(words in said for words in ("Released by permission", "Letter of 3 May", "2025-01-31", "full"))
    assert "CC-BY-4.0: 3 articles" in files[OVERVIEW]
    assert "selection" not in files[OVERVIEW].partition("- ")[2], "no licence of the layer is declared"
    layered = dict(collection_license([BY], ["CC0-1.0"]).texts)[OVERVIEW]
    assert "- CC0-1.0: selection, metadata and annotations\n" in layered
    long = LicensedPart(f"LicenseRef-permission-{'a' * 90}", "permission", 1, "permitted")
    assert collection_license([long]).hub_name == f"licenseref-permission-{'a' * 74}", "96 signs"


def test_a_snapshot_without_text_has_no_text_licence() -> None:
    terms = collection_license([], [])
    assert (terms.expression, terms.hub, terms.texts) == ("", "other", ())
    assert (terms.hub_name, terms.hub_link) == ("no-text-released", "")
    assert collection_license([], ["CC-BY-4.0"]).hub == "cc-by-4.0"


def test_noncommercial_texts_bind_the_compiled_layer() -> None:
    conflict = collection_license([BY, NONCOMMERCIAL], ["CC-BY-4.0"], noncommercial=True).issues
    assert [issue.code for issue in conflict] == ["collection-license-conflict"]
    assert conflict[0].found == "CC-BY-NC-4.0 (a1, b2 and 5 more)"
    assert conflict[0].expected == (
        "terms that go together: the compilation is declared under CC-BY-4.0, which allows commercial use"
    )
    assert collection_license([NONCOMMERCIAL], ["CC-BY-NC-SA-4.0"], noncommercial=True).issues == ()
    assert collection_license([NONCOMMERCIAL], [], noncommercial=True).issues == ()
    (undeclared,) = collection_license([NONCOMMERCIAL], [], noncommercial=False).issues
    assert undeclared.expected == "terms that go together: the release does not declare itself non-commercial"


def test_what_the_law_allows_binds_by_no_licence() -> None:
    quoted = LicensedPart(LEGAL_BASIS, "in-copyright", 2, "permitted")
    terms = collection_license([BY, quoted], ["CC-BY-4.0"], notes={LEGAL_BASIS: "Basis: a clause.\n"})
    assert (terms.expression, terms.issues) == ("CC-BY-4.0 AND LicenseRef-legal-basis", ())
    assert dict(terms.texts)["LicenseRef-legal-basis.txt"] == "Basis: a clause.\n"


def test_two_sources_that_share_an_identifier_share_a_text() -> None:
    sources = [Source("a_b", permission="First letter"), Source("a-b", permission="Second letter")]
    assert [text.count("letter") for text in permission_notes(sources).values()] == [2]


def test_a_compilation_licence_that_cannot_be_read_is_an_error() -> None:
    issues = collection_license([BY], ["CC-BY-9.9"]).issues
    assert [(issue.severity, issue.field) for issue in issues] == [("error", "licenses")]


def test_choices_keep_their_parentheses() -> None:
    assert conjunction(["CC-BY-4.0 OR CC0-1.0", "MIT"]) == "(CC-BY-4.0 OR CC0-1.0) AND MIT"
    assert conjunction(["CC-BY-4.0 OR CC0-1.0"]) == "CC-BY-4.0 OR CC0-1.0"
    assert conjunction(["(CC-BY-4.0 OR CC0-1.0)", "MIT"]) == "(CC-BY-4.0 OR CC0-1.0) AND MIT"
    assert conjunction(["(CC-BY-4.0 OR CC0-1.0)"]) == "CC-BY-4.0 OR CC0-1.0"
    assert conjunction(["MIT AND CC0-1.0", "CC0-1.0"]) == "CC0-1.0 AND MIT"
    assert hub_license("CC-BY-4.0 OR CC0-1.0") == ("other", "cc-by-4.0-or-cc0-1.0")


def test_the_order_of_the_parts_makes_no_difference() -> None:
    parts = [BY, ZERO, ALIKE, PERMITTED]
    assert collection_license(parts) == collection_license(parts[::-1])


def test_every_licence_has_a_file() -> None:
    texts = license_texts("CC-BY-4.0 AND (MIT OR LicenseRef-CC-BY-3.0-FR) AND Zlib")
    assert list(texts) == ["CC-BY-4.0.txt", "LicenseRef-CC-BY-3.0-FR.txt", "MIT.txt", "Zlib.txt"]
    assert len(texts["CC-BY-4.0.txt"]) > 10_000
    assert "https://creativecommons.org/licenses/by/3.0/fr/" in texts["LicenseRef-CC-BY-3.0-FR.txt"]
    assert identifiers("GPL-2.0-only WITH Classpath-exception-2.0") == ("GPL-2.0-only", "Classpath-exception-2.0")


def test_the_licence_texts_are_those_that_they_are_called() -> None:
    for resource in schema_files("licenses", ".txt"):
        text = resource.read_text(encoding="utf-8")
        assert text.endswith("\n"), resource.name
        assert len(text) > 1000, resource.name
    assert "Attribution-ShareAlike 4.0" in license_texts("CC-BY-SA-4.0")["CC-BY-SA-4.0.txt"]


def test_every_code_of_the_area_is_explained() -> None:
    assert {"license-unknown", "rights-contradiction", "review-needed"} <= set(issue_kinds())
    assert read_json("rights", "hugging-face.json")["licenses"]["cc-by-4.0"] == "CC-BY-4.0"
