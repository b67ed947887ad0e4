# make run     make test     make lint     make types     make format     make lock     make clean
# Windows has no make: the README gives the lines of py and pip that do the same.

SHELL := /bin/sh
OLDEST := 3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PROVIDER := tests/access/oidc_provider
TYPED := $(wildcard vs_core app.py pages)
ARGS ?=

IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for one in python3 python3.13 python3.12 python3.11; do \
	"$$one" -c '$(IS_NEW_ENOUGH)' 2>/dev/null && { echo "$$one"; break; }; done)

.PHONY: run test lint types format lock clean browser provider

run: $(VENV)/.runtime
	@$(BIN)/python -m vs_core run

# The types are checked while the tests run, and told after them. Three processes on two cores: tests wait for servers.
test: lint browser provider
	@echo "Tests, and beside them the types:"
	@$(BIN)/mypy $(TYPED) > $(VENV)/types.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS); tests=$$?; \
	wait $$types; types=$$?; echo "Types:"; cat $(VENV)/types.txt; [ $$tests = 0 ] && [ $$types = 0 ]

lint: $(VENV)/.tests
	@echo "Style:"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.tests
	@echo "Types:"
	@$(BIN)/mypy $(TYPED)

format: $(VENV)/.tests
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

$(BIN)/python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(IS_NEW_ENOUGH)'; then \
		echo "This needs Python $(OLDEST) or newer, and none was found here. Install one, or name it: make PYTHON=/path/to/python3"; \
		exit 1; fi
	@"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "Installing what the dashboard needs (a minute or two, once) ..."
	@$(PIP) install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what the tests need (once) ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

browser: $(VENV)/.tests
	@for one in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v "$$one" >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium fonts-dejavu-core >/dev/null; } || echo "Chromium could not be installed."; \
	else echo "No Chromium here, and no right to install it."; fi

provider:
	@if command -v node >/dev/null && command -v npm >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Node.js for the tests of the single sign-on ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			nodejs npm >/dev/null; } || echo "Node.js could not be installed."; \
	else echo "No Node.js and npm here, and no right to install them."; fi
	@if command -v npm >/dev/null; then cd $(PROVIDER) && { [ node_modules -nt package-lock.json ] \
		|| npm ci --silent --no-audit --no-fund && touch node_modules; } || echo "oidc-provider could not be installed."; fi

lock: $(BIN)/python
	@$(PIP) install --quiet uv==0.13.9
	@$(call compile,requirements,What the dashboard runs on)
	@$(call compile,requirements-dev,What only the tests and checks need)
	@$(PIP) uninstall --quiet --yes uv

define compile
$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version $(OLDEST) --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate $(1).in -o $(1).txt \
&& { printf '# %s, with hashes. Compiled from %s.in by `make lock`.\n' '$(2)' '$(1)'; cat $(1).txt; } > $(1).new \
&& mv $(1).new $(1).txt
endef

clean:
	@rm -rf $(VENV) $(PROVIDER)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	@find app.py pages vs_core tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
