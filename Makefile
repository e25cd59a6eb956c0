# One verb a target. `make` or `make help` lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test lint types check train bench bench-nlu bench-gate audit soak soak-many clean

BIN := .venv/bin

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s  %s\n", $$1, $$2 }' Makefile

# The project's own Python first: it is quick to start. The others may be missing, too old, or
# a shim for a version that is not installed, so each is tried before it is trusted.
setup: ## Install everything into .venv (quick when nothing changed)
	@for python in $(BIN)/python python3 python /usr/bin/python3; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 7))' >/dev/null 2>&1; then \
	    exec $$python scripts/setup.py; \
	  fi; \
	done; \
	echo 'Setup failed. No Python found: install Python 3 (3.10 is best), then run make again.' >&2; \
	exit 1

run: setup ## Train if needed, then serve the guide
	@$(BIN)/npq run

test: setup lint types check ## Run everything: lint, types, content check, all tests
	@$(BIN)/pytest

lint: setup ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## Check types
	@$(BIN)/mypy

check: setup ## Check the knowledge, the domain, the stories and the conversations
	@$(BIN)/npq check

train: setup ## Train the model
	@$(BIN)/npq train

bench: setup ## Compare with stock Rasa (installs it: 3 GB; trains it: an hour; ARGS="--epochs 6" or --keep; QUICK=1)
	@$(BIN)/python -m bench.stock $(ARGS)
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.growth $(if $(QUICK),--quick)

bench-nlu: setup ## Read public intent data (CLINC150, BANKING77; DATA=FOLDER) as visitors' messages are read
	@$(BIN)/python -m bench.public $(if $(DATA),--data "$(DATA)")

bench-gate: setup ## Send malformed requests and ones made from the OpenAPI document (many minutes; ARGS="10000 5000")
	@$(BIN)/python -m bench.gate $(ARGS)

audit: setup ## Look for known weaknesses of what is installed: 1 = found, 2 = could not be found out
	@$(BIN)/python scripts/audit.py

soak: setup ## Prove that nothing is lost while everything fails: 2,500 visitors on each database, over 2,000 of whom register, an hour
	@NPQ_FAULT_VISITORS=$${NPQ_FAULT_VISITORS:-2500} $(BIN)/pytest -s tests/faults

soak-many: setup ## Several processes for MINUTES=15: memory, errors, and a new model under load
	@NPQ_SOAK_MINUTES=$(or $(MINUTES),15) $(BIN)/pytest -s tests/many/test_soak.py

clean: ## Remove what can be made again (never var/, which holds people's interest)
	@rm -rf .venv .uv .rasa models .mypy_cache .pytest_cache .ruff_cache .hypothesis
