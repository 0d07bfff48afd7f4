# For contributors; learners need only `python3 start.py`. `make` alone lists what there is.

PYTHON ?= python3
BIN := .venv/bin

# `make notebooks 03` and `make check 03`: the words after the target are lessons, not targets.
LESSONS := $(filter-out notebooks check,$(MAKECMDGOALS))

BENCHMARKS := $(patsubst %.py,benchmarks.%,$(notdir $(wildcard benchmarks/[a-z]*.py)))

.DEFAULT_GOAL := help
.PHONY: help install lab test lint format notebooks check bench browser ci constraints

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

install: ## everything a contributor needs, into .venv
	$(PYTHON) start.py install dev teacher

lab: ## JupyterLab at the first lesson
	$(PYTHON) start.py

test: ## the tests, without a browser
	$(PYTHON) start.py test

lint: install ## style, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install ## put style and formatting right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notebooks: install ## build lessons, exercises, solutions from source/: all, or `make notebooks 03`
	$(BIN)/nnlearn build $(LESSONS)

check: install ## grade your own answers: all, or `make check 03`
	$(BIN)/nnlearn check $(LESSONS)

bench: install ## the figures that the README quotes
	@for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m $$name || exit 1; done

browser: install ## the demos in a real browser (needs Chromium)
	$(BIN)/python -m pytest -m browser tests/browser

ci: ## all that is run on a submission
	bash .ci/run

# Every version for every supported Python and system, in one file, with no address in it; besides
# the project's own, what builds and installs it.
constraints: install ## newest versions into constraints.txt
	@printf '%s\n' \
	  '# The versions that everybody has: names and versions alone, good for every system and for' \
	  '# Python 3.11 and newer. Do not edit: `make constraints` makes this file again, with the' \
	  '# newest versions that fit pyproject.toml. PyTorch is not among them: nothing here needs it.' \
	  > constraints.new
	printf '%s\n' editables hatchling uv | $(BIN)/uv pip compile --quiet pyproject.toml - \
	  --all-extras --universal --fork-strategy fewest --python-version 3.11 \
	  --no-header --no-annotate >> constraints.new
	mv constraints.new constraints.txt

# Lesson numbers and names are no targets of their own.
ifneq ($(filter notebooks check,$(firstword $(MAKECMDGOALS))),)
.PHONY: $(LESSONS)
$(LESSONS):
	@:
endif
