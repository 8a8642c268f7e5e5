"""The REST API of InvenioRDM, as far as it is used (https://inveniordm.docs.cern.ch/reference/rest_api_drafts_records/).

Addresses are made here and never followed from an answer, so that the token goes to one host only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dataset_builder.errors import DatasetBuilderError, MissingDependencyError, OutsideError, UsageError
from dataset_builder.publish.deposit.places import Place
from dataset_builder.publish.patience import LONGEST_WAIT, TRANSIENT, patiently, retry_after
from dataset_builder.visible import one_line

if TYPE_CHECKING:
    import httpx

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
#: Answers are metadata; what is larger is none.
_MOST_BYTES = 16 * 1024 * 1024
#: Pages of a user's drafts that are looked through.
_PAGES, _PAGE = 20, 25


class _RefusedError(Exception):
    """An answer that is no success."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class InvenioClient:
    """Drafts, files and DOIs at one repository; make it with :func:`invenio`."""

    def __init__(self, client: httpx.Client, place: Place) -> None:
        self._client = client
        self.place = place

    def drafts(self) -> Iterator[dict[str, Any]]:
        """The user's drafts that were never published, newest first."""
        for page in range(1, _PAGES + 1):
            query = f"q=is_published:false&sort=newest&size={_PAGE}&page={page}"
            hits = self._json("GET", f"/api/user/records?{query}", "list the drafts")["hits"]["hits"]
            yield from hits
            if len(hits) < _PAGE:
                return

    def record(self, identifier: str) -> dict[str, Any] | None:
        """A published record, or None."""
        return self._found(f"/api/records/{_checked(identifier)}", "read the record")

    def draft(self, identifier: str) -> dict[str, Any] | None:
        """A draft, or None."""
        return self._found(f"/api/records/{_checked(identifier)}/draft", "read the draft")

    def create(self, content: dict[str, Any]) -> dict[str, Any]:
        """A new draft."""
        return self._json("POST", "/api/records", "make a draft", json=content)

    def new_version(self, identifier: str) -> dict[str, Any]:
        """The draft of the next version of a published record; the one there is, where there is one."""
        return self._json("POST", f"/api/records/{_checked(identifier)}/versions", "make a new version")

    def update(self, identifier: str, content: dict[str, Any]) -> dict[str, Any]:
        """Replace a draft's metadata."""
        path = f"/api/records/{_checked(identifier)}/draft"
        return self._json("PUT", path, "write the metadata", json=content)

    def reserve_doi(self, identifier: str) -> str:
        """The DOI that the draft will have."""
        path = f"/api/records/{_checked(identifier)}/draft/pids/doi"
        return doi_of(self._json("POST", path, "reserve a DOI"))

    def files(self, identifier: str) -> dict[str, dict[str, Any]]:
        """What is known of a draft's files, by key."""
        path = f"/api/records/{_checked(identifier)}/draft/files"
        return {entry["key"]: entry for entry in self._json("GET", path, "list the files")["entries"]}

    def delete_file(self, identifier: str, key: str) -> None:
        """Take a file out of a draft."""
        self._send("DELETE", self._file(identifier, key), f"delete {key}")

    def add_file(self, identifier: str, key: str, source: Path) -> None:
        """Put a file into a draft: announce, send, commit."""
        self._send("POST", f"/api/records/{_checked(identifier)}/draft/files", f"announce {key}", json=[{"key": key}])
        self._send("PUT", f"{self._file(identifier, key)}/content", f"send {key}", source=source)
        self._send("POST", f"{self._file(identifier, key)}/commit", f"commit {key}")

    def _file(self, identifier: str, key: str) -> str:
        return f"/api/records/{_checked(identifier)}/draft/files/{quote(key, safe='')}"

    def _found(self, path: str, doing: str) -> dict[str, Any] | None:
        try:
            return self._json("GET", path, doing)
        except DatasetBuilderError as error:
            cause = error.__cause__
            if isinstance(cause, _RefusedError) and cause.response.status_code in (404, 410):
                return None
            raise

    def _json(self, method: str, path: str, doing: str, **body: Any) -> dict[str, Any]:
        response = self._send(method, path, doing, **body)
        try:
            value = response.json() if len(response.content) <= _MOST_BYTES else None
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise OutsideError(f"could not {doing}: the answer is no JSON object", place=self.place.address)
        return value

    def _send(self, method: str, path: str, doing: str, *, source: Path | None = None, **body: Any) -> httpx.Response:
        import httpx

        def transient(error: Exception) -> bool:
            if isinstance(error, _RefusedError):
                # A POST may have been carried out although its answer says otherwise; 429 says that it was not.
                code = error.response.status_code
                return code == 429 or (method != "POST" and code in TRANSIENT)
            return method != "POST" and isinstance(error, httpx.TransportError)

        def once() -> httpx.Response:
            if source is None:
                response = self._client.request(method, path, **body)
            else:
                with source.open("rb") as stream:
                    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(source.stat().st_size)}
                    response = self._client.request(method, path, content=stream, headers=headers)
            if not response.is_success:
                raise _RefusedError(response)
            return response

        try:
            return patiently(once, transient, _asked)
        except (_RefusedError, httpx.HTTPError) as error:
            raise _explained(error, doing, self.place) from error


