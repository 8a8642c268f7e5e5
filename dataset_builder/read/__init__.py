"""One file per input form; each yields record batches of ``RAW_SCHEMA``."""
