#!/bin/sh
# Writes again what the program knows of itself: reference pages, the shipped configuration, the
# flags in the man page, the tables of alerts, topics and endpoints, all from `norn --print WHAT`.
# With --check nothing is written: a difference is an error that shows itself.
set -eu
cd "$(dirname "$0")/.."
norn=${NORN_BINARY:-build/release/norn}
check=${1:-}
status=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# settle PATH: $scratch/new is what PATH should hold.
settle() {
    if [ "$check" = --check ]; then
        diff -uN "$1" "$scratch/new" >"$scratch/difference" && return 0
        head -n 40 "$scratch/difference"
        echo "docs: $1 is out of date: run 'make docs' and commit it"
        status=1
    elif ! cmp -s "$1" "$scratch/new"; then
        mkdir -p "$(dirname "$1")"
        cp "$scratch/new" "$1"
        echo "docs: wrote $1"
    fi
}

while read -r what path; do
    "$norn" --print "$what" >"$scratch/new"
    settle "$path"
done <<'LIST'
conf conf/norn.conf
options docs/options.md
fields docs/fields.md
LIST

# between PATH: in a page written by hand, what stands between two marks is $scratch/said.
between() {
    awk -v said="$scratch/said" '
        /^(\.\\"|<!--) END / { inside = 0 }
        !inside { print }
        /^(\.\\"|<!--) BEGIN / { inside = 1; while ((getline line < said) > 0) print line }
    ' "$1" >"$scratch/new"
    settle "$1"
}

"$norn" --print manual | sed 's/\([a-z)]\)\. \([A-Z]\)/\1.\n\2/g' >"$scratch/said"
between docs/norn.1
"$norn" --print alerts >"$scratch/said"
between docs/alerts.md
"$norn" --print topics >"$scratch/said"
between docs/events.md
"$norn" --print endpoints >"$scratch/said"
between docs/api.md
[ "$check" != --check ] || [ "$status" -ne 0 ] || echo "docs: 7 files are as the program says"
exit "$status"
