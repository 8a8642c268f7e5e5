"""The connection to S3 is dropped at every class of byte boundary: nothing half is named, a second run finishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dataset_builder.errors import OutsideError
from dataset_builder.publish.address import S3Address
from dataset_builder.publish.s3.store import S3Store
from publishing import Built, Run, digests
from stand_ins.loopback import serving
from stand_ins.relay import Relay

TARGET = "s3://harbour/press/notes"
#: Every call that a publication makes, in its order.
CALLS = {
    "list": ("GET", r"^/harbour$"),
    "shard": ("PUT", r"/v1\.0\.0/articles/"),
    "card": ("PUT", r"/v1\.0\.0/README\.md$"),
    "seal": ("PUT", r"/v1\.0\.0/manifest\.json\.sha256$"),
    "read back": ("GET", r"/v1\.0\.0/"),
    "pointer": ("PUT", r"/latest\.json$"),
}
MODES = ["answer", "midway", "cut", "lost", "head", "half"]
_SHORT = {("shard", "midway"), ("seal", "lost"), ("pointer", "head")}
CASES = [
    pytest.param(call, mode, marks=() if (call, mode) in _SHORT else pytest.mark.slow)
    for call in CALLS
    for mode in MODES
    # what has no body cannot be dropped amid it
    if not (mode == "half" and call in ("shard", "card", "seal", "pointer"))
]
FOREVER = 10_000


@pytest.fixture
def wire(moto_address: str, bucket: Any, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """The way to the bucket's server."""
    with serving(Relay(moto_address)) as relay:
        monkeypatch.setenv("AWS_ENDPOINT_URL", relay.url)
        yield relay


def held(bucket: Any) -> dict[str, bytes]:
    """Key below the target -> content."""
    found = bucket.list_objects_v2(Bucket="harbour", Prefix="press/notes/").get("Contents", [])
    prefix = len("press/notes/")
    return {
        entry["Key"][prefix:]: bucket.get_object(Bucket="harbour", Key=entry["Key"])["Body"].read() for entry in found
    }


def never_half(bucket: Any, snapshot: dict[str, str]) -> None:
    """What the pointer names is whole; a seal is there only where all else is."""
    import hashlib

    files = held(bucket)
    version = {
        path.removeprefix("v1.0.0/"): hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path.startswith("v1.0.0/")
    }
    assert all(snapshot[path] == digest for path, digest in version.items()), "every file that is there is whole"
    if "latest.json" in files:
        assert json.loads(files["latest.json"])["version"] == "1.0.0"
        assert version == snapshot
    if "manifest.json.sha256" in version:
        assert version == snapshot


def test_the_calls_are_those_that_are_made(wire: Relay, built: Built, run: Run) -> None:
    import re

    code, _, err = run("publish", built(), TARGET)
    assert code == 0, err
    for name, (method, pattern) in CALLS.items():
        assert any(method == asked and re.search(pattern, path) for asked, path in wire.asked), (name, wire.asked)


@pytest.mark.parametrize(("call", "mode"), CASES)
def test_a_drop_that_stays(wire: Relay, bucket: Any, built: Built, run: Run, call: str, mode: str) -> None:
    fault = wire.fault(*CALLS[call], times=FOREVER, mode=mode)
    code, out, err = run("publish", built(), TARGET)
    # An answer that breaks off says enough for some clients; then what was sent is read back, and is whole.
    assert code in ((0, 3) if mode in ("head", "half") else (3,)), err
    assert "Traceback" not in err
    assert code == 0 or "to mend it" in err
    assert "secret-of-the-test" not in out + err
    fault.times = 0
    never_half(bucket, digests(built()))
    code, _, err = run("publish", built(), TARGET)
    assert code == 0, err
    never_half(bucket, digests(built()))
    assert "latest.json" in held(bucket)


@pytest.mark.parametrize(("call", "mode"), CASES)
def test_a_drop_that_passes(wire: Relay, bucket: Any, built: Built, run: Run, call: str, mode: str) -> None:
    wire.fault(*CALLS[call], mode=mode)
    code, _, err = run("publish", built(), TARGET)
    never_half(bucket, digests(built()))
    assert code == 0, err
    assert "latest.json" in held(bucket)


@pytest.mark.parametrize("mode", ["lost", "head", "half"])
def test_a_pointer_that_arrives_in_part_is_asked_for_again(
    wire: Relay, bucket: Any, built: Built, run: Run, mode: str
) -> None:
    """It is no pointer of somebody else's."""
    assert run("publish", built(), TARGET)[0] == 0
    wire.fault("GET", r"/latest\.json$", mode=mode)
    code, out, err = run("publish", built(), TARGET)
    assert code == 0, err
    assert "already" in out


@pytest.mark.parametrize(("mode", "times"), [("half", 12), ("head", 3), ("lost", 3)])
def test_a_read_that_is_cut_again_and_again_goes_on_where_it_was(
    wire: Relay, bucket: Any, mode: str, times: int
) -> None:
    import boto3

    content = bytes(range(256)) * 8_192
    bucket.put_object(Bucket="harbour", Key="press/tides", Body=content)
    cuts = wire.fault("GET", r"/tides$", times=times, mode=mode)
    store = S3Store(boto3.client("s3"), S3Address("harbour", "press"))
    with store.open("tides") as stream:
        assert stream.read() == content
    assert cuts.times == 0
    cuts.times = FOREVER
    with pytest.raises(OutsideError, match="could not read tides"), store.open("tides") as stream:
        stream.read()
