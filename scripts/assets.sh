#!/usr/bin/env bash
# Builds assets/dist with Node.js, and only when something it is made from has changed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -f assets/package.json ] || exit 0
scripts/wasm.sh
installed=assets/node_modules/.package-lock.json
if ! [ -f "$installed" ] || [ assets/package-lock.json -nt "$installed" ]; then
  say "Fetching what the assets are made of"
  (cd assets && npm ci --no-audit --no-fund --loglevel=error) >&2
  touch "$installed"
fi
# Templates count too: the style sheets are cut to the classes they use; and the engine of forms, which `wasm.sh` builds.
built=assets/node_modules/.built
if ! [ -f "$built" ] || ! [ -d assets/dist ] || ! [ -d assets/fonts ] \
  || [ -n "$(find assets src \( -name node_modules -o -name dist -o -name fonts -o -name .built \) -prune -o -type f -newer "$built" -print -quit)" ]; then
  say "Building the assets"
  started=$(mktemp)
  (cd assets && node build.mjs) >&2
  # The moment before the build counts, so that a change made during it is not lost.
  mv "$started" "$built"
fi
