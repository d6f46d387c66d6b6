# What can be done with a checkout. Needed: Python >= 3.11, git and make; the rest is installed into $(VENV).
#
#   make demo         the example site, filled, on http://127.0.0.1:8000/
#   make demo-check   the same on a free port: fetches every address, then stops
#   make test         the test suite, on the servers that answer
#   make test-people  the rooms that know people, on a site with a user model of its own
#   make lint         the checks that need no test
#   make corpus       how well overviews are read, against the counts in $(CORPUS)
#   make bench-pages  first and deep pages of large lists; SIZES names other numbers of entries
#   make explain      how PostgreSQL reads every list at 500,000 entries, and what is wrong with it
#   make openapi      the OpenAPI document, into docs/openapi.json
#   make fuzz-documents  EXAMPLES broken files and made-up overviews of each kind are read, within time and memory
#   make fuzz         requests made up from the OpenAPI document, EXAMPLES for each operation, person and kind
#   make bench-asgi    500 open connections to one process, under uvicorn and granian, on PostgreSQL
#   make bench-memory  the memory of a worker over 100,000 requests
#   make bench-import  how fast large files are imported and in how much memory; CASES names some of them
#   make bench        what a read costs here, in others and at the least, on ENTRIES entries; kept in docs/benchmarks.md
#   make bench-progress  the progress of a page of learners beside plain SQL; kept in docs/benchmarks.md
#   make race          readers and writers against the cache: READS and COMMITS on each pair of database and cache
#   make race-enrollment  16 processes for 10 places, ROUNDS times, on PostgreSQL and on SQLite
#   make build        the wheel and the sdist, in dist/
#   make wheel-check  the wheel in an empty environment beside a bare Django site
#   make graphql-audit   the audits of GraphQL over HTTP, by Node, against a live server
#   make matrix       the test suite on every supported Django and Python (tox)

.DEFAULT_GOAL := help
.PHONY: help demo demo-check test test-sqlite test-people lint format corpus bench-asgi bench-memory bench-progress bench-import bench-pages explain openapi fuzz fuzz-documents bench race race-enrollment build wheel-check graphql-audit matrix clean

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PORT ?= 8000
WORKERS ?= 2
TESTS ?=
SIZES ?=
EXAMPLES ?= 3
CORPUS ?= ../shared/corpus
ROUNDS ?= 1000
ENTRIES ?= 500000
READS ?= 1700000
COMMITS ?= 34000

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif

help:
	@sed -n 's/^#   //p' Makefile

# A stamp says that its packages are installed; a change of pyproject.toml makes it out of date.

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found. Name one: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade "pip>=25.1"

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable ".$(if $(DATABASE_URL),[postgres])"
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable ".[celery,postgres]" --group test
	@touch $@

$(VENV)/.lint: pyproject.toml $(VENV)/.test
	$(PIP) install --quiet --group lint
	@touch $@

$(VENV)/.build: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --group build
	@touch $@

$(VENV)/.matrix: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --group matrix
	@touch $@

demo: $(VENV)/.demo
	@$(BIN)/python scripts/demo.py --port $(PORT)

demo-check: $(VENV)/.demo
	@$(BIN)/python scripts/demo.py --check

test: $(VENV)/.test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

test-sqlite: $(VENV)/.test
	PRODEV_TEST_DATABASE=sqlite PRODEV_TEST_REDIS=no PRODEV_TEST_BROKER=no $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

PEOPLE_TESTS := tests/models tests/services tests/writing tests/testing tests/admin tests/reading tests/rest tests/graphql

test-people: $(VENV)/.test
	PRODEV_TEST_SCOPE=compatibility $(BIN)/python -m pytest --ds=tests.settings_people -n $(WORKERS) --dist worksteal $(or $(TESTS),$(PEOPLE_TESTS))

lint: $(VENV)/.lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	PRODEV_TEST_DATABASE=sqlite DJANGO_SETTINGS_MODULE=tests.settings \
		$(BIN)/python -m django makemigrations --check --dry-run django_prodev --pythonpath .

