# Everything starts here; Python 3.11 is all that must be there. PYTHON=/path/to/python3.11 names one.
# ARGS go to the command behind a target: make up ARGS="--no-baselines --port 8020", make test ARGS="-k board".

SHELL := /bin/sh
BIN := .venv/bin
REPORTS := test-artifacts
ARGS ?=
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help up down status demo test check format bench lock runtime dev clean

help: ## Show the targets.
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

runtime: ## Install what running needs into .venv.
	@.ci/environment runtime

dev: ## Install what tests need as well.
	@.ci/environment dev

up: runtime ## Bring the platform up, with baselines on the demonstration board; Ctrl-C ends it.
	@exec $(BIN)/leadersboard up $(ARGS)

down: ## End the platform, from whichever shell.
	@if [ -x $(BIN)/leadersboard ]; then exec $(BIN)/leadersboard down; fi

status: runtime ## Show how the platform is.
	@exec $(BIN)/leadersboard status

demo: runtime ## Bring the platform up in the background, submit a notebook and show the board.
	@$(BIN)/leadersboard up --detach --no-baselines
	@$(BIN)/leadersboard submit templates/classical/classical.ipynb --wait
	@$(BIN)/leadersboard board
	@echo "make down ends it."

test: dev static extension ## Run the static checks and all tests.
	@mkdir -p $(REPORTS)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --junitxml=$(REPORTS)/junit.xml $(ARGS)

check: dev static ## Run the static checks and the unit tests: under a minute.
	@$(BIN)/python -m pytest -q tests/unit $(ARGS)

.PHONY: static
static: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: extension
extension: dev ## Check and test the pages' half of the JupyterLab extension.
	@cd hub/labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm lint && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm test

format: dev ## Format the code and repair what can be repaired by itself.
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: attack
attack: dev ## Attack the platform from inside notebooks and scripts, in every way that tests/attack knows.
	@mkdir -p $(REPORTS)
	@LEADERSBOARD_ATTACKS=long $(BIN)/python -m pytest -q tests/attack tests/schema $(ARGS)
	@echo "The table is in $(REPORTS)/attacks.md."

.PHONY: chaos
chaos: dev ## Kill, stop and starve every part of the platform at every stage of a job; takes an hour.
	@mkdir -p $(REPORTS)
	@LEADERSBOARD_CHAOS=long $(BIN)/python -m pytest -q tests/chaos $(ARGS)
	@echo "The table is in $(REPORTS)/chaos.md."

bench: dev ## Measure speed and memory, as docs/benchmarks.md reports them.
	@$(BIN)/python -m tests.load.bench $(ARGS)

# Whose browser shows what in which picture of the guides.
LAB_PICTURES := ann:launcher ann:form ann:running ann:completed ann:board bob:failure
DASHBOARD_PICTURES := carol:board carol:plots carol:run carol:gallery carol:comparison
PAGE_PICTURES := submit organise

.PHONY: pictures
pictures: dev ## Take the pictures of the guides anew, while the browser's tests run.
	@rm -rf $(REPORTS)/screenshots
	@$(BIN)/python -m pytest -q tests/e2e/lab tests/e2e/dashboards tests/e2e/dashboards_pages $(ARGS)
	@for one in $(LAB_PICTURES); do cp $(REPORTS)/screenshots/lab/$${one%%:*}-*-$${one#*:}.png docs/images/lab/$${one#*:}.png; done
	@for one in $(DASHBOARD_PICTURES); do \
		cp $(REPORTS)/screenshots/dashboards/$${one%%:*}-*-$${one#*:}.png docs/images/dashboards/$${one#*:}.png; done
	@for one in $(PAGE_PICTURES); do \
		cp $(REPORTS)/screenshots/dashboards-pages/$$one-light.png docs/images/dashboards/$$one.png; done

# The locks hold every package with its digests, wherever it is fetched from. What is in them stays at its version
# where it may: make lock ARGS=--upgrade moves on.
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate $(ARGS)

lock: dev ## Resolve the dependencies anew and write the locks.
	@echo "uv==0.13.9" | $(COMPILE) - --output-file requirements/installer.lock
	@$(COMPILE) pyproject.toml --extra local --group build --output-file requirements/runtime.lock
	@$(COMPILE) pyproject.toml --extra local --group build --group dev \
		--constraint requirements/runtime.lock --output-file requirements/dev.lock

clean: ## Remove what was installed and cached; the platform's own data stays.
	@rm -rf .venv $(REPORTS) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
