"""Entries go into dataset.yaml by text: comments and layout stay, and nothing in a reason can become YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.config import Withdrawal
from dataset_builder.errors import UsageError
from dataset_builder.strict_yaml import parse_yaml
from dataset_builder.withdraw.entry import add_entries, with_entries

ENTRY = Withdrawal("0" * 31 + "a", "The author asked for it.", "2024-11-05", ("1.0.0",))
BLOCK = """\
  - id: 0000000000000000000000000000000a
    reason: "The author asked for it."
    date: 2024-11-05
    versions: ["1.0.0"]
"""


def test_a_file_without_withdrawals_gets_them_at_its_end() -> None:
    text = "name: harbour   # the short name\n\ntitle: 'Harbour'\n"
    assert with_entries(text, [ENTRY]) == f"{text}withdrawals:\n{BLOCK}"


def test_a_file_without_a_last_line_break() -> None:
    assert with_entries("name: harbour", [ENTRY]) == f"name: harbour\nwithdrawals:\n{BLOCK}"


def test_an_entry_follows_the_last_one_before_whatever_comes_next() -> None:
    before = "withdrawals:\n  # asked by letter\n  - id: '1'\n    reason: one  # two\n"
    after = "\n# the build\nbuild: {audience: public}\n"
    assert with_entries(before + after, [ENTRY]) == before + BLOCK + after


def test_dashes_stand_under_dashes() -> None:
    text = "withdrawals:\n- id: '1'\n  reason: >-\n    a long\n    reason\n\nname: harbour\n"
    expected = BLOCK.replace("\n  ", "\n").removeprefix("  ")
    assert expected in with_entries(text, [ENTRY])


@pytest.mark.parametrize(
    "text",
    [
        "withdrawals: []\n",
        "withdrawals: [ ]  # none yet\nname: harbour\n",
        "withdrawals: [{id: '1', reason: one}]\n",
        "withdrawals:\n  [\n    {id: '1'},  # first\n  ]\n",
        "{name: harbour, title: 'Harbour'}\n",
        "{name: harbour,}",
        "",
        "# nothing but a comment\n",
        "\ufeffname: harbour\n",
        "name: harbour\r\nwithdrawals:\r\n  - id: '1'\r\n    reason: one\r\n",
        "withdrawals:\n  - {id: '1', reason: one}   # flow\nname: harbour\n",
        "withdrawals:\n  -\n    id: '1'\n    versions:\n      - '1'\n      - '2'\nname: harbour\n",
    ],
)
def test_every_shape_keeps_what_it_had(text: str) -> None:
    added = with_entries(text, [ENTRY])
    old = parse_yaml(text.removeprefix("\ufeff")).value or {}
    new = parse_yaml(added.removeprefix("\ufeff")).value
    assert new["withdrawals"][:-1] == old.get("withdrawals", [])
    assert new["withdrawals"][-1] == {
        "id": ENTRY.id, "reason": ENTRY.reason, "date": ENTRY.date, "versions": ["1.0.0"],
    }  # fmt: skip
    assert {**new, "withdrawals": 0} == {**old, "withdrawals": 0}
    assert added.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in added) == ("\r\n" in text)
    for line in text.splitlines():
        assert line.partition("#")[2] in added


@given(reason=st.text(st.characters(blacklist_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1))
def test_a_reason_is_only_ever_a_reason(reason: str) -> None:
    text = "name: harbour\nwithdrawals:\n  - {id: '1'}\n"
    found = parse_yaml(with_entries(text, [Withdrawal(ENTRY.id, reason, ENTRY.date)])).value
    assert found["name"] == "harbour"
    assert found["withdrawals"][1] == {"id": ENTRY.id, "reason": reason, "date": ENTRY.date}
    assert len(found) == len(found["withdrawals"]) == 2


@pytest.mark.parametrize("digits", ["1" * 32, "1" * 29 + "e" + "12"])
def test_an_id_that_looks_like_a_number_stays_text(digits: str) -> None:
    found = parse_yaml(with_entries("name: harbour\n", [Withdrawal(digits, "asked", "2024-11-05")])).value
    assert found["withdrawals"][0]["id"] == digits


def test_a_document_with_an_end_says_what_to_add_by_hand() -> None:
    with pytest.raises(UsageError) as caught:
        with_entries("name: harbour\n...\n", [ENTRY])
    assert ENTRY.id in caught.value.hint


def test_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("name: harbour\n", encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "dataset.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(UsageError, match="leads outside"):
        add_entries(tmp_path / "corpus", [ENTRY])
    assert (tmp_path / "elsewhere.yaml").read_text(encoding="utf-8") == "name: harbour\n"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "dataset.yaml").symlink_to(tmp_path / "absent.yaml")
    with pytest.raises(UsageError):
        add_entries(tmp_path / "corpus", [ENTRY])
    assert not (tmp_path / "absent.yaml").exists()
    assert not [path for path in (tmp_path / "corpus").iterdir() if not path.is_symlink()]


def test_the_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "dataset.yaml"
    path.write_text("name: harbour\n", encoding="utf-8")
    path.chmod(0o640)
    add_entries(tmp_path, [ENTRY])
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["dataset.yaml"]
