"""Build a corpus on a cluster of two nodes: run in a network namespace of its own, as Ray listens on every address.

``python two_nodes.py CORPUS OUT [--storage ADDRESS] [--kill FOLDER]`` prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ray.cluster_utils import Cluster

from dataset_builder import pipeline
from dataset_builder.engines.ray_cluster import RayCluster
from dataset_builder.errors import DatasetBuilderError
from pool_jobs import DyingOnce


def main() -> None:
    """Make the cluster, build, tell what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--storage")
    parser.add_argument("--kill", type=Path, help="a worker kills itself once over each of its first tasks")
    options = parser.parse_args()
    if options.kill:
        pipeline.Refining = lambda *given: DyingOnce(Refining(*given), options.kill)  # type: ignore[assignment,misc]
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    try:
        with RayCluster(cluster.address, options.storage) as engine:
            workers = engine.workers
            result = pipeline.build(options.corpus, options.out, engine=engine, allow_rejected=True)
        print(json.dumps({"identity": result.facts.identity, "workers": workers, "issues": len(result.issues)}))
    except DatasetBuilderError as error:
        print(json.dumps({"error": error.found, "hint": error.hint, "code": error.exit_code}))
    finally:
        cluster.shutdown()


Refining = pipeline.Refining

if __name__ == "__main__":
    main()
