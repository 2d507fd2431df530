#!/bin/sh
# Writes what the program knows of itself: docs/*.md and conf/* from `norn --print`.
# Input: `norn --print list` names the files, one path a line; `norn --print PATH` prints one.
# With --check nothing is written: a difference is an error that shows itself.
set -eu
cd "$(dirname "$0")/.."
norn=${NORN_BINARY:-build/release/norn}
check=${1:-}
status=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$norn" --print list >"$scratch/list"
while read -r path; do
    "$norn" --print "$path" >"$scratch/new"
    if [ "$check" != --check ]; then
        mkdir -p "$(dirname "$path")"
        cmp -s "$scratch/new" "$path" || { cp "$scratch/new" "$path" && echo "docs: wrote $path"; }
    elif ! diff -uN "$path" "$scratch/new" | head -n 40 >"$scratch/difference" ||
        [ -s "$scratch/difference" ]; then
        cat "$scratch/difference"
        echo "docs: $path is out of date: run 'make docs' and commit it"
        status=1
    fi
done <"$scratch/list"
[ "$check" != --check ] || echo "docs: $(wc -l <"$scratch/list") generated files looked at"
exit "$status"
