# Sourced by the scripts in script/: where things lie, how they print, how they ask for root.
# Sets root, cache, toolchain and PATH; changes to the repository's root.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit
cache=${HOLDFAST_CACHE:-$root/.cache}
node_major=24

case "$(uname -m)" in
  x86_64) node_arch=x64 ;;
  aarch64) node_arch=arm64 ;;
  *) node_arch=unsupported ;;
esac
toolchain=$cache/toolchain/node-$node_arch

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
  dim=$'\e[2m' bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  dim='' bold='' red='' green='' plain=''
fi

started_us=${EPOCHREALTIME/[.,]/}

# Seconds since the script began, with one decimal.
elapsed() {
  local now=${EPOCHREALTIME/[.,]/}
  local tenths=$(((now - started_us) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# One line of progress, on stderr so that a script's output stays clean.
say() { printf '%s[%6s s]%s %s\n' "$dim" "$(elapsed)" "$plain" "$*" >&2; }

# A line for a step that succeeded, in green.
done_saying() { say "$green$*$plain"; }

# Ends the script with one sentence that says what to do.
die() {
  printf '%s%s: %s%s\n' "$red$bold" "${0##*/}" "$*" "$plain" >&2
  exit 1
}

# need_root <what for>: ends the script unless `as_root` can work.
need_root() {
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    die "$1 needs root: run this as root, or install sudo."
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# quietly <what to do if it fails> <command>…: shows the command's output only when it fails.
quietly() {
  local advice=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    die "\"$*\" failed: $advice"
  fi
  rm -f "$log"
}

# ensure_packages <name>…: installs the Debian packages that are not there yet.
ensure_packages() {
  local missing=() name
  for name in "$@"; do
    # shellcheck disable=SC2016 # dpkg-query expands it
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "apt-get is missing: this needs a Debian machine."
  need_root "Installing ${missing[*]}"
  say "installing ${missing[*]}"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install)
  # The package lists may be absent or out of date; they are fetched only when they are.
  if ! as_root "${install[@]}" "${missing[@]}" >/dev/null 2>&1 </dev/null; then
    quietly "check the network and this machine's apt sources." as_root apt-get -q update
    quietly "check this machine's apt sources." as_root "${install[@]}" "${missing[@]}"
  fi
}

# Whether the program $1 is a Node of at least the wanted version.
node_is_recent() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge "$node_major" ]
}

# What script/bootstrap fetched comes first; it fetches only what the machine lacks.
export PATH=$toolchain/bin:$PATH
