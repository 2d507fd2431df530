#!/bin/sh
# Copies the shipped configuration to the directory given, and never over a file that is there:
# what the operator wrote stays, the new version lands beside it as FILE.new when it differs.
set -eu
target=$1
cd "$(dirname "$0")/.."
[ -d conf ] || exit 0
for file in conf/*.conf; do
    name=$(basename "$file")
    if [ ! -e "$target/$name" ]; then
        install -D -m 644 "$file" "$target/$name"
        echo "install: $target/$name"
    elif ! cmp -s "$file" "$target/$name"; then
        install -m 644 "$file" "$target/$name.new"
        echo "install: $target/$name is yours and stays; the shipped one is $target/$name.new"
    fi
done
