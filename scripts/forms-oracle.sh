#!/usr/bin/env bash
# Compares the forms we convert with those of pyxform (PyPI), and lets ODK Validate (Java, inside pyxform) judge ours.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/throughcare/target}"
tools="${FORMS_ORACLE_TOOLS:-$HOME/.cache/throughcare/forms-oracle}"

if ! command -v java >/dev/null; then
  apt-get install -y --no-install-recommends default-jre-headless >/dev/null
fi
if [ ! -x "$tools/bin/python" ] || ! "$tools/bin/python" -c 'import pyxform, openpyxl, xlwt' 2>/dev/null; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check pyxform==4.5.0 openpyxl==3.1.5 xlwt==1.3.0
fi
FORMS_ORACLE_PYTHON="$tools/bin/python" cargo test --locked -p xforms --test oracle -- --nocapture
