# On a fresh machine with Python 3.11+ and make, `make reports` and `make test` need nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help reports check verify test sweep lab stored messages codebook lock format clean

help: ## Show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# Reports of unsound evidence are worse than yesterday's: the site stays until the tables are mended.
reports: check ## Build all reports into reports/site/
	$(BIN)/mss build

check: $(VENV)/.installed ## Validate the evidence in data/
	$(BIN)/mss check

verify: $(VENV)/.installed ## Look up each figure in the texts: make verify MSS_CORPUS=folder
	$(if $(MSS_CORPUS),,$(error Name the folder of the texts: make verify MSS_CORPUS=folder))$(BIN)/mss verify --corpus $(MSS_CORPUS)

test: $(VENV)/.tested ## Check everything: code, data, notebooks, pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mss check
	$(BIN)/pytest --numprocesses auto --dist loadfile

sweep: $(VENV)/.tested ## Read every page in every light and width, run every notebook at every month's end
	MSS_READ=all $(BIN)/pytest --numprocesses auto tests/test_reading.py
	MSS_VINTAGES=all $(BIN)/pytest --numprocesses auto tests/test_vintages.py

lab: $(VENV)/.lab ## Open JupyterLab on the start notebook
	$(BIN)/jupyter lab --notebook-dir=notebooks notebooks/lab/start.ipynb

stored: $(VENV)/.tested ## Store the notebooks' results anew, on purpose
	$(BIN)/python tests/store_results.py

messages: $(VENV)/.installed ## Gather the words to translate, and list what is missing
	$(BIN)/python -m mss_analysis.catalogue
	$(BIN)/python -m mss_analysis.catalogue --check

codebook: $(VENV)/.installed ## Write the tables' columns into data/README.md anew
	$(BIN)/python -m mss_analysis.codebook

lock: ## Lock the dependencies anew (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --no-header --quiet --output-file requirements.lock

format: $(VENV)/.tested ## Format and lint the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Delete what can be built again
	rm -rf $(VENV) reports/site reports/light reports/single reports/pdf reports/.cache reports/.loose*
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# requirements.lock pins every package of every extra; each mark installs only what its target needs.
$(VENV)/.installed: $(VENV)/bin/python pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[test]'
	touch $@

$(VENV)/.lab: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[lab]'
	touch $@
