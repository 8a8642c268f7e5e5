"""Citations are read back by others: the CFF 1.2.0 and DataCite 4.5 schemas, pybtex, rispy and citeproc-py."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from dataset_builder.describe.cite import CitationFacts, Creator, citation_facts, render_citation
from dataset_builder.describe.escape import one_line
from made_snapshots import bare_facts, harbour_facts

SCHEMAS = Path(__file__).parent / "schemas"
CFF_SCHEMA = json.loads((SCHEMAS / "cff-1.2.0.schema.json").read_text(encoding="utf-8"))
DATACITE_SCHEMA = json.loads((SCHEMAS / "datacite-4.5.schema.json").read_text(encoding="utf-8"))
HOSTILE = 'Tides \\ {x} }{ "y" $z$ 50% & #1_a ~ ^ <b> | and others, \x1b[2J\n@article{evil, title={x}}'
PEOPLE = tuple(
    Creator(f"Søren {family}", family=family, given="Søren Åse", orcid="https://orcid.org/0000-0002-1825-0097")
    for family in [f"Łęcka-Ñuñez {number}" for number in range(30)]
)


def facts(**changes: object) -> CitationFacts:
    members: dict = {
        "name": "tides",
        "title": "Tides",
        "version": "1.2.0",
        "created": date(2024, 11, 5),
        "identity": "sha256:" + "ab" * 32,
    }
    return CitationFacts(**{**members, **changes})


CASES = {
    "nobody": facts(),
    "thirty": facts(creators=PEOPLE, licenses=("CC-BY-4.0",), doi="10.5281/zenodo.1003150", keywords=("a", "b")),
    "organisations": facts(creators=(Creator("Rock and Sand, Inc."), Creator("Rock and Sand, Inc."))),
    "undated": facts(created=None),
    "odd-doi": facts(doi="10.1000/a<b>c{d}"),
    "odd-orcid": facts(creators=(Creator("A B", "B", "A", orcid="https://example.org/not-an-orcid"),)),
    "several-licenses": facts(licenses=("CC-BY-4.0", "CC0-1.0")),
    "unknown-license": facts(licenses=("LicenseRef-InC",)),
}


def read_cff(text: str) -> dict:
    """YAML without implicit types, as the schema wants dates and versions: as text."""
    loaded: dict = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


@pytest.mark.parametrize("name", CASES)
def test_cff_is_valid(name: str) -> None:
    entries = read_cff(render_citation(CASES[name], "cff"))
    jsonschema.Draft7Validator(CFF_SCHEMA).validate(entries)
    assert entries["type"] == "dataset"
    assert CASES[name].identity in [entry["value"] for entry in entries["identifiers"]]


def test_cff_names_one_licence_only_where_there_is_one() -> None:
    """CFF reads a list of licences as a choice, and nobody may choose here."""
    assert read_cff(render_citation(CASES["thirty"], "cff"))["license"] == "CC-BY-4.0"
    assert "license" not in read_cff(render_citation(CASES["several-licenses"], "cff"))
    assert "license" not in read_cff(render_citation(CASES["unknown-license"], "cff"))


def test_cff_schema_refuses_what_it_should() -> None:
    """The schema as it is used here can say no."""
    entries = read_cff(render_citation(CASES["thirty"], "cff"))
    for changes in ({"type": "corpus"}, {"date-released": "5 November"}, {"doi": "https://doi.org/10.5281/zenodo.1"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft7Validator(CFF_SCHEMA).validate({**entries, **changes})


@pytest.mark.parametrize("make", [harbour_facts, bare_facts])
def test_cff_of_a_snapshot_is_valid(tmp_path: Path, make) -> None:
    entries = read_cff(render_citation(citation_facts(make(tmp_path)), "cff"))
    jsonschema.Draft7Validator(CFF_SCHEMA).validate(entries)


def read_bibtex(text: str):
    from pybtex.database import parse_string

    library = parse_string(text, "bibtex")
    assert len(library.entries) == 1
    return next(iter(library.entries.values()))


@pytest.mark.parametrize("name", CASES)
def test_bibtex_is_read_with_every_person(name: str) -> None:
    case = CASES[name]
    entry = read_bibtex(render_citation(case, "bibtex"))
    assert entry.type == "misc"
    assert case.identity in entry.fields["note"]
    read = [
        (" ".join(person.last_names), " ".join((*person.first_names, *person.middle_names)))
        for person in entry.persons.get("author", [])
    ]
    expected = [
        (creator.family, creator.given) if creator.is_person else ("{" + creator.name + "}", "")
        for creator in case.creators
    ]
    assert read == expected


@pytest.mark.parametrize("place", ["title", "family", "organisation", "publisher"])
def test_bibtex_takes_hostile_text_as_text(place: str) -> None:
    from pybtex.richtext import Text

    name = " ".join(HOSTILE.replace("\x1b", " ").split())
    case = {
        "title": facts(title=name),
        "family": facts(creators=(Creator(name, family=name, given="A"),)),
        "organisation": facts(creators=(Creator(name),)),
        "publisher": facts(publisher=name),
    }[place]
    entry = read_bibtex(render_citation(case, "bibtex"))
    raw = {
        "title": lambda: entry.fields["title"],
        "family": lambda: " ".join(entry.persons["author"][0].last_names),
        "organisation": lambda: " ".join(entry.persons["author"][0].last_names),
        "publisher": lambda: entry.fields["publisher"],
    }[place]()
    read = str(Text.from_latex(raw))
    assert read.count("evil") == 1
    assert len(entry.persons.get("author", [])) == (place in ("family", "organisation"))
    for fragment in ("50%", "& #1_a", "and others", "@article", r"\$z\$"):
        assert fragment in read


def test_bibtex_renders_through_a_style() -> None:
    from pybtex import format_from_string

    text = format_from_string(render_citation(CASES["thirty"], "bibtex"), "plain", output_backend="plaintext")
    assert "Łęcka-Ñuñez 29" in text
    assert "Data digest sha256:" in text


@pytest.mark.parametrize("name", CASES)
def test_datacite_is_valid(name: str) -> None:
    record = json.loads(render_citation(CASES[name], "datacite"))
    jsonschema.Draft201909Validator(DATACITE_SCHEMA).validate(record)
    assert record["alternateIdentifiers"][0]["alternateIdentifier"] == CASES[name].identity
    assert len(record["creators"]) == max(1, len(CASES[name].creators))


def test_datacite_schema_refuses_what_it_should() -> None:
    record = json.loads(render_citation(CASES["thirty"], "datacite"))
    for changes in ({"titles": []}, {"doi": "https://doi.org/10.5281/zenodo.1"}, {"types": {}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft201909Validator(DATACITE_SCHEMA).validate({**record, **changes})


@pytest.mark.parametrize("name", CASES)
def test_ris_is_read_as_one_data_set(name: str) -> None:
    rispy = pytest.importorskip("rispy")
    case = CASES[name]
    entries = rispy.loads(render_citation(case, "ris"))
    assert [entry["type_of_reference"] for entry in entries] == ["DATA"]
    assert len(entries[0].get("authors", [])) == len(case.creators)
    assert entries[0]["edition"] == "Version 1.2.0"


def test_ris_cannot_be_forged_by_a_title() -> None:
    """The title's line breaks are gone before a style sees it, so that a tag inside is a word among others."""
    rispy = pytest.importorskip("rispy")
    title = one_line("Tides\nER  - \nTY  - BOOK\nTI  - Forged")
    assert len(rispy.loads(render_citation(facts(title=title), "ris"))) == 1


@pytest.mark.filterwarnings("ignore")  # citeproc-py warns of every member of CSL 1.0.2 that it does not know
@pytest.mark.parametrize("name", ["nobody", "thirty", "organisations", "undated"])
def test_csl_json_renders_through_a_style(name: str) -> None:
    citeproc = pytest.importorskip("citeproc")
    from citeproc.source.json import CiteProcJSON

    case = CASES[name]
    items = json.loads(render_citation(case, "csl-json"))
    style = citeproc.CitationStylesStyle("harvard-cite-them-right", validate=False)
    library = citeproc.CitationStylesBibliography(style, CiteProcJSON(items), citeproc.formatter.plain)
    library.register(citeproc.Citation([citeproc.CitationItem(items[0]["id"])]))
    text = str(library.bibliography()[0])
    assert "Tides" in text
    assert all((creator.family or creator.name) in text for creator in case.creators[:1])
    assert [name.get("family") or name["literal"] for name in items[0].get("author", [])] == [
        creator.family or creator.name for creator in case.creators
    ]
