"""mutmut, with some things set otherwise: what is mutated, what is wording, which test runs first, what is in memory.

* It leaves decorated functions alone. Here most of them are plain functions behind ``@cache`` or ``@property``, the
  heart of the reading among them; those are mutated as well, below their decorator.
* ``hint=`` and ``expected=`` are prose for people; a text that is written out there is left as it is.
* The tests of a mutant run in the order of their length, so that most mutants are dead within milliseconds.
* While it is noted which tests reach which function, every test begins with empty caches: else only the first test of
  all reaches what stands behind ``@cache``, and the others do not count.
* A mutant's time is what it computes: twenty seconds and ten times what its tests take. By the clock it has ten times
  as long, for on a busy machine the clock kills what is merely waiting for its turn.
* What every test would import or parse anew (pandas, the YAML files of ``schema/``) is in memory before the forks; no
  result of the code under test is.

The names that are replaced belong to mutmut 3.8.1, which ``make mutation`` pins.
"""

from __future__ import annotations

import importlib
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import libcst as cst
import mutmut.__main__ as program
import mutmut.configuration as configuration
from hypothesis import settings
from mutmut.mutation import file_mutation
from mutmut.mutation.trampoline import get_mutant_under_test
from mutmut.state import state
from mutmut.workers import isolation

_TRANSPARENT = {"cache", "lru_cache", "property", "cached_property"}
_PROSE = {"hint", "expected"}
#: File -> one mutant in so many is run.
_SAMPLED: dict[str, int] = {}
_create = file_mutation.create_mutations
_arrange = file_mutation.function_trampoline_arrangement
_skips = file_mutation.MutationVisitor._skip_node_and_children
_collect = program.collect_or_load_stats
_warm = program.PytestRunner.warm_up
_execute = program.PytestRunner.execute_pytest
_limit = isolation.register_timeout


def _decorator_name(decorator: cst.Decorator) -> str:
    """``cache`` of ``@cache``, ``lru_cache`` of ``@lru_cache(maxsize=4096)``."""
    called = decorator.decorator
    name = called.func if isinstance(called, cst.Call) else called
    return name.value if isinstance(name, cst.Name) else ""


def _is_transparent(node: cst.CSTNode) -> bool:
    names = (
        {_decorator_name(decorator) for decorator in node.decorators} if isinstance(node, cst.FunctionDef) else set()
    )
    return bool(names) and names <= _TRANSPARENT


def _skip(self: Any, node: cst.CSTNode) -> bool:
    if _is_prose(node):
        return True
    if _is_transparent(node):
        return False
    return bool(_skips(self, node))


def _sampled(filename: str, *arguments: Any) -> Any:
    """The mutants of a file, or every so many of them where it is sampled."""
    module, mutations, classes, functions = _create(filename, *arguments)
    told = [mutation for mutation in mutations if not _is_wording(mutation)]
    every = _SAMPLED.get(str(filename), 1)
    return module, told[::every], classes, functions


def _is_wording(mutation: Any) -> bool:
    """Whether the change is that a call lacks a text for people."""
    one, other = mutation.original_node, mutation.mutated_node
    if not (isinstance(one, cst.Call) and isinstance(other, cst.Call)):
        return False
    gone = [argument for argument in one.args if all(argument is not kept for kept in other.args)]
    return bool(gone) and all(_is_prose(argument) for argument in gone)


def _is_prose(node: cst.CSTNode) -> bool:
    """Whether it is a hint or an expectation that is written out."""
    named = isinstance(node, cst.Arg) and node.keyword is not None and node.keyword.value in _PROSE
    return named and isinstance(node.value, cst.SimpleString)


def _arranged(function: cst.FunctionDef, mutants: Iterable[Any], class_name: str | None) -> Any:
    """The trampoline keeps the decorators; the copies behind it are plain functions."""
    if not _is_transparent(function):
        return _arrange(function, mutants, class_name)
    empty, nodes, assignments, names = _arrange(function, mutants, class_name)
    bare: list[Any] = [nodes[0], *(node.with_changes(decorators=[]) for node in nodes[1:])]
    return empty, bare, assignments, names


