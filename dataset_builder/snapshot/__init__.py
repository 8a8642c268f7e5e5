"""The folder that a build leaves: shards, manifest, swap, verify."""
