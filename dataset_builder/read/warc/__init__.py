"""Web archives: WARC (ISO 28500) and WACZ, record by record, with their digests checked."""
