"""One repository on the Hub: the calls that are made of its client, each tried again within bounds and explained."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dataset_builder.errors import DatasetBuilderError, UsageError
from dataset_builder.publish.address import HubAddress
from dataset_builder.publish.hub.faults import (
    asked_wait,
    explain_fault,
    is_transient,
    refuse_long_wait,
    response_of,
    status_of,
)
from dataset_builder.publish.patience import patiently, wait_before

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Answer = TypeVar("Answer")

#: The Hub's own word for datasets in paths of its API.
REPO_TYPE = "dataset"
BRANCH = "main"
#: Seconds without a byte after which a connection is given up; a large commit takes the Hub minutes.
_SILENCE = {"connect": 30.0, "read": 600.0, "write": 120.0, "pool": 30.0}


@dataclass(frozen=True)
class RemoteFile:
    """One file of a revision.

    Attributes:
        sha256: of a large file, as the Hub states it; ``""`` for one that is kept in git.
        blob: the git object's SHA-1.
    """

    bytes: int
    sha256: str
    blob: str


@dataclass(frozen=True)
class Repository:
    """What is known of a repository before anything is written.

    Attributes:
        head: the commit of ``main``; ``""`` where there is no repository.
        tags: name -> commit.
        gate: ``auto`` or ``manual`` where access is asked for, else ``""``.
    """

    exists: bool
    head: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    gate: str = ""

    def tag(self, name: str) -> str:
        """The commit of a tag, or ``""``."""
        return dict(self.tags).get(name, "")


class HubSession:
    """Calls about one repository; make it with :func:`hub_session`."""

    def __init__(self, api: HfApi, address: HubAddress) -> None:
        self._api = api
        self._repo: dict[str, Any] = {"repo_id": address.repo_id, "repo_type": REPO_TYPE}
        self.address = address

    def repository(self) -> Repository:
        """Refs and gate, or that there is no repository."""
        try:
            refs = self._call("read its branches and tags", lambda: self._api.list_repo_refs(**self._repo))
        except DatasetBuilderError as error:
            if isinstance(error.__cause__, Exception) and _is_missing(error.__cause__):
                return Repository(exists=False)
            raise
        heads = [branch.target_commit for branch in refs.branches if branch.name == BRANCH]
        tags = tuple(sorted((tag.name, tag.target_commit) for tag in refs.tags))
        return Repository(True, heads[0] if heads else "", tags, self.gate())

    def gate(self) -> str:
        """``auto`` or ``manual`` where readers must ask for access, ``""`` where the gate is open."""
        info = self._call("read its gate", lambda: self._api.repo_info(**self._repo, expand=["gated"]))  # type: ignore[arg-type]
        return str(info.gated or "")

    def commit_of(self, revision: str) -> str:
        """The commit that a branch, a tag or the beginning of a commit names."""
        info = self._call("find the revision", lambda: self._api.repo_info(**self._repo, revision=revision))
        return str(info.sha)

    def history(self) -> list[str]:
        """The commits of ``main``, newest first."""
        commits = self._call("list its commits", lambda: self._api.list_repo_commits(**self._repo, revision=BRANCH))
        return [commit.commit_id for commit in commits]

    def files(self, revision: str) -> dict[str, RemoteFile]:
        """Every file of a revision by its path."""
        from huggingface_hub.hf_api import RepoFile

        entries = self._call(
            "list its files", lambda: list(self._api.list_repo_tree(**self._repo, recursive=True, revision=revision))
        )
        return {
            entry.path: RemoteFile(entry.size, entry.lfs.sha256 if entry.lfs else "", entry.blob_id)
            for entry in entries
            if isinstance(entry, RepoFile)
        }

    def fetch(self, path: str, revision: str, folder: Path) -> Path:
        """One file of a revision, below ``folder``."""
        arguments = {**self._repo, "filename": path, "revision": revision, "local_dir": folder}
        return Path(self._call(f"read {path}", lambda: self._api.hf_hub_download(**arguments)))

    def create(self) -> None:
        """An empty public repository, unless there is one."""
        self._call("create the repository", lambda: self._api.create_repo(**self._repo, exist_ok=True))

    def commit(
        self,
        operations: Callable[[], Sequence[Any]],
        parent: str,
        message: str,
        arrived: Callable[[str], bool],
        *,
        watched: bool = False,
    ) -> str:
        """One commit upon ``parent``; returns its name.

        A commit whose answer was lost has still been made; so after a fault the head is asked before the next try.

        Args:
            operations: what the commit does, made anew for each try, as the client marks them.
            arrived: whether a commit holds what was to be committed.
            watched: whether the client shows how much it has sent; on a terminal only.
        """
        attempt = 0
        while True:
            try:
                with _bars(watched):
                    done = self._api.create_commit(
                        **self._repo, operations=operations(), commit_message=message, parent_commit=parent
                    )
            except Exception as error:
                head = self.repository().head if is_transient(error) else parent
                if head != parent and arrived(head):
                    return head
                wait = wait_before(attempt, asked_wait(error)) if is_transient(error) else None
                if wait is None:
                    raise explain_fault(error, "commit the files", str(self.address)) from error
                _sleep(wait)
                attempt += 1
            else:
                return str(done.oid)

    def tag(self, name: str, commit: str, message: str) -> None:
        """Name a commit; a tag that stands there already must name the same."""
        try:
            self._call(
                f"tag the commit {commit[:12]} as {name}",
                lambda: self._api.create_tag(**self._repo, tag=name, revision=commit, tag_message=message),
            )
        except DatasetBuilderError as error:
            if status_of(error) != 409 or self.repository().tag(name) != commit:
                raise

    def delete_tag(self, name: str) -> None:
        """Take a name away; the commit stays as long as something else leads to it."""
        self._call(f"delete the tag {name}", lambda: self._api.delete_tag(**self._repo, tag=name))

    def squash(self, message: str) -> None:
        """One commit in the place of the history of ``main``."""
        self._call(
            "squash the history",
            lambda: self._api.super_squash_history(**self._repo, branch=BRANCH, commit_message=message),
        )

    def large_files(self) -> list[Any]:
        """Everything in the large file storage of the repository, whatever commit it belongs to."""
        return self._call("list its large files", lambda: list(self._api.list_lfs_files(**self._repo)))

    def delete_large_files(self, files: Iterable[Any]) -> None:
        """Delete content from the large file storage, and the pointers to it from the history."""
        listed = list(files)
        self._call("delete large files", lambda: self._api.permanently_delete_lfs_files(lfs_files=listed, **self._repo))

    def _call(self, doing: str, call: Callable[[], Answer]) -> Answer:
        try:
            return patiently(call, is_transient, asked_wait)
        except Exception as error:
            raise explain_fault(error, doing, str(self.address)) from error


@contextmanager
def _bars(shown: bool) -> Iterator[None]:
    """The client's own bars, on a terminal and where they are wanted; by itself it shows one for each file."""
    from huggingface_hub.utils.tqdm import disable_progress_bars, enable_progress_bars

    if shown and sys.stderr.isatty():
        enable_progress_bars()
    try:
        yield
    finally:
        disable_progress_bars()


