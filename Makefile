# Every command of the project. Each one sets itself up first; the second time that takes no time.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
export SAM_CLI_TELEMETRY := 0
# Several Tesseracts with one thread each beat one with several.
export OMP_THREAD_LIMIT := 1

.PHONY: help setup run test check build bench eval chaos e2e clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## packages of the distribution, virtual environment, Python packages
	@infra/packaging/setup.sh

run: setup  ## the whole system on this machine with sample dossiers (ONCE=1: until their outcome; PORT=8081)
	@$(BIN)/motcua demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

test: setup  ## all tests
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

check: setup  ## lint, types, template
	@failed=0; \
	$(BIN)/ruff check --output-format concise . || failed=1; \
	$(BIN)/ruff format --check . || failed=1; \
	$(BIN)/mypy || failed=1; \
	$(BIN)/sam validate --lint >build/validate.log 2>&1 || { cat build/validate.log; failed=1; }; \
	$(BIN)/cfn-lint --template infra/template.yaml --regions ap-southeast-1 || failed=1; \
	exit $$failed

build: setup  ## what a deploy carries, with its sizes
	@mkdir -p build && $(BIN)/sam build >build/sam.log 2>&1 || { cat build/sam.log; exit 1; }
	@$(BIN)/python -m infra.sizes

bench: setup  ## speed, memory and sizes, measured
	@$(BIN)/motcua bench $(ARGS)

eval: setup  ## accuracy of reading and checking, measured
	@$(BIN)/motcua eval $(ARGS)

chaos: setup  ## what survives being killed, measured
	@$(BIN)/motcua chaos $(ARGS)

e2e: setup  ## the whole way through the API, the real machines and real reading
	@$(BIN)/motcua e2e $(ARGS)

clean:  ## remove what was built; keeps the virtual environment
	@rm -rf build .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find functions layers infra tests -name __pycache__ -prune -exec rm -rf {} +
