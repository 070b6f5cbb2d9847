# Shared by the scripts beside it: where things are, and how they speak. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# A service manager may start us without a home.
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
export PATH="$HOME/.cargo/bin:$PATH"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/throughcare/target}"
# Queries are checked against .sqlx, so that a build needs no database.
export SQLX_OFFLINE="${SQLX_OFFLINE:-true}"
oldest_postgres=15

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Whether the usual compiler has the standard library for browsers.
has_browser_std() {
  [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/wasm32-unknown-unknown/lib" ]
}

# Prints the program folder of the newest PostgreSQL server that is new enough.
postgres_bin() {
  local server major
  {
    printf '%s\n' /usr/lib/postgresql/*/bin/postgres
    if have postgres; then readlink -f "$(command -v postgres)"; fi
  } | while read -r server; do
    [ -x "$server" ] || continue
    major=$("$server" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
    if [ "$major" -ge "$oldest_postgres" ]; then printf '%s %s\n' "$major" "${server%/postgres}"; fi
  done | sort -rn | head -n 1 | cut -d' ' -f2-
}

# Prints the path of a Chromium that can run without a desktop.
chromium_path() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    # Ubuntu's chromium-browser is a stub that only asks for the snap.
    if [ -n "$name" ] && have "$name" && "$name" --version >/dev/null 2>&1; then command -v "$name"; return; fi
  done
}

# The user PostgreSQL runs as when we are root, which it refuses to run as.
unprivileged_user() {
  local name
  for name in throughcare postgres nobody; do
    if id -u "$name" >/dev/null 2>&1; then echo "$name"; return; fi
  done
  fail "PostgreSQL refuses to run as root, and there is no other user for it. Make one: useradd --system throughcare"
}
