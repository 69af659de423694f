# Two commands on a fresh machine (python3 >= 3.11 with venv, make): `make report` and `make test`. Both are safe to repeat.
PYTHON ?= python3
BIN := .venv/bin
HOME_DEMO := data/demo
AS_OF := 2026-06-30
AS_OF_BEFORE := 2026-06-29
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode

.PHONY: report test lab bench soak fuzz audit licences lint clean
.DEFAULT_GOAL := report

.venv/.bootstrap: requirements-bootstrap.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@touch $@

.venv/.night: .venv/.bootstrap requirements.lock pyproject.toml
	$(INSTALL) -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline --editable .
	@touch $@

# As libraries come compiled, so does the product: a service that may not write here would compile it at every start.
.venv/.compiled: .venv/.night $(shell find pipelines -name '*.py')
	@$(BIN)/python -m compileall -q pipelines
	@touch $@

# What drives Chromium, where there is one: without it the reports have no PDF, and the run says so.
BROWSER := $(if $(shell command -v chromium || command -v chromium-browser || command -v google-chrome),.venv/.browser)

.venv/.browser: .venv/.night requirements-browser.lock
	$(INSTALL) -r requirements-browser.lock
	@touch $@

.venv/.lab: .venv/.night requirements-lab.lock
	$(INSTALL) -r requirements-lab.lock
	@touch $@

.venv/.test: .venv/.night requirements-test.lock
	$(INSTALL) -r requirements-test.lock
	@touch $@

# sslyze, whose scans the tests read: it asks for older libraries than the product does.
.venv-sslyze/.made: .venv/.bootstrap requirements-sslyze.lock
	$(PYTHON) -m venv --without-pip .venv-sslyze
	$(INSTALL:$(BIN)/python=.venv-sslyze/bin/python) -r requirements-sslyze.lock
	@touch $@

# Peers of the bench: in an environment of their own, so that neither the night nor the tests lean on them.
.venv-bench/.peers: .venv/.bootstrap requirements-bench.lock
	$(PYTHON) -m venv --without-pip .venv-bench
	$(INSTALL:$(BIN)/python=.venv-bench/bin/python) -r requirements-bench.lock
	@touch $@

# What asks for known weaknesses: in an environment of its own, for the product needs none of it.
.venv-audit/.made: .venv/.bootstrap requirements-audit.lock
	$(PYTHON) -m venv --without-pip .venv-audit
	$(INSTALL:$(BIN)/python=.venv-audit/bin/python) -r requirements-audit.lock
	@touch $@

$(HOME_DEMO)/planted.json: | .venv/.compiled
	$(BIN)/alpia demo --home $(HOME_DEMO) --as-of $(AS_OF)

# A demo that an older version made lacks keys that are needed today.
$(HOME_DEMO)/keys/warehouse.key: | $(HOME_DEMO)/planted.json
	@test -f $@ || $(BIN)/alpia keys new --home $(HOME_DEMO)

# Exit status 3 and 4 tell of the demo's planted breaches; only 1 and 2 are failures of the job.
SUCCEED = status=$$?; test $$status -eq 0 -o $$status -eq 3 -o $$status -eq 4

# The night before, so that the reports have something to compare with.
$(HOME_DEMO)/.night-before: | $(HOME_DEMO)/keys/warehouse.key
	@$(BIN)/alpia run --home $(HOME_DEMO) --as-of $(AS_OF_BEFORE) --no-reports; $(SUCCEED)
	@touch $@

report: .venv/.compiled $(BROWSER) $(HOME_DEMO)/.night-before $(HOME_DEMO)/keys/warehouse.key
	@$(BIN)/alpia run --home $(HOME_DEMO); $(SUCCEED)
	@echo "The reports are in $(CURDIR)/$(HOME_DEMO)/reports: open index.html there."

test: .venv/.test .venv/.compiled .venv-sslyze/.made
	./tests/system_packages.sh
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

lab: .venv/.lab $(HOME_DEMO)/.night-before
	ALPIA_HOME=$${ALPIA_HOME:-$$(test -f data/live/sources.toml && echo $(CURDIR)/data/live || echo $(CURDIR)/$(HOME_DEMO))} \
	$(BIN)/jupyter lab $$(test $$(id -u) -ne 0 || echo --allow-root) --config notebooks/jupyter_lab_config.py notebooks

bench: .venv/.test .venv/.compiled .venv-bench/.peers
	./tests/system_packages.sh bench
	$(BIN)/python -m tests.benchmarks

# Most of an hour of kills, readers and simulated years; SOAK_KILLS says how many kills.
soak: .venv/.test
	$(BIN)/python -m pytest -n 0 -s -v tests/faults/soak_writes.py tests/faults/soak_kills.py \
		tests/operate/soak_years.py

fuzz: .venv/.test
	$(BIN)/python -m tests.fuzz

audit: .venv-audit/.made
	@./tests/audit.sh .venv-audit/bin/pip-audit requirements*.lock

licences: .venv/.test
	$(BIN)/python -m tests.licences > LICENCES.md

lint: .venv/.test
	$(BIN)/ruff check .

clean:
	rm -rf .venv .venv-bench .venv-sslyze .venv-audit $(HOME_DEMO) *.egg-info
