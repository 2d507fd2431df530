#!/usr/bin/env bash
# Builds the fuzzers, replays every corpus file, then lets all fuzzers share FUZZ_SECONDS.
# Input: fuzz/INPUT/fuzz_NAME.c with fuzz/INPUT/corpus (and dictionary, where there is one).
# Output: new inputs in build/fuzz-corpus/NAME, findings in build/fuzz-findings (status 1): put
# a finding into fuzz/INPUT/corpus with the mend, so that it is replayed for ever.
# usage: [FUZZ_SECONDS=120] fuzz/run.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${FUZZ_SECONDS:-120}
jobs=$(nproc)
fuzzers=()
for source in fuzz/*/fuzz_*.c; do
    name=$(basename "$source" .c)
    if [ $# -eq 0 ] || [[ " $* " == *" $name "* || " $* " == *" ${name#fuzz_} "* ]]; then
        fuzzers+=("$source")
    fi
done
if [ ${#fuzzers[@]} -eq 0 ]; then
    echo "fuzz: no fuzzer of that name; there are: $(basename -s .c fuzz/*/fuzz_*.c | tr '\n' ' ')"
    exit 2
fi

[ -f build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null
mapfile -t targets < <(basename -s .c "${fuzzers[@]}")
cmake --build build/fuzz --target "${targets[@]}" >build/fuzz/build.log 2>&1 ||
    { cat build/fuzz/build.log && exit 1; }

# Seconds for each fuzzer: all of them together use `seconds` of processor time.
each=$((seconds / ${#fuzzers[@]}))
[ "$each" -ge 1 ] || each=1
findings=build/fuzz-findings
mkdir -p "$findings"

# fuzz_one SOURCE: replay, then fuzz; its log beside its findings.
fuzz_one() {
    local source=$1 name folder log
    name=$(basename "$source" .c)
    folder=$(dirname "$source")
    log="$findings/$name.log"
    mkdir -p "build/fuzz-corpus/$name"
    local corpora=("build/fuzz-corpus/$name")
    [ -d "$folder/corpus" ] && corpora+=("$folder/corpus")
    [ -d "$folder/corpus_${name#fuzz_}" ] && corpora+=("$folder/corpus_${name#fuzz_}")
    local options=(-timeout=10 -rss_limit_mb=1024 "-artifact_prefix=$findings/$name-")
    [ -f "$folder/dictionary" ] && options+=("-dict=$folder/dictionary")
    if "build/fuzz/$name" "${options[@]}" -runs=0 "${corpora[@]}" >"$log" 2>&1 &&
        "build/fuzz/$name" "${options[@]}" -max_total_time="$each" "${corpora[@]}" \
            >>"$log" 2>&1; then
        printf 'fuzz: %-28s %s\n' "$name" "$(grep -E '^Done|DONE' "$log" | tail -n 1)"
    else
        tail -n 60 "$log"
        echo "fuzz: $name FAILED; inputs in $findings/$name-*, again: build/fuzz/$name FILE"
        return 1
    fi
}
export -f fuzz_one
export each findings

printf '%s\n' "${fuzzers[@]}" | xargs -P "$jobs" -I{} bash -c 'fuzz_one "$1"' _ {}
echo "fuzz: ${#fuzzers[@]} fuzzers, $each s each, nothing found"
