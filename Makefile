# Every command of the project. A machine needs Python >= 3.11 and make; the rest is installed
# into .venv from the lock files, whose hashes pip verifies.
#
#   make run     start the service in demo mode       make check   what has to be green
#   make test    run the fast tests                   make bench   measure against plain Flask
#   make cards   render the cards of all samples      make docs    build the documentation
#   make sbom    list the parts of the service (CycloneDX)
#   make lock    pin the newest allowed versions      make tour    take the pictures (Chromium)

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Building the project itself: its build tool comes from a lock as well, never from an unpinned
# download in pip's isolated build.
INSTALL_PROJECT := $(PIP) install --quiet --no-deps --no-build-isolation --editable .
PYTEST := $(BIN)/python -m pytest -n auto
# The variable silences an advertisement that mkdocs-material prints.
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs

.DEFAULT_GOAL := help
.PHONY: help install install-dev run test test-slow mutation check lint types imports lengths knowledge \
	docs docs-current bench sbom cards tour pictures page-weight lock clean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

# --- the virtual environment -------------------------------------------------------------------

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock requirements-build.lock setup.cfg pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	$(INSTALL_PROJECT)
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	touch $@

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

# --- running -----------------------------------------------------------------------------------

run: install
	HCC_CDS_MODE=demo HCC_CDS_BIND="$${HCC_CDS_BIND:-127.0.0.1:$(PORT)}" \
	HCC_CDS_PUBLIC_URL="$${HCC_CDS_PUBLIC_URL:-http://127.0.0.1:$(PORT)}" $(BIN)/hcc-cds serve

# What the benchmark compares with stands in an environment of its own, never beside the service.
.venv-bench/.installed: bench/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip --disable-pip-version-check install --quiet -r $<
	touch $@

bench: install-dev .venv-bench/.installed
	$(BIN)/python -m bench.run
	$(BIN)/python -m bench.authentication
	$(BIN)/python -m bench.fetching

# CycloneDX, from the lock that is installed; the tool stands in an environment of its own.
sbom: $(BIN)/python
	$(PYTHON) -m venv .venv-sbom
	.venv-sbom/bin/python -m pip --disable-pip-version-check install --quiet "cyclonedx-bom>=7,<8"
	.venv-sbom/bin/cyclonedx-py requirements --output-reproducible --of JSON -o sbom.json \
		requirements.lock

cards: install-dev
	$(BIN)/python -m tools.cards_page

# Walk docs/tour.md in a browser and keep its pictures; `make check SLOW=1` says when they are old.
tour pictures: install-dev
	HCC_CDS_TOUR=write $(BIN)/python -m pytest -n 0 -m slow tests/browser/test_tour.py

# How heavy the two pages are and how soon something is seen: writes docs/reference/page-weight.md.
page-weight: install-dev
	$(BIN)/python -m tools.page_weight

# --- checking ----------------------------------------------------------------------------------

test: install-dev
	$(PYTEST) -m "not slow"

# Hours on one core; groups can be run one by one: GROUPS="child_pugh units".
mutation: install-dev
	$(BIN)/python -m tools.mutation $(GROUPS)

test-slow: install-dev
	$(PYTEST) --dist loadgroup -m slow

lint: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/yamllint --strict .

types: install-dev
	$(BIN)/mypy .

imports: install-dev
	$(BIN)/lint-imports

lengths: install-dev
	$(BIN)/python -m tools.lengths

knowledge: install
	$(BIN)/hcc-cds check-knowledge

docs: install-dev
	$(BIN)/python -m tools.clinical_logic
	$(BIN)/python -m tools.conformance_page
	$(BIN)/python -m tools.integration_pages
	$(MKDOCS) build --strict --quiet

# The same without writing a page: a check changes nothing.
docs-current: install-dev
	$(BIN)/python -m tools.clinical_logic --check
	$(BIN)/python -m tools.conformance_page --check
	$(BIN)/python -m tools.integration_pages --check
	$(MKDOCS) build --strict --quiet

# Cheap checks first: a wrong comma should not wait for the tests.
check: lint types imports lengths knowledge docs-current test $(if $(SLOW),test-slow)

# --- pinning -----------------------------------------------------------------------------------

# Compiled with the oldest Python that is supported; `tests/docs` checks that no address of an
# index gets into a lock.
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(VENV)-lock/bin/pip-compile --quiet --upgrade \
	--generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options

lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet "pip-tools>=7.5"
	$(LOCK) --output-file=requirements.lock setup.cfg
	$(LOCK) --only-build-deps --build-deps-for=editable --build-deps-for=wheel \
		--output-file=requirements-build.lock setup.cfg
	$(LOCK) --extra=test --extra=check --extra=slow --constraint=requirements.lock \
		--output-file=requirements-dev.lock setup.cfg

clean:
	rm -rf $(VENV) $(VENV)-lock .venv-bench .venv-sbom sbom.json .venv-fhir-server build dist site *.egg-info
