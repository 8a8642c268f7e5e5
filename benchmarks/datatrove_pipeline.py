"""The same work by datatrove: ``python datatrove_pipeline.py CORPUS OUT PROCESSES [--words white-space]``.

Runs in an environment of its own (``whole_build.py`` makes it), which holds datatrove and the language model. As lean
as datatrove's steps allow: the language filter, the first Parquet file and the signatures in one pass.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashConfig, MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter
from datatrove.pipeline.dedup.minhash import MinhashDedupSignature
from datatrove.pipeline.filters import LambdaFilter
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import ParquetWriter
from datatrove.utils.word_tokenizers import WhitespaceTokenizer


def has_language(document: Any) -> bool:
    """Tell the language by the build's own function; keep what has one."""
    from dataset_builder.stages.language import identify

    document.metadata["language"], document.metadata["language_confidence"] = identify(document.text)
    return document.metadata["language"] is not None


def signatures(folder: Path, config: MinhashConfig, words: str) -> MinhashDedupSignature:
    """The first step of MinHash, with datatrove's English words (spaCy's), or with words cut at white space."""
    step = MinhashDedupSignature(str(folder), config=config)
    if words == "white-space":
        step.word_tokenizer = WhitespaceTokenizer()
    return step


def main() -> None:
    """Four steps, one after the other, each on so many processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("processes", type=int)
    parser.add_argument("--words", choices=("spacy", "white-space"), default="spacy")
    options = parser.parse_args()
    config, out = MinhashConfig(), options.out
    read = JsonlReader(str(options.corpus), text_key="body", glob_pattern="*.jsonl")
    kept = ParquetWriter(str(out / "kept"), compression="zstd")
    released = ParquetWriter(str(out / "released"), compression="zstd")
    sign = signatures(out / "signatures", config, options.words)
    steps: list[tuple[list[Any], int]] = [
        ([read, LambdaFilter(has_language), kept, sign], options.processes),
        ([MinhashDedupBuckets(str(out / "signatures"), str(out / "buckets"), config=config)], config.num_buckets),
        ([MinhashDedupCluster(str(out / "buckets"), str(out / "removed"), config=config)], 1),
        ([ParquetReader(str(out / "kept")), MinhashDedupFilter(str(out / "removed")), released], options.processes),
    ]
    for number, (steps_of_one, tasks) in enumerate(steps):
        logs = str(out / f"logs-{number}")
        LocalPipelineExecutor(steps_of_one, tasks=tasks, workers=options.processes, logging_dir=logs).run()


if __name__ == "__main__":
    main()
