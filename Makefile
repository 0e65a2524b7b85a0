# Everything from nothing but Python (3.11 or newer) and make: the environment is made in .venv, from a lock with hashes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MODEL ?= corridor-2025
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

.PHONY: run test lint types bench docs lock clean
.DELETE_ON_ERROR:

run: $(VENV)/.run  ## set up, solve the reference case, print who got how much
	$(BIN)/energynet solve $(MODEL)

test: $(VENV)/.test  ## set up everything and run the tests
	$(BIN)/python -m pytest $(TESTS)

lint: $(VENV)/.test
	$(BIN)/ruff check energynet tests

types: $(VENV)/.test
	$(BIN)/mypy

bench: $(VENV)/.test  ## time and memory against raw arrays
	$(BIN)/python -m pytest -m bench -n 0 tests/benchmarks

docs: $(VENV)/.run  ## write the page of equations anew from the code
	$(BIN)/python -c "from energynet.components.mathematics import page; print(page(), end='')" > docs/mathematics.md

lock:  ## pin the versions anew (needs uv)
	$(COMPILE) --upgrade --extra excel --extra query --extra plot --extra cluster --group dev --group build --output-file requirements/test.txt
	$(COMPILE) --extra excel --extra query --extra plot --group build --constraint requirements/test.txt --output-file requirements/run.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks build dist

$(BIN)/python:
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'energynet needs Python 3.11 or newer: make PYTHON=python3.11')"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(PIP) install --require-hashes --requirement requirements/test.txt
	touch $@
