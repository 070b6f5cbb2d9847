#!/usr/bin/env bash
# Measures the speed budgets with an optimised build; writes bench-report.json.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh build assets database
scripts/assets.sh
cargo build --locked --release --bin throughcare
exec "$CARGO_TARGET_DIR/release/throughcare" bench --report bench-report.json "$@"
