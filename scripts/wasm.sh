#!/usr/bin/env bash
# Builds the engine of forms for browsers into assets/wasm, and only when something it is made from has changed.
# With the standard library for browsers beside the usual compiler where rustup has put it, else with Debian's compiler and its sources.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

target=wasm32-unknown-unknown
built=assets/wasm/.built
sources=(Cargo.toml Cargo.lock crates/rules/Cargo.toml crates/rules/src crates/xforms/Cargo.toml crates/xforms/src crates/xforms-web/Cargo.toml crates/xforms-web/src scripts/wasm.sh)
if [ -f assets/wasm/forms.wasm ] && [ -f "$built" ] && [ -z "$(find "${sources[@]}" -type f -newer "$built" -print -quit)" ]; then exit 0; fi

mkdir -p assets/wasm
started=$(mktemp)
say "Building the engine of forms for browsers"
build=(build --locked --quiet --package xforms-web --profile browser --target "$target")
if has_browser_std; then
  folder=$CARGO_TARGET_DIR
  cargo "${build[@]}" >&2
else
  # Another compiler, so a folder of its own.
  folder=$CARGO_TARGET_DIR/browser
  CARGO_TARGET_DIR=$folder RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS="-C linker=wasm-ld -C linker-flavor=wasm-ld" \
    /usr/bin/cargo "${build[@]}" -Zbuild-std=std,panic_abort >&2
fi
fresh=$folder/$target/browser/xforms_web.wasm
if have wasm-opt; then
  wasm-opt -Oz --strip-debug --strip-producers --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    "$fresh" -o "$started.wasm"
  fresh=$started.wasm
fi
# What stays the same keeps its time, so that no asset is built again.
cmp -s "$fresh" assets/wasm/forms.wasm || cp "$fresh" assets/wasm/forms.wasm
rm -f "$started.wasm"
mv "$started" "$built"
