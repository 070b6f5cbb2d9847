#!/usr/bin/env bash
# Migrations go forward only: named by time, in order, unchanged once released, and careful with what is in use.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

shopt -s nullglob
mistakes=0
wrong() { printf '%s\n' "$*" >&2; mistakes=$((mistakes + 1)); }

for file in migrations/*; do
  [[ $(basename "$file") =~ ^[0-9]{12}_[a-z0-9]+(_[a-z0-9]+)+\.sql$ ]] || wrong "$file: name it YYYYMMDDHHMM_verb_noun.sql"
  # Contracting breaks the release that still runs beside this one, so it must say which release stopped using the thing.
  while IFS=: read -r line _; do
    sed -n "$((line > 1 ? line - 1 : 1)),${line}p" "$file" | grep -q -- '-- Contract:' \
      || wrong "$file:$line: removing or renaming needs a line before it, \"-- Contract: unused since release N\""
  done < <(grep -inE '^\s*(drop table|alter table .*(drop column|rename))|^\s*(drop column|rename (column|to))' "$file" || true)
done

doubles=$(printf '%s\n' migrations/*.sql | xargs -r -n1 basename | cut -c1-12 | sort | uniq -d)
[ -z "$doubles" ] || wrong "two migrations share the time $doubles"

# Before the first release the schema may still be rewritten.
release=$(git describe --tags --abbrev=0 2>/dev/null || true)
if [ -n "$release" ]; then
  changed=$(git diff --name-only --diff-filter=MDR "$release" -- migrations)
  [ -z "$changed" ] || wrong "released in $release and changed since: $changed. Write a new migration instead."
fi
[ $mistakes = 0 ]
