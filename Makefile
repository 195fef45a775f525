# The developer's interface: needs Python 3.11 to 3.14, make and git. `make help` lists the targets.
PYTHON ?= python3
UV     ?= uv

BIN     := .venv/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check -qq
LOCK    := $(UV) pip compile --no-config --universal --python-version 3.11 --generate-hashes \
           --no-header --no-annotate --quiet pyproject.toml
READY   := .venv/dev.stamp .venv/simcost.stamp
RECORDED := $(if $(RECORD),--record)
SOURCES := simulator kernels tests $(wildcard bench)
TOML    := $(shell find scenarios tests/acceptance -name '*.toml' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test slow check format bench lock clean
.NOTPARALLEL:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/simcost.stamp  ## install, run a real scenario of a million futures, print its table
	$(BIN)/simcost run scenarios/ecommerce_recommender.toml -n 1_000_000

test: $(READY)  ## every test but the slow ones, on all processors
	$(BIN)/python -m pytest -m "not slow" -n auto --dist worksteal

slow: $(READY)  ## the slow tests: fuzzing, ten million draws, coverage, memory; an hour or more
	$(BIN)/python -m pytest -m slow -n auto --dist worksteal

check: $(READY)  ## lint, format, types, direction of imports, example files against their schema
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(if $(TOML),$(BIN)/tombi lint --offline --error-on-warnings $(TOML))

format: $(READY)  ## put the sources into the house format
	$(BIN)/ruff check --fix-only $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: $(READY)  ## the benchmarks; RIVALS=1 installs the other libraries, RECORD=1 writes bench/records/ and the README's table
	$(if $(RIVALS),$(PIP) install --require-hashes --only-binary :all: -r requirements/bench.txt)
	$(BIN)/python bench/throughput.py $(RECORDED)
	$(BIN)/python bench/accuracy.py $(RECORDED)
	$(BIN)/python bench/scaling.py $(RECORDED)
	$(BIN)/python bench/whole_process.py $(RECORDED)
	$(BIN)/python bench/answers.py $(RECORDED)
	$(BIN)/python bench/startup.py --most 1e5 --repeats 1
	$(BIN)/python bench/summaries.py
	$(if $(RECORD),$(BIN)/python bench/table.py)

lock:  ## renew requirements/*.txt from pyproject.toml (needs uv); UPGRADE=--upgrade takes the newest
	$(LOCK) $(UPGRADE) --group dev --extra export --extra report -o requirements/dev.txt
	$(LOCK) --group build --constraint requirements/dev.txt -o requirements/run.txt
	$(LOCK) --group bench --constraint requirements/dev.txt -o requirements/bench.txt

clean:  ## remove the environment and every cache
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find simulator kernels tests -name __pycache__ -prune -exec rm -rf {} +

# A changed lock makes a new environment; nothing is installed that the lock gives no hash for.
.venv/run.stamp: requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || \
	  { echo 'simcost needs Python 3.11 to 3.14; name one with: make PYTHON=python3.12 ...' >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes --only-binary :all: -r requirements/run.txt
	@touch $@

.venv/simcost.stamp: pyproject.toml .venv/run.stamp
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q simulator kernels
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@
