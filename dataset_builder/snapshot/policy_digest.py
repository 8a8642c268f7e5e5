"""One digest over everything that decides about rights, as a manifest states it."""

from __future__ import annotations

import hashlib

from dataset_builder.resources import schema_files
from dataset_builder.rights.policy import Policy
from dataset_builder.snapshot.identity import json_sha256


def policy_digest(policy: Policy) -> str:
    """The digest of the policy and every other file of ``schema/rights/``, the maps that feed it."""
    files = [entry for suffix in (".json", ".yaml") for entry in schema_files("rights", suffix)]
    digests = {entry.name: hashlib.sha256(entry.read_bytes()).hexdigest() for entry in files}
    return json_sha256({**digests, "policy.json": policy.sha256})
