#!/bin/sh
# Installs the Debian packages of the named groups that are missing, and says so before it does.
# Input: packaging/debian-packages.txt. With --check it only lists what is missing (status 1).
# usage: packaging/deps.sh [--check] GROUP...        groups: build test bench
set -eu

check=no
if [ "${1:-}" = --check ]; then
    check=yes
    shift
fi
list="$(dirname "$0")/debian-packages.txt"

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "deps: this is no Debian system; norn needs what $list names, from your own packages."
    exit 0
fi

missing=""
for group in "$@"; do
    for package in $(awk -F '\t' -v group="$group" '$1 == group { print $2 }' "$list"); do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing="$missing $package"
    done
done
missing="${missing# }"
if [ -z "$missing" ]; then
    exit 0
fi

if [ "$check" = yes ]; then
    echo "deps: missing Debian packages: $missing"
    echo "deps: 'make deps' installs them, or: apt-get install -y --no-install-recommends $missing"
    exit 1
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "deps: these Debian packages are missing, and there is no sudo here. As root, run:"
        echo "    apt-get update && apt-get install -y --no-install-recommends $missing"
        exit 1
    fi
    as_root="sudo"
fi
echo "deps: installing these Debian packages${as_root:+ with sudo}: $missing"
export DEBIAN_FRONTEND=noninteractive
# sudo drops the environment, so the variable goes through env.
apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"
}
apt_get update -q || echo "deps: 'apt-get update' failed; trying with the lists that are here"
# shellcheck disable=SC2086  # the list is meant to split
if ! apt_get install -y -q --no-install-recommends $missing; then
    echo "deps: the installation failed. Mend what apt-get says above, then run 'make deps' again."
    exit 1
fi
