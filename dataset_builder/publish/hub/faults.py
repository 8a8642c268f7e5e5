"""What the Hub's client raises, as errors that say how to mend them. No token and no signed address gets into one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dataset_builder.errors import DatasetBuilderError, OutsideError, UsageError
from dataset_builder.publish.patience import LONGEST_WAIT, TRANSIENT, retry_after
from dataset_builder.visible import one_line

#: Access tokens of the Hub, wherever one may have slipped into a message.
_TOKEN = re.compile(r"\bhf_\w{8,}|(?i:bearer)\s+\S+")
#: Addresses may carry signatures that open what they point to.
_ADDRESS = re.compile(r"https?://\S+")
_CLOCK = re.compile(r"certificate (is not yet valid|has expired)|not yet valid")


class TooLongWaitError(OutsideError):
    """The server asks for a longer wait than anybody will bear."""


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what caused it, outermost first."""
    seen = 0
    while error is not None and seen < 10:
        yield error
        error, seen = error.__cause__ or error.__context__, seen + 1


def status_of(error: BaseException) -> int | None:
    """The HTTP status behind a fault of the client, or None."""
    response = response_of(error)
    return None if response is None else int(response.status_code)


def response_of(error: BaseException) -> Any:
    """The response behind a fault of the client, or None."""
    found = (getattr(one, "response", None) for one in chain(error))
    return next((response for response in found if hasattr(response, "status_code")), None)


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed a little later."""
    if _of_ours(error) is not None:
        return False
    status = status_of(error)
    if status is not None:
        return status in TRANSIENT
    return any(_is_connection(one) or isinstance(one, json.JSONDecodeError) for one in chain(error))


def asked_wait(error: BaseException) -> float | None:
    """The seconds that the server asks for."""
    response = response_of(error)
    return retry_after(response.headers) if response is not None else None


def _of_ours(error: BaseException) -> DatasetBuilderError | None:
    """What a hook of ours raised, however the client has wrapped it."""
    return next((one for one in chain(error) if isinstance(one, DatasetBuilderError)), None)


def _is_connection(error: BaseException) -> bool:
    """Faults of httpx2's transport, which is what the client speaks through."""
    import httpx2

    return isinstance(error, (httpx2.TransportError, ConnectionError, TimeoutError)) and not _is_offline(error)


def _is_offline(error: BaseException) -> bool:
    from huggingface_hub.errors import OfflineModeIsEnabled

    return isinstance(error, OfflineModeIsEnabled)


def explain_fault(error: BaseException, doing: str, address: str) -> DatasetBuilderError:
    """``error`` in words.

    Args:
        doing: what was being done, as in ``the Hub refused TO DO IT``.
        address: the target.
    """
    if (ours := _of_ours(error)) is not None:
        return ours
    if any(_is_offline(one) for one in chain(error)):
        return UsageError(
            f"the Hub's client is told to stay offline, so nobody could {doing}",
            expected="HF_HUB_OFFLINE unset",
            hint="unset HF_HUB_OFFLINE and call again",
            place=address,
        )
    status = status_of(error)
    if status is not None:
        return _refused(status, error, doing, address)
    said = clean(" ".join(str(one) for one in chain(error)))
    if _CLOCK.search(said):
        return OutsideError(
            f"could not {doing}: the server's certificate is not valid at this machine's time",
            expected="a clock that is right",
            hint="set the machine's clock, then call again; nothing was tagged",
            place=address,
        )
    if is_transient(error):
        return OutsideError(
            f"could not {doing}: {one_line(clean(str(error)) or type(error).__name__)}",
            expected="a connection that lasts",
            hint="call again: what has arrived stays, and a version is named only when it is whole",
            place=address,
        )
    kind = OutsideError if isinstance(error, OSError) else UsageError
    return kind(f"could not {doing}: {one_line(clean(str(error)), 300)}", place=address)


#: status -> (whose fault, what it means, what to do).
_MEANINGS: dict[int, tuple[type[DatasetBuilderError], str, str]] = {
    401: (
        UsageError,
        "the Hub does not know the token, or the repository is not to be seen with it",
        "log in with `hf auth login`, or set HF_TOKEN to a token that is valid, and check the name",
    ),
    403: (
        UsageError,
        "the token has no right to do this",
        "use a token that may write to this repository, or ask its owner",
    ),
    404: (UsageError, "there is no such repository, revision or file", "check the name and the revision"),
    409: (OutsideError, "somebody else is changing the same thing", "call again in a moment"),
    412: (
        OutsideError,
        "the repository moved on while this was under way; nothing was changed",
        "look at what is new with --dry-run, then call again",
    ),
    413: (UsageError, "a file is too large for the Hub", "publish to a bucket, or build smaller shards"),
    429: (OutsideError, "the Hub asks for fewer calls", "wait a while, then call again"),
}


def _refused(status: int, error: BaseException, doing: str, address: str) -> DatasetBuilderError:
    said = one_line(clean(str(getattr(error, "server_message", "") or "")), 300)
    default = (
        (OutsideError, f"the Hub answered {status}", "call again later: a version is named only when it is whole")
        if status >= 500
        else (UsageError, f"the Hub refused with {status}", "mend what it says, then call again")
    )
    kind, meaning, hint = _MEANINGS.get(status, default)
    words = f"could not {doing}: {meaning}"
    return kind(f"{words} ({said})" if said else words, hint=hint, place=address)


def refuse_long_wait(response: Any) -> None:
    """An event hook of the client: it waits as long as a server says, unless this stops it."""
    wait = retry_after(response.headers) if response.status_code in TRANSIENT else None
    if wait is not None and wait > LONGEST_WAIT:
        raise TooLongWaitError(
            f"the Hub asks to come back in {wait:.0f} seconds",
            expected=f"at most {LONGEST_WAIT:.0f}",
            hint="call again then: what has arrived stays",
        )


def clean(text: str) -> str:
    """``text`` without tokens and without addresses."""
    return _ADDRESS.sub("(address)", _TOKEN.sub("(token)", text))
