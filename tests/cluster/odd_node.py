"""Builds from the shell on a cluster whose second node differs: run in a network namespace of its own.

``python odd_node.py CASES`` takes ``[{"by": FOLDER, "over": FOLDER, "arguments": [...]}, ...]``: for each case a second
node joins in a mount namespace where ``by`` lies over the file or folder ``over``, and ``build-dataset`` is called with
the arguments. Prints ``[{"code": ..., "shown": ..., "node": ...}, ...]``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import ray
from ray.cluster_utils import Cluster

MOUNTED = ["unshare", "-m", "sh", "-c", 'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh"]
PATIENCE_SECONDS = 120


def head() -> Cluster:
    """The first node, which has no processor to spare."""
    for _ in range(2):
        with suppress(Exception):  # Ray gives a node half a minute to start, which a busy machine may need
            return _head()
    return _head()


def _head() -> Cluster:
    cluster = Cluster()
    cluster.add_node(num_cpus=1, include_dashboard=False, node_ip_address="127.0.0.1")
    return cluster


@contextmanager
def second_node(address: str, by: str, over: str) -> Iterator[None]:
    """A node that sees ``by`` where the others see ``over``, for as long as the block lasts."""
    start = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=1"]
    command = [*MOUNTED, by, over, *start, f"--address={address}", "--node-ip-address=127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for_nodes(2)
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        wait_for_nodes(1)


def wait_for_nodes(count: int) -> None:
    """Wait until so many are alive."""
    end = time.monotonic() + PATIENCE_SECONDS
    while sum(node["Alive"] for node in ray.nodes()) != count:
        if time.monotonic() > end:
            raise SystemExit(f"there never were {count} nodes")
        time.sleep(0.2)


def shown(arguments: list[str], address: str) -> dict[str, Any]:
    """What the shell sees of one call."""
    command = [sys.executable, "-m", "dataset_builder", *arguments, "--engine", "ray", "--address", address]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    return {"code": done.returncode, "shown": done.stderr}


def main() -> None:
    """Every case on one cluster."""
    cases = json.loads(sys.argv[1])
    cluster = head()
    ray.init(address=cluster.address, log_to_driver=False)
    found = []
    for case in cases:
        with second_node(cluster.address, case["by"], case["over"]):
            found.append(shown(case["arguments"], cluster.address))
    print(json.dumps(found))
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main()
