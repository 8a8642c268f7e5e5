"""The data card says what the facts say, for a full snapshot and for a bare folder, and nothing that it cannot know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dataset_builder.config import Source, Withdrawal
from dataset_builder.describe.card import render_card
from dataset_builder.describe.facts import Accounts, LicenseRow, SnapshotFacts
from dataset_builder.schema import flatten_fields
from made_snapshots import bare_facts, harbour_facts, with_config

#: What only the sources' and the configuration's texts may carry, with every kind of markup at once.
HOSTILE = (
    "</td><script>alert(1)</script> [x](javascript:y) | `z` *b*\n---\n# forged\n\x1b[2J\u202e {{ 7 * 7 }} {% raw %}"
)


def front_matter(card: str) -> dict:
    opening, front, _ = card.split("---\n", 2)
    assert opening == ""
    loaded: dict = yaml.safe_load(front)
    return loaded


@pytest.fixture
def harbour(tmp_path: Path) -> SnapshotFacts:
    return harbour_facts(tmp_path)


def test_front_matter_states_license_languages_size_and_configs(harbour: SnapshotFacts) -> None:
    front = front_matter(render_card(harbour))
    assert front["license"] == ["cc-by-4.0", "cc-by-sa-4.0"]
    assert (front["language"], front["language_bcp47"]) == (["en", "es"], ["es-MX"])
    assert front["size_categories"] == ["n<1K"]
    names = [config["config_name"] for config in front["configs"]]
    assert names == ["articles", "catalog", "entities", "sources", "permissive", "sharealike"]
    assert [config["config_name"] for config in front["configs"] if config.get("default")] == ["articles"]
    assert names == [info["config_name"] for info in front["dataset_info"]]


def test_globs_take_the_shards_of_their_config_and_no_other(harbour: SnapshotFacts) -> None:
    import fnmatch

    from dataset_builder.describe.front_matter import card_configs

    shards = [shard.path for table in harbour.tables for shard in table.shards]
    for config in card_configs(harbour):
        assert [path for path in shards if fnmatch.fnmatch(path, config.glob)] == [
            shard.path for shard in config.shards
        ]


def test_one_family_alone_gets_no_config_of_its_own(harbour: SnapshotFacts) -> None:
    front = front_matter(render_card(replace(harbour, families=harbour.families[:1])))
    assert "permissive" not in [config["config_name"] for config in front["configs"]]


def test_every_field_of_every_table_has_its_row(harbour: SnapshotFacts) -> None:
    card = render_card(harbour)
    for table in harbour.tables:
        section = card.split(f"### `{table.schema.name}`")[1].split("\n#")[0]
        for path, _ in flatten_fields(table.schema.fields):
            assert f"| `{path}` |" in section


def test_a_bare_folder_has_a_whole_and_honest_card(tmp_path: Path) -> None:
    card = render_card(bare_facts(tmp_path))
    front = front_matter(card)
    assert [config["config_name"] for config in front["configs"]] == ["catalog", "sources"]
    assert front["configs"][0]["default"] is True
    assert front["license"] == "other"
    for sentence in (
        "2 withheld. No right to publish a text was shown.",
        "The corpus's configuration gives no description.",
        "No text is released, and no licence to any text is passed on.",
        "The table `articles` holds no rows and has no config",
        "The configuration names no contact for 1 source",
        "unknown: no input carries a date",
        "The configuration names nobody.",
        "carries no entity annotations",
    ):
        assert sentence in card
    assert "More Information Needed" not in card


def test_withheld_articles_are_counted_by_rule(harbour: SnapshotFacts) -> None:
    section = render_card(harbour).split("### Withheld, and why")[1].split("\n#")[0]
    assert "| `in-copyright` | in-copyright | metadata | 1 |" in section
    assert "| `no-evidence` | undetermined | metadata | 2 |" in section
    assert "cc-by" not in section


def test_changes_are_listed_where_the_configuration_tells_of_them(harbour: SnapshotFacts) -> None:
    assert "| `1.2.0` | 2024-11-05 | Two articles more; one was withdrawn. |" in render_card(harbour)
    assert "The configuration names no changes" in render_card(with_config(harbour, changes=()))


def test_a_card_whose_accounts_do_not_add_up_says_so(harbour: SnapshotFacts) -> None:
    card = render_card(replace(harbour, accounts=Accounts(read=10, released=6)))
    assert "do not add up" in card


@pytest.mark.parametrize("audience", ["private", "restricted"])
def test_an_audience_that_is_not_the_public_is_named(harbour: SnapshotFacts, audience: str) -> None:
    build = replace(harbour.config.build, audience=audience)
    assert f"**{audience.capitalize()} snapshot.**" in render_card(with_config(harbour, build=build))


def test_a_private_card_passes_on_no_licence(harbour: SnapshotFacts) -> None:
    card = render_card(with_config(harbour, build=replace(harbour.config.build, audience="private")))
    front = front_matter(card)
    assert (front["license"], front["license_name"]) == ("other", "private-not-for-publication")
    assert "license_link" not in front
    rights = card.split("## Rights")[1].split("\n### ")[0]
    assert "This card passes on no licence to any of them." in rights
    assert "releases nothing" not in rights


def test_markup_from_outside_stays_text(harbour: SnapshotFacts) -> None:
    from markdown_it import MarkdownIt

    source = Source("ledger", title=HOSTILE, path="javascript:alert(1)", email=HOSTILE, publisher=HOSTILE)
    hostile = replace(
        with_config(harbour, title=HOSTILE, description=HOSTILE, keywords=(HOSTILE,), sources=(source,)),
        licenses=(LicenseRow("ledger", HOSTILE, HOSTILE, "metadata", HOSTILE, 3),),
        languages=((HOSTILE, 1),),
        checks=((HOSTILE, HOSTILE),),
        withdrawals=(Withdrawal(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,)),),
    )
    card = render_card(hostile)
    assert front_matter(card)["pretty_name"].startswith("</td><script>")
    body = card.split("---\n", 2)[2]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(body)
    flat = [child for token in tokens for child in (token, *(token.children or []))]
    assert not [token for token in flat if token.type in ("html_block", "html_inline")]
    assert all(str(token.attrs["src"]).startswith("figures/") for token in flat if token.type == "image")
    links = [token.attrs["href"] for token in flat if token.type == "link_open"]
    assert all(str(address).startswith("https://") for address in links)
    clean = MarkdownIt("gfm-like", {"linkify": False}).parse(render_card(harbour).split("---\n", 2)[2])
    assert headings(tokens)[1:] == headings(clean)[1:]
    assert not set(card) & {"\x1b", "\u202e"}
    assert "{{ 7 * 7 }}" in card


def headings(tokens: list) -> list[str]:
    return [tokens[index + 1].content for index, token in enumerate(tokens) if token.type == "heading_open"]


def test_twenty_thousand_sources_make_a_card_of_bounded_length(tmp_path: Path) -> None:
    sources = tuple(Source(f"s{number}", title="Tide", email=f"a@s{number}.example.org") for number in range(20_000))
    facts = replace(
        with_config(bare_facts(tmp_path), sources=sources),
        licenses=tuple(LicenseRow(source.name, "", "undetermined", "metadata", "no-evidence", 1) for source in sources),
    )
    card = render_card(facts)
    assert len(card) < 200_000
    assert "19,800 more rows are left out here" in card


def test_the_card_is_the_same_for_the_same_facts(tmp_path: Path) -> None:
    assert render_card(harbour_facts(tmp_path / "a")) == render_card(harbour_facts(tmp_path / "b"))
