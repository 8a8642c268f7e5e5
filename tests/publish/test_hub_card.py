"""What the Hub would reject of a card is found before anything is sent; faults of its client are put into words."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import httpx2
import pytest

from dataset_builder.errors import EXIT_CALL, EXIT_OUTSIDE
from dataset_builder.publish.hub.card import check_hub_card
from dataset_builder.publish.hub.faults import clean, explain_fault
from publishing import TARGET, Built, Run
from stand_ins.hub import HubStandIn


@pytest.mark.parametrize("card", ["DATA_CARD.md", "tests/golden/harbour/README.md", "tests/golden/bare/README.md"])
def test_the_cards_that_are_written_pass(card: str, repository: Path) -> None:
    assert check_hub_card(repository / card) == []


@pytest.mark.parametrize(
    ("pattern", "replacement", "field", "found"),
    [
        (r"^license:.*(\n- .*)*", "license: cc-by-5.0", "license", "cc-by-5.0"),
        (r"^license:.*(\n- .*)*", "license: [cc-by-4.0, All rights reserved]", "license", "All rights reserved"),
        (r"^license:.*(\n- .*)*", "license: other", "license_name", "license: other without a name"),
        (r"^license:.*(\n- .*)*\n", "", "license", "no license"),
        (r"^language:\n- en", "language:\n- english", "language", "english"),
        (r"^- 1?n<1K", "- tiny", "size_categories", "tiny"),
        (r"^- text-retrieval", "- text-finding", "task_categories", "text-finding"),
        (r"^- found", "- discovered", "language_creators", "discovered"),
        (r"^- config_name: articles", "- config_name: all", "configs", "all"),
        (r"split: train", "split: train-1", "configs.articles", "the split train-1"),
        (r"^---\n", "", "", "no YAML front matter"),
        (r"^license:", "license: [\nlicense:", "", None),
    ],
)  # fmt: skip
def test_what_the_hub_would_reject(
    built: Built, tmp_path: Path, pattern: str, replacement: str, field: str, found: str | None
) -> None:
    text = (built() / "README.md").read_text(encoding="utf-8")
    changed = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert changed != text
    (tmp_path / "README.md").write_text(changed, encoding="utf-8")
    issues = check_hub_card(tmp_path / "README.md")
    assert (issues[0].code, issues[0].field) == ("card-rejected", field)
    assert found is None or issues[0].found == found


def test_a_card_that_the_hub_would_reject_is_not_sent(
    hub: HubStandIn, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasets.utils import metadata

    monkeypatch.setattr(metadata, "known_task_ids", {"text-classification": []})
    code, _, err = run("publish", built(), TARGET)
    assert code == 1
    assert "card-rejected" in err
    assert hub.asked == []


def test_a_wrong_clock_is_named() -> None:
    said = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate is not yet valid (_ssl.c:1006)"
    fault = httpx2.ConnectError(said)
    fault.__cause__ = ssl.SSLCertVerificationError(said)
    error = explain_fault(fault, "read it", TARGET)
    assert error.exit_code == EXIT_OUTSIDE
    assert "clock" in error.hint


@pytest.mark.parametrize(
    ("status", "exit_code"), [(400, 2), (401, 2), (403, 2), (404, 2), (409, 3), (412, 3), (429, 3), (502, 3)]
)
def test_every_status_has_an_exit_code(status: int, exit_code: int) -> None:
    request = httpx2.Request(
        "POST", "https://hub.example.org/api?signature=abc", headers={"authorization": "Bearer hf_abc"}
    )
    fault = httpx2.HTTPStatusError("refused", request=request, response=httpx2.Response(status, request=request))
    error = explain_fault(fault, "commit", TARGET)
    assert error.exit_code == exit_code in (EXIT_CALL, EXIT_OUTSIDE)
    assert error.hint
    assert "abc" not in str(error)


def test_tokens_and_addresses_leave_a_message() -> None:
    said = "PUT https://store.example.org/x?X-Amz-Signature=abc with Bearer hf_abcdefghijkl and hf_abcdefghijkl"
    assert clean(said) == "PUT (address) with (token) and (token)"
