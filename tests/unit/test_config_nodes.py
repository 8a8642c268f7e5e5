"""What libyaml reads and PyYAML's own parser does not, in a dataset.yaml that commands add to."""

from __future__ import annotations

import pytest

from dataset_builder.config import Withdrawal
from dataset_builder.config_nodes import nodes_of
from dataset_builder.errors import UsageError
from dataset_builder.evidence.proposal import Proposal, with_proposal
from dataset_builder.publish.deposit.doi_entry import with_doi
from dataset_builder.strict_yaml import parse_yaml
from dataset_builder.withdraw.entry import with_entries

ENTRY = Withdrawal("0" * 31 + "a", "The author asked for it.", "2024-11-05", ())


@pytest.fixture(params=[r'{/?"\UFFFFFFFF}', r'{/?"\U00110000}', r'{/?"\xzz}'])
def text(request: pytest.FixtureRequest) -> str:
    """A document whose places nobody knows."""
    made = f"name: a\nversion: 1.0.0\nsources:\n  - name: ledger\nodd: {request.param}\n"
    assert parse_yaml(made).value["odd"]
    assert nodes_of(made) is None
    return made


def test_places_of_nodes() -> None:
    assert nodes_of("") is nodes_of("# nothing\n") is None
    ((_, value),) = nodes_of("version: 1.0.0\n").value
    assert value.start_mark.index == 9


def test_what_goes_to_the_end_is_added(text: str) -> None:
    assert with_doi(text, "10.5072/x.1") == f"{text}doi: 10.5072/x.1\n"
    assert parse_yaml(with_entries(text, [ENTRY])).value["withdrawals"][0]["id"] == ENTRY.id


def test_what_has_a_place_is_told_to_be_added_by_hand(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        with_proposal(text, Proposal("ledger", {"license_evidence": {"url": "https://x.example.org"}}, ()))
    assert caught.value.hint.startswith("write by hand: ")
