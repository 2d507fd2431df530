#!/bin/sh
# Installs the systemd unit and the account it runs as, on whatever system: without systemd they
# lie there unused. The account is made, and systemd told, on this machine only, not below DESTDIR.
# usage: packaging/install-service.sh DESTDIR PREFIX
set -eu
destination=$1
prefix=$2
cd "$(dirname "$0")"
units="$destination$prefix/lib/systemd/system"
accounts="$destination$prefix/lib/sysusers.d"

mkdir -p "$units"
sed "s|@BINDIR@|$prefix/bin|" norn.service.in >"$units/norn.service"
chmod 644 "$units/norn.service"
install -D -m 644 norn.sysusers "$accounts/norn.conf"

[ -z "$destination" ] && [ "$(id -u)" -eq 0 ] || exit 0
if command -v systemd-sysusers >/dev/null 2>&1; then
    systemd-sysusers "$accounts/norn.conf"
fi
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    echo "install: start norn now and at every boot with: systemctl enable --now norn"
fi
