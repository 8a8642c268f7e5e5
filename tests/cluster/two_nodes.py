"""Build a corpus on a cluster of two nodes: run in a network namespace of its own, as Ray listens on every address.

``python two_nodes.py CORPUS OUT [--storage ADDRESS] [--kill FOLDER] [--lose FOLDER]`` prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ray
from ray.cluster_utils import Cluster

from dataset_builder import pipeline
from dataset_builder.engines.ray_cluster import RayCluster
from dataset_builder.errors import DatasetBuilderError
from pool_jobs import DyingOnce

#: A node whose loss is waited for is lost within this time.
LOSS_SECONDS = 120


@dataclass(frozen=True)
class LostOnce:
    """Does what ``job`` does, but on the node ``victim``: there it says that it has begun, and never ends."""

    job: Any
    notes: Path
    victim: str

    def __call__(self, task: object) -> object:
        if ray.get_runtime_context().get_node_id() == self.victim:
            (self.notes / "begun").touch()
            time.sleep(LOSS_SECONDS)
        return self.job(task)


def two_nodes() -> tuple[Cluster, Any]:
    """A cluster of two nodes with one processor each, and the second of them."""
    for _ in range(2):  # Ray gives a node half a minute to start, which a busy machine may need
        with suppress(Exception):
            return _started()
    return _started()


def _started() -> tuple[Cluster, Any]:
    cluster = Cluster()
    cluster.add_node(num_cpus=1, include_dashboard=False, node_ip_address="127.0.0.1")
    second = cluster.add_node(num_cpus=1, node_ip_address="127.0.0.1")
    cluster.wait_for_nodes()
    return cluster, second


def lose(cluster: Cluster, node: Any, notes: Path) -> None:
    """Kill the node, its raylet and all its workers, as soon as it has a task in hand."""
    while not (notes / "begun").exists():
        time.sleep(0.1)
    cluster.remove_node(node, allow_graceful=False)
    (notes / "lost").touch()


def main() -> None:
    """Make the cluster, build, tell what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--storage")
    parser.add_argument("--kill", type=Path, help="a worker kills itself once over each of its first tasks")
    parser.add_argument("--lose", type=Path, help="the second node is killed over its first task")
    options = parser.parse_args()
    cluster, second = two_nodes()
    if options.kill:
        pipeline.Refining = lambda *given: DyingOnce(Refining(*given), options.kill)  # type: ignore[assignment,misc]
    if options.lose:
        given_up = second.node_id
        pipeline.Refining = lambda *given: LostOnce(Refining(*given), options.lose, given_up)  # type: ignore[assignment,misc]
        threading.Thread(target=lose, args=(cluster, second, options.lose), daemon=True).start()
    start = time.monotonic()
    try:
        with RayCluster(cluster.address, options.storage) as engine:
            workers = engine.workers
            result = pipeline.build(options.corpus, options.out, engine=engine, allow_rejected=True)
        told = {"identity": result.facts.identity, "workers": workers, "issues": len(result.issues)}
        print(json.dumps({**told, "seconds": round(time.monotonic() - start, 1)}))
    except DatasetBuilderError as error:
        print(json.dumps({"error": error.found, "hint": error.hint, "code": error.exit_code}))
    finally:
        cluster.shutdown()


Refining = pipeline.Refining

if __name__ == "__main__":
    main()
