#!/usr/bin/env bash
# with-postgres.sh COMMAND...: runs a command beside a throw-away PostgreSQL, which is gone afterwards.
# The command finds the superuser's connection in THROUGHCARE_TEST_PG. Fast and not durable: for tests only.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

bin=$(postgres_bin)
[ -n "$bin" ] || fail "PostgreSQL $oldest_postgres or later is missing. Run: scripts/setup.sh database"
as_server=()
server_user=$(id -un)
if [ "$(id -u)" = 0 ]; then
  server_user=$(unprivileged_user)
  as_server=(setpriv "--reuid=$server_user" "--regid=$(id -g "$server_user")" --clear-groups)
fi

# A run that was killed outright left its server behind; its folder remembers whose it was.
for old in /tmp/throughcare-test.*; do
  [ -O "$old" ] && [ -f "$old/runner" ] && ! [ -e "/proc/$(cat "$old/runner")" ] || continue
  "${as_server[@]}" "$bin/pg_ctl" -D "$old/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$old" 2>/dev/null || true
done

# Short, since a socket's path may take no more than 107 bytes.
place=$(mktemp -d /tmp/throughcare-test.XXXXXX)
echo $$ >"$place/runner"
chmod 711 "$place"
mkdir -m 700 "$place/data" "$place/socket"
if [ "$(id -u)" = 0 ]; then chown "$server_user" "$place/data" "$place/socket"; fi

finish() {
  trap '' INT TERM HUP
  cd /
  "${as_server[@]}" "$bin/pg_ctl" -D "$place/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$place" 2>/dev/null || true
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

(
  cd /
  "${as_server[@]}" "$bin/initdb" -D "$place/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust --no-sync >"$place/log" \
    || { cat "$place/log" >&2; fail "The test database could not be made."; }
  cat >>"$place/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$place/socket'
port = 5432
max_connections = 200
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 128MB
max_locks_per_transaction = 256
jit = off
timezone = 'UTC'
SETTINGS
  # Its own session, so that Ctrl-C reaches the tests first and the server is stopped by us.
  setsid "${as_server[@]}" "$bin/pg_ctl" -D "$place/data" -l "$place/data/server.log" -w -s start \
    || { cat "$place/data/server.log" >&2; fail "The test database could not be started."; }
)

export THROUGHCARE_TEST_PG="postgres://postgres@${place//\//%2F}%2Fsocket:5432/postgres"
"$@"
