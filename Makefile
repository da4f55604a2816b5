# Bare `make` lists what can be made.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.requirements
STAGE ?= prod

.DEFAULT_GOAL := help
.PHONY: help run aws admin audit backfill bovine bench-arriving bench-federating bench-flood bench-jobs bench-leaving bench-start frontend bench-streaming test test-dynamodb-local test-size fuzz check where docs bench bench-popular costs lock package preflight rotate-key smoke deploy clean-data

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

test-size: $(READY)  ## the tests marked `size` as large as promised, on DynamoDB Local
	@$(RUN) -m infra.local.engines
	@KENOMA_TEST_DYNAMODB=dynamodb-local KENOMA_TEST_SIZE=full $(RUN) -m pytest -n 0 -s -m size --durations=8

fuzz: $(READY)  ## requests by chance to every operation, held against the OpenAPI document (SEED=1 REQUESTS=150 SECONDS=300)
	@$(RUN) -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(REQUESTS),--requests $(REQUESTS)) $(if $(SECONDS),--seconds $(SECONDS))

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

bench-popular: $(READY)  ## what thousands have to do with, beside the same with a few
	@$(RUN) -m bench.popular

bench-arriving: $(READY)  ## from a post to its readers' homes, under load; and what the local stage uses when idle
	@$(RUN) -m bench.arriving

bench-federating: $(READY)  ## favourites and statuses from elsewhere, and a post to thousands of inboxes
	@$(RUN) -m bench.federating

bench-flood: $(READY)  ## one other server sends far too much, fifty others do not
	@$(RUN) -m bench.flood

bench-leaving: $(READY)  ## an account moves, one is deleted, a host is rejected and purged
	@$(RUN) -m bench.leaving

bench-streaming: $(READY)  ## a thousand sockets, and a post to all of them: time to the last, CPU, memory
	@$(RUN) -m bench.sockets

bench-start: $(READY)  ## build the package by pip, and measure its cold start
	@$(RUN) -m bench.cold_start

bench-jobs: $(READY)  ## measure a follow import of 10,000 and a backup of 200,000 statuses, with kills (needs Java)
	@$(RUN) -m bench.jobs

admin: $(READY)  ## make an administrator: make admin STAGE=prod NAME=root EMAIL=root@example.org (ASK=1: type the password)
	@$(RUN) -m infra.admin --stage "$(STAGE)" --name "$(NAME)" --email "$(EMAIL)" $(if $(ASK),--ask)

frontend: $(READY)  ## install a built frontend: make frontend STAGE=prod NAME=pleroma-fe ZIP=dist.zip (REF=, PRIMARY=1, ADMIN=1, REMOVE=1)
	@$(RUN) -m infra.frontend --stage "$(STAGE)" --name "$(NAME)" $(if $(REF),--ref "$(REF)") $(if $(ZIP),--zip "$(ZIP)") $(if $(PRIMARY),--primary) $(if $(ADMIN),--admin) $(if $(REMOVE),--remove)

bovine: $(READY)  ## install the server that tests/peers/test_bovine.py talks to
	@$(RUN) -m tests.peers.bovine.process

rotate-key: $(READY)  ## give an account another key, after a leak: make rotate-key STAGE=prod NAME=alice (no name: the server's own)
	@$(RUN) -m infra.rotate_key --stage "$(STAGE)" --name "$(NAME)"

backfill: $(READY)  ## make derived rows again: make backfill STAGE=prod WHAT=search (WHAT=home, after a restore; WHAT=statistics, once)
	@$(RUN) -m infra.backfill --stage "$(STAGE)" "$(WHAT)"

audit: $(READY)  ## is every file in the bucket named by a table? (KENOMA_STAGE=local: the data folder, while no server runs)
	@$(RUN) -m infra.audit

costs: $(READY)  ## write docs/costs.md from the last measurement (python -m bench.costs --measure: a new one)
	@$(RUN) -m bench.costs

lock: $(READY)  ## after a change of requirements.txt: write requirements.lock, all of it with hashes (LOCK=--upgrade: renew the rest)
	@$(VENV)/bin/uv pip compile requirements.txt --output-file requirements.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --quiet --custom-compile-command "make lock" $(LOCK)

package: $(READY)  ## what is deployed, in dist/STAGE: make package STAGE=prod
	@$(RUN) -m infra.deploy.package $(STAGE)

preflight: $(READY)  ## does the account have what a deployment needs? make preflight STAGE=prod BUCKET=artifacts
	@$(RUN) -m infra.deploy.preflight "$(STAGE)" "$(BUCKET)" $(PARAMETERS)

smoke: $(READY)  ## is an instance well? make smoke URL=http://127.0.0.1:8000, or STAGE=prod of a deployed one
	@$(RUN) -m infra.deploy.smoke $(if $(URL),--url "$(URL)",--stage "$(STAGE)")

deploy: $(READY)  ## package, and hand it to CloudFormation: make deploy STAGE=prod BUCKET=artifacts [PARAMETERS="Name=value ..."]
	@test -n "$(BUCKET)" || { echo 'BUCKET=... names a bucket for code and templates'; exit 2; }
	@$(RUN) -m infra.deploy.preflight "$(STAGE)" "$(BUCKET)" $(PARAMETERS)
	@$(RUN) -m infra.deploy.package "$(STAGE)"
	@$(RUN) -m infra.deploy.deliver "$(STAGE)" "$(BUCKET)" $(PARAMETERS)
	@$(RUN) -m infra.deploy.smoke --stage "$(STAGE)" --go-back

clean-data:  ## empty the data of the local stage ($KENOMA_DATA_DIR, .kenoma)
	@rm -rf -- "$${KENOMA_DATA_DIR:-.kenoma}"

$(READY): requirements.txt requirements.lock requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Kenoma needs Python 3.11 or newer; PYTHON=... names one")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned requirements into $(VENV) (a minute or two, only when they change) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(RUN) -m pip install -qq --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@
