#!/usr/bin/env bash
# Measures the speed budgets with an optimised build; writes bench-report.json.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh build assets database
scripts/assets.sh
cargo build --locked --release --bin throughcare

# What judges the same households beside us, in a folder of its own. Without network or Python the report says that the comparison is missing.
venv="$HOME/.cache/throughcare/openfisca"
if have python3 && { [ -x "$venv/bin/python" ] || python3 -m venv "$venv"; } \
  && { "$venv/bin/python" -c 'import openfisca_core' 2>/dev/null || "$venv/bin/pip" install -q 'openfisca-core==46.0.1'; }; then
  export THROUGHCARE_BENCH_OPENFISCA="${THROUGHCARE_BENCH_OPENFISCA:-$venv/bin/python}"
else
  say "openfisca-core is not at hand: it takes Python with venv, and the network once. The comparison will be missing from the report"
fi
"$CARGO_TARGET_DIR/release/throughcare" bench --report bench-report.json "$@"

# A form of 900 questions before a person: in a real browser, where there is one.
if [ -n "$(chromium_path)" ]; then
  export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 CHROMIUM THROUGHCARE_BIN="$CARGO_TARGET_DIR/release/throughcare"
  CHROMIUM=$(chromium_path)
  (cd tests/browser && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; })
  node tests/browser/forms-bench.mjs bench-report.json
else
  say "There is no Chromium: forms are not measured in a browser"
fi
