#!/usr/bin/env bash
# Installs what is missing, builds, and serves with demo data until Ctrl-C.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

needed=(build assets)
# With a server elsewhere no PostgreSQL is needed here.
[ -n "${DATABASE_URL:-}" ] || needed+=(database)
scripts/setup.sh "${needed[@]}"
scripts/assets.sh
[ -x "$CARGO_TARGET_DIR/quick/throughcare" ] || say "Building Throughcare; the first time takes about eleven minutes on two cores"
cargo build --locked --profile quick --bin throughcare
# Replaces this shell, so that Ctrl-C and signals reach the program itself.
exec "$CARGO_TARGET_DIR/quick/throughcare" serve --demo "$@"