def _sleep(seconds: float) -> None:
    import time

    time.sleep(seconds)


def _is_missing(error: Exception) -> bool:
    response = response_of(error)
    return (
        response is not None
        and response.status_code == 404
        and response.headers.get("X-Error-Code")
        in (
            None,
            "RepoNotFound",
        )
    )


@contextmanager
def hub_session(address: HubAddress, *, writes: bool) -> Iterator[HubSession]:
    """Calls about the repository at ``address``.

    Args:
        writes: whether a token is needed.

    Raises:
        UsageError: there is none.
    """
    from huggingface_hub import HfApi, get_token, set_client_factory
    from huggingface_hub.utils import logging as hub_logging
    from huggingface_hub.utils._http import default_client_factory
    from huggingface_hub.utils.tqdm import disable_progress_bars

    token = get_token()
    if writes and not token:
        raise UsageError(
            "there is no token for the Hub",
            expected="a token that may write to the repository",
            hint="run `hf auth login`, or set HF_TOKEN",
            place=str(address),
        )
    verbosity = hub_logging.get_verbosity()
    hub_logging.set_verbosity(logging.ERROR)  # its warnings quote signed addresses
    set_client_factory(_bounded_client)
    try:
        disable_progress_bars()  # what is compared and fetched is counted here
        yield HubSession(HfApi(token=token or False), address)
    finally:
        set_client_factory(default_client_factory)
        hub_logging.set_verbosity(verbosity)


def _bounded_client() -> Any:
    """The client's own transport with bounds: its default waits for ever, and as long as a server asks."""
    from huggingface_hub.utils._http import default_client_factory

    client = default_client_factory()
    client.timeout = _SILENCE["read"]
    hooks = client.event_hooks
    hooks["request"].append(_bound_silence)
    hooks["response"].append(refuse_long_wait)
    client.event_hooks = hooks
    return client


def _bound_silence(request: Any) -> None:
    asked = request.extensions.get("timeout", {})
    request.extensions["timeout"] = {name: asked.get(name) or limit for name, limit in _SILENCE.items()}
