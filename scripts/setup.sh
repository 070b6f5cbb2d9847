#!/usr/bin/env bash
# setup.sh PART...: installs what is missing on Debian or Ubuntu. Parts: build database assets browser paper mail forms.
# Nothing is touched that is already there. Works as root, or as an ordinary user who may use sudo.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    fail "$missing missing, and installing needs root: this user has no sudo, or sudo asks for a password and nobody is here to answer.
Ask an administrator to run:  apt-get install $packages"
  fi
}

updated=
install() {
  packages="$*" missing="$* ${verb:-is}"
  have apt-get || fail "$missing missing, and this is not Debian or Ubuntu. Install the like of it with your own package tool, then run this again."
  say "Installing $*"
  [ -n "$updated" ] || as_root apt-get -q update >&2 || say "The package lists could not be refreshed; trying with those at hand."
  updated=yes
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" >&2 \
    || fail "apt-get could not install: $*. Its own words are above."
}

build() {
  have cargo || fail "Rust is missing. Install it from https://rustup.rs, then run this again."
  local have_version want
  want=$(sed -nE 's/^rust-version = "([0-9]+\.[0-9]+).*/\1/p' Cargo.toml)
  have_version=$(rustc --version | cut -d' ' -f2)
  [ "$(printf '%s\n' "$want" "$have_version" | sort -V | head -n 1)" = "$want" ] \
    || fail "Rust $have_version is too old; Throughcare needs $want or later. Run: rustup update"
  have cc || install build-essential
}

database() {
  [ -z "$(postgres_bin)" ] || return 0
  local settings=/etc/postgresql-common/createcluster.conf newest
  # Known only after the lists are fresh, so the common part comes first.
  install postgresql-common
  newest=$(apt-cache search --names-only '^postgresql-[0-9]+$' | cut -d' ' -f1 | sort -t- -k2 -rn | head -n 1)
  [ "${newest#postgresql-}" -ge "$oldest_postgres" ] 2>/dev/null \
    || fail "This release offers ${newest:-no PostgreSQL}, and Throughcare needs version $oldest_postgres or later. Add the packages of postgresql.org (see https://www.postgresql.org/download/), or use a newer release."
  # The package would start a server of its own, which nobody here uses. The setting is put back afterwards.
  as_root cp -p "$settings" "$settings.before-throughcare"
  as_root sed -i -E '/^#?create_main_cluster/d; $ a create_main_cluster = false' "$settings"
  local status=0
  ( install "$newest" ) || status=$?
  as_root mv "$settings.before-throughcare" "$settings"
  [ $status = 0 ] || exit $status
}

assets() {
  if ! have node; then install nodejs; fi
  if ! have npm; then install npm; fi
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] \
    || fail "Node.js $(node --version) is too old; the assets need version 18 or later (https://nodejs.org)."
  engine
}

# What the engine of forms for browsers is built with: rustup's standard library for them, else Debian's compiler with the sources of its own.
engine() {
  if have rustc && has_browser_std; then return; fi
  if have rustup && rustup target add wasm32-unknown-unknown >&2; then return; fi
  [ -x /usr/bin/cargo ] && [ -x /usr/bin/rustc ] && have wasm-ld && compgen -G '/usr/src/rustc-*/library' >/dev/null && return
  install rustc-web cargo-web rust-web-src lld
}

browser() {
  assets
  [ -z "$(chromium_path)" ] || return 0
  if [ "$(. /etc/os-release; echo "${ID:-}")" = ubuntu ]; then
    fail "The browser tests need Chromium, which Ubuntu ships as a snap only. Run: sudo snap install chromium
(or set CHROMIUM to the path of any Chromium or Chrome), then run this again."
  fi
  install chromium
}

# What reads printed letters back in tests.
paper() {
  if ! have pdftotext || ! have pdftoppm; then install poppler-utils; fi
}

# What mail is tested against: a small server of our own in Python, and Postfix. Postfix is unpacked beside it and not installed, since
# installing it would take the place of whatever mail server this machine has, and start one.
mail() {
  local kept="$HOME/.cache/throughcare/mail" wanted folder libraries
  python3 -c 'import ensurepip, venv' 2>/dev/null || install python3-venv
  have openssl || install openssl
  wanted=$(sha256sum tests/mail/requirements.txt)
  if [ "$(cat "$kept/venv/installed" 2>/dev/null)" != "$wanted" ]; then
    say "Making a Python environment for the mail tests"
    rm -rf "$kept/venv"
    mkdir -p "$kept"
    python3 -m venv "$kept/venv" >&2
    "$kept/venv/bin/pip" --quiet --disable-pip-version-check install --requirement tests/mail/requirements.txt >&2 \
      || fail "The mail tests need the Python packages of tests/mail/requirements.txt, and pip could not get them."
    echo "$wanted" >"$kept/venv/installed"
  fi
  if ! [ -x "$kept/postfix/usr/lib/postfix/sbin/master" ]; then
    have apt-get || { say "Without apt-get there is no Postfix; its one test is left out."; return; }
    say "Unpacking Postfix for the mail tests"
    folder=$(mktemp -d)
    (cd "$folder" && apt-get -q download postfix >&2) \
      || { [ -n "$updated" ] || as_root apt-get -q update >&2; (cd "$folder" && apt-get -q download postfix >&2); } \
      || fail "apt-get could not fetch the package postfix."
    rm -rf "$kept/postfix"
    dpkg -x "$folder"/postfix_*.deb "$kept/postfix.new"
    rm -rf "$folder"
    mv "$kept/postfix.new" "$kept/postfix"
  fi
  if LD_LIBRARY_PATH="$kept/postfix/usr/lib/postfix" ldd "$kept/postfix/usr/lib/postfix/sbin/smtpd" | grep -q 'not found'; then
    libraries=$(apt-cache depends postfix | sed -nE 's/^ +Depends: (lib[^ ]+)$/\1/p')
    # shellcheck disable=SC2086
    install $libraries
  fi
}

# What our forms are compared with: another converter in Python, and the validator inside it, which needs Java.
forms() {
  local kept="$HOME/.cache/throughcare/forms-oracle" wanted
  python3 -c 'import ensurepip, venv' 2>/dev/null || install python3-venv
  if ! have java; then
    packages=default-jre-headless missing="Java is"
    # Small images have no folder for the manual pages that Java's package links to, and its installation ends there.
    [ -d /usr/share/man/man1 ] || as_root mkdir -p /usr/share/man/man1
    install default-jre-headless
  fi
  wanted=$(sha256sum tests/forms/requirements.txt)
  [ "$(cat "$kept/installed" 2>/dev/null)" != "$wanted" ] || return 0
  say "Making a Python environment for the comparison of forms"
  rm -rf "$kept"
  python3 -m venv "$kept" >&2
  "$kept/bin/pip" --quiet --disable-pip-version-check install --requirement tests/forms/requirements.txt >&2 \
    || fail "The comparison of forms needs the Python packages of tests/forms/requirements.txt, and pip could not get them."
  echo "$wanted" >"$kept/installed"
}

for part in "$@"; do
  case $part in
    build | database | assets | browser | paper | mail | forms) "$part" ;;
    *) fail "setup.sh knows build, database, assets, browser, paper, mail and forms, not \"$part\"." ;;
  esac
done
