# Everything from nothing but Python (3.11 or newer) and make: the environment is made in .venv, from a lock with hashes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MODEL ?= corridor-2025
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

BUNDLE := $(wildcard energynet/report/bundle/*)

.PHONY: run test lint types bench oracle mutants docs assets pictures lock clean
.DELETE_ON_ERROR:

run: $(VENV)/.run  ## set up, solve the reference case, print who got how much
	$(BIN)/energynet solve $(MODEL)

test: $(VENV)/.test  ## set up everything and run the tests
	$(BIN)/python -m pytest $(TESTS)

lint: $(VENV)/.test
	$(BIN)/ruff check energynet tests hatch_build.py

types: $(VENV)/.test
	$(BIN)/mypy

bench: $(VENV)/.test  ## time and memory against raw arrays
	$(BIN)/python -m pytest -m bench -n 0 tests/benchmarks

oracle: $(VENV)/.test  ## hold all shipped models and 200 random packages against the reader in tests/oracle (about an hour)
	$(BIN)/python -m pytest -m "oracle or not oracle" tests/oracle

mutants: $(VENV)/.mutation  ## plant 200 small faults, one at a time: at least nine of ten must be found by the tests
	$(BIN)/python tests/mutation/sample.py

docs: $(VENV)/.run  ## write the page of equations anew from the code
	$(BIN)/python -c "from energynet.components.mathematics import page; print(page(), end='')" > docs/mathematics.md

assets: $(BIN)/python  ## make what the report page is built of, from pinned npm packages
	$(BIN)/python hatch_build.py

pictures: $(VENV)/.run  ## solve the reference case and draw the pictures of the README anew, into results/reference/
	rm -rf build/pictures
	$(BIN)/energynet solve corridor-2025 --out build/pictures --format parquet > /dev/null
	$(BIN)/energynet report build/pictures --format png --only map_gas_AZ,buyers_AZ,supply_gas,prices_usd_tcm --out results/reference

lock:  ## pin the versions anew (needs uv)
	$(COMPILE) --upgrade --extra excel --extra query --extra plot --extra cluster --group dev --group build --output-file requirements/test.txt
	$(COMPILE) --extra excel --extra query --extra plot --group build --constraint requirements/test.txt --output-file requirements/run.txt
	$(COMPILE) --extra excel --extra query --extra plot --extra cluster --group dev --group build --group mutation --constraint requirements/test.txt --output-file requirements/mutation.txt
	cd energynet/report/bundle && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund

clean:
	rm -rf $(VENV) mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks build dist energynet/report/assets

$(BIN)/python:
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'energynet needs Python 3.11 or newer: make PYTHON=python3.11')"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml hatch_build.py $(BUNDLE) | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@if [ -f energynet/report/assets/why-not.txt ]; then echo "reports will be static pages: $$(cat energynet/report/assets/why-not.txt)"; fi
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(PIP) install --require-hashes --requirement requirements/test.txt
	touch $@

$(VENV)/.mutation: requirements/mutation.txt $(VENV)/.test
	$(PIP) install --require-hashes --requirement requirements/mutation.txt
	touch $@
