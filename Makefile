# Everything a developer, CI and a new machine type. `make help` tells what there is.
# Python 3.11+ with venv is all that a fresh machine needs: Node comes from the lock file.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PHIEN := $(VENV)/bin/phien
# What a target hands on: make demo ARGS="--port 8080", make test ARGS="tests/core -k blobs"
ARGS ?=
JOBS ?= 2
# Under CI a test that failed is run once more and listed as RERUN: a defect to look at, and no reason to lose a change.
AGAIN := $(if $(CI),--reruns 1 -rR,)
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Stamps live in what they speak of: who deletes the folder gets it made anew.
DEPENDENCIES := $(VENV)/.stamp-dependencies
INSTALLED := $(VENV)/.stamp-installed
MODULES := clients/node_modules/.stamp
CLIENTS := .build/clients

CLIENT_SOURCES := $(shell find clients \( -name node_modules -o -name dist \) -prune -o -type f -print 2>/dev/null)

.PHONY: help
help: ## Tell what there is
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) $(CLIENTS) ## Make the environment and build the clients (quick when nothing changed)

$(DEPENDENCIES): requirements.lock
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(INSTALLED): $(DEPENDENCIES) pyproject.toml hatch_build.py
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(MODULES): clients/package-lock.json clients/package.json $(DEPENDENCIES)
	cd clients && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(CLIENTS): $(MODULES) $(CLIENT_SOURCES)
	cd clients && npm run build
	@mkdir -p $(@D) && touch $@

.PHONY: demo
demo: setup ## Seed a made-up city and serve it: make demo ARGS="--port 8080"
	deploy/system-packages run
	exec $(PHIEN) demo $(ARGS)

.PHONY: serve
serve: setup ## Serve a real data folder: make serve ARGS="--config phien.toml"
	deploy/system-packages run
	exec $(PHIEN) serve $(ARGS)

.PHONY: test
test: setup ## Run every test, those that want the machine to themselves last: make test ARGS="tests/core"
	deploy/system-packages test
	cd clients && npm test
ifeq ($(strip $(ARGS)),)
	$(PY) -m pytest -n $(JOBS) --dist worksteal $(AGAIN) --ignore=tests/crash --ignore=tests/e2e
	$(PY) -m pytest -n 0 $(AGAIN) tests/crash tests/e2e
else
	$(PY) -m pytest -n $(JOBS) $(ARGS)
endif

.PHONY: test-long
test-long: setup ## Run what takes long: 2,000 spoiled files at the gate, 40 kills while papers come in
	deploy/system-packages test
	PHIEN_MUTATIONS=2000 $(PY) -m pytest -n 0 tests/documents/test_mutations.py $(ARGS)
	CRASH_PAPERS=40 $(PY) -m pytest -n 0 tests/crash/test_papers.py

.PHONY: check-corpus
check-corpus: setup ## Print the gate's verdict on every file of the corpus beside the checkout, if one is there
	$(PY) -m tests.support.corpus

.PHONY: check
check: check-server check-clients ## Lint, types, import contracts, generated files

.PHONY: check-server
check-server: setup
	deploy/system-packages run
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PHIEN) wire --check
	$(PHIEN) locale --check

.PHONY: check-clients
check-clients: setup
	cd clients && npm run check

.PHONY: fix
fix: setup ## Format, mend what ruff can, write generated files anew
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(PHIEN) wire
	$(PHIEN) locale

.PHONY: bench
bench: bench-live bench-beside bench-journal bench-writer bench-reader bench-gate bench-conversion bench-watermark bench-signing ## Run the benchmarks: one JSON line a figure, and a table

.PHONY: bench-live bench-beside bench-journal bench-writer bench-reader bench-gate bench-conversion bench-watermark bench-signing
bench-live bench-beside bench-journal bench-writer bench-reader bench-gate bench-conversion bench-watermark bench-signing: bench-%: setup
	$(PY) -m bench.$* $(ARGS)

.PHONY: pictures
pictures: setup ## Take the pictures of README and docs anew, from the running demo
	deploy/system-packages test
	$(PY) -m tests.e2e.pictures

.PHONY: build
build: setup ## Make the wheel and the sdist in dist/
	$(VENV)/bin/hatchling build -t sdist -t wheel

.PHONY: lock
lock: ## Resolve the dependencies anew into requirements.lock (asks the registry)
	deploy/lock

.PHONY: clean
clean: ## Remove what was built; data and .venv stay
	rm -rf .build build dist server/_bundle clients/*/dist clients/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	rm -f $(DEPENDENCIES) $(INSTALLED)
	find server signing tests -name __pycache__ -type d -prune -exec rm -rf {} +
