# Everything starts here: `make demo` to see Upstream, `make test` to check it.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
DEMO_DIR ?= var/demo

.PHONY: demo test setup lint types unit quick spark lock clean

demo: .venv/ready
	$(BIN)/upstream demo --data $(DEMO_DIR) --port $(PORT)

test: .venv/ready-dev lint types unit

setup: .venv/ready-dev

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready-dev
	$(BIN)/mypy

unit: .venv/ready-dev
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

# The lock files hold exact versions with hashes; the package index is whatever this machine's pip is set to.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Upstream needs Python 3.11 or newer; set PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# For every small change: without the browser journeys, without PostgreSQL, without what is slow, and with a third of the
# examples of a property (others every time).
quick: .venv/ready-dev lint types
	UPSTREAM_TESTS_QUICK=1 $(BIN)/pytest -n auto --dist worksteal --ignore tests/journeys -m "not slow and not postgres" $(ARGS)

# Spark is an optional engine for ledgers that outgrow one machine; it needs Java 17 or newer. CI installs it.
spark: .venv/ready-spark

.venv/ready-spark: .venv/ready requirements-spark.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	touch $@

# Re-resolve the lock files after a change of dependencies in pyproject.toml.
lock:
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -c requirements.lock --group build -o requirements-build.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -c requirements.lock pyproject.toml --extra spark -o requirements-spark.lock

clean:
	rm -rf .venv var build dist