def _asked(error: Exception) -> float | None:
    return retry_after(error.response.headers) if isinstance(error, _RefusedError) else None


def doi_of(record: dict[str, Any]) -> str:
    """The DOI of a record or draft, or ``""``."""
    entry = (record.get("pids") or {}).get("doi") or {}
    return str(entry.get("identifier") or "")


def _checked(identifier: str) -> str:
    if _ID.fullmatch(identifier) is None:
        raise OutsideError(f"the repository names a record {one_line(identifier)!r}", expected="letters and digits")
    return identifier


@contextmanager
def invenio(place: Place) -> Iterator[InvenioClient]:
    """Calls at ``place``, with the token of the environment.

    Raises:
        MissingDependencyError: httpx is not installed.
        UsageError: there is no token.
    """
    try:
        import httpx
    except ImportError:
        raise MissingDependencyError(
            "a deposit needs httpx, which is not installed",
            expected="the extra zenodo",
            hint='pip install "news-dataset-builder[zenodo]"',
        ) from None
    headers = {"Authorization": f"Bearer {place.token}", "Accept": "application/json"}
    with httpx.Client(base_url=place.address, headers=headers, timeout=LONGEST_WAIT, follow_redirects=False) as client:
        yield InvenioClient(client, place)


_MEANINGS: dict[int, tuple[type[DatasetBuilderError], str, str]] = {
    401: (UsageError, "the token is not known", "make a new token and set {token}"),
    403: (
        UsageError,
        "the token has no right to do this",
        "make one with deposit:write and deposit:actions, set {token}",
    ),
    404: (UsageError, "there is no such record", "check doi in dataset.yaml"),
    429: (OutsideError, "the repository asks for fewer calls", "wait a while, then call again"),
}


def _explained(error: Exception, doing: str, place: Place) -> DatasetBuilderError:
    if not isinstance(error, _RefusedError):
        said = one_line(str(error).replace(place.token, "(token)") or type(error).__name__)
        hint = "call again: the draft stays as far as it came"
        return OutsideError(f"could not {doing}: {said}", hint=hint, place=place.address)
    status = error.response.status_code
    default: tuple[type[DatasetBuilderError], str, str] = (
        (OutsideError, f"the repository answered {status}", "call again later: the draft stays as far as it came")
        if status >= 500
        else (UsageError, f"the repository refused with {status}", "mend what it says, then call again")
    )
    kind, meaning, hint = _MEANINGS.get(status, default)
    said = _said(error.response).replace(place.token, "(token)")
    found = f"could not {doing}: {meaning}"
    return kind(f"{found} ({said})" if said else found, hint=hint.format(token=place.token_name), place=place.address)


def _said(response: httpx.Response) -> str:
    """The server's own words: its message, and the fields that it objects to."""
    try:
        value = response.json()
        errors = value.get("errors") or []
        fields = [f"{entry.get('field')}: {' '.join(map(str, entry.get('messages', [])))}" for entry in errors]
        return one_line("; ".join([str(value.get("message") or ""), *fields]).strip("; "), 300)
    except (ValueError, AttributeError, TypeError):
        return ""
