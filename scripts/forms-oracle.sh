#!/usr/bin/env bash
# Compares the forms we convert with those of pyxform (PyPI), and lets ODK Validate (Java, inside pyxform) judge ours.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh build forms
export FORMS_ORACLE_PYTHON="$HOME/.cache/throughcare/forms-oracle/bin/python"
# The whole workspace, though one test of it: another choice of packages means other features, and everything is compiled once more.
exec cargo test --locked --workspace --test oracle -- --ignored --nocapture
