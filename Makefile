# make        sets up, validates, builds dist/
# make test   sets up if need be, checks style and types, runs every test
# make locks  pins the newest versions that locks/*.in allow
# make clean  removes what the others made

PYTHON ?= python3
SOURCES := Makefile datapackage.json $(wildcard data/*.csv) $(shell find schemas scripts releases -type f -not -name '*.pyc' 2>/dev/null)
PIP := bin/python -m pip --disable-pip-version-check --quiet

.PHONY: build test locks clean
build: dist/SHA256SUMS

dist/SHA256SUMS: .venv/lock $(SOURCES)
	@.venv/bin/python -m scripts validate
	@.venv/bin/python -m scripts build
	@touch $@

test: .venv-test/lock .venv-client/lock .venv-metadata/lock .venv-spark/lock
	@.venv-test/bin/ruff check .
	@.venv-test/bin/ruff format --check --quiet .
	@.venv-test/bin/mypy
	@.venv-test/bin/python -m pytest

.venv/lock: locks/run.txt
.venv-test/lock: locks/test.txt
.venv-client/lock: locks/client.txt
.venv-metadata/lock: locks/metadata.txt
.venv-spark/lock: locks/spark.txt
.venv/lock .venv-test/lock .venv-client/lock .venv-metadata/lock .venv-spark/lock:
	@cmp -s $< $@ && touch $@ && exit 0; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed: install it, or name it, as in make PYTHON=python3.12" >&2; exit 1; }; \
	$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python has no venv: install it (on Debian and Ubuntu the package python3-venv)" >&2; exit 1; }; \
	echo "setting up $(@D)" && rm -rf $(@D) && $(PYTHON) -m venv $(@D) && \
	$(@D)/$(PIP) install --require-hashes --no-deps -r $< && cp $< $@

locks: .venv-test/lock
	@for name in run test client metadata spark; do \
	  .venv-test/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-emit-index-url --custom-compile-command 'make locks' locks/$$name.in -o locks/$$name.txt; done

clean:
	@rm -rf dist .venv .venv-test .venv-client .venv-metadata .venv-spark .mypy_cache .ruff_cache .pytest_cache .hypothesis
