#!/usr/bin/env bash
# prepare.sh [--check]: writes .sqlx from a scratch database with every migration; with --check it only compares, and
# has clippy do the compiling, since both look at all our code and one pass is minutes shorter than two.
# Needs no Throughcare program: after a change to a query there is none that compiles.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ -z "${THROUGHCARE_TEST_PG:-}" ]; then
  scripts/setup.sh build database
  exec scripts/with-postgres.sh "$0" "$@"
fi

scratch="throughcare_prepare_$$"
url="${THROUGHCARE_TEST_PG%/*}/$scratch"
sql() { psql --no-psqlrc --quiet --output /dev/null --set ON_ERROR_STOP=1 "$@"; }

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"; sql "$THROUGHCARE_TEST_PG" -c "drop database if exists $scratch" >/dev/null 2>&1 || true' EXIT
sql "$THROUGHCARE_TEST_PG" -c "create database $scratch"
# The same steps as `throughcare migrate`: roles as superuser, then each migration whole, as the owner of the tables.
sql "$url" -f src/platform/roles.sql
sql "$url" -c "alter database $scratch owner to throughcare_migrator; alter schema public owner to throughcare_migrator"
for migration in migrations/*.sql; do
  { echo "set role throughcare_migrator;"; cat "$migration"; } | sql --single-transaction "$url" -f - \
    || fail "The migration $migration does not apply; PostgreSQL's words are above."
done

# The macros run only when the crate is compiled anew.
touch src/lib.rs tests/it/main.rs
compile=(cargo check --quiet --all-targets)
if [ "${1:-}" = --check ]; then compile=(cargo clippy --locked --workspace --all-targets --keep-going --quiet -- -D warnings); fi
env -u SQLX_OFFLINE DATABASE_URL="$url" SQLX_OFFLINE_DIR="$fresh" "${compile[@]}"

if [ "${1:-}" = --check ]; then
  if ! diff -rq .sqlx "$fresh" >/dev/null 2>&1; then
    diff -rq .sqlx "$fresh" >&2 || true
    fail ".sqlx does not match the queries and migrations. Run: make prepare"
  fi
  echo "$(find "$fresh" -name '*.json' | wc -l) queries agree with the migrations"
else
  rm -rf .sqlx
  mkdir .sqlx
  find "$fresh" -name '*.json' -exec cp {} .sqlx/ \;
  echo "wrote $(find .sqlx -name '*.json' | wc -l) queries to .sqlx"
fi
