#!/usr/bin/env bash
# Serves demo data from a debug build, apart from the data of `make run`.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh build assets database
scripts/assets.sh
cargo build --bin throughcare
if [ "$(id -u)" = 0 ]; then data=/var/lib/throughcare-dev; else data="${XDG_STATE_HOME:-$HOME/.local/state}/throughcare-dev"; fi
export THROUGHCARE_DATA="${THROUGHCARE_DATA:-$data}" RUST_LOG="${RUST_LOG:-throughcare=debug,info}"
exec "$CARGO_TARGET_DIR/debug/throughcare" serve --demo "$@"
