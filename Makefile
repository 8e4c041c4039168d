# Octavo. On a fresh machine `make serve` and `make test` need Python 3.11 or newer and make, nothing else.

PORT = 8000
WORKERS = 2
export PYTHON

RUN = .venv/bin/python
SOURCES = pyproject.toml requirements-build.lock scripts/set-up scripts/find-python

.PHONY: help serve test check lock reference bench clean
.DEFAULT_GOAL := help

help: ## Print this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

serve: .venv/.serve-stamp ## Set up, then serve content/ on port 8000 (PORT=8080 for another)
	@exec $(RUN) -m api.cli serve content --port $(PORT)

test: .venv/.test-stamp ## Set up, run every test, hold the coverage thresholds
	$(RUN) -m pytest -n $(WORKERS) --cov --cov-report=
	$(RUN) -m coverage report --fail-under=95
	$(RUN) -m coverage report --include='search_index/*' --fail-under=95 >/dev/null
	$(RUN) -m coverage report --include='api/*' --fail-under=95 >/dev/null
	$(RUN) -m coverage report --include='search_index/generation/*,search_index/engines/port.py' --fail-under=100

check: .venv/.test-stamp ## Lint, formatting, types and the layers, in seconds
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

lock: ## Write the lock files anew from pyproject.toml (LOCK=--upgrade for newer versions)
	@sh scripts/lock $(LOCK)

reference: .venv/.test-stamp ## Write the pages of docs/reference that are made from the code
	$(RUN) -m scripts.reference

bench: .venv/.test-stamp ## Run the benchmarks and print their figures
	$(RUN) -m benchmarks.building
	$(RUN) -m benchmarks.serving
	$(RUN) -m benchmarks.checkout
	$(RUN) -m benchmarks.listing
	$(RUN) -m benchmarks.searching
	$(RUN) -m benchmarks.judged

clean: ## Remove what make, the tests and the checks have made
	rm -rf .venv .venv-lock build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find api search_index tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.serve-stamp: requirements.lock $(SOURCES)
	@sh scripts/set-up requirements.lock requirements-build.lock
	@touch $@

.venv/.test-stamp: requirements-dev.lock $(SOURCES)
	@sh scripts/set-up requirements-dev.lock requirements-build.lock
	@touch .venv/.serve-stamp $@
