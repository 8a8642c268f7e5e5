"""A stand-in for the Hub: the endpoints that huggingface_hub 2.4 calls for a dataset repository, over plain HTTP.

Written from what the client sends and expects. It is no Hub: storage is a dictionary, large files go by the LFS
protocol (the client's Xet transfer is switched off), and what the real service does beyond that is unknown.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from stand_ins.loopback import Answer, Loopback, Request

OWNER, READER = "hf_ownerownerowner", "hf_readerreaderreader"
_REPO = r"/api/datasets/([^/]+/[^/]+)"
_PAGE = 7


@dataclass
class Repo:
    """Commits as whole trees: path -> (content's SHA-256, whether it is a large file)."""

    gated: str | bool = False
    commits: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    large: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> str:
        return self.history[-1]

    def commit(self, tree: dict[str, tuple[str, bool]]) -> str:
        name = hashlib.sha1(json.dumps([self.history, tree], sort_keys=True).encode()).hexdigest()
        self.commits[name] = tree
        self.history.append(name)
        return name

    def resolve(self, revision: str) -> str | None:
        if revision == "main":
            return self.main
        if revision in self.tags:
            return self.tags[revision]
        return next((name for name in self.commits if len(revision) >= 7 and name.startswith(revision)), None)


class HubStandIn(Loopback):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.repos: dict[str, Repo] = {}
        self.content: dict[str, bytes] = {}
        for method, pattern, route in (
            ("POST", "/api/repos/create", self._create),
            ("POST", "/api/validate-yaml", lambda request: Answer.of({"errors": [], "warnings": []})),
            ("GET", f"{_REPO}/refs", self._refs),
            ("GET", f"{_REPO}", self._info),
            ("GET", f"{_REPO}/revision/(.+)", self._info),
            ("GET", f"{_REPO}/commits/([^/]+)", self._commits),
            ("GET", f"{_REPO}/tree/([^/]+)", self._tree),
            ("POST", f"{_REPO}/preupload/([^/]+)", self._preupload),
            ("POST", r"/datasets/([^/]+/[^/]+)\.git/info/lfs/objects/batch", self._batch),
            ("PUT", "/storage/([^/]+)/([0-9a-f]+)", self._store),
            ("GET", "/storage/([^/]+)/([0-9a-f]+)", self._stored),
            ("POST", f"{_REPO}/commit/([^/]+)", self._commit),
            ("POST", f"{_REPO}/tag/([^/]+)", self._tag),
            ("DELETE", f"{_REPO}/tag/([^/]+)", self._untag),
            ("POST", f"{_REPO}/super-squash/([^/]+)", self._squash),
            ("GET", f"{_REPO}/lfs-files", self._large),
            ("POST", f"{_REPO}/lfs-files/batch", self._delete_large),
            ("HEAD", "/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", self._resolve),
            ("GET", "/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", self._resolve),
        ):
            self.route(method, pattern, route)

    def make(self, name: str, *, gated: str | bool = False, **files: bytes) -> Repo:
        """A repository as the web interface makes one."""
        repo = self.repos[name] = Repo(gated)
        repo.commit({path: (self._keep(content), False) for path, content in {".gitattributes": b"", **files}.items()})
        return repo

    def read(self, name: str, revision: str, path: str) -> bytes:
        repo = self.repos[name]
        return self.content[repo.commits[repo.resolve(revision) or ""][path][0]]

    @property
    def _elsewhere(self) -> str:
        """Large files lie with another host, which must not see the token."""
        return self.url.replace("127.0.0.1", "localhost")

    def _keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.content[digest] = content
        return digest

    def _routed(self, request: Request) -> Answer:
        if request.path.startswith("/storage/"):
            return super()._routed(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in (OWNER, READER, ""):
            return Answer.of({"error": "Invalid credentials in Authorization header"}, 401)
        reads = request.method in ("GET", "HEAD") or request.path == "/api/validate-yaml"
        if not reads and token != OWNER:
            return Answer.of({"error": "you have no right to write here"}, 403 if token else 401)
        return super()._routed(request)

    def _repo(self, request: Request) -> Repo | Answer:
        repo = self.repos.get(request.parts[0])
        if repo is None:
            return Answer.of({"error": "Repository not found"}, 404, **{"X-Error-Code": "RepoNotFound"})
        return repo

    def _create(self, request: Request) -> Answer:
        asked = request.json()
        name = f"{asked['organization']}/{asked['name']}"
        if name in self.repos:
            return Answer.of(
                {"error": "You already created this dataset repo", "url": f"{self.url}/datasets/{name}"}, 409
            )
        self.make(name)
        return Answer.of({"url": f"{self.url}/datasets/{name}"})

    def _refs(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        branches = [{"name": "main", "ref": "refs/heads/main", "targetCommit": repo.main}]
        tags = [{"name": name, "ref": f"refs/tags/{name}", "targetCommit": oid} for name, oid in repo.tags.items()]
        return Answer.of({"branches": branches, "converts": [], "tags": tags})

    def _info(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        commit = repo.resolve(request.parts[1]) if len(request.parts) > 1 else repo.main
        if commit is None:
            return _no_revision()
        return Answer.of({"id": request.parts[0], "sha": commit, "gated": repo.gated, "private": False})

    def _commits(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        made = {"authors": [], "date": "2024-11-05T00:00:00.000Z", "title": "", "message": ""}
        return Answer.of([{"id": name, **made} for name in reversed(repo.history)])

    def _tree(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        commit = repo.resolve(request.parts[1])
        if commit is None:
            return _no_revision()
        folders = {path.rpartition("/")[0] for path in repo.commits[commit]} - {""}
        entries = [{"type": "directory", "path": path, "oid": "0" * 40, "size": 0} for path in sorted(folders)]
        entries += [self._entry(path, *kept) for path, kept in sorted(repo.commits[commit].items())]
        start = int(request.query.get("cursor", ["0"])[0])
        headers = {}
        if start + _PAGE < len(entries):
            headers["Link"] = f'<{self.url}{request.path}?recursive=True&cursor={start + _PAGE}>; rel="next"'
        return Answer.of(entries[start : start + _PAGE], **headers)

    def _entry(self, path: str, digest: str, large: bool) -> dict[str, Any]:
        content = self.content.get(digest, b"")
        entry = {"type": "file", "path": path, "size": len(content), "oid": _blob(content)}
        return {**entry, "lfs": {"oid": digest, "size": len(content), "pointerSize": 130}} if large else entry

    def _preupload(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        tree = repo.commits[repo.main]
        files = [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["path"].endswith(".parquet") else "regular",
                "shouldIgnore": False,
                "oid": _blob(self.content[tree[file["path"]][0]]) if file["path"] in tree else None,
            }
            for file in request.json()["files"]
        ]
        return Answer.of({"files": files})

    def _batch(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        objects: list[dict[str, Any]] = []
        for asked in request.json()["objects"]:
            known = asked["oid"] in repo.large
            place = request.parts[0].replace("/", "+")
            upload = {
                "upload": {"href": f"{self._elsewhere}/storage/{place}/{asked['oid']}?signature=secret-signature"}
            }
            objects.append(asked if known else {**asked, "actions": upload})
        return Answer.of({"objects": objects, "transfer": "basic"})

    def _store(self, request: Request) -> Answer:
        place, digest = request.parts
        if hashlib.sha256(request.body).hexdigest() != digest:
            return Answer.of({"error": "the content has another digest"}, 400)
        self.repos[place.replace("+", "/")].large[digest] = ""
        self._keep(request.body)
        return Answer()

    def _stored(self, request: Request) -> Answer:
        return (
            _ranged(request, self.content[request.parts[1]]) if request.parts[1] in self.content else Answer(status=404)
        )

    def _commit(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        lines = [json.loads(line) for line in request.body.splitlines()]
        parent = lines[0]["value"].get("parentCommit")
        if parent and parent != repo.main:
            return Answer.of({"error": "A commit has happened since. Please refresh and try again."}, 412)
        tree = dict(repo.commits[repo.main])
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "file":
                tree[value["path"]] = (self._keep(base64.b64decode(value["content"])), False)
            elif line["key"] == "lfsFile":
                if value["oid"] not in repo.large:
                    return Answer.of({"error": f"{value['path']} was never uploaded"}, 400)
                repo.large[value["oid"]] = value["path"]
                tree[value["path"]] = (value["oid"], True)
            elif line["key"] == "deletedFile":
                del tree[value["path"]]
        commit = repo.commit(tree)
        return Answer.of({"commitUrl": f"{self.url}/datasets/{request.parts[0]}/commit/{commit}", "commitOid": commit})

    def _tag(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        name, commit = request.json()["tag"], repo.resolve(request.parts[1])
        if commit is None:
            return _no_revision()
        if name in repo.tags:
            return Answer.of({"error": f"Tag {name} already exists"}, 409)
        repo.tags[name] = commit
        return Answer.of({})

    def _untag(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        return Answer.of({}) if repo.tags.pop(request.parts[1], None) else _no_revision()

    def _squash(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        tree = repo.commits[repo.main]
        tagged = {name: repo.commits[name] for name in repo.tags.values()}
        repo.commits, repo.history = dict(tagged), []
        repo.commit(tree)
        return Answer.of({})

    def _large(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        return Answer.of(
            [
                {
                    "fileOid": digest,
                    "filename": path,
                    "oid": digest,
                    "pushedAt": "2024-11-05T00:00:00.000Z",
                    "size": len(self.content[digest]),
                }
                for digest, path in repo.large.items()
            ]
        )

    def _delete_large(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        asked = request.json()["deletions"]
        for digest in asked["sha"]:
            repo.large.pop(digest, None)
            self.content.pop(digest, None)
        if asked["rewriteHistory"]:
            for tree in repo.commits.values():
                for path in [path for path, (digest, large) in tree.items() if large and digest in asked["sha"]]:
                    del tree[path]
        return Answer.of({})

    def _resolve(self, request: Request) -> Answer:
        repo = self._repo(request)
        if isinstance(repo, Answer):
            return repo
        _, revision, path = request.parts
        commit = repo.resolve(revision)
        if commit is None:
            return _no_revision()
        if path not in repo.commits[commit] or repo.commits[commit][path][0] not in self.content:
            return Answer.of({"error": "Entry not found"}, 404, **{"X-Error-Code": "EntryNotFound"})
        digest, large = repo.commits[commit][path]
        content = self.content[digest]
        headers = {"X-Repo-Commit": commit, "ETag": f'"{_blob(content)}"', "Accept-Ranges": "bytes"}
        if large:
            place = f"/storage/{request.parts[0].replace('/', '+')}/{digest}"
            linked = {
                "X-Linked-Etag": f'"{digest}"',
                "X-Linked-Size": str(len(content)),
                "Location": f"{self._elsewhere}{place}",
            }
            return Answer(302, b"", {**headers, **linked})
        answer = _ranged(request, content)
        length = {"Content-Length": str(len(content))} if request.method == "HEAD" else {}
        return Answer(answer.status, answer.body, {**answer.headers, **headers, **length})


def _ranged(request: Request, content: bytes) -> Answer:
    asked = request.headers.get("range", "")
    if not asked.startswith("bytes="):
        return Answer(body=content)
    first = int(asked.removeprefix("bytes=").partition("-")[0])
    return Answer(206, content[first:], {"Content-Range": f"bytes {first}-{len(content) - 1}/{len(content)}"})


def _blob(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


def _no_revision() -> Answer:
    return Answer.of({"error": "Revision not found"}, 404, **{"X-Error-Code": "RevisionNotFound"})
