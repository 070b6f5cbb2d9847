# Everything a contributor or an operator needs. Each target does its own set-up, as root or as an ordinary user with sudo.

# Outside the clone, so that a fresh clone builds warm.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/throughcare/target
export PATH := $(HOME)/.cargo/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help run dev test bench fmt prepare assets screenshots

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, build, and serve http://127.0.0.1:8080 with demo data
	@exec scripts/run.sh

dev: ## The same from a debug build, with a data folder of its own and detailed logs
	@exec scripts/dev.sh

test: ## Run everything that CI runs: formatting, queries, tests, clippy, browser
	@exec scripts/test.sh

bench: ## Measure the speed budgets; writes bench-report.json
	@exec scripts/bench.sh

fmt: ## Format the code
	@cargo fmt

prepare: ## Write .sqlx after a change to a query or a migration
	@exec scripts/prepare.sh

assets: ## Build the style sheets, scripts and icons that the program embeds
	@scripts/setup.sh assets && exec scripts/assets.sh

screenshots: assets ## Make the README's pictures from the demonstration
	@cargo build --locked && cd tests/browser && npm ci --no-audit --no-fund --loglevel=error && THROUGHCARE_BIN="$(CARGO_TARGET_DIR)/debug/throughcare" node screenshots.mjs
