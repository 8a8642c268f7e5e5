"""What a source says about the use of its texts: fetched once, kept as a dated archive, proposed for review."""
