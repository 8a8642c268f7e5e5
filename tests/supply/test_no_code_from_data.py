"""Data is never run: no pickle, no eval, no unsafe YAML, no remote code, no shell; shown by reading the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

#: Modules that turn bytes into objects of any class, or into code.
MODULES = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "marshal",
    "shelve",
    "joblib",
    "jsonpickle",
    "code",
    "codeop",
    "imp",
}
#: Calls by the end of their dotted name.
CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen", "runpy.run_path", "tempfile.mktemp"),
    *("yaml.unsafe_load", "yaml.full_load", "yaml.load_all", "yaml.unsafe_load_all"),
    *("torch.load", "numpy.load", "np.load", "pd.read_pickle"),
}
#: What opens a connection; only these folders may import it (docs/explanation/architecture.md).
NETWORK = {
    "socket",
    "http.client",
    "urllib.request",
    "requests",
    "httpx",
    "aiohttp",
    "boto3",
    "ftplib",
    "smtplib",
    "urllib3",
}
ONLINE = {"publish", "web"}
#: What one file may do all the same, and why.
EXCEPTIONS = {
    # Writes only, to have bytes for a digest; nothing is read back (test_what_is_only_written_is_never_read).
    "dataset_builder/cache/keys.py": ["imports marshal"],
    # Between a parent and the child that it has started itself.
    "dataset_builder/engines/worker.py": ["imports pickle"],
    # Between a build and the cluster that its user has named, which runs the build's code anyway.
    "dataset_builder/engines/ray_cluster.py": ["imports pickle"],
}
#: What may open a connection elsewhere.
PROBES = {
    # It asks whether the cluster that its user has named answers at all.
    "dataset_builder/engines/cluster_address.py": {"socket"},
    # It refuses connections of the file systems that its user has named in dataset.yaml.
    "dataset_builder/read/public_web.py": {"aiohttp", "socket"},
}


def sources(repository: Path) -> list[Path]:
    found = [*sorted((repository / "dataset_builder").rglob("*.py")), repository / "frictionless_arrow.py"]
    assert len(found) > 100
    return found


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def offences(tree: ast.AST) -> list[str]:
    """What a module must not do."""
    found = []
    for node in ast.walk(tree):
        found += [f"imports {name}" for name in imported(node) if name.partition(".")[0] in MODULES]
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        options = {option.arg: option.value for option in node.keywords}
        if name in CALLS:
            found.append(f"calls {name}")
        if name == "yaml.load" and "Safe" not in ast.unparse(node) and not _is_safe_loader(options.get("Loader")):
            found.append("calls yaml.load without a safe loader")
        if "trust_remote_code" in options or "allow_pickle" in options:
            found.append("trusts what it reads")
        if name.startswith("subprocess.") and "shell" in options:
            found.append("runs a shell")
        if name.endswith(("XMLParser", "iterparse")) and _is_true(options.get("resolve_entities")):
            found.append("expands entities")
    return found


def _is_safe_loader(loader: ast.expr | None) -> bool:
    """A name that is bound to a safe loader and nothing else, or a function of ours that returns one."""
    return loader is not None and ast.unparse(loader) in ("loader", "_loader()")


def _is_true(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and bool(value.value)


def test_nothing_in_the_package_runs_data(repository: Path) -> None:
    found = {
        path.relative_to(repository).as_posix(): bad
        for path in sources(repository)
        if (bad := offences(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == EXCEPTIONS


def test_what_is_only_written_is_never_read(repository: Path) -> None:
    """The exception of the cache's keys holds for ``marshal.dumps`` alone."""
    tree = ast.parse((repository / "dataset_builder/cache/keys.py").read_text(encoding="utf-8"))
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "marshal"]
    dumped = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and dotted(node) == "marshal.dumps"]
    assert len(used) == len(dumped) > 0


def test_every_loader_of_yaml_is_a_safe_one(repository: Path) -> None:
    """What the scan takes on trust: the names ``loader`` and ``_loader`` are bound to safe loaders everywhere."""
    for path in sources(repository):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and dotted(node).startswith("yaml.") and node.attr.endswith("Loader"):
                assert "Safe" in node.attr, path


def test_only_the_online_rooms_import_a_network_client(repository: Path) -> None:
    found: dict[str, set[str]] = {}
    for path in sources(repository):
        room = path.relative_to(repository).parts[1:2]
        if room and room[0] in ONLINE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            clients = {name for name in imported(node) if name in NETWORK or name.partition(".")[0] in NETWORK}
            if clients:
                found.setdefault(path.relative_to(repository).as_posix(), set()).update(clients)
    assert found == PROBES


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "eval('1')",
        "import yaml\nyaml.load(text)",
        "import yaml\nyaml.load(text, Loader=yaml.Loader)",
        "AutoModel.from_pretrained(name, trust_remote_code=True)",
        "import subprocess\nsubprocess.run(words, shell=True)",
        "etree.iterparse(stream, resolve_entities=True)",
    ],
)
def test_the_scan_sees(code: str) -> None:
    assert offences(ast.parse(code))
