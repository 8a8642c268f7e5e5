"""A worker process: takes a job and its tasks from standard input, one at a time, and gives results to standard output.

Messages are pickles with their length before them, between a parent and the child that it has started itself. It is
started with ``python -m``, so it imports nothing of the parent's main module, which may be anybody's script.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO

from dataset_builder.engines.contract import do
from dataset_builder.engines.spool import compare_anew

_LENGTH_BYTES = 8


def send(stream: BinaryIO, message: Any) -> None:
    """Write one message."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(content).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read one message.

    Raises:
        EOFError: the other side is gone.
    """
    head = stream.read(_LENGTH_BYTES)
    length = int.from_bytes(head, "big")
    content = stream.read(length) if len(head) == _LENGTH_BYTES else b""
    if len(head) < _LENGTH_BYTES or len(content) < length:
        raise EOFError
    return pickle.loads(content)  # noqa: S301 - from our own parent or child


def main() -> None:
    """Work until the parent closes the pipe."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the messages
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends its workers
    requests: SimpleQueue[tuple[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(os.fdopen(os.dup(0), "rb"), requests), daemon=True).start()
    job: Any = None
    while True:
        kind, value = requests.get()
        if kind == "unread":
            send(results, ("failed", portable(value)))
            continue
        if kind == "job":
            job = value
            compare_anew()
            continue
        try:
            answer = ("done", do(job, value))
        except Exception as error:
            answer = ("failed", portable(error))
        send(results, answer)


def _listen(stream: BinaryIO, requests: SimpleQueue[tuple[str, Any]]) -> None:
    """Take messages in, and end the process at once when the parent is gone: a killed build leaves nobody working."""
    with suppress(EOFError, OSError):
        while True:
            try:
                message = receive(stream)
            except (EOFError, OSError):
                raise
            except Exception as error:  # a job that this process cannot make of its bytes; nobody may wait for it
                message = ("unread", error)
            requests.put(message)
    os._exit(0)


def portable(error: Exception) -> Exception:
    """``error`` if it survives the way to the parent, else one that says the same."""
    import traceback

    error.add_note("in a worker:\n" + "".join(traceback.format_exception(error)))
    try:
        if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301 - our own bytes
            return error
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


if __name__ == "__main__":
    main()
