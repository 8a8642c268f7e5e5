"""What articles have to do with each other: near copies share a cluster and its strictest terms, revisions a chain.

Stages see one article at a time; this is the fan-in after them. ``traits`` reduces every batch to what linking needs to
know of it, in whatever process has the batch; ``links`` decides once, over all of them, and ``terms`` what a cluster's
members owe each other; ``articles`` are the rows with the decisions in them.
"""
