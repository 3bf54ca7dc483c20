# Two commands on a fresh machine: `make demo` runs the main job, `make test` runs every check.
# Needs Python 3.11 or newer and make. Another Python: make demo PYTHON=python3.12
#
# Targets and prerequisites are relative and without spaces, so the folder itself may have any name.

PYTHON ?= python3
RUN := .venv/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install --quiet -c constraints.txt
# Python reads the file that points from the environment to this folder in the locale's encoding, and where
# that is plain ASCII a Chinese name in it stops every start. The way up from the environment is ASCII.
POINT_HERE := for file in .venv/lib/python*/site-packages/_boundary_governance_simulation.pth; do \
	echo ../../../.. > "$$file"; done

export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo test docs bench notebooks clean

help:
	@echo "make demo    run the main job: the border with and without the alliance"
	@echo "make test    run every check"
	@echo "make notebooks   open the notebooks in JupyterLab"
	@echo "make bench   measure speed, growth, memory and start; writes experiments/benchmarks/latest.json"
	@echo "make docs    write the tables of the documents anew from the code"
	@echo "make clean   remove the environment and caches; results stay"

demo: .venv/.installed
	@$(RUN) -m sim

# A check that fails stops the run; all of them are shown by their command. Tests that share something costly stand
# beside each other: each of the two processes begins with one half of them in order, and takes of the other's rest.
test: .venv/.installed-dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --no-cache --no-logo
	$(RUN) -m pytest -q -n 2 --dist worksteal

bench: .venv/.installed-bench
	@$(RUN) -m experiments.benchmarks

# Opens a browser; no network is needed.
notebooks: .venv/.installed-notebooks
	@$(RUN) -m jupyter lab notebooks

docs: .venv/.installed
	$(RUN) docs/tables.py

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("This needs Python 3.11 or newer, and $(PYTHON) is %d.%d; name another one with: make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Preparing the environment in .venv (a few minutes, once)"
	@$(PYTHON) -m venv .venv
	@$(PIP) -e .
	@$(POINT_HERE)
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo "Installing the checks"
	@$(PIP) -e ".[dev,launchers,notebooks,studies]"
	@$(POINT_HERE)
	@touch $@

.venv/.installed-notebooks: .venv/.installed
	@echo "Installing JupyterLab"
	@$(PIP) -e ".[notebooks]"
	@$(POINT_HERE)
	@touch $@

.venv/.installed-bench: .venv/.installed
	@echo "Installing what is measured against"
	@$(PIP) -e ".[bench]"
	@$(POINT_HERE)
	@touch $@

clean:
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
