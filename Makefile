# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11 or newer and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
OUT := out/demo

.PHONY: help venv dev browser demo test check prove clean

help:
	@echo "make demo    install into .venv and write a report from a simulated night and an example history"
	@echo "make test    install what the tests need (a browser where possible) and run them all"
	@echo "make check   lint, types, import rules, readability list"
	@echo "make prove   slow proofs and benchmarks"
	@echo "make clean   remove .venv and everything made"

$(VENV)/.base: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "legtwitch needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	# An independent solver of Bayesian networks for one test; without what only its plots need (300 MB).
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps pyagrum==3.3.1
	touch $@

venv: $(VENV)/.base

dev: $(VENV)/.dev

browser:
	@sh scripts/install_browser.sh

demo: venv
	@mkdir -p $(OUT)
	@cp examples/demo/case.yaml $(OUT)/case.yaml
	@$(BIN)/legtwitch simulate night $(OUT)/night.edf --seed 7 --with ragged_bursts --with ecg --with tone_rise
	@$(BIN)/legtwitch assess $(OUT)/case.yaml -o $(OUT)/report.html -o $(OUT)/report.json
	@echo "The report: $(abspath $(OUT))/report.html"

test: dev browser
	$(BIN)/python -m pytest -m "not slow" -n auto --dist loadfile

check: dev
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/list_codes.py --check
	$(BIN)/python scripts/readability.py

prove: dev
	$(BIN)/python -m pytest -m slow
	$(BIN)/python benchmarks/detection.py
	$(BIN)/python benchmarks/detection_other.py
	$(BIN)/python benchmarks/onset_bound.py
	$(BIN)/python benchmarks/detection_peers.py
	$(BIN)/python benchmarks/interview.py
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/night_classes.py
	$(BIN)/python benchmarks/emg.py
	$(BIN)/python benchmarks/emg_other.py
	$(BIN)/python benchmarks/emg_speed.py
	$(BIN)/python benchmarks/needle.py
	$(BIN)/python benchmarks/needle_other.py
	$(BIN)/python benchmarks/motion.py
	$(BIN)/python benchmarks/motion_other.py
	$(BIN)/python benchmarks/people.py
	$(BIN)/python benchmarks/web_load.py --seconds 300 --check
	$(BIN)/python benchmarks/web_upload.py

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