format: $(VENV)/.lint
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

corpus: $(VENV)/.demo
	@$(BIN)/python -m django_prodev.documents.measure $(CORPUS)

$(VENV)/.asgi: pyproject.toml $(VENV)/.test
	$(PIP) install --quiet --group asgi
	@touch $@

bench-asgi: $(VENV)/.asgi
	@$(BIN)/python -m benchmarks.open_connections

bench-memory: $(VENV)/.test
	@$(BIN)/python -m benchmarks.worker_memory

bench-progress: $(VENV)/.test
	@$(BIN)/python -m benchmarks.progress_page --write

bench-import: $(VENV)/.test
	@$(BIN)/python -m benchmarks.import_sizes $(CASES)

race: $(VENV)/.test
	$(BIN)/python -m benchmarks.race_cache --database postgres --cache redis --reads $(READS) --commits $(COMMITS)
	$(BIN)/python -m benchmarks.race_cache --database postgres --cache memcached --reads $(READS) --commits $(COMMITS)
	$(BIN)/python -m benchmarks.race_cache --database sqlite --cache locmem --reads $(READS) --commits $(COMMITS)

race-enrollment: $(VENV)/.test
	$(BIN)/python benchmarks/race_enrollment.py --rounds $(ROUNDS) --database postgres
	$(BIN)/python benchmarks/race_enrollment.py --rounds $(ROUNDS) --database sqlite

# strawberry-django and undine need a graphql-core that Graphene does not take, so they have an environment of their own.
$(VENV)/.bench: pyproject.toml $(VENV)/.test
	$(PIP) install --quiet --group bench
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip --disable-pip-version-check install --quiet --upgrade "pip>=25.1"
	$(VENV)/bench/bin/python -m pip --disable-pip-version-check install --quiet --group bench-apart
	@touch $@

# PostGraphile runs in Node; where there is no npm, the table says that it is missing.
POSTGRAPHILE := benchmarks/reads/postgraphile

$(POSTGRAPHILE)/node_modules/.package-lock.json: $(POSTGRAPHILE)/package-lock.json
	@if command -v npm >/dev/null; then \
		npm ci --prefix $(POSTGRAPHILE) --no-audit --no-fund --ignore-scripts --loglevel=error; fi

bench: $(VENV)/.bench $(POSTGRAPHILE)/node_modules/.package-lock.json
	$(BIN)/python -m benchmarks.reads --entries $(ENTRIES) --other-python $(VENV)/bench/bin/python --write

$(VENV)/.fuzz: pyproject.toml $(VENV)/.test
	$(PIP) install --quiet --group fuzz
	@touch $@

fuzz: $(VENV)/.fuzz
	PRODEV_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -q tests/rest/fuzz.py

fuzz-documents: $(VENV)/.test
	PRODEV_FUZZ_EXAMPLES=$(EXAMPLES) PRODEV_TEST_DATABASE=sqlite PRODEV_TEST_REDIS=no PRODEV_TEST_BROKER=no \
		$(BIN)/python -m pytest -q -n 0 tests/documents/test_document_fuzz.py

bench-pages: $(VENV)/.test
	@$(BIN)/python -m benchmarks.pages.deep $(SIZES)

explain: $(VENV)/.test
	@$(BIN)/python -m benchmarks.pages

openapi: $(VENV)/.test
	@$(BIN)/python scripts/write_openapi.py

build: $(VENV)/.build
	rm -rf dist
	$(BIN)/python -m build --no-isolation

wheel-check: build
	$(BIN)/python scripts/check_wheel.py dist/*.whl

graphql-audit: $(VENV)/.test
	cd tests/graphql/audit && npm ci --no-audit --no-fund
	$(BIN)/python -m pytest tests/graphql/test_audit.py

matrix: $(VENV)/.matrix
	$(BIN)/tox run $(if $(ENVS),-e $(ENVS))

clean:
	rm -rf $(VENV) .tox dist build example_project/var
