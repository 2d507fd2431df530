#!/bin/sh
# Installs the capture tools and gives them the right to capture: CAP_NET_ADMIN and CAP_NET_RAW as
# file capabilities, or root's set-user bit (they drop what they do not need), or nothing. Either
# right makes a tool dangerous to lend, so only root and the group norn may start such a tool.
# Input: the directory of the build. Output: the tools in the target, and a line that says what
# they may do.
# usage: packaging/install-tools.sh BUILD TARGET [caps|setuid|none|auto]     auto: caps where it can
set -eu
build=$1
target=$2
rights=${3:-auto}
capabilities=cap_net_admin,cap_net_raw=ep
PATH="$PATH:/usr/sbin:/sbin"

case "$rights" in
caps | setuid | none) ;;
auto)
    rights=none
    if [ "$(id -u)" -eq 0 ] && command -v setcap >/dev/null 2>&1; then
        rights=caps
    fi
    ;;
*)
    echo "install: CAPTURE_RIGHTS is caps, setuid or none, not '$rights'"
    exit 2
    ;;
esac
if [ "$rights" != none ] && [ "$(id -u)" -ne 0 ]; then
    echo "install: CAPTURE_RIGHTS=$rights needs root"
    exit 1
fi

group=root
if getent group norn >/dev/null 2>&1; then
    group=norn
fi

# lend FILE: gives an installed tool its right.
lend() {
    case "$rights" in
    caps)
        chgrp "$group" "$1"
        chmod 0750 "$1"
        setcap "$capabilities" "$1"
        ;;
    setuid)
        chown "root:$group" "$1"
        chmod 4750 "$1"
        ;;
    none) ;;
    esac
}

found=no
for tool in "$build"/norn_cap_*; do
    [ -f "$tool" ] && [ -x "$tool" ] || continue
    found=yes
    name=$(basename "$tool")
    install -D -m 755 -s "$tool" "$target/$name"
    lend "$target/$name"
    case "$rights" in
    caps) echo "install: $target/$name: root and group $group, with $capabilities" ;;
    setuid) echo "install: $target/$name: root and group $group, runs as root" ;;
    none) echo "install: $target/$name: everybody, with the rights of who starts it" ;;
    esac
done
[ "$found" = yes ] || echo "install: there are no capture tools in $build"
