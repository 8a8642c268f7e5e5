"""Where the rows come from: Arrow tables and readers, Parquet files, and the text formats that frictionless reads."""

from __future__ import annotations

from dataset_builder.validate.sources.arrow import ArrowSource, StreamSource, TableSource
from dataset_builder.validate.sources.opening import Table, open_source
from dataset_builder.validate.sources.parquet import ParquetSource
from dataset_builder.validate.sources.text import TextSource

__all__ = ["ArrowSource", "ParquetSource", "StreamSource", "Table", "TableSource", "TextSource", "open_source"]
