# make run    open the board          make test   all tests, browser included
# make docs   build the documents     make bench  measure the pages      make check   style
# Nothing is needed before these but Python 3.11 or newer; they build .venv themselves, once.

BIN := .venv/bin
PYTEST_ARGS ?= -q -n auto --dist loadfile --no-loadscope-reorder
# Only what is used is compiled, when it is first used: half of what is installed never is.
INSTALL := $(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check -c requirements.lock

.PHONY: run test bench docs check
.DEFAULT_GOAL := run

run: .venv/.run
	@$(BIN)/taizhang run

# Tests start many processes: each reads what another has compiled.
test: .venv/.test
	@$(BIN)/python tests/prepare_browser.py
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(PYTEST_ARGS)

bench: .venv/.test
	@$(BIN)/python tests/prepare_browser.py
	@$(BIN)/python benchmarks/page_speed.py

docs: .venv/.run
	@$(BIN)/taizhang docs
	@PYTHONPATH=tests $(BIN)/python docs/draw_architecture.py

check: .venv/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.venv/.run: pyproject.toml requirements.lock | .venv/bin/python
	@echo "Installing the libraries into .venv (once) …"
	@$(INSTALL) -e .
	@touch $@

.venv/.test: pyproject.toml requirements.lock | .venv/bin/python
	@echo "Installing the libraries and the test tools into .venv (once) …"
	@$(INSTALL) -e ".[test]"
	@touch .venv/.run $@

# The first Python on the path that is new enough makes the environment, or before it the one that PYTHON names; a
# half-made one is taken away again.
.venv/bin/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    "$$python" -m venv .venv && exit 0; \
	    rm -rf .venv; \
	    is_new_enough=yes; \
	  fi; \
	done; \
	if [ "$$is_new_enough" ]; then \
	  echo "Python could not make a virtual environment; on Debian or Ubuntu install python3-venv and try again." >&2; \
	else \
	  echo "Taizhang needs Python 3.11 or newer, and none was found: install it from your system or python.org." >&2; \
	fi; \
	exit 1
