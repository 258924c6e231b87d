# make        sets up, validates, builds dist/
# make test   sets up if need be, checks style and types, runs the tests
# make test-all  runs those that need more: Spark with Java, R, Chromium, LibreOffice, old clients of DuckDB, validators of metadata
# make soak   runs what is left to chance much longer: 10,000 rounds of tests.fuzz, 10,000 flipped bytes, 1,000 kills (hours)
# make bench  measures validation beside its peers, 10 thousand to 10 million claims; BENCH="…" for less or more
# make locks  pins the newest versions that locks/*.in allow
# make clean  removes what the others made

PYTHON ?= python3
SOURCES := Makefile README.md datapackage.json $(wildcard data/*.csv queries/*) $(shell find schemas scripts releases -type f -not -name '*.pyc' 2>/dev/null)
PIP := bin/python -m pip --disable-pip-version-check --quiet

.PHONY: build test test-all soak bench locks clean
build: dist/SHA256SUMS

dist/SHA256SUMS: .venv/lock $(SOURCES)
	@.venv/bin/python -m scripts build
	@touch $@

test: .venv-test/lock
	@.venv-test/bin/ruff check .
	@.venv-test/bin/ruff format --check --quiet .
	@.venv-test/bin/mypy
	@.venv-test/bin/python -m pytest

test-all: .venv-test/lock .venv-client/lock .venv-metadata/lock .venv-spark/lock
	@.venv-test/bin/python -m pytest -m outside

soak: .venv-test/lock
	@SOAK=1 .venv-test/bin/python -m pytest -m soak

bench: .venv/lock .venv-bench/lock
	@.venv-bench/bin/python -m bench $(BENCH)

.venv/lock: locks/run.txt
.venv-test/lock: locks/test.txt .venv/lock
.venv-client/lock: locks/client.txt
.venv-metadata/lock: locks/metadata.txt
.venv-bench/lock: locks/bench.txt .venv/lock
.venv-spark/lock: locks/spark.txt .venv/lock
# what stands on .venv sees its packages, so that none is installed twice
.venv/lock .venv-test/lock .venv-client/lock .venv-metadata/lock .venv-bench/lock .venv-spark/lock:
	@cmp -s $< $@ && touch $@ && exit 0; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed: install it, or name it, as in make PYTHON=python3.12" >&2; exit 1; }; \
	$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python has no venv: install it (on Debian and Ubuntu the package python3-venv)" >&2; exit 1; }; \
	echo "setting up $(@D)" && rm -rf $(@D) && $(PYTHON) -m venv $(@D) && \
	if [ "$(filter .venv/lock,$^)" ]; then \
	  (cd .venv && echo "$$PWD"/lib/python3*/site-packages) > $$(echo $(@D)/lib/python3*/site-packages)/run.pth; fi && \
	$(@D)/$(PIP) install --require-hashes --no-deps -r $< && cp $< $@

locks: .venv-test/lock
	@for name in run test client metadata bench spark; do \
	  .venv-test/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-emit-index-url --custom-compile-command 'make locks' locks/$$name.in -o locks/$$name.txt; done

clean:
	@rm -rf dist .bench .cache .venv .venv-test .venv-client .venv-metadata .venv-bench .venv-spark .mypy_cache .ruff_cache .pytest_cache .hypothesis
