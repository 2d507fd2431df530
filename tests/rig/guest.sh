#!/usr/bin/env bash
# Runs the tests that need radios in a virtual machine whose kernel makes them up.
# Input: NORN_RIG (the rig's folder, with run.sh), NORN_BINARY (its folder has the capture tools);
# NORN_RIG_EMULATE=yes keeps from KVM where that is there and broken. Output: pytest's, status 1
# when a test failed, 125 when the machine did not run. docs/rig.md says what it is.
# usage: tests/rig/guest.sh [PYTEST ARGUMENT...]
set -euo pipefail
cd "$(dirname "$0")/../.."

rig=${NORN_RIG:-../shared/rig/vm}
binary=$(realpath "${NORN_BINARY:-build/release/norn}")
if [ ! -x "$rig/run.sh" ]; then
    echo "rig: there is no $rig/run.sh: set NORN_RIG to the folder of the rig (docs/rig.md)"
    exit 125
fi
for tool in linux_wifi; do
    if [ ! -x "${binary%/*}/norn_cap_$tool" ]; then
        echo "rig: there is no ${binary%/*}/norn_cap_$tool: make release"
        exit 125
    fi
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ "${NORN_RIG_EMULATE:-}" = yes ]; then
    emulator=$(command -v qemu-system-x86_64)
    # shellcheck disable=SC2016  # the script's own variables
    printf '#!/bin/bash\nexec %q "${@/#kvm/tcg,thread=multi}"\n' "$emulator" \
        >"$scratch/qemu-system-x86_64"
    chmod +x "$scratch/qemu-system-x86_64"
    PATH="$scratch:$PATH"
fi

mkdir "$scratch/shared"
command=$(printf '%q ' env PYTHONDONTWRITEBYTECODE=1 NORN_BINARY="$binary" \
    /usr/bin/python3 -m pytest -q -p no:cacheprovider \
    --timeout 300 --durations 5 tests/rig/guest_wifi.py tests/rig/guest_server.py "$@")
"$rig/run.sh" -t "${RIG_SECONDS:-900}" "$scratch/shared" "cd $(printf '%q' "$PWD") && $command"
