"""Snapshots at the places where others find them: the Hub, a bucket, a folder, a deposit.

With :mod:`dataset_builder.evidence` and the fetching half of rehydrate, the only code that opens a connection. Whatever
the target, the order is the same: the snapshot verifies, the plan is made, the files go there, they are read back and
compared digest by digest, and only then does a name point at them.
"""
