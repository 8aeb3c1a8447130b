# Everything runs from one virtual environment, made when it is first needed.
DATA ?= data/built
AUDIENCE ?= coordinating_group
PORT ?= 8501
RELEASES ?= releases
PYTHON ?= python3

SAMPLE = data/sample
BIN = .venv/bin
LEADSTATS = $(BIN)/python -m leadstats
# The names of what is installed are the progress: a minute without a word looks like a fault.
PIP = $(BIN)/python -m pip --disable-pip-version-check install
NAMES = sed -nu 's/^Collecting \([A-Za-z0-9_.-]*\).*/  \1/p; /^Installing collected/s/.*/  putting them in place/p'
SHELL := bash
.SHELLFLAGS := -o pipefail -c

.PHONY: run run-public import build check test test-fast test-scale mutate bench built browser java

run: built  ## start the app on PORT (8501) with DATA, for AUDIENCE
	@$(LEADSTATS) serve --port "$(PORT)" --data "$(DATA)" --audience "$(AUDIENCE)"

run-public: .venv/ready  ## start the pages for everybody on PORT, from RELEASES alone
	@$(LEADSTATS) serve --port "$(PORT)" --releases "$(RELEASES)"

import: DATA = data/private/built
import: .venv/ready  ## start the app for staff, with the page that takes exports into INBOX and builds DATA
	@$(LEADSTATS) serve --port "$(PORT)" --data "$(DATA)" --inbox "$(or $(INBOX),data/private/inbox)" --audience analyst

# The sample is built anew when it or what reads it has changed; a site's own data are never built unasked.
ifeq ($(DATA),data/built)
built: .venv/ready data/built/current
else
built: .venv/ready
	@if [ ! -f "$(DATA)/current" ]; then \
		echo "$(DATA) holds no built data; first: make build INBOX=folder DATA=$(DATA)" >&2; exit 2; \
	fi
endif

data/built/current: $(shell find $(SAMPLE) leadstats/ingest leadstats/model leadstats/recognition queries/dimensions.sql queries/tables queries/ingest queries/hmis queries/checks -type f ! -name "*.pyc") | .venv/ready
	@echo "Building the invented sample, once."
	@$(LEADSTATS) build $(SAMPLE) --to data/built >/dev/null || [ $$? -eq 1 ]
	@touch $@

build: .venv/ready  ## check the exports in INBOX and put them in force in DATA
	@[ -n "$(INBOX)" ] || { echo "Say where the exports are: make build INBOX=folder DATA=folder" >&2; exit 2; }
	@$(LEADSTATS) build "$(INBOX)" --to "$(DATA)" || [ $$? -eq 1 ]

check: .venv/ready-to-test  ## format, lint, SQL lint, generated files current
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint queries
	$(BIN)/python -m docs.generate --check

# Many processes begin in the tests; where Python is told to keep nothing it has compiled, each would compile all anew.
test test-fast: export PYTHONDONTWRITEBYTECODE =

# One process more than there are processors, since browsers and servers are waited for.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test: .venv/ready-to-test browser  ## the whole suite
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder

# Numbers and words: no files, browser, real exports or releases.
# Of these, what builds, draws at random or compares everything with everything is left to the whole suite.
FAST = analysis charts counting house/test_architecture.py house/test_queries.py metrics model narrative recognition \
	statistics
SLOW = counting/test_atoms.py counting/test_cells.py counting/test_changes.py counting/test_coverage.py \
	counting/test_lookups.py counting/test_rows.py counting/test_site_facts.py counting/test_together.py \
	metrics/test_cube.py metrics/test_degenerate.py metrics/test_recount.py metrics/test_recount_outcomes.py
test-fast: .venv/ready-to-test  ## what a change of a number or a sentence breaks, within a minute
	$(BIN)/python -m pytest --numprocesses auto --dist loadscope $(FAST:%=tests/%) $(SLOW:%=--ignore tests/%) \
		-k "not (never_sql or every_breakdown_and_period or two_breakdowns or margins_leave or walking_all_tables)"

test-scale: .venv/ready-to-scale java  ## count the cube with a local Spark, and compare every cell with DuckDB's
	$(BIN)/python -m pytest tests/scale.py

mutate: .venv/ready-to-test  ## change ONLY (else all queries and counting) a token at a time; print what no test notices
	@nice $(BIN)/python -m benchmarks.mutation $(if $(MOST),--most $(MOST)) $(ONLY)

bench: .venv-bench/ready browser  ## this commit beside an earlier one, plain Streamlit and Dash, in turn, as BENCH says; asserts nothing
	.venv-bench/bin/python -m benchmarks.instant $(BENCH)

# Without a window, as tests need it, it draws at half the cost; what is measured is measured as people have it.
CHROMIUM = chromium-headless-shell
bench: CHROMIUM = chromium
browser:
	@command -v $(CHROMIUM) >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && apt-get update --quiet && apt-get install --yes --quiet $(CHROMIUM); } || \
		command -v chromium >/dev/null || \
		{ echo "The browser tests need a package of Debian: sudo apt install $(CHROMIUM)" >&2; exit 1; }
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && apt-get update --quiet && apt-get install --yes --quiet nginx-light; } || \
		echo "What nginx does with our configuration is not tested without it: sudo apt install nginx-light" >&2

java:
	@command -v java >/dev/null || if [ "$$(id -u)" = 0 ]; then \
		apt-get update --quiet && apt-get install --yes --quiet openjdk-17-jre-headless; \
	else \
		echo "Spark needs Java: sudo apt install openjdk-17-jre-headless" >&2; exit 1; \
	fi

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "leadstats needs Python 3.11 or later")'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: requirements.txt | .venv/python
	@echo "Installing what leadstats needs, once; this takes a minute or two:"
	@$(PIP) --requirement requirements.txt | $(NAMES)
	@touch $@

.venv/ready-to-test: requirements.txt requirements-dev.txt | .venv/python
	@echo "Installing what the tests need, once; this takes a minute or two:"
	@$(PIP) --requirement requirements-dev.txt | $(NAMES)
	@touch $@

# Of its own: Dash brings a plugin of pytest along that the tests would trip over.
.venv-bench/ready: requirements.txt requirements-dev.txt benchmarks/requirements.txt
	@$(PYTHON) -m venv .venv-bench
	@echo "Installing what the benchmark needs, once; this takes a minute or two:"
	@.venv-bench/bin/python -m pip --disable-pip-version-check install --requirement benchmarks/requirements.txt | $(NAMES)
	@touch $@

.venv/ready-to-scale: requirements-scale.txt .venv/ready-to-test | .venv/python
	@echo "Installing Apache Spark, once; it is half a gigabyte:"
	@$(PIP) --requirement requirements-scale.txt | $(NAMES)
	@touch $@
