# Everything a newcomer needs: `make demo`, `make test`. What is missing is installed first.
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo test check fmt docs bench clean
help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/.ready: pyproject.toml tools/venv
	@PYTHON=$(PYTHON) sh tools/venv $(VENV)
	@touch $@

demo: $(VENV)/.ready  ## Run the main job on an example repository, offline
	@sh examples/demo.sh "$(CURDIR)/$(BIN)/boltseal"

test: $(VENV)/.ready  ## Install what the tests need and run them all
	@sh tools/test-programs
	BOLTSEAL_REQUIRE_REGISTRY=1 $(BIN)/python -m pytest

check: $(VENV)/.ready  ## Lint, types, import contracts, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/make_docs.py --check

fmt: $(VENV)/.ready  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.ready  ## Write the generated documentation
	$(BIN)/python tools/make_docs.py

bench: $(VENV)/.ready  ## Time boltseal, its floors and other programs; BENCH_ARGS=--help for more
	$(BIN)/python -m bench $(BENCH_ARGS)

clean:  ## Remove what the other targets made
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .programs
