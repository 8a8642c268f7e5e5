# One command each. Everything is installed into .venv from the hash-pinned lock files.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: dataset test check faults mutation fuzz soak load audit long quality cluster bench docs site browser conformance setup lock clean

dataset: setup  ## build seeds/ into out/seeds/
	$(BIN)/build-dataset build seeds --out out/seeds

test: setup  ## run the tests
	$(BIN)/python -m pytest -n 2 -m "not slow"

check: test  ## everything: the tests, style, types, layers, documentation in step, the seeds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mypy docs/generate.py docs/site_pages.py docs/screenshots.py
	$(BIN)/python docs/generate.py --check
	$(BIN)/build-dataset check seeds

faults: setup  ## builds and workers killed at random, disks that fill up, bytes that flip, connections that are dropped
	$(BIN)/python -m pytest -n 2 -m "slow or not slow" tests/acceptance/test_never_half.py tests/acceptance/test_disk_faults.py \
		tests/acceptance/test_full_disk.py tests/acceptance/test_worker_faults.py tests/unit/cache/test_cache_flips.py \
		tests/publish/test_publish_hub_faults.py tests/publish/test_publish_s3_faults.py tests/publish/test_publish_deposit.py

# MUTATION_OPTIONS="--area rights --seconds 300" for a slice (the next goes on), "--again" for what no failing test killed, "--note".
mutation: setup  ## change the rights decision and the manifest in two thousand places: which changes does no test notice?
	PYTHONPATH=tests VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv run --quiet --no-project --active --with mutmut==3.8.1 python tests/mutation/run_mutation.py $(MUTATION_OPTIONS)

# Seconds for each target; FUZZ_OPTIONS="--only dates --note" for one target, and for tests/fuzz/RESULTS.md.
FUZZ_SECONDS ?= 30
fuzz: setup  ## every parser against damaged input, guided by coverage; finds are kept in tests/fuzz/corpus
	PYTHONPATH=tests:. $(BIN)/python tests/fuzz/run_fuzz.py --seconds $(FUZZ_SECONDS) $(FUZZ_OPTIONS)

soak: setup  ## twenty minutes of builds over and over, in five slices; what grew is an error; notes tests/load/SOAK.md
	for slice in 1 2 3 4 5; do PYTHONPATH=tests:. $(BIN)/python tests/load/soak.py --seconds 240 --note || exit 1; done

# LOAD is one of tiny, sources, findings, text, page, row (tests/load/heavy_corpora.py).
LOAD ?= findings
load: setup  ## one burden, into tests/load/RESULTS.md
	PYTHONPATH=tests:. $(BIN)/python tests/load/run_load.py $(LOAD) --note

audit: setup  ## licences, hashes, digests, code from data; then known vulnerabilities: without osv.dev it says so and fails
	PYTHONPATH=. $(BIN)/python tests/supply/dependency_licenses.py
	$(BIN)/python -m pytest tests/supply
	$(BIN)/python tests/supply/known_vulnerabilities.py

long: setup  ## every test that is marked slow
	$(BIN)/python -m pytest -n 2 -m slow --timeout 1800

cluster: setup  ## the engine on a cluster of two nodes, one of which is lost; adds the extra [ray], needs the right to make namespaces
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-build-isolation --editable ".[ray]"
	$(BIN)/python -m pytest -m slow --timeout 1800 tests/cluster

bench: setup  ## the benchmarks, into benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run.py

quality: setup  ## the pinned figures of cleaning, dates, entities and copies; needs ../shared
	$(BIN)/python -m pytest tests/quality --quality-gate

docs: setup  ## make the reference and the shown outputs anew
	$(BIN)/python docs/generate.py

site: setup  ## the documentation as a site in out/site, built without a network
	$(BIN)/python docs/site_pages.py

browser:  ## install the browser that tests of the report use; Debian's
	command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core)

conformance: setup  ## frictionless's own suites, validated by both engines; fetches them from the package index
	$(BIN)/python tests/conformance/compare_frictionless_suites.py
	VALIDATION_EXAMPLES=1000 $(BIN)/python -m pytest -n 2 --timeout 3600 tests/property/test_same_verdicts.py

# Modules are compiled here, as some machines forbid Python to do it when it imports.
setup: .venv/.ready
	@$(BIN)/python -m compileall -q dataset_builder frictionless_arrow.py

.venv/.ready: requirements.lock requirements-uv.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

lock:  ## resolve the dependencies anew; the files hold hashes and no index address
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml --group dev -o requirements.lock
	echo uv | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate - -o requirements-uv.lock

clean:
	rm -rf .venv out build dist
