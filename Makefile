# make demo · make test · make wheel · make bench: each sets up all it needs.

PORT ?=
DEMO_DIR ?= .demo
PYTHON ?= python3
PY := .venv/bin/python
export PORT DEMO_DIR

.PHONY: help demo demo-credentials sample-labels test suite suite-postgres wheel bench lint types contracts migrations pictures messages clean

help:
	@echo "make demo [PORT=8000]     the example site, live, with a sandbox ERP"
	@echo "make demo-credentials     who can sign in there, and how to send events, as JSON"
	@echo "make sample-labels DIR=out [DATA=file.json]   return labels as PDF, and what is to be found in them"
	@echo "make test                 everything that must hold"
	@echo "make suite | suite-postgres | wheel | lint | types | contracts | migrations   parts of it"
	@echo "make bench                the figures, each as a ratio"
	@echo "make pictures             the pictures of the docs, taken anew"
	@echo "make messages             the texts of every language, renewed and compiled (needs gettext)"

.venv/site.stamp: pyproject.toml .ci/system
	@.ci/system python "$(PYTHON)"
	test -x $(PY) || "$(PYTHON)" -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(PY) -m pip install --quiet --disable-pip-version-check --editable ".[redis,postgres]"
	@touch $@

.venv/tests.stamp: .venv/site.stamp
	$(PY) -m pip install --quiet --disable-pip-version-check --group test --group lint
	@touch $@

demo: .venv/site.stamp
	@$(PY) -m example_site.demo

demo-credentials: .venv/site.stamp
	@$(PY) example_site/manage.py demo_credentials

sample-labels: .venv/site.stamp
	@$(PY) example_site/manage.py oms_sample_labels "$(or $(DIR),out)" $(if $(DATA),--data "$(DATA)")

test: .venv/tests.stamp
	@.ci/system services
	@$(MAKE) --no-print-directory lint contracts types migrations
	@$(MAKE) --no-print-directory suite
	@$(MAKE) --no-print-directory suite-postgres
	@$(MAKE) --no-print-directory wheel
	@echo "make test: lint, contracts, types, migrations, both suites and the wheel passed."

suite: .venv/tests.stamp
	@echo "== The suite on SQLite and the in-memory layer"
	@$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations 40

suite-postgres: .venv/tests.stamp
	@echo "== The suite on PostgreSQL and Redis"
	@$(PY) -m tests.services $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations 40 -m "not once"

wheel: .venv/tests.stamp
	@echo "== The wheel, installed in a clean environment"
	@$(PY) -m tests.wheel

bench: .venv/tests.stamp
	@.ci/system services
	@$(PY) -m benchmarks.run

messages: .venv/site.stamp
	cd oms_portal && ../$(PY) -m django makemessages --all --add-location file --ignore migrations
	cd oms_portal && ../$(PY) -m django compilemessages

pictures: .venv/tests.stamp
	@.ci/system services
	@$(PY) -m tests.pictures

lint: .venv/tests.stamp
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

types: .venv/tests.stamp
	@$(PY) -m mypy oms_portal

contracts: .venv/tests.stamp
	@.venv/bin/lint-imports

migrations: .venv/tests.stamp
	@PYTHONPATH=. $(PY) tests/site/manage.py makemigrations --check --dry-run
	@DEMO_DIR=build/check $(PY) example_site/manage.py makemigrations --check --dry-run

clean:
	rm -rf .venv build dist *.egg-info
