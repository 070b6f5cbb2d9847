#!/usr/bin/env bash
# Everything that CI runs. Every step runs even if an earlier one failed; the last line counts all tests.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ -z "${THROUGHCARE_TEST_PG:-}" ]; then
  parts=(build database assets paper mail forms)
  if [ -f tests/browser/run.mjs ]; then parts+=(browser); fi
  scripts/setup.sh "${parts[@]}"
  exec scripts/with-postgres.sh "$0" "$@"
fi

# Tests must not meet a developer's own settings.
unset DATABASE_URL
while read -r name; do unset "$name"; done < <(compgen -e | grep '^THROUGHCARE_' | grep -v '^THROUGHCARE_TEST_PG$' || true)
# Line numbers in backtraces are worth their compiling time to people alone; a panic tells its own line all the same.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=none

passed=0 failed=0 table= browser=
notes=$(mktemp -d)
trap 'if [ -n "$browser" ]; then kill -- "-$browser" 2>/dev/null || true; fi; rm -rf "$notes"' EXIT

# Adds up what test runners count: nextest, cargo test, and "N passed, N failed".
count() {
  grep -E 'tests? run:|^test result:|^[0-9]+ passed, [0-9]+ failed' "$1" | sed 's/\x1b\[[0-9;]*m//g' | awk '
    { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i-1); if ($i ~ /^failed/) f += $(i-1); if ($i == "timed" ) f += $(i-1) } }
    END { print p + 0, f + 0 }'
}

# step NAME COMMAND...: runs it, shows all it says, times it, counts it.
step() {
  local name=$1 begun=$SECONDS status=0 p f word=ok
  shift
  say "$name"
  "$@" 2>&1 | tee "$notes/step" || status=$?
  read -r p f < <(count "$notes/step")
  # A step that failed without a failing test (it did not compile, a lint) counts as one.
  if [ $status != 0 ]; then word=FAILED; [ "$f" != 0 ] || f=1; fi
  passed=$((passed + p)) failed=$((failed + f))
  table+=$(printf '%-34s %-6s %4d s' "$name" "$word" $((SECONDS - begun)))$'\n'
}

compile() {
  if have cargo-nextest; then cargo nextest run --locked --workspace --no-run; else cargo test --locked --workspace --no-run; fi || return
  cargo build --locked --all-targets
}

rust_tests() {
  if have cargo-nextest; then cargo nextest run --locked --workspace; else cargo test --locked --workspace --no-fail-fast; fi
}

browser_tests() {
  local lock=tests/browser/node_modules/.package-lock.json
  export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 CHROMIUM THROUGHCARE_BIN="$CARGO_TARGET_DIR/debug/throughcare"
  CHROMIUM=$(chromium_path)
  if ! [ -f "$lock" ] || [ tests/browser/package-lock.json -nt "$lock" ]; then
    (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error) || return
    touch "$lock"
  fi
  node tests/browser/run.mjs
}

# beside FILE COMMAND...: what it says goes into this file, and how long it took.
beside() {
  local begun=$SECONDS status=0 file=$1
  shift
  "$@" >"$file" 2>&1 || status=$?
  echo "took $((SECONDS - begun)) s" >>"$file"
  return "$status"
}

# shown FILE STATUS: what something said that ran beside the others, and how it ended.
shown() { cat "$1"; return "$2"; }

# Rustup's smallest profile lacks these two.
for part in fmt clippy; do
  if ! have "cargo-$part" && have rustup; then rustup component add "$(echo $part | sed s/^fmt/rustfmt/)" >&2; fi
done

step "assets" scripts/assets.sh
step "formatting" cargo fmt --all --check
step "migrations are well formed" scripts/lint-migrations.sh
step "clippy, and queries agree" scripts/prepare.sh --check
failed_before=$failed
step "compiling" compile
# A browser waits more than it works: beside the Rust tests its own cost a third of what they take after them.
if [ -f tests/browser/run.mjs ] && [ "$failed" = "$failed_before" ]; then
  # In a process group of its own, so that stopping this script stops it too.
  set -m
  beside "$notes/browser" browser_tests &
  browser=$!
  set +m
fi
step "unit and integration tests" rust_tests
step "forms beside another converter" scripts/forms-oracle.sh
if [ -n "$browser" ]; then
  say "waiting for the browser tests"
  status=0
  wait "$browser" || status=$?
  browser=
  step "browser tests, beside the others" shown "$notes/browser" "$status"
fi
if have cargo-deny; then step "licences and sources" cargo deny --offline check bans licenses sources; fi
if have cargo-machete; then step "unused dependencies" cargo machete; fi

printf '\n%s\n' "$table"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
