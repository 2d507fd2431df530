#!/usr/bin/env bash
# norn_cap_linux_bluetooth before a real kernel with virtual adapters, in a virtual machine: run by
# hand, takes some minutes. Input: NORN_RIG (the folder of run.sh), NORN_BINARY (beside which the
# tool is; build/release/norn). Output: a line for each check; status 0 when all are good.
# usage: tests/rig/bluetooth.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

# In the machine: hci0 stays as it comes, down and without low energy; hci1 is there to be found.
guest() {
    set +eu # what follows is not ours
    . /rig/lab.sh
    bt_up 2 || return 1
    bt_mgmt 1 1 le on
    bt_mgmt 1 1 name rig-bt1
    bt_mgmt 1 1 power on
    bt_mgmt 1 1 connectable on
    bt_mgmt 1 1 discov on
    bt_mgmt 1 1 advertising on
    /usr/bin/python3 tests/rig/bluetooth_guest.py
}

export NORN_BINARY=${NORN_BINARY:-$PWD/build/release/norn}
if [ "${RIG:-}" = 1 ]; then
    guest
    exit
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$(dirname "$NORN_BINARY")/norn_cap_linux_bluetooth" "$folder"
"${NORN_RIG:-../shared/rig/vm}/run.sh" -t 400 "$folder" \
    "NORN_BINARY=/host/norn bash $PWD/tests/rig/bluetooth.sh"
