# Canvas Review. `make help` lists what there is. Needs Python 3.11 and make, nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run stop reset install install-dev lint format test test-js bench words lock

VENV := .venv
PY := $(VENV)/bin/python
BIN := $(VENV)/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --no-audit --no-fund
ARGS ?=
JOBS ?= 3
FORCE ?=

# $(call pip_install,FILES,STAMP NAME): install the last of FILES unless exactly these contents were installed before.
# The last word of a pipe would be the exit code of awk, so pip's own travels through a file.
define pip_install
	@stamp="$(VENV)/.$(2)-$$(cat $(1) | cksum | tr ' ' '-')"; \
	if [ ! -f "$$stamp" ]; then \
		echo "Installing $(lastword $(1)) (the first time this takes a few minutes)"; \
		{ $(PY) -m pip install --disable-pip-version-check -r $(lastword $(1)) 2>$(VENV)/pip-errors.log; \
			echo $$? >$(VENV)/pip-status; } \
		| awk '/^Collecting /{ printf "  %3d  %s\n", ++n, $$2; fflush() } /^Installing collected/{ print "  unpacking"; fflush() }'; \
		if [ "$$(cat $(VENV)/pip-status)" != 0 ]; then \
			grep -v '^WARNING' $(VENV)/pip-errors.log >&2; echo "pip failed; see above." >&2; exit 1; \
		fi; \
		rm -f $(VENV)/.$(2)-*; touch "$$stamp"; \
	fi
endef

# npm of the same environment; node_modules is emptied first, so the stamp in it goes with it.
define npm_install
	@stamp="node_modules/.installed-$$(cat package.json package-lock.json | cksum | tr ' ' '-')"; \
	if [ ! -f "$$stamp" ]; then \
		echo "Installing package-lock.json"; \
		$(NPM) ci --ignore-scripts --loglevel=error >/dev/null || { echo "npm failed; see above." >&2; exit 1; }; \
		touch "$$stamp"; \
	fi
endef

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: install ## start everything and print the address (first time: installs and prepares; data stays in var/)
	@$(PY) -m canvas_review.launch run

stop: $(PY) ## stop what `make run` started, also what a killed one left behind
	@$(PY) -m canvas_review.launch stop

reset: $(PY) ## stop and delete all data in var/ (asks first; FORCE=1 does not)
	@$(PY) -m canvas_review.launch reset $(if $(FORCE),--force)

install: $(PY) ## the environment in .venv, when requirements.txt has changed
	$(call pip_install,requirements.txt,installed)

install-dev: install ## the same with the tools for tests and checks
	$(call pip_install,requirements.txt requirements-dev.txt,installed-dev)
	$(npm_install)

lint: install-dev ## style, types (Python's and JavaScript's), floors of the house, templates, missing migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@PATH="$(CURDIR)/$(BIN):$$PATH" node_modules/.bin/tsc --project .
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet templates
	@$(PY) -m canvas_review.embedded exec --ephemeral -- $(PY) manage.py makemigrations --check --dry-run

format: install-dev ## put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Files are given out whole and in their order (canvas_review/tests/parallel.py puts the slow ones first).
test: install-dev ## the whole suite on throw-away services, in JOBS=3 processes; ARGS="-k words" for a part
	@$(PY) -m canvas_review.embedded exec --ephemeral -- \
		$(PY) -m pytest --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(ARGS)

test-js: install-dev ## the browser's modules alone, in a second; ARGS="--test-name-pattern=words" for a part
	@$(BIN)/node --test $(ARGS) 'canvas_review/tests/js/**/*.test.js'

bench: install-dev ## the measurements of benchmarks/; ARGS="name" for one
	@$(PY) -m canvas_review.embedded exec --ephemeral -- $(PY) -m benchmarks $(ARGS)

words: install ## bring the texts in locale/ to what the sources say, and list what is left to translate
	@$(PY) manage.py make_words

lock: install-dev ## write requirements*.txt anew from what is installed, and package-lock.json from package.json
	@$(PY) .ci/lock.py
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --loglevel=error >/dev/null

$(PY):
	@python=""; \
	for name in python3.11 python3 python; do \
		if command -v $$name >/dev/null 2>&1 \
			&& $$name -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 is needed and was not found. Install it (on Debian 12: apt install python3 python3-venv)." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$python --version)"; \
	if ! $$python -m venv $(VENV); then \
		rm -rf $(VENV); echo "Could not make $(VENV). On Debian: apt install python3-venv." >&2; exit 1; \
	fi
