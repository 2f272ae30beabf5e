# Two commands matter: `make run` to see it live, `make test` to know that it works.
#
# No linker is set: on Linux, Rust links with the LLD that it brings along. Whoever changes that for `make` alone
# has cargo rebuild everything each time `make` and plain `cargo` take turns.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(HOME)/.cargo/bin:$(PATH)
export XDG_CACHE_HOME ?= $(HOME)/.cache
# Shared by all clones of one person, so that a new clone builds what is its own and nothing else.
export CARGO_TARGET_DIR ?= $(XDG_CACHE_HOME)/latchkey/target
HOMESERVER ?= synapse

.PHONY: help run test build bench fuzz lint fmt frontend

help: ## What can be asked for
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

run: ## The service with a real Synapse beside it; HOMESERVER=none for the service alone
	@scripts/bootstrap run
	@$(MAKE) frontend
	@HOMESERVER=$(HOMESERVER) scripts/run

test: ## Everything, on SQLite and PostgreSQL, in a real browser with a real homeserver
	@scripts/bootstrap test
	@scripts/test

build: PROFILE ?= dist
build: ## The binary to install, in a quarter of an hour; PROFILE=release is quicker to build and somewhat slower
	@scripts/bootstrap run
	@$(MAKE) frontend
	cargo build --profile $(PROFILE) --locked --bin mas-cli
	@echo "$(CARGO_TARGET_DIR)/$(PROFILE)/mas-cli"

bench: ## How fast that build is and what it costs, on SQLite and PostgreSQL
	@scripts/bootstrap test
	@$(MAKE) frontend
	@scripts/bench

fuzz: ## Looks for input that breaks a parser, SECONDS_EACH=60 for each of them
	@scripts/bootstrap run
	@scripts/fuzz

lint: frontend e2e/node_modules/.package-lock.json ## What the linters say
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	npm --prefix frontend run lint
	npm --prefix e2e run lint
	shellcheck scripts/* .ci/run

fmt: frontend/node_modules/.package-lock.json ## Every file in its usual form
	cargo fmt --all
	npm --prefix frontend run format

# The pages' styles and scripts and the account app, which the binary carries.
frontend: frontend/dist/.built
	@:

frontend/dist/.built: frontend/node_modules/.package-lock.json $(shell find frontend backend/web/locales -type f -not -path "*/node_modules/*" -not -path "*/dist/*" 2>/dev/null)
	npm --prefix frontend run build
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	npm --prefix $* ci --prefer-offline --no-audit --no-fund
	@touch $@