def _collect_sorted(*arguments: Any, **options: Any) -> None:
    _collect(*arguments, **options)
    lengths = state().duration_by_test
    tests = state().tests_by_mangled_function_name
    for name, reached in tests.items():
        tests[name] = sorted(reached, key=lambda test: (lengths.get(test, 0.0), test))  # type: ignore[assignment]


class _Alone:
    """A plugin of pytest: each test computes anew what the code under test keeps; its length is what it computes."""

    def __init__(self) -> None:
        self._began = 0.0

    def pytest_runtest_setup(self, item: Any) -> None:
        """Empty the caches of the package; what ``resources`` has read is data and no result."""
        for name, module in list(sys.modules.items()):
            if name.startswith("dataset_builder.") and name != "dataset_builder.resources":
                for value in list(vars(module).values()):
                    if getattr(value, "__module__", "") == name and hasattr(value, "cache_clear"):
                        value.cache_clear()
        self._began = time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        """Put the test's length in the place of mutmut's, which is by the clock."""
        state().duration_by_test[nodeid] = time.process_time() - self._began


def _execute_alone(self: Any, params: list[str], **options: Any) -> int:
    if get_mutant_under_test() == "stats":
        options["plugins"] = [*options.get("plugins", ()), _Alone()]
    return int(_execute(self, params, **options))


def _warm_up(self: Any) -> None:
    _warm(self)
    for name in ("hypothesis", "license_expression", "pandas", "pyarrow.compute", "pyarrow.parquet"):
        importlib.import_module(name)
    resources = sys.modules["dataset_builder.resources"]
    parsed = cache(resources.read_yaml)
    for path in (resources.schema_root() / "rights").glob("*.yaml"):
        parsed(path)
    for name, module in list(sys.modules.items()):
        if name.startswith("dataset_builder.") and hasattr(module, "read_yaml"):
            module.read_yaml = parsed  # type: ignore[attr-defined]


def _limit_loosely(pid: int, timeout_s: float) -> None:
    _limit(pid, 20 * timeout_s)


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


def run(tests: Sequence[str], deselected: str, sampled: Mapping[str, int], seconds: int) -> None:
    """Mutate what the configuration in the current folder names, and run what has no result; they go to ``mutants/``.

    Args:
        tests: files and folders of tests.
        deselected: an expression for the tests that are too slow.
        sampled: file -> one mutant in so many is run; a file that is not named is run whole.
        seconds: run mutants for so long; 0 for all of them.
    """
    file_mutation.MutationVisitor._skip_node_and_children = _skip  # type: ignore[method-assign]
    _SAMPLED.update(sampled)
    file_mutation.create_mutations = _sampled
    file_mutation.function_trampoline_arrangement = _arranged
    program.PytestRunner.warm_up = _warm_up  # type: ignore[method-assign]
    program.PytestRunner.execute_pytest = _execute_alone  # type: ignore[method-assign]
    select = ["-m", "not slow", "-p", "no:cacheprovider", *(["-k", f"not ({deselected})"] if deselected else [])]
    configuration.reset_config()
    loaded = configuration.config()
    loaded.pytest_add_cli_args = select
    loaded.pytest_add_cli_args_test_selection = list(tests)
    isolation.register_timeout = _limit_loosely
    settings.register_profile("mutation", derandomize=True, deadline=None, database=None, max_examples=20)
    settings.load_profile("mutation")
    signal.signal(signal.SIGALRM, _stop)

    def collect(*arguments: Any, **options: Any) -> None:
        """Up to here nothing may be broken off; from here on mutmut takes an interruption for the end."""
        _collect_sorted(*arguments, **options)
        signal.alarm(seconds)

    program.collect_or_load_stats = collect
    program._run((), 1)
