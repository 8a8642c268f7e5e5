"""A snapshot's provenance as an RO-Crate of the Process Run profile."""
